"""What a later end would mean, in the words of the sheet and of a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.models.severity import Severity
from app.models.times import speak_moment, speak_span, speak_time, to_wall
from app.services.live.extending import ExtensionRows

SEVERITY = {Severity.BLOCK: "Blocks", Severity.WARN: "Conflict", Severity.NOTE: "Note"}


def forecast_words(found: ExtensionRows) -> str:
    margin = found.margin
    return (
        f"likely end {_clock(found, margin.likely)} · 80 %: by {_clock(found, margin.high)} · "
        f"{margin.outlook.words}, {margin.spare_words}"
    )


def way_back_words(found: ExtensionRows) -> str:
    if found.way_back is None or found.new_way_back is None:
        return found.past_return.words(found.zone) if found.past_return else ""
    closed = ": it stays closed" if found.way_closed else ""
    return f"{_clock(found, found.way_back)} → {_clock(found, found.new_way_back)}{closed}"


def decides(found: ExtensionRows) -> str:
    line = found.decider
    over = max(found.minutes, 0)
    beyond = f"{speak_span(timedelta(minutes=over))} beyond the window"
    if not line.who:
        return f"the coordinator alone ({beyond})"
    then = f"; if nobody answers in {line.wait} min: {line.then}" if line.then else ""
    return f"{line.reach} ({beyond}){then}"


def no_new_conflict(found: ExtensionRows) -> str:
    """Empty when there is one."""
    if any(clash.new for clash in found.clashes):
        return ""
    old = len(found.clashes)
    return f"no new one{f' ({old} as before)' if old else ''}"


def rest_words(found: ExtensionRows) -> str:
    """`A. Lindqvist free about 20:36, K. Ito 20:06; all rested by Sat 11 Jan 07:50 EST`."""
    if not found.rest:
        return "nobody has a step left"
    last, *others = ((each.name, _clock(found, each.free_at)) for each in found.rest)
    free = ", ".join([f"{last[0]} free about {last[1]}", *(f"{n} {at}" for n, at in others)])
    return f"{free}; all rested by {speak_moment(max(r.by for r in found.rest), found.zone)}"


def in_lines(found: ExtensionRows) -> Iterator[tuple[str, str]]:
    """Each with the word for what it is about, for a terminal."""
    yield "Forecast", forecast_words(found)
    yield "Way back", way_back_words(found)
    yield "Decides", decides(found)
    for clash in found.clashes:
        if clash.new:
            yield SEVERITY[clash.severity], clash.sentence
    if none := no_new_conflict(found):
        yield "Conflicts", none
    yield "Rest", rest_words(found)
    for words in found.morning:
        yield "Morning", words
    for words in found.to_do:
        label, _, said = words.partition(": ")
        yield label, said
    yield "Say", f"“{found.say}”"
    told = f"for {people_words(found.told)}"
    yield "Notice", f"{found.subject} ({told if found.told else 'nobody was told of it so far'})"


def people_words(count: int) -> str:
    """Members of lists are counted as far as their number is known."""
    return "1 person" if count == 1 else f"{count:,} people"


def _clock(found: ExtensionRows, moment: datetime) -> str:
    return speak_time(to_wall(moment, found.zone))

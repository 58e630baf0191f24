"""The fields a template may name, each with its label, and their words for given facts."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from app.models.crew.mailing import BY_BUTTON, MailReport
from app.models.notices import wording
from app.models.notices.facts import NoticeFacts
from app.models.notices.forwarding import NOTE_WORDS
from app.models.outages.confirming import Word, answer_line
from app.models.times import Window, abbreviation, to_wall

MOST_ALSO = 8
"""Of the services that are affected, too, so many are named."""
BAR = " | "
Value = str | bool | tuple[str, ...]

LABELS: dict[str, str] = {
    "organisation": "organisation",
    "code": "outage code",
    "title": "title",
    "reason": "reason",
    "audience": "audience",
    "audience_line": "audience",
    "service": "service",
    "the_service": "service",
    "also_affected": "also affected",
    "are": "is or are",
    "start": "start",
    "start_time": "start time",
    "start_date": "start date",
    "end": "end",
    "duration": "duration",
    "zone_needed": "time zone needed",
    "terse": "no room for more in a reminder",
    "zone_words": "time zone",
    "local_times": "local times",
    "impact": "what this means for people",
    "before": "what to do before",
    "workaround": "what you can do meanwhile",
    "objection_route": "how to notify operations",
    "help_route": "whom to tell when something does not work",
    "coordinator": "coordinator",
    "coordinator_phone": "coordinator’s phone",
    "bridge": "bridge",
    "decides": "who decides",
    "old_start": "old start",
    "old_end": "old end",
    "old_services": "services told before",
    "moved": "the window moved",
    "new_end": "new end",
    "next_update": "next update",
    "ended_at": "when it ended",
    "progress": "where it stands",
    "data_loss": "data loss",
    "no_data_loss": "no data was lost",
    "user_check": "user-side check",
    "changes": "what people will notice",
    "left_over": "what was not done",
    "done": "what was done",
    "as_before": "everything is as before",
    "stays_changed": "what stays changed",
    "check_due": "when the users’ check is due",
    "checker": "user-side checker",
    "postponed": "postponed",
    "new_date_by": "new date by",
    "recipient": "recipient",
    "role": "role",
    "crew_steps": "own steps",
    "be_ready": "be ready at",
    "release": "released at",
    "confirm_by": "confirm by",
    "confirm_link": "confirm button",
    "decline_link": "no button",
    "cannot_link": "can’t-then button",
    "crew_link": "link to the crew board",
    "crew_reports": "buttons that report a step by mail",
    "endangers": "what a late answer delays",
    "callers_say": "what callers will say",
    "desk_answer": "what to answer",
    "suppress_from": "suppress from",
    "suppress_to": "suppress until",
    "suppress_cis": "what to suppress",
    "told": "how many were told",
    "under_way": "it is under way",
    "not_held": "it does not take place",
    "no_way_back": "what cannot be undone",
    "figures": "how it went, in numbers",
    "coming": "what else is planned",
}


LISTS = frozenset(
    {
        "local_times",
        "decides",
        "changes",
        "left_over",
        "done",
        "stays_changed",
        "crew_steps",
        "crew_reports",
        "callers_say",
        "suppress_cis",
        "no_way_back",
        "figures",
        "coming",
    }
)
"""The fields that hold several entries; a loop may read only these."""


def fields(facts: NoticeFacts) -> dict[str, Value]:
    """A value for every name of LABELS; "" and () where the facts say nothing. Plain text, to
    be escaped by whoever puts it into a mark-up."""
    made = {**_what(facts), **_when(facts), **_during(facts), **_internal(facts)}
    return {**made, "terse": _terse(made)}


def _terse(made: dict[str, Value]) -> bool:
    """A whole sentence and what to do before would be more words than a reminder may have."""
    said = f"{made['the_service']} will be off-line from {made['start']} until {made['end']}"
    first = f"{made['before']} first" if made["before"] else ""
    return len(f"{said} {first}".split()) > NOTE_WORDS


def _what(f: NoticeFacts) -> dict[str, Value]:
    audience = wording.say_list(wording.in_sentence(a) for a in f.audiences)
    said = audience.casefold()
    everyone = said.startswith(("all ", "every", "dear ", "to "))
    line = audience if everyone or not audience else f"All {audience}"
    return {
        "organisation": f.organisation,
        "code": f.code,
        "title": f.title,
        "reason": f.reason,
        "audience": audience,
        "audience_line": wording.capital(line),
        "service": wording.say_list(wording.in_sentence(s) for s in f.services),
        "the_service": wording.say_list(wording.with_the(s) for s in f.services),
        "also_affected": _also_affected(f.also_affected),
        "are": wording.is_or_are(f.services),
        "impact": f.impact,
        "before": _without_stop(f.before),
        "workaround": f.workaround,
        "objection_route": f.objection_route,
        "help_route": f.help_route,
        "coordinator": f.coordinator,
        "coordinator_phone": f.coordinator_phone,
        "bridge": f.bridge,
        "decides": f.decides,
    }


def _also_affected(services: tuple[str, ...]) -> str:
    """`the patient record, the intranet and 3 more`."""
    more = len(services) - MOST_ALSO
    named = [wording.with_the(s) for s in services[:MOST_ALSO]]
    return wording.say_list([*named, f"{more} more"] if more > 0 else named)


def _when(f: NoticeFacts) -> dict[str, Value]:
    window = f.window
    return {
        "start": _start(f, window),
        "start_time": wording.say_time(window.start),
        "start_date": wording.say_date(window.start.date()),
        "end": _end(f, window),
        "duration": wording.say_minutes(window.minutes),
        "zone_needed": f.zone_needed,
        "zone_words": _zone_words(f),
        "local_times": tuple(_local_line(window, name) for name in f.foreign_zones),
    }


def _during(f: NoticeFacts) -> dict[str, Value]:
    old = f.old_window
    lost = _without_stop(f.data_loss)
    new_date = wording.say_date(f.new_date_by) if f.new_date_by else ""
    return {
        "old_start": _start(f, old) if old else "",
        "old_end": _end(f, old or f.window),
        "old_services": wording.say_list(wording.with_the(s) for s in f.old_services),
        "moved": old is not None and (old.start_utc, old.end_utc) != _span(f.window),
        "new_end": _same_day(f, f.new_end),
        "next_update": _same_day(f, f.next_update),
        "ended_at": _same_day(f, f.ended_at),
        "progress": f.progress,
        "data_loss": lost,
        "no_data_loss": lost.casefold() in {"none", "no", "nothing", "no data was lost"},
        "user_check": f.user_check,
        "changes": f.changes,
        "left_over": f.left_over,
        "done": f.done,
        "as_before": f.as_before,
        "stays_changed": f.stays_changed,
        "check_due": _same_day(f, f.check_due),
        "checker": f.checker or "the user side",
        "postponed": f.postponed,
        "new_date_by": new_date,
    }


def _internal(f: NoticeFacts) -> dict[str, Value]:
    return {
        "recipient": f.recipient,
        "role": f.role,
        "crew_steps": f.crew_steps,
        "be_ready": _moment(f, f.be_ready),
        "release": _moment(f, f.release),
        "confirm_by": _moment(f, f.confirm_by),
        "confirm_link": _mailto(f, Word.YES),
        "decline_link": _mailto(f, Word.NO),
        "cannot_link": _mailto(f, Word.CANNOT),
        "crew_link": f.crew_link,
        "crew_reports": _reports(f),
        "endangers": f.endangers,
        "callers_say": f.callers_say,
        "desk_answer": f.desk_answer,
        "suppress_from": _moment(f, f.suppress_from),
        "suppress_to": _moment(f, f.suppress_to),
        "suppress_cis": f.suppress_cis,
        "told": f.told,
        "under_way": f.under_way,
        "not_held": f.not_held,
        "no_way_back": f.no_way_back,
        "figures": f.figures,
        "coming": f.coming,
    }


def _span(window: Window) -> tuple[datetime, datetime]:
    return window.start_utc, window.end_utc


def _start(f: NoticeFacts, window: Window) -> str:
    return wording.say_moment(window.start, f.zone_words(window.start_utc))


def _end(f: NoticeFacts, window: Window) -> str:
    return wording.say_end(window.end, window.start, f.zone_words(window.end_utc))


def _same_day(f: NoticeFacts, moment: datetime | None) -> str:
    """The day is named only when it is not the day the window starts on."""
    if moment is None:
        return ""
    wall = to_wall(moment, f.window.zone)
    return wording.say_end(wall, f.window.start, f.zone_words(moment))


def _moment(f: NoticeFacts, moment: datetime | None) -> str:
    if moment is None:
        return ""
    return wording.say_moment(to_wall(moment, f.window.zone), f.zone_words(moment))


def _zone_words(f: NoticeFacts) -> str:
    """`New York time (EST)`; both abbreviations when the clocks change within the window."""
    window = f.window
    names = dict.fromkeys(abbreviation(m, window.zone) for m in (window.start_utc, window.end_utc))
    return f"{wording.place_of(window.zone)} time ({', then '.join(names)})"


def _local_line(window: Window, zone_name: str) -> str:
    """`London: 12:00 am Saturday, January 11th to 3:00 am (GMT)`."""
    start = to_wall(window.start_utc, zone_name)
    end = to_wall(window.end_utc, zone_name)
    said = f"{wording.say_moment(start)} to {wording.say_end(end, start)}"
    return f"{wording.place_of(zone_name)}: {said} ({abbreviation(window.end_utc, zone_name)})"


def _mailto(f: NoticeFacts, word: Word) -> str:
    """A mail that needs no more than to be sent: who answers is known by its address."""
    if not f.confirm_to:
        return ""
    to = quote(wording.clean_line(f.confirm_to), safe="@")
    body = "" if word is Word.YES else f"&body={quote('Because: ')}"
    return f"mailto:{to}?subject={quote(wording.clean_line(answer_line(f.code, word)))}{body}"


def _reports(f: NoticeFacts) -> tuple[str, ...]:
    """Each step's, as the filter `buttons` takes them: label and link in turn, by bars."""
    to = wording.clean_line(f.confirm_to)
    if not (to and f.report_mark):
        return ()

    def line(code: str) -> str:
        made = [MailReport(f.code, code, act, f.report_mark) for act in BY_BUTTON]
        return BAR.join(part for report in made for part in (report.words, report.mailto(to)))

    return tuple(line(code) for code in f.report_codes)


def _without_stop(text: str) -> str:
    """Values that a template puts in mid-sentence come without their full stop."""
    return text.strip().rstrip(".").rstrip()

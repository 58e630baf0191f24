"""Lint rules about when: dates that agree, times that match the window, zones, being in time."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date

from app.models.notices import mentions, wording
from app.models.notices.kinds import NoticeKind
from app.models.notices.leadtime import check_lead
from app.models.notices.reading import Finding, Reading
from app.models.severity import Severity
from app.models.times import abbreviation, to_wall

K = NoticeKind
_NEEDS_START = {K.PLANNED, K.REMINDER, K.RESCHEDULED, K.CANCELLED, K.KICK_OFF, K.CREW_BRIEF}
_NEEDS_END = {K.PLANNED, K.STARTED, K.RESCHEDULED, K.CREW_BRIEF, K.KICK_OFF}
_ENDED = {K.ALL_CLEAR, K.PARTLY_DONE, K.BACKED_OUT}
_NAMES_END = {K.STARTED, K.PROGRESS, K.DELAYED}
_PROMISES = {K.EXTENDED, K.PROGRESS, K.DELAYED, K.PARTLY_DONE, K.BACKED_OUT}


def start_said(r: Reading) -> Iterator[Finding]:
    desk = r.kind is K.SERVICE_DESK_BRIEF and r.facts.ended_at is None
    if (r.kind in _NEEDS_START or desk) and not r.says_start(r.facts.window):
        words = str(r.values["start"])
        sentence = f"It does not say when it starts: {words}."
        yield Finding("start", Severity.BLOCK, sentence, fix=f"Start: {words}.")


def end_said(r: Reading) -> Iterator[Finding]:
    desk = r.kind is K.SERVICE_DESK_BRIEF and r.facts.ended_at is None
    if r.kind not in _NEEDS_END and r.kind is not K.REMINDER and not desk:
        return
    window = r.facts.window
    ends = {window.end, r.wall(r.facts.promised_end)}
    if not any(r.says_end(end, window.start.date()) for end in ends):
        words = str(r.values["end"])
        severity = Severity.WARN if r.kind is K.REMINDER else Severity.BLOCK
        sentence = f"It does not say when it ends: {words}."
        yield Finding("end", severity, sentence, fix=f"End: {words}.")


def old_start_said(r: Reading) -> Iterator[Finding]:
    if r.kind is not K.RESCHEDULED:
        return
    if r.facts.old_window is None:
        yield Finding("old_window", Severity.BLOCK, "The old window is not known.")
    elif not r.says_start(r.facts.old_window):
        words = str(r.values["old_start"])
        yield Finding(
            "old_window",
            Severity.BLOCK,
            f"It does not say which date is no longer valid: {words}.",
            fix=words,
        )


def heard_next(r: Reading) -> Iterator[Finding]:
    """What was not done comes another time, or never: people are told when they hear of it."""
    if r.kind not in (K.PARTLY_DONE, K.BACKED_OUT):
        return
    f, values = r.facts, r.values
    if f.new_date_by is not None:
        said, words = r.says_date(f.new_date_by), str(values["new_date_by"])
        fix = f"We will announce a new date by {words}."
    elif f.next_update is not None:
        wall = r.wall(f.next_update)
        said, words = r.says_clock(wall) and r.says_date(wall.date()), str(values["next_update"])
        fix = f"You hear from us again at {words}."
    else:
        sentence = "Say when people hear next: by when a new date comes, or the next update."
        yield Finding("heard_next", Severity.BLOCK, sentence)
        return
    if not said:
        sentence = f"It does not say when people hear next: {words}."
        yield Finding("heard_next", Severity.BLOCK, sentence, fix=fix)


def check_promised(r: Reading) -> Iterator[Finding]:
    """A check promised for later is said to those who wait for it."""
    due = r.facts.check_due
    ended = r.kind in _ENDED or (r.kind is K.SERVICE_DESK_BRIEF and r.facts.ended_at is not None)
    if due is None or not ended:
        return
    wall = r.wall(due)
    day = wall.date() == r.facts.window.start.date() or r.says_date(wall.date())
    if not (r.says_clock(wall) and day):
        values = r.values
        fix = f"{values['checker']} tries it by {values['check_due']}."
        sentence = f"It does not say that the users’ own check is due {values['check_due']}."
        yield Finding("check_due", Severity.BLOCK, sentence, fix=fix)


def dates_agree(r: Reading) -> Iterator[Finding]:
    known = r.known_dates
    for said in r.dates:
        words = r.text[said.span[0] : said.span[1]]
        if said.day is None:
            yield Finding("date", Severity.BLOCK, f"There is no {words}.", said.span)
        elif _wrong_weekday(said) and not _right_but_for_the_year(said, known):
            right = wording.DAYS[said.day.weekday()]
            yield Finding(
                "weekday_date",
                Severity.BLOCK,
                f"“{words}” does not agree: that day is a {right}.",
                said.weekday_span,
                right,
            )
        elif said.day not in known:
            yield _not_known(r, said, words)


def _wrong_weekday(said: mentions.DateSaid) -> bool:
    return bool(said.weekday is not None and said.day and said.day.weekday() != said.weekday)


def _right_but_for_the_year(said: mentions.DateSaid, known: Collection[date]) -> bool:
    """In January last year's is written: then the year is wrong, and not the weekday."""
    wanted = said.day and (said.day.month, said.day.day, said.weekday)
    return said.year_said and any((d.month, d.day, d.weekday()) == wanted for d in known)


def _not_known(r: Reading, said: mentions.DateSaid, words: str) -> Finding:
    same = next(
        (
            d
            for d in r.known_dates
            if said.day and (d.month, d.day) == (said.day.month, said.day.day)
        ),
        None,
    )
    if same is not None and said.year_said and said.day is not None:
        return Finding(
            "wrong_year",
            Severity.BLOCK,
            f"“{words}” names the year {said.day.year}; it is {same.year}.",
            said.span,
            _in_year(words, said, same.year, r.text),
        )
    day = wording.say_date(r.facts.window.start.date())
    return Finding(
        "other_date",
        Severity.WARN,
        f"“{words}” is no day of this outage, which is on {day}.",
        said.span,
        _only_day(r),
    )


def _in_year(words: str, said: mentions.DateSaid, year: int, text: str) -> str:
    """The same date in another year, with the weekday it has then."""
    assert said.day is not None
    if said.weekday_span is not None:
        was = text[slice(*said.weekday_span)]
        words = words.replace(was, wording.DAYS[said.day.replace(year=year).weekday()], 1)
    return words.replace(str(said.day.year), str(year))


def _only_day(r: Reading) -> str | None:
    """Where all happens on one day, what any other date must have meant."""
    days = r.known_dates
    return wording.say_date(next(iter(days))) if len(days) == 1 else None


def weekdays_agree(r: Reading) -> Iterator[Finding]:
    """A weekday alone must be one of a day the facts know; plurals (`Fridays`) are habits."""
    known = {day.weekday() for day in r.known_dates}
    for span, weekday in mentions.weekdays_in(r.text, r.dates):
        if weekday not in known and not r.text[span[0] : span[1]].endswith("ys"):
            words = r.text[span[0] : span[1]]
            yield Finding(
                "other_weekday",
                Severity.WARN,
                f"“{words}” is no day of this outage; name the date beside it.",
                span,
                wording.DAYS[next(iter(known))] if len(known) == 1 else None,
            )


def dates_readable(r: Reading) -> Iterator[Finding]:
    day = wording.say_date(r.facts.window.start.date())
    for span in mentions.numeric_dates_in(r.without_addresses):
        words = r.text[span[0] : span[1]]
        yield Finding(
            "numeric_date",
            Severity.WARN,
            f"“{words}” is read as two different days; write it like {day}.",
            span,
            _only_day(r),
        )


def length_agrees(r: Reading) -> Iterator[Finding]:
    f = r.facts
    begin = f.window.start_utc
    right = {f.window.minutes, int((f.promised_end - begin).total_seconds() // 60)}
    if f.old_window is not None:
        right.add(f.old_window.minutes)
    if f.new_end is not None:  # "will take 2 hours longer"
        right.add(abs(int((f.new_end - f.window.end_utc).total_seconds() // 60)))
    for said in mentions.lengths_in(r.text):
        if said.minutes not in right:
            words = r.text[said.span[0] : said.span[1]]
            fix = wording.say_minutes(f.window.minutes)
            yield Finding(
                "duration",
                Severity.WARN,
                f"“{words}” disagrees with the times, which give {fix}.",
                said.span,
                fix,
            )


def zone_said(r: Reading) -> Iterator[Finding]:
    f = r.facts
    if not f.zone_needed or not r.clocks:
        return
    window = f.window
    place = wording.place_of(window.zone)
    names = {abbreviation(m, window.zone) for m in (window.start_utc, window.end_utc)}
    said = any(re.search(rf"\b{re.escape(name)}\b", r.text) for name in names)
    if not said and not r.says(f"{place} time") and not r.says(window.zone):
        who = "Somebody’s time zone is unknown" if not r.foreign_zones else _elsewhere(r)
        words = r.values["zone_words"]
        yield Finding(
            "zone",
            Severity.WARN,
            f"{who}: say which zone the times are in.",
            r.clocks[0].span,
            fix=f"All times are {words}.",
        )
        return
    if r.kind in {K.PLANNED, K.RESCHEDULED}:
        yield from _local_times_said(r)


def zone_right(r: Reading) -> Iterator[Finding]:
    """The window's own time must not stand in another zone: EDT in winter, or the vendor's."""
    f = r.facts
    moments = (f.window.start_utc, f.window.end_utc, f.promised_end)
    true = {
        (there.hour, there.minute, abbreviation(moment, name))
        for moment in moments
        for name in (f.window.zone, "UTC", *r.foreign_zones)
        if (there := to_wall(moment, name))
    }
    walls = {
        (wall.hour, wall.minute): abbreviation(moment, f.window.zone)
        for moment in moments
        if (wall := r.wall(moment))
    }
    for clock in r.clocks:
        named, right = mentions.zone_after(r.text, clock), walls.get((clock.hour, clock.minute))
        if named is None or right is None:
            continue
        span, name = named
        if (clock.hour, clock.minute, name) not in true and not _general(name, right):
            sentence = f"“{name}” is another zone: that time is {right}."
            yield Finding("wrong_zone", Severity.BLOCK, sentence, span, right)


def _general(name: str, right: str) -> bool:
    """`ET` says EST as well as EDT."""
    return len(name) == 2 and len(right) == 3 and (name[0], name[1]) == (right[0], right[2])


def _local_times_said(r: Reading) -> Iterator[Finding]:
    lines = r.values["local_times"]
    assert isinstance(lines, tuple)
    for name, line in zip(r.foreign_zones, lines, strict=True):
        start = to_wall(r.facts.window.start_utc, name)
        if not r.says_clock(start):
            place = wording.place_of(name)
            sentence = f"Some recipients are in {place}: add their local time."
            yield Finding("local_time", Severity.WARN, sentence, fix=line)


def _elsewhere(r: Reading) -> str:
    places = wording.say_list(wording.place_of(z) for z in r.foreign_zones[:3])
    return f"Some recipients are in {places}"


def update_promised(r: Reading) -> Iterator[Finding]:
    """Extended and delayed: when the next word comes; progress should say it too."""
    if r.kind not in {K.EXTENDED, K.DELAYED, K.PROGRESS}:
        return
    f = r.facts
    severity = Severity.WARN if r.kind is K.PROGRESS else Severity.BLOCK
    if f.next_update is None:
        yield Finding("next_update", severity, "Say when the next update comes.")
        return
    words = str(r.values["next_update"])
    if not r.says_clock(r.wall(f.next_update)):
        sentence = f"It does not say when the next update comes: {words}."
        fix = f"The next update comes at {words}."
        yield Finding("next_update", severity, sentence, fix=fix)
    if f.next_update > f.promised_end:
        sentence = f"The next update ({words}) comes after the promised end: it would pass unsaid."
        yield Finding("next_update", Severity.WARN, sentence)


def new_end_said(r: Reading) -> Iterator[Finding]:
    if r.kind is not K.EXTENDED:
        return
    f = r.facts
    if f.new_end is None:
        yield Finding("new_end", Severity.BLOCK, "Say the new end.")
        return
    old_end = (f.old_window or f.window).end_utc
    if f.new_end <= old_end:
        sentence = "The new end is not later than the one people were told."
        yield Finding("new_end", Severity.BLOCK, sentence)
    if not r.says_end(r.wall(f.new_end), f.window.start.date()):
        words = str(r.values["new_end"])
        sentence = f"It does not say the new end: {words}."
        yield Finding("new_end", Severity.BLOCK, sentence, fix=words)


def in_time(r: Reading) -> Iterator[Finding]:
    if r.sending is None:
        return
    s, window = r.sending, r.facts.window
    if r.kind is K.RESCHEDULED and s.flown:
        sentence = "It is being flown: whoever believes in another time hears at once."
        yield Finding("lead_time", Severity.NOTE, sentence)
    elif r.kind in {K.PLANNED, K.RESCHEDULED}:
        check = check_lead(s.at, window, s.impact, s.workdays, s.waiver, s.rule)
        if check.severity is not None:
            yield Finding("lead_time", check.severity, check.sentence)
    elif r.kind is K.REMINDER and s.at >= window.start_utc:
        sentence = "The window has already begun: send that it has started instead."
        yield Finding("lead_time", Severity.BLOCK, sentence)
    elif r.kind is K.EXTENDED and s.at > (r.facts.old_window or window).end_utc:
        sentence = "The promised end has passed: send this at once, and say that it comes late."
        yield Finding("lead_time", Severity.WARN, sentence)
    elif r.kind in _ENDED and s.at > r.facts.promised_end:
        sentence = "The promised end has passed in silence; say that it took longer."
        yield Finding("lead_time", Severity.NOTE, sentence)


def still_to_come(r: Reading) -> Iterator[Finding]:
    """A promise is of a time that is still to come when it is read."""
    if r.sending is None:
        return
    f, at = r.facts, r.sending.at
    if r.kind in _NAMES_END and at >= f.promised_end and r.says_clock(r.wall(f.promised_end)):
        sentence = "The end it names has passed: extend it on Live first, so people read a new one."
        yield Finding("passed", Severity.WARN, sentence)
    if r.kind in _PROMISES and f.next_update is not None and at >= f.next_update:
        sentence = f"The next update it promises ({r.values['next_update']}) is in the past."
        yield Finding("passed", Severity.WARN, sentence)
    if f.new_date_by is not None and f.new_date_by < r.wall(at).date():
        sentence = f"{wording.say_date(f.new_date_by)} has passed: give a day still to come."
        yield Finding("passed", Severity.BLOCK, sentence)


RULES = (
    start_said,
    end_said,
    old_start_said,
    heard_next,
    check_promised,
    dates_agree,
    weekdays_agree,
    dates_readable,
    length_agrees,
    zone_said,
    zone_right,
    update_promised,
    new_end_said,
    in_time,
    still_to_come,
)

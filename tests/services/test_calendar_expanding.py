"""When an event happens: rules, changes, clock changes, and rules that lead nowhere."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.calendar.events import Occurrence, ReadEvent
from app.models.errors import BadInput
from app.services.calendar import expanding
from app.services.calendar.expanding import Patience, expand
from app.services.calendar.reading import read_events

ZONE = "America/New_York"
YEAR = (datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))


def _event(*parts: str) -> ReadEvent:
    text = "".join(f"BEGIN:VEVENT\nUID:1\nSUMMARY:S\n{p.strip()}\nEND:VEVENT\n" for p in parts)
    events, faults = read_events(text.encode(), zone=ZONE)
    assert faults == []
    return events[0]


def _found(*parts: str, span: tuple[datetime, datetime] = YEAR) -> tuple[Occurrence, ...]:
    return expand(_event(*parts), *span, zone=ZONE)


def _starts(*parts: str) -> list[str]:
    return [f"{o.start:%m-%d %H:%M}" for o in _found(*parts)]


def test_a_nightly_time_keeps_its_wall_clock_when_clocks_change() -> None:
    found = _found(
        "DTSTART;TZID=America/New_York:20250308T200000\nDTEND;TZID=America/New_York:20250309T060000"
        "\nRRULE:FREQ=DAILY;COUNT=2"
    )
    assert [f"{o.start:%d %H:%M}–{o.end:%d %H:%M}" for o in found] == [
        "09 01:00–09 10:00",
        "10 00:00–10 10:00",
    ]


def test_a_duration_in_hours_is_elapsed_time() -> None:
    (found,) = _found("DTSTART;TZID=America/New_York:20250308T200000\nDURATION:PT10H")
    assert found.end - found.start == timedelta(hours=10)


def test_all_day_events_are_dates() -> None:
    (found,) = _found("DTSTART;VALUE=DATE:20250309\nDTEND;VALUE=DATE:20250311")
    assert (found.first_day, found.last_day) == (date(2025, 3, 9), date(2025, 3, 10))
    assert found.end - found.start == timedelta(hours=47)


def test_a_date_without_end_is_one_day() -> None:
    for text in ("DTSTART:20250309", "DTSTART:20250309\nDTEND:20250309"):
        (found,) = _found(text)
        assert found.first_day == found.last_day == date(2025, 3, 9)


def test_until_is_inclusive_and_may_be_utc_local_or_a_date() -> None:
    rule = "DTSTART;TZID=America/New_York:20250110T200000\nRRULE:FREQ=DAILY;UNTIL="
    for until in ("20250112T010000Z", "20250111T200000", "20250111"):
        assert len(_found(rule + until)) == 2, until


def test_excluded_dates_count_by_moment_or_by_day() -> None:
    rule = "DTSTART;TZID=America/New_York:20250110T200000\nRRULE:FREQ=DAILY;COUNT=4\n"
    assert _starts(rule + "EXDATE:20250112T010000Z\nEXDATE;VALUE=DATE:20250112") == [
        "01-11 01:00",
        "01-14 01:00",
    ]


def test_extra_dates_may_have_their_own_length() -> None:
    found = _found(
        "DTSTART:20250110T200000Z\nDTEND:20250110T210000Z\n"
        "RDATE;VALUE=PERIOD:20250120T100000Z/20250120T103000Z,20250121T100000Z/PT2H"
    )
    assert [int((o.end - o.start).total_seconds() // 60) for o in found] == [60, 30, 120]


def test_a_date_met_twice_happens_once() -> None:
    assert (
        len(
            _found(
                "DTSTART:20250110T200000Z\nRRULE:FREQ=DAILY;COUNT=2\n"
                + "RRULE:FREQ=WEEKLY;COUNT=1\nRDATE:20250110T200000Z"
            )
        )
        == 2
    )


def test_a_start_outside_its_rule_still_counts() -> None:
    assert _starts("DTSTART:20250110T200000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=1")[0] == (
        "01-10 20:00"
    )


def test_a_moved_occurrence_leaves_its_old_place() -> None:
    master = "DTSTART:20250110T200000Z\nDTEND:20250110T210000Z\nRRULE:FREQ=DAILY;COUNT=2"
    moved = "RECURRENCE-ID:20250111T200000Z\nDTSTART:20250115T080000Z\nDTEND:20250115T090000Z"
    assert _starts(master, moved) == ["01-10 20:00", "01-15 08:00"]


def test_an_occurrence_moved_out_of_the_horizon_is_gone_and_one_moved_in_is_there() -> None:
    master = "DTSTART:20241230T200000Z\nRRULE:FREQ=DAILY;COUNT=4"
    out = "RECURRENCE-ID:20250101T200000Z\nDTSTART:20300115T080000Z"
    into = "RECURRENCE-ID:20241230T200000Z\nDTSTART:20250601T080000Z"
    assert _starts(master, out, into) == ["01-02 20:00", "06-01 08:00"]


def test_a_cancelled_occurrence_is_gone_and_a_cancelled_series_too() -> None:
    master = "DTSTART:20250110T200000Z\nRRULE:FREQ=DAILY;COUNT=2"
    gone = "RECURRENCE-ID:20250111T200000Z\nDTSTART:20250111T200000Z\nSTATUS:CANCELLED"
    assert _starts(master, gone) == ["01-10 20:00"]
    assert _starts(master + "\nSTATUS:CANCELLED") == []


def test_this_and_all_later_ones_move_together() -> None:
    master = "DTSTART;TZID=America/New_York:20250307T200000\nRRULE:FREQ=DAILY;COUNT=4"
    later = (
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=America/New_York:20250308T200000\n"
        "DTSTART;TZID=America/New_York:20250308T210000"
    )
    assert _starts(master, later) == ["03-08 01:00", "03-09 02:00", "03-10 01:00", "03-11 01:00"]


def test_touching_the_horizon_is_outside_it() -> None:
    text = "DTSTART:20241231T230000Z\nDTEND:20250101T000000Z"
    assert _found(text) == ()


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("FREQ=SECONDLY", "too often|more than"),
        ("FREQ=MINUTELY", "more than"),
        ("FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=0,1,2,3,4,5,6,7,8,9", "more than"),
        ("FREQ=DAILY;RSCALE=CHINESE", "no sense|cannot"),
        ("FREQ=MONTHLY;INTERVAL=0;BYMONTHDAY=99", "no sense"),
    ],
)
def test_a_rule_that_repeats_without_sense_is_a_sentence(rule: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        _found(f"DTSTART:20250101T000000Z\nRRULE:{rule}")


def test_a_count_of_a_million_costs_only_the_horizon() -> None:
    assert len(_found("DTSTART:20250101T000000Z\nRRULE:FREQ=DAILY;COUNT=1000000")) == 365


def test_an_old_rule_is_followed_only_so_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(expanding, "MAX_STEPS", 100)
    with pytest.raises(BadInput, match="too often to be followed"):
        _found("DTSTART:20200101T000000Z\nRRULE:FREQ=DAILY")


def test_a_date_that_never_comes_is_a_sentence() -> None:
    with pytest.raises(BadInput, match="never comes"):
        _found("DTSTART:20250101T000000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")


def test_a_file_full_of_rules_that_lead_nowhere_runs_out_of_patience() -> None:
    ticks = iter(range(0, 1000, 15))
    patience = Patience(clock=lambda: float(next(ticks)))
    event = _event("DTSTART:20250101T000000Z")
    for _ in range(2):
        expand(event, *YEAR, zone=ZONE, patience=patience)
    with pytest.raises(BadInput, match="too long to follow"):
        expand(event, *YEAR, zone=ZONE, patience=patience)


_rules = st.builds(
    lambda freq, interval, extra, end: f"FREQ={freq};INTERVAL={interval}{extra}{end}",
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 5),
    st.sampled_from(["", ";BYDAY=MO,WE", ";BYMONTH=1,3,10,11", ";BYMONTHDAY=1,15,-1"]),
    st.sampled_from(["", ";COUNT=7", ";COUNT=400", ";UNTIL=20250701T120000Z"]),
)


@settings(max_examples=120, deadline=None)
@given(
    rule=_rules,
    day=st.dates(date(2023, 1, 1), date(2025, 12, 31)),
    hour=st.integers(0, 23),
    minutes=st.integers(0, 3000),
    zone=st.sampled_from(["America/New_York", "Europe/London", "Asia/Kathmandu", "UTC"]),
    first=st.integers(0, 300),
    length=st.integers(1, 200),
)
def test_occurrences_are_those_of_the_rule_in_wall_time(
    rule: str, day: date, hour: int, minutes: int, zone: str, first: int, length: int
) -> None:
    since = YEAR[0] + timedelta(days=first)
    until = since + timedelta(days=length)
    start = datetime(day.year, day.month, day.day, hour)  # noqa: DTZ001
    end = start + timedelta(minutes=minutes)
    found = _found(
        f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}\nDTEND;TZID={zone}:{end:%Y%m%dT%H%M%S}\n"
        f"RRULE:{rule}",
        span=(since, until),
    )
    tz = ZoneInfo(zone)
    plain = rule.partition(";UNTIL=")[0]
    walls = {start, *rrulestr(plain, dtstart=start).between(start, datetime(2027, 1, 1), inc=True)}  # noqa: DTZ001
    expected = set()
    for wall in walls:
        begins = wall.replace(tzinfo=tz).astimezone(UTC)
        ends = (wall + timedelta(minutes=minutes)).replace(tzinfo=tz).astimezone(UTC)
        ends = max(begins, ends)
        if "UNTIL" in rule and begins > datetime(2025, 7, 1, 12, tzinfo=UTC) and wall != start:
            continue
        inside = begins < until and (ends > since or begins == ends >= since)
        if inside:
            expected.add((begins, ends))
    assert {(o.start, o.end) for o in found} == expected

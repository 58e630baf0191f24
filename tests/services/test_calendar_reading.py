"""Calendar files of real programs, and files nobody should send."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.calendar.events import ReadEvent, ReadFault, event_from_text, event_to_text
from app.models.errors import BadInput
from app.services.calendar import scanning
from app.services.calendar.expanding import expand
from app.services.calendar.reading import read_events
from app.services.calendar.scanning import count_events, require_calendar

CALENDARS = Path(__file__).parents[1] / "data" / "calendars"
ZONE = "America/New_York"
ALL_TIME = (datetime(2010, 1, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC))


def _read(data: bytes) -> tuple[list[ReadEvent], list[ReadFault]]:
    return read_events(require_calendar(data, "x.ics"), zone=ZONE)


def _calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\n{head}{body}END:VCALENDAR\n".replace("\n", "\r\n").encode()


def _one(event: str, head: str = "") -> ReadEvent:
    events, faults = _read(_calendar(event, head=head))
    assert faults == []
    return events[0]


# file, events, occurrences 2010–2019, first start (UTC), zone of the first event
TABLE = [
    ("cal_dt_two_tz", 1, 1, "2014-04-09T07:30", "Europe/Berlin"),
    ("cal_lots_of_timezones", 2, 12, "2014-04-09T07:30", "Europe_Berlin"),
    ("day_long_recur_yearly", 1, 1933, "2012-08-03T04:00", ""),
    ("event_d_long", 1, 1, "2014-04-09T04:00", ""),
    ("event_d_rr", 1, 10, "2014-04-09T04:00", ""),
    ("event_dt_floating", 1, 1, "2014-04-09T13:30", ZONE),
    ("event_dt_rr", 1, 10, "2014-04-09T13:30", ZONE),
    ("event_dtr_exdatez", 1, 3, "2014-06-30T05:30", "Europe/Berlin"),
    ("event_rrule_recuid", 1, 6, "2014-06-30T05:00", "Europe/Berlin"),
    ("google_birthday", 4, 6, "2012-12-10T05:00", ""),
    ("multiple_rrules", 1, 36, "2012-03-26T18:00", "America/Los_Angeles"),
    ("recur_instances", 1, 87, "2012-10-02T22:00", "America/Los_Angeles"),
    ("tz_windows_format", 1, 1, "2019-11-20T00:00", "Pacific/Auckland"),
    ("without_uid", 1, 1, "2014-04-09T04:00", ""),
]


@pytest.mark.parametrize(("name", "count", "occurrences", "first", "zone"), TABLE)
def test_a_real_file_is_read_without_fault(
    name: str, count: int, occurrences: int, first: str, zone: str
) -> None:
    events, faults = _read((CALENDARS / f"{name}.ics").read_bytes())
    found = [o for event in events for o in expand(event, *ALL_TIME, zone=ZONE)]
    assert faults == []
    assert len(events) == count
    assert len(found) == occurrences
    assert min(o.start for o in found) == datetime.fromisoformat(first).replace(tzinfo=UTC)
    assert events[0].start.zone == zone
    assert [event_from_text(event_to_text(event)) for event in events] == events


def test_a_known_zone_beats_the_files_own_rules() -> None:
    events, _ = _read((CALENDARS / "tz_windows_format.ics").read_bytes())
    assert events[0].file_zones == ()
    assert events[0].raw_zone == "New Zealand Standard Time"


def test_a_zone_only_the_file_knows_takes_its_offsets_in_summer_and_winter() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Customized Time Zone\n"
        "BEGIN:STANDARD\nDTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n"
        "BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n"
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n"
    )
    text = "DTSTART;TZID=Customized Time Zone:{}T120000\nDURATION:PT1H\nUID:1"
    for day, hour in (("20250110", 11), ("20250710", 10), ("20251026", 11), ("20250330", 10)):
        event = _one(text.format(day), head=zone)
        assert event.moment(event.start, ZONE).hour == hour


@pytest.mark.filterwarnings("ignore:Timezone")
def test_a_vendors_prefix_before_a_zone_is_known() -> None:
    event = _one("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/London:20250110T120000")
    assert event.start.zone == "Europe/London"


def test_an_unknown_zone_is_a_fault_of_that_event_alone() -> None:
    events, faults = _read(
        _calendar("UID:1\nDTSTART;TZID=Mars/Base:20250110T120000", "UID:2\nDTSTART:20250110")
    )
    assert [event.key for event in events] == ["2"]
    assert faults[0].line == 2
    assert "“Mars/Base” is unknown and not in the file" in faults[0].sentence


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ("UID:1", "no start"),
        ("DTSTART:rubbish", "DTSTART cannot be read"),
        ("DTSTART:20250230T100000", "DTSTART cannot be read"),
        ("DTSTART:20250110T100000\nRRULE:FREQ=NEVER", "RRULE cannot be read"),
        ("DTSTART:20250110T100000\nDTEND:20250110T090000", "ends before it starts"),
        ("DTSTART:20250110T100000\nDTEND;VALUE=DATE:20250111", "the other a time"),
        ("DTSTART:00010101T000000", "year 1"),
        ("DTSTART:20250110T100000\nDURATION:-PT1H", "makes no sense"),
        ("DTSTART:20250110T100000\nEXDATE:tomorrow", "EXDATE cannot be read"),
    ],
)
def test_a_bad_event_is_a_fault_and_the_others_are_read(event: str, says: str) -> None:
    events, faults = _read(_calendar(event, "UID:good\nDTSTART:20250110"))
    assert [e.key for e in events] == ["good"]
    assert says in faults[0].sentence


def test_an_event_without_uid_has_the_same_key_each_time() -> None:
    text = "SUMMARY:Clinic\nDTSTART:20250110\nDTSTAMP:{}T000000Z"
    first, second = (_one(text.format(day)).key for day in ("20250101", "20250202"))
    assert first == second
    assert first.startswith("hash:")


def test_of_two_events_with_one_uid_the_higher_sequence_is_kept_and_said() -> None:
    text = "UID:1\nSEQUENCE:{}\nSUMMARY:{}\nDTSTART:20250110"
    events, faults = _read(_calendar(text.format(2, "new"), text.format(1, "old")))
    assert [event.title for event in events] == ["new"]
    assert "same UID" in faults[0].sentence


def test_a_fold_inside_a_character_is_unfolded_first() -> None:
    data = _calendar("UID:1\nDTSTART:20250110\nSUMMARY:Jos_é").replace(
        "é".encode(), b"\xc3\r\n \xa9"
    )
    assert _read(data)[0][0].title == "Jos_é"


def test_alarms_inside_an_event_do_not_speak_for_it() -> None:
    event = _one(
        "UID:1\nDTSTART:20250110\nSUMMARY:Clinic\n"
        "BEGIN:VALARM\nSUMMARY:Wake up\nDURATION:PT5M\nEND:VALARM"
    )
    assert event.title == "Clinic"


def test_a_title_is_one_line_without_control_characters() -> None:
    event = _one("UID:1\nDTSTART:20250110\nSUMMARY:Clinic\\nBcc: x\x07\u202ey")
    assert event.title == "Clinic Bcc: x y"


def test_a_file_that_breaks_off_keeps_what_came_before() -> None:
    events, faults = _read(_calendar("UID:1\nDTSTART:20250110", "UID:2\nDTSTART:20250111")[:-30])
    assert [event.key for event in events] == ["1"]
    assert "no END:VEVENT" in faults[0].sentence


@pytest.mark.parametrize("change", ["utf-16", "cp1252", "cr", "bom", "lower"])
def test_other_encodings_and_line_ends_are_read(change: str) -> None:
    text = _calendar("UID:1\nDTSTART:20250110\nSUMMARY:José").decode()
    data = {
        "utf-16": text.encode("utf-16"),
        "cp1252": text.encode("cp1252"),
        "cr": text.replace("\r\n", "\r").encode(),
        "bom": b"\xef\xbb\xbf" + text.encode(),
        "lower": text.replace("BEGIN", "begin").replace("DTSTART", "dtstart").encode(),
    }[change]
    assert _read(data)[0][0].title == "José"


@pytest.mark.parametrize("data", [b"", b"hello", b"\x00" * 100, b"<html>BEGIN:VCALENDAR</html>"])
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="not a calendar file"):
        require_calendar(data, "x.ics")


def test_too_many_bytes_or_events_are_refused_with_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scanning, "MAX_BYTES", 50)
    monkeypatch.setattr(scanning, "MAX_EVENTS", 1)
    data = _calendar("UID:1\nDTSTART:20250110", "UID:2\nDTSTART:20250110")
    with pytest.raises(BadInput, match="export a shorter span"):
        require_calendar(data, "x.ics")
    with pytest.raises(BadInput, match="holds 2 events"):
        count_events(data, "x.ics")


@pytest.mark.parametrize(
    "hostile",
    [
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\n" * 20_000,
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + b"BEGIN:VALARM\n" * 200_000,
        b"BEGIN:VCALENDAR\n" + b"BEGIN:VTIMEZONE\n" * 100_000,
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:" + b"x" * 5_000_000 + b"\nEND:VEVENT\n",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n" + b" y\n" * 500_000 + b"END:VEVENT\n",
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + b"SUMMARY;" * 50_000 + b"\nEND:VEVENT\n",
    ],
    ids=["unclosed", "nested", "zones", "long-line", "long-fold", "parameters"],
)
def test_a_hostile_file_gives_faults_and_no_events(hostile: bytes) -> None:
    events, faults = _read(hostile)
    assert events == []
    assert b"BEGIN:VEVENT" not in hostile or faults


def test_a_hostile_zone_is_a_fault() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Evil\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    events, faults = _read(_calendar("UID:1\nDTSTART;TZID=Evil:20250110T100000", head=zone))
    assert events == []
    assert "does not say plainly" in faults[0].sentence

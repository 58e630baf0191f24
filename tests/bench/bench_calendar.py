"""Reading an .ics file of 5,000 events, child process and all, against icalendar's own parse and
the expansion of the same events."""

from __future__ import annotations

import random
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar

from app.services.calendar.child import read_calendar
from app.services.calendar.expanding import expand
from app.services.calendar.reading import read_events
from tests.bench.measure import promise, ratio

LIMIT = 1.3
EVENTS = 5_000
ROUNDS = 5
ZONE = "America/New_York"
SINCE = datetime(2024, 1, 6, tzinfo=UTC)
UNTIL = datetime(2027, 1, 6, tzinfo=UTC)


def write_calendar(folder: Path) -> Path:
    """One in ten repeats weekly, one in ten is all day; zones as a groupware writes them."""
    chance = random.Random(1)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Harbour Hospital//Rota//EN"]
    for number in range(EVENTS):
        start = SINCE + timedelta(minutes=15 * chance.randrange(3 * 365 * 96))
        end = start + timedelta(minutes=chance.choice((30, 60, 240)))
        lines += ["BEGIN:VEVENT", f"UID:{number}@hospital.example", "DTSTAMP:20250101T000000Z"]
        if number % 10 == 1:
            lines += [f"DTSTART;VALUE=DATE:{start:%Y%m%d}"]
        else:
            lines += [
                f"DTSTART;TZID={ZONE}:{start:%Y%m%dT%H%M%S}",
                f"DTEND;TZID={ZONE}:{end:%Y%m%dT%H%M%S}",
            ]
        if number % 10 == 2:
            lines += ["RRULE:FREQ=WEEKLY;COUNT=20"]
        lines += [
            f"SUMMARY:Clinic {number} in room {number % 40}",
            "DESCRIPTION:Bring the list of the day\\, and the keys of the cupboard.",
            "LOCATION:Building 4",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    path = folder / "rota.ics"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="utf-8", newline="")
    return path


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = write_calendar(Path(folder))
        data = path.read_bytes()
        events, faults = read_events(data, zone=ZONE)
        assert len(events) == EVENTS and not faults

        def ours() -> None:
            read = read_calendar(path, zone=ZONE, since=SINCE, until=UNTIL)
            assert len(read.events) == EVENTS

        def expansion() -> None:
            for each in events:
                expand(each, SINCE, UNTIL, zone=ZONE)

        def floor() -> None:
            icalendar.Calendar.from_ical(data)
            expansion()

        measured = ratio(ours, floor, ROUNDS, warm_up=1)
    return 0 if promise("calendar-5000-events", measured, LIMIT) else 1


if __name__ == "__main__":
    sys.exit(main())

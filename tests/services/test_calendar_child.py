"""Reading in a child process: progress, cancel, crash, and what the child must not load."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.calendar.events import CalendarRead
from app.models.errors import BadInput
from app.services.calendar import child
from app.services.calendar.child import (
    ReadingFailed,
    ReadingStopped,
    expand_events,
    read_calendar,
    read_here,
)

ROOT = Path(__file__).parents[2]
ZONE = "America/New_York"
SINCE, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


def _file(folder: Path, count: int, extra: str = "") -> Path:
    events = "".join(
        f"BEGIN:VEVENT\nUID:{n}\nDTSTART:20250110T{n % 24:02}0000Z\nEND:VEVENT\n"
        for n in range(count)
    )
    path = folder / "events.ics"
    path.write_text(f"BEGIN:VCALENDAR\n{events}{extra}END:VCALENDAR\n", encoding="utf-8")
    return path


@dataclass(frozen=True, slots=True)
class _Dying:
    """A job whose process ends without a word, as when the system runs out of memory."""

    code: int

    def run(self, progress: child.Progress) -> CalendarRead:
        os._exit(self.code)


def test_a_file_is_read_in_a_child_with_progress(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    read = read_calendar(
        _file(tmp_path, 250),
        zone=ZONE,
        since=SINCE,
        until=UNTIL,
        progress=lambda done, total: told.append((done, total)),
    )
    assert (len(read.events), len(read.occurrences), read.faults) == (250, 250, ())
    assert {100, 200, 500} <= {done for done, _ in told}
    assert told == sorted(told)
    assert {total for _, total in told} == {500}


def test_the_child_reads_what_we_would_read(tmp_path: Path) -> None:
    path = _file(tmp_path, 3, "BEGIN:VEVENT\nUID:bad\nEND:VEVENT\n")
    ours = read_here(path, zone=ZONE, since=SINCE, until=UNTIL)
    assert read_calendar(path, zone=ZONE, since=SINCE, until=UNTIL) == ours
    assert len(ours.faults) == 1


def test_it_works_from_a_thread(tmp_path: Path) -> None:
    path = _file(tmp_path, 3)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(read_calendar, path, zone=ZONE, since=SINCE, until=UNTIL).result()
    assert len(read.events) == 3


def test_cancelling_ends_the_child_in_the_middle(tmp_path: Path) -> None:
    cancel = threading.Event()
    told: list[int] = []

    def progress(done: int, total: int) -> None:
        told.append(done)
        cancel.set()

    path = _file(tmp_path, 20_000)
    with pytest.raises(ReadingStopped, match="nothing changed"):
        read_calendar(path, zone=ZONE, since=SINCE, until=UNTIL, progress=progress, cancel=cancel)
    assert len(told) == 1


def test_a_rule_that_cannot_be_followed_is_a_fault_of_its_event(tmp_path: Path) -> None:
    bad = "BEGIN:VEVENT\nUID:s\nSUMMARY:Tick\nDTSTART:20250101T000000Z\nRRULE:FREQ=SECONDLY\n"
    path = _file(tmp_path, 2, bad + "END:VEVENT\n")
    read = read_here(path, zone=ZONE, since=SINCE, until=UNTIL)
    assert [event.key for event in read.events] == ["0", "1"]
    assert "“Tick” at line" in read.faults[0].sentence


def test_a_refusal_in_the_child_is_ours(tmp_path: Path) -> None:
    path = tmp_path / "letter.ics"
    path.write_text("Dear all,")
    with pytest.raises(BadInput, match=r"letter\.ics is not a calendar file"):
        read_calendar(path, zone=ZONE, since=SINCE, until=UNTIL)
    with pytest.raises(BadInput, match="cannot be read"):
        read_calendar(tmp_path / "none.ics", zone=ZONE, since=SINCE, until=UNTIL)


def test_a_child_that_dies_is_a_typed_error() -> None:
    with pytest.raises(ReadingFailed, match="Nothing was imported"):
        child.run_in_child(_Dying(9), "x.ics", None, None)


@dataclass(frozen=True, slots=True)
class _Endless:
    """A job that tells of its first event and is heard of no more."""

    def run(self, progress: child.Progress) -> CalendarRead:
        progress(1, 2)
        threading.Event().wait(30)
        raise AssertionError("nobody waits that long")


def test_a_child_that_falls_silent_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "SILENCE", 0.1)
    with pytest.raises(ReadingFailed, match=r"one of its events .* Nothing was imported"):
        child.run_in_child(_Endless(), "x.ics", lambda done, total: None, None)


def test_stored_events_are_expanded_again_over_another_horizon(tmp_path: Path) -> None:
    rule = "BEGIN:VEVENT\nUID:r\nDTSTART:20250101T100000Z\nRRULE:FREQ=MONTHLY\nEND:VEVENT\n"
    path = _file(tmp_path, 0, rule)
    read = read_here(path, zone=ZONE, since=SINCE, until=UNTIL)
    later = expand_events(
        read.events, zone=ZONE, since=UNTIL, until=datetime(2028, 1, 1, tzinfo=UTC)
    )
    assert (len(read.occurrences), len(later.occurrences)) == (12, 24)


def test_neither_side_loads_what_it_need_not(tmp_path: Path) -> None:
    path = _file(tmp_path, 3)
    code = (
        "import sys, pathlib, datetime as d\n"
        "from app.services.calendar import child\n"
        "assert 'icalendar' not in sys.modules\n"
        "s = d.datetime(2025, 1, 1, tzinfo=d.UTC)\n"
        "child.read_here(pathlib.Path(sys.argv[1]), zone='UTC', since=s, until=s)\n"
        "assert 'icalendar' in sys.modules\n"
        "print([m for m in ('PySide6', 'sqlmodel', 'sqlalchemy') if m in sys.modules])\n"
    )
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_program_run_as_a_module_is_not_run_again_in_the_child(tmp_path: Path) -> None:
    path = _file(tmp_path, 3)
    package = tmp_path / "flight"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "__main__.py").write_text(
        "def main():\n"
        "    import sys, pathlib, datetime as d\n"
        "    from app.services.calendar.child import read_calendar\n"
        "    s, u = (d.datetime(y, 1, 1, tzinfo=d.UTC) for y in (2025, 2026))\n"
        "    path = pathlib.Path(sys.argv[1])\n"
        "    print(len(read_calendar(path, zone='UTC', since=s, until=u).events))\n"
        "if __name__ == '__main__':\n"
        "    main()\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}
    command = [sys.executable, "-m", "flight", str(path)]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.stderr) == ("3", "")


def test_a_file_that_floods_the_horizon_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "MAX_OCCURRENCES", 100)
    rule = "BEGIN:VEVENT\nUID:r\nDTSTART:20250101T100000Z\nRRULE:FREQ=DAILY\nEND:VEVENT\n"
    with pytest.raises(BadInput, match="more than 100 dates"):
        read_here(_file(tmp_path, 0, rule), zone=ZONE, since=SINCE, until=UNTIL)

"""One outage flown by commands alone, from an empty folder to the filed record."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.errors import BadInput, NotAllowed
from app.services.settings.doctor import examine
from app.wiring import open_console
from tests.makers import TestClock
from tests.terminal import Terminal

PLANNING = datetime(2025, 6, 2, 14, 0, tzinfo=UTC)
"""Monday, 10:00 in New York."""
PEOPLE = """name,email,phone,roles,department
M. Okafor,m.okafor@hospital.example,555 0111,coordinator,IT
K. Ito,k.ito@hospital.example,555 0112,technician,IT
"""
SERVICES = """name,plain words,owner,audiences
File cluster,file cluster,K. Ito,File cluster users
"""
AUDIENCES = """name,list address,list size,list zone
File cluster users,file-users@lists.hospital.example,1240,America/New_York
"""
STEPS = """code,title,phase,kind,owner,minutes,after,undone by,ci
1,Open the bridge,before,bridge,,5,,,
2,Snapshot all volumes,before,work,K. Ito,10,1,,
3,Go / no-go,before,gate,,5,2,,
4,Update the firmware,window,work,K. Ito,30,3,b4,SAN-01
5,Open a file,verify,check,K. Ito,10,4,,
6,All clear,verify,all_clear,,5,5,,
7,Close the bridge,wrap up,bridge,,5,6,,
b4,Put the old firmware back,back out,work,K. Ito,20,,,
"""
CIS = "name,kind\nSAN-01,storage\n"


@pytest.fixture
def terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    clock = TestClock(PLANNING)
    console = open_console(tmp_path / "data", clock)
    yield Terminal(console, clock, capsys)
    console.close()


FREEZE = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:x\r
BEGIN:VEVENT\r
UID:quarter@hospital.example\r
DTSTART;VALUE=DATE:20250616\r
DTEND;VALUE=DATE:20250630\r
SUMMARY:Quarter end\r
END:VEVENT\r
END:VCALENDAR\r
"""


def draft(terminal: Terminal, folder: Path) -> str:
    """An organisation of one's own, its outage with its steps; returns the code."""
    terminal.types(
        *("organisation", "County Hospital", "--zone", "America/New_York", "--country", "US"),
        *("--notify", "Reply to this message, or call IT operations at 555 0100."),
    )
    for name, text in (
        ("people", PEOPLE),
        ("cis", CIS),
        ("audiences", AUDIENCES),
        ("services", SERVICES),
        ("steps", STEPS),
    ):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    files = [str(folder / f"{name}.csv") for name in ("people", "cis", "audiences", "services")]
    terminal.types("import", *files)
    code = terminal.types(
        *("plan", "--title", "Firmware", "--service", "File cluster", "--coordinator", "M. Okafor"),
        *("--start", "2025-06-20T19:00", "--end", "2025-06-20T22:00"),
        *("--zone", "America/New_York", "--checker", "D. Moreau", "--checker-phone", "555 0140"),
        *("--bridge", "555 0199, code 7731"),
    )
    terminal.types("import", str(folder / "steps.csv"), "--outage", code)
    return code


def plan(terminal: Terminal, folder: Path) -> str:
    code = draft(terminal, folder)
    terminal.types("advance", code, "planned")
    return code


def fly_to_go(terminal: Terminal, folder: Path) -> str:
    """Planned, told, briefed, printed, the bridge open and the GO given at 18:58."""
    code = plan(terminal, folder)
    for kind in ("kick_off", "planned"):
        terminal.sends(code, kind)
    terminal.at("2025-06-17T10:00-04:00")
    owed = {one["kind"]: one for one in json.loads(terminal.types("debt", code, "--json"))}
    assert owed["crew_brief"]["count"] == len(owed["crew_brief"]["audience"]) > 0
    for kind in ("crew_brief", "service_desk_brief", "monitoring"):
        terminal.sends(code, kind)
    terminal.at("2025-06-19T10:00-04:00")
    terminal.sends(code, "reminder")
    terminal.at("2025-06-20T15:00-04:00")
    terminal.types("packet", code, "--pdf", str(folder / "packet.pdf"))
    terminal.at("2025-06-20T18:30-04:00")
    terminal.types("advance", code, "go_no_go")
    terminal.types("bridge", code, "open", "--by", "M. Okafor")
    terminal.types("step", code, "2", "done", "--by", "K. Ito", "--via", "M. Okafor")
    terminal.at("2025-06-20T18:58-04:00")
    waived = [
        ("backup_verified", "the nightly backup was restored on Monday"),
        ("owners_reached", "Ito sits beside me"),
        ("checker_reached", "Moreau answered at 18:40"),
    ]
    words = [word for name, why in waived for word in ("--waive", f"{name}={why}")]
    terminal.types("advance", code, "in_progress", "--by", "M. Okafor", *words)
    return code


def test_a_flight_is_flown_and_filed_by_commands_alone(terminal: Terminal, tmp_path: Path) -> None:
    code = fly_to_go(terminal, tmp_path)
    terminal.at("2025-06-20T19:01-04:00")
    terminal.sends(code, "started")
    terminal.types("step", code, "4", "start", "--by", "K. Ito")
    terminal.types("step", code, "4", "block")
    terminal.types("step", code, "4", "reason", "--note", "waiting for a cable")
    terminal.types("step", code, "4", "unblock")
    terminal.at("2025-06-20T19:40-04:00")
    terminal.types("step", code, "4", "done", "--by", "K. Ito", "--note", "5.0.3")
    terminal.types("advance", code, "verifying")
    assert terminal.types("step", code, "5", "done", "--by", "K. Ito").endswith("done, passed")
    said = "All my folders are there."
    terminal.types("advance", code, "complete", "--user-check", said, "--data-loss", "none")
    terminal.sends(code, "all_clear")
    terminal.types("bridge", code, "close", "--proof", "dialled in again: it had ended")
    terminal.types(
        "changes", code, "1", "--before", "4.2.1", "--after", "5.0.3", "--external", "CHG-1"
    )
    for kind in terminal.owes(code) & {"change_summary", "service_desk_brief"}:
        terminal.sends(code, kind)
    assert terminal.types("debt", code) == "Nothing is owed."
    terminal.types("advance", code, "filed")
    assert terminal.state(code) == "filed"
    assert (tmp_path / "packet.pdf").read_bytes().startswith(b"%PDF")


def test_the_log_of_a_flight_can_be_verified_by_anybody(terminal: Terminal, tmp_path: Path) -> None:
    code = plan(terminal, tmp_path)
    entries = json.loads(terminal.types("log", code, "--json"))
    assert entries
    for each in entries:
        text = json.dumps(each["entry"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        told = hashlib.sha256(f"{each['previous_hash']}\n{text}".encode()).hexdigest()
        assert told == each["hash"]


def test_a_flight_is_held_and_goes_on(terminal: Terminal, tmp_path: Path) -> None:
    code = plan(terminal, tmp_path)
    terminal.sends(code, "planned")
    terminal.at("2025-06-20T18:30-04:00")
    terminal.types("advance", code, "go_no_go")
    terminal.types("advance", code, "hold", "--why", "Ito is stuck in traffic")
    assert terminal.state(code) == "hold"
    terminal.types("advance", code, "go_no_go")
    assert terminal.state(code) == "go_no_go"


def test_a_flight_is_backed_out_and_filed_by_commands_alone(
    terminal: Terminal, tmp_path: Path
) -> None:
    code = fly_to_go(terminal, tmp_path)
    terminal.at("2025-06-20T19:01-04:00")
    terminal.sends(code, "started")
    terminal.types("step", code, "4", "start", "--by", "K. Ito")
    terminal.types("advance", code, "backing_out", "--why", "The controller does not come back.")
    terminal.types("step", code, "b4", "done", "--by", "K. Ito")
    terminal.types(
        *("advance", code, "backed_out", "--user-check", "As before.", "--data-loss", "none")
    )
    terminal.sends(code, "backed_out")
    terminal.types("bridge", code, "close", "--proof", "dialled in again: it had ended")
    for kind in terminal.owes(code) & {"change_summary", "service_desk_brief"}:
        terminal.sends(code, kind)
    terminal.types("advance", code, "filed")
    assert terminal.state(code) == "filed"


def test_what_is_left_out_ends_partly_done_with_the_check_promised(
    terminal: Terminal, tmp_path: Path
) -> None:
    code = fly_to_go(terminal, tmp_path)
    terminal.at("2025-06-20T19:01-04:00")
    terminal.sends(code, "started")
    terminal.types("advance", code, "verifying", "--why", "No time: the firmware stays old.")
    terminal.types(
        *("advance", code, "partly_done", "--why", "Nothing was updated.", "--data-loss", "none"),
        *("--user-check-due", "2025-06-21T07:30-04:00", "--waive", "5=nothing to look at"),
    )
    terminal.sends(code, "partly_done")
    terminal.types("bridge", code, "close", "--proof", "dialled in again: it had ended")
    for kind in terminal.owes(code) & {"change_summary", "service_desk_brief"}:
        terminal.sends(code, kind)
    assert terminal.owes(code) == {"user_check"}
    terminal.at("2025-06-21T07:40-04:00")
    terminal.types("advance", code, "filed", "--user-check", "Works.")
    assert terminal.state(code) == "filed"


def test_a_flight_cancelled_late_is_filed_once_everybody_was_called(
    terminal: Terminal, tmp_path: Path
) -> None:
    code = plan(terminal, tmp_path)
    terminal.sends(code, "planned")
    terminal.at("2025-06-20T18:00-04:00")
    terminal.types("advance", code, "cancelled", "--why", "postponed, new date by June 23rd")
    terminal.types("notice", code, "cancelled", "--ics", str(tmp_path / "cancel.ics"))
    hold = (tmp_path / "cancel.ics").read_text(encoding="utf-8")
    assert "METHOD:CANCEL" in hold
    assert "STATUS:CANCELLED" in hold
    terminal.sends(code, "cancelled")
    assert "call" in terminal.owes(code)
    for name in ("Ito", "Moreau", "service desk"):
        terminal.types("called", code, name)
    for kind in terminal.owes(code) & {"monitoring", "service_desk_brief", "crew_brief"}:
        terminal.sends(code, kind)
    assert "Announce the new date promised by Mon 23 Jun" in terminal.types("debt", code)
    terminal.types("new-date", code, "--told", "the vendor mends it remotely")
    assert terminal.types("debt", code) == "Nothing is owed."
    terminal.types("advance", code, "filed")
    assert terminal.state(code) == "filed"


def test_an_act_step_is_refused_with_the_command_that_does_it(
    terminal: Terminal, tmp_path: Path
) -> None:
    code = plan(terminal, tmp_path)
    with pytest.raises(NotAllowed, match=f"bridge {code} open"):
        terminal.types("step", code, "1", "done")


def test_a_freeze_blocks_until_it_is_waived_by_its_reason(
    terminal: Terminal, tmp_path: Path
) -> None:
    code = draft(terminal, tmp_path)
    (tmp_path / "freeze.ics").write_text(FREEZE, encoding="utf-8", newline="")
    terminal.types("import", str(tmp_path / "freeze.ics"), "--freeze")
    with pytest.raises(NotAllowed, match="Quarter end"):
        terminal.types("advance", code, "planned")
    with pytest.raises(BadInput, match="what blocks is: freeze"):
        terminal.types("advance", code, "planned", "--waive", "holiday=why not")
    terminal.types("advance", code, "planned", "--waive", "freeze=the CFO agreed", "--by", "K. Ito")
    assert terminal.state(code) == "planned"
    assert "the CFO agreed" in terminal.types("log", code)


def test_the_store_of_a_flight_is_whole_afterwards(terminal: Terminal, tmp_path: Path) -> None:
    plan(terminal, tmp_path)
    wrong = [finding.sentence for finding in examine(tmp_path / "data") if not finding.ok]
    assert [sentence for sentence in wrong if "backup" not in sentence] == []


def test_a_waiver_finds_its_step_however_its_code_is_typed_and_a_misspelt_one_is_refused(
    terminal: Terminal, tmp_path: Path
) -> None:
    code = fly_to_go(terminal, tmp_path)
    terminal.at("2025-06-20T19:01-04:00")
    terminal.types("step", code, "4", "start", "--by", "K. Ito")
    terminal.types("advance", code, "backing_out", "--why", "The controller does not come back.")
    words = ("advance", code, "backed_out", "--user-check", "As before.", "--data-loss", "none")
    with pytest.raises(BadInput, match="no step or criterion “b44”"):
        terminal.types(*words, "--waive", "B4=never flashed", "--waive", "b44=a slip")
    terminal.types(*words, "--waive", "B4=never flashed")
    assert terminal.state(code) == "backed_out"
    assert "waived b4: never flashed" in terminal.types("log", code)

"""The window led from a terminal: roll call, forecast, extension."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.outages.decisions import default_card
from app.models.outages.lifecycle import State
from app.models.runbook import StepKind
from app.services.outages.planning import find_outage
from app.services.runbook.acting import complete_acts
from tests.flights import END, START
from tests.terminal import Terminal, terminal_with_flight

Flight = tuple[Terminal, str]


@pytest.fixture
def gate(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Flight]:
    with terminal_with_flight(tmp_path, capsys, State.GO_NO_GO) as made:
        yield made


@pytest.fixture
def flying(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Flight]:
    with terminal_with_flight(tmp_path, capsys, State.IN_PROGRESS, START) as made:
        yield made


def test_an_answer_is_given_by_a_part_of_the_name(gate: Flight) -> None:
    terminal, code = gate
    assert terminal.types("rollcall", code, "ito", "go") == f"{code}: K. Ito GO"


def test_a_part_of_several_names_is_asked_back(gate: Flight) -> None:
    terminal, code = gate
    with pytest.raises(NotFound, match="write the name out"):
        terminal.types("rollcall", code, "i", "go")


def test_a_no_needs_its_reason(gate: Flight) -> None:
    terminal, code = gate
    with pytest.raises(BadInput, match="Ito"):
        terminal.types("rollcall", code, "K. Ito", "no-go")
    said = terminal.types("rollcall", code, "K. Ito", "no-go", "--why", "no spare part")
    assert said == f"{code}: K. Ito NO-GO"


def test_moving_objecting_and_cancelling_from_a_terminal(gate: Flight) -> None:
    terminal, code = gate
    away = ("--start", "2025-01-17T19:00-05:00", "--end", "2025-01-17T22:00-05:00")
    with pytest.raises(BadInput, match="“x” is not a time"):
        terminal.types("move", code, "--start", "x", "--end", "y")
    first = terminal.types("move", code, *away, "--preview")
    assert first == "Nobody was told of it yet." and terminal.state(code) == "go_no_go"
    said = terminal.types("move", code, *away, "--why", "the vendor is late")
    assert "moved to Fri 17 Jan 19:00–22:00 EST" in said and terminal.state(code) == "announced"
    terminal.types("objection", code, "--from", "Dr Moreau", "--why", "we run CT scans")
    assert "reply" in terminal.owes(code)
    keep = ("--decide", "keep", "--answer", "no")
    terminal.types("objection", code, "--from", "dr moreau", *keep)
    assert "reply" not in terminal.owes(code)
    with pytest.raises(NotFound, match="open is: nobody"):
        terminal.types("objection", code, "--from", "Dr Moreau", "--decide", "keep")
    decided = ("--decided-by", "R. Vance", "--instead", "on call")
    with pytest.raises(BadInput, match="2025-01-09 has passed"):
        terminal.types("cancel", code, "--why", "late", "--new-date-by", "2025-01-09", *decided)
    said = terminal.types("cancel", code, "--why", "late", "--new-date-by", "2025-02-03", *decided)
    assert "Cancelled, postponed, new date by Monday, February 3rd 2025: late" in said
    assert terminal.state(code) == "cancelled"
    with pytest.raises(NotAllowed, match="cannot become"):
        terminal.types("cancel", code, "--why", "late", "--preview")
    with pytest.raises(NotAllowed, match="Fly it again instead"):
        terminal.types("move", code, *away, "--preview")


def test_the_forecast_is_told_for_programs(flying: Flight) -> None:
    terminal, code = flying
    told = json.loads(terminal.types("forecast", code, "--json"))
    ends = [datetime.fromisoformat(told[name]) for name in ("end_low", "end_likely", "end_high")]
    assert ends == sorted(ends)
    assert ends[0] >= START
    assert datetime.fromisoformat(told["backout_moment"]) < END
    codes = {step["code"]: step for step in told["steps"]}
    assert set(told["critical"]) <= set(codes)
    assert all(codes[each]["slack_minutes"] in (0, None) for each in told["critical"])


def test_the_forecast_is_told_in_words(flying: Flight) -> None:
    terminal, code = flying
    said = terminal.types("forecast", code)
    assert "80 %" in said
    assert "Turn back" in said


def test_an_extension_says_until_when_to_turn_back(flying: Flight) -> None:
    terminal, code = flying
    before = json.loads(terminal.types("forecast", code, "--json"))
    said = terminal.types(
        "extend", code, "--end", "2025-01-10T22:20-05:00", "--why", "the disk is slow"
    )
    assert "22:20" in said
    after = json.loads(terminal.types("forecast", code, "--json"))
    turn = [datetime.fromisoformat(each["backout_moment"]) for each in (before, after)]
    assert (turn[1] - turn[0]).total_seconds() == 20 * 60
    assert datetime.fromisoformat(after["promised_end"]) == datetime(2025, 1, 11, 3, 20, tzinfo=UTC)


def test_an_extension_beyond_the_card_is_decided_by_the_one_it_names(flying: Flight) -> None:
    terminal, code = flying
    terminal.gives_card(code, default_card("H. Brandt", "555 0113"))
    late = ("extend", code, "--end", "2025-01-10T23:59-05:00", "--why", "the disk is slow")
    with pytest.raises(NotAllowed, match="Brandt"):
        terminal.types(*late)
    assert "23:59" in terminal.types(*late, "--decided-by", "H. Brandt")


def test_an_extension_is_looked_at_in_sentences_before_it_is_promised(flying: Flight) -> None:
    terminal, code = flying
    said = terminal.types("extend", code, "--end", "2025-01-10T22:20-05:00", "--preview")
    lines = said.splitlines()
    assert "22:00" in lines[0] and "22:20" in lines[0] and "Nothing was changed" in lines[0]
    heads = [line.partition(" ")[0] for line in lines[1:]]
    assert heads[:3] == ["Forecast", "Way", "Decides"]
    assert {"Conflicts", "Rest", "Calendar", "Say", "Notice"} <= set(heads)
    after = json.loads(terminal.types("forecast", code, "--json"))
    assert datetime.fromisoformat(after["promised_end"]) == END


def test_without_an_end_the_preview_is_of_the_one_to_propose(flying: Flight) -> None:
    terminal, code = flying
    assert "22:15" in terminal.types("extend", code, "--preview").splitlines()[0]
    with pytest.raises(NotAllowed, match="give a later one"):
        terminal.types("extend", code, "--end", "2025-01-10T21:00-05:00", "--preview")
    with pytest.raises(BadInput, match="--end ISO --why"):
        terminal.types("extend", code)


def test_changes_are_listed_of_one_outage_or_of_one_ci(flying: Flight) -> None:
    terminal, code = flying
    with pytest.raises(BadInput, match="either"):
        terminal.types("changes")
    with pytest.raises(BadInput, match="either"):
        terminal.types("changes", code, "--ci", "SAN-01")
    assert "Nothing was ever changed on SAN-01" in terminal.types("changes", "--ci", "SAN-01")
    assert json.loads(terminal.types("changes", "--ci", "SAN-01", "--json")) == []


def test_paper_is_looked_at_and_entered(flying: Flight, tmp_path: Path) -> None:
    terminal, code = flying
    sheet = tmp_path / "sheet.txt"
    sheet.write_text("1 1850 1855 mo\n5 1858 1859 mo\nx\n")
    looked = terminal.types("paper", code, str(sheet), "--preview")
    assert "Nothing was entered." in looked
    said = terminal.types("paper", code, str(sheet))
    assert said.splitlines() == [
        "entered    1 Brief the service desk, 18:50 18:55 M. Okafor",
        "left out   5 Go / no-go, 18:58 18:59 M. Okafor: this is an act, which is done in the "
        "console alone; do it there",
        "left out   line 3: there is no time on it; write it like x 1954 2012 ki.",
    ]
    assert "already so" in terminal.types("paper", code, str(sheet))


def test_a_name_nobody_calls_is_refused_unless_it_is_added(gate: Flight) -> None:
    terminal, code = gate
    with pytest.raises(NotFound, match=r"“Nobody Known” is not among K\. Ito.*--add"):
        terminal.types("rollcall", code, "Nobody Known", "go")
    assert terminal.types("rollcall", code, "T. Late", "go", "--add") == f"{code}: T. Late GO"
    assert terminal.types("rollcall", code, "late", "go") == f"{code}: T. Late GO"


def test_a_stand_in_for_the_one_the_card_names_says_why(flying: Flight) -> None:
    terminal, code = flying
    terminal.gives_card(code, default_card("H. Brandt", "555 0113"))
    late = ("extend", code, "--end", "2025-01-10T23:59-05:00", "--why", "the disk is slow")
    with pytest.raises(NotAllowed, match=r"does not name A\. Lima.*`--instead T`"):
        terminal.types(*late, "--decided-by", "A. Lima")
    terminal.types(*late, "--decided-by", "A. Lima", "--instead", "phone off")
    assert "A. Lima decided instead of H. Brandt (phone off)" in terminal.types("log", code)


def test_a_late_start_is_decided_by_name(flying: Flight) -> None:
    terminal, code = flying
    terminal.gives_card(code, default_card("H. Brandt", "555 0113"))
    terminal.types("bridge", code, "open")
    for each in ("1", "3", "4"):
        terminal.types("step", code, each, "done")
    terminal.store.run(lambda uow: complete_acts(uow, find_outage(uow, code), StepKind.GATE))
    terminal.types("step", code, "7", "done")
    terminal.at("2025-01-10T21:55-05:00")
    with pytest.raises(NotAllowed, match="Here it is `--decided-by NAME`"):
        terminal.types("step", code, "8", "start")
    late = ("step", code, "8", "start", "--decided-by", "Brandt", "--why", "worth it")
    terminal.types(*late)
    assert "H. Brandt decided to start 8" in terminal.types("log", code)

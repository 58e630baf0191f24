"""From a terminal: the second folder, taking over from it, what was recorded later, rehearsing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.__main__ import main
from app.models.tables.outages import Outage
from app.services.log import add_note
from app.services.settings.second_folder import place_of
from app.services.settings.second_writing import SecondFolder
from tests.flights import flight_store, make_flight


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A console with a flight and a second folder."""
    store = flight_store(tmp_path / "first")
    store.run(make_flight)
    store.close()
    (tmp_path / "share").mkdir()
    assert main(["second-folder", str(tmp_path / "share"), "--data", str(tmp_path / "first")]) == 0
    return tmp_path / "first"


def test_a_deputy_takes_over_and_has_the_flight(
    first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deputy = ["--data", str(tmp_path / "deputy")]
    assert main(["takeover", str(tmp_path / "share"), "--by", "J. Sato", *deputy]) == 0
    said = capsys.readouterr()
    assert "everything up to" in said.out and "epoch 2" in said.out
    assert "may still be running" in said.err  # it was heard a moment ago
    assert main(["outages", *deputy]) == 0
    assert "OUT-2025-001" in capsys.readouterr().out


def test_what_the_first_recorded_later_is_listed_as_json_and_by_the_exit_code(
    first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deputy = ["--data", str(tmp_path / "deputy")]
    assert main(["takeover", str(tmp_path / "share"), *deputy]) == 0
    assert main(["takeover", *deputy]) == 0
    store = flight_store(first)
    flight = store.read(lambda uow: uow.all(Outage)[0].id)
    store.run(add_note, flight, "the spare came late")
    SecondFolder(first, "M. Okafor").turn()
    store.close()
    capsys.readouterr()
    assert main(["takeover", "--json", *deputy]) == 1
    [entry] = json.loads(capsys.readouterr().out)
    assert (entry["outage"], entry["what"]) == ("OUT-2025-001", "the spare came late")


def test_a_console_that_was_taken_over_sends_nothing(
    first: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["takeover", str(tmp_path / "share"), "--data", str(tmp_path / "deputy")]) == 0
    assert main(["account", "--profile", "practice", "--data", str(first)]) == 0
    assert place_of(first).lost_to == 2  # the command before has looked there
    assert main(["sync", "--once", "--data", str(first)]) == 2
    assert "took over" in capsys.readouterr().err


def test_an_outage_is_rehearsed_on_a_copy_and_what_was_learnt_carried_back(
    first: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(first)]
    assert main(["rehearse", "OUT-2025-001", "--speed", "60", *data]) == 0
    assert "nothing leaves this machine" in capsys.readouterr().out
    [copy] = (first / "rehearsals").iterdir()
    there = ["--data", str(copy)]
    assert main(["step", "OUT-2025-001", "1", "start", *there]) == 0
    assert main(["rehearse", "OUT-2025-001", *there]) == 2  # it is a rehearsal already
    assert main(["rehearse", "OUT-2025-001", "--learnt", str(copy), *data]) == 0
    assert "nothing to carry back" in capsys.readouterr().out
    assert main(["rehearse", "OUT-2025-001", "--learnt", str(first), *data]) == 2


def test_a_rehearsal_faster_than_60_is_refused(
    first: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rehearse", "OUT-2025-001", "--speed", "90", "--data", str(first)]) == 2
    assert "1 to 60" in capsys.readouterr().err

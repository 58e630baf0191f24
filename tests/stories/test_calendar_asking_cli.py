"""Asking from a terminal: a round and its answers, events typed by hand, the kick-off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli.commands import handler
from app.cli.parser import parse
from app.models.errors import ConsoleError
from app.models.tables.directory import Department
from app.services.uow import UnitOfWork
from app.wiring import open_console
from tests.makers import NOW, TestClock, make_person, make_service


def _payroll(uow: UnitOfWork) -> None:
    vance = make_person(uow, "R. Vance")
    make_service(uow, "File cluster")
    uow.session.flush()
    uow.add(Department(organisation_id="", name="Payroll", key="payroll", head_id=vance.id))


def test_a_round_events_and_the_kick_off_by_commands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    console = open_console(tmp_path / "data", TestClock(NOW))

    def types(line: str) -> str:
        capsys.readouterr()
        asked = parse([word.replace("~", " ") for word in line.split()])
        assert handler(asked.command)(console, asked) == 0
        return capsys.readouterr().out

    types("organisation County~Hospital --zone America/New_York")
    console.store.run(_payroll)
    assert types("outreach start 2026").startswith("1 head is to be asked about 2026")
    with pytest.raises(ConsoleError, match="no account"):
        types("outreach send 2026")
    types(f"outreach letters 2026 {tmp_path / 'letters'}")
    types("outreach asked 2026 vance")
    types("outreach answer 2026 vance some~time~in~March")
    with pytest.raises(ConsoleError, match="Say with --from"):
        types("outreach event 2026 vance")
    types("outreach answer 2026 vance audit~3~to~5~March")
    assert types("outreach event 2026 vance").endswith("Tue 3 Mar to Thu 5 Mar 2026.\n")
    assert json.loads(types("outreach list --json"))[0]["asks"][0]["state"] == "event"

    types("event add Board --from 2025-01-20T14:00 --to 2025-01-20T16:00 --every third~Monday")
    board, audit = json.loads(types("event list --json"))
    assert (board["first"], board["all_day"]) == ("2025-01-20T14:00", False)
    assert (audit["first"], audit["last"], audit["who"]) == ("2026-03-03", "2026-03-05", "R. Vance")
    types("event add Year~end --from 2025-12-20 --to 2025-12-31 --freeze")
    with pytest.raises(ConsoleError, match="do not forbid outages"):
        types("event add Audit --from 2025-12-20 --freeze --layer Business~events")
    types(f"event out {board['id']}")
    assert "Board" not in types("event list")

    code = types(
        "plan --title Firmware --service File~cluster --start 2025-02-07T19:00 --checker R.~Vance "
        "--end 2025-02-07T22:00 --zone America/New_York"
    ).strip()
    with pytest.raises(ConsoleError, match="Nobody is called “Ito”"):
        types(f"kickoff {code} Ito yes")
    assert types(f"kickoff {code} vance cant --why on~leave") == "R. Vance says can’t: on leave.\n"
    (told,) = json.loads(types(f"kickoff {code} --json"))["asked"]
    assert (told["answer"], told["why"], told["what"]) == ("cannot", "on leave", "checker")
    console.close()

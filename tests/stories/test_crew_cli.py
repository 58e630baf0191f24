"""The crew board from a terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.models.errors import BadInput, NotFound
from app.models.outages.lifecycle import State
from app.services.crew.links import switch_on
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from tests.terminal import terminal_with_flight


def test_links_are_listed_revoked_and_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with terminal_with_flight(tmp_path, capsys, State.ANNOUNCED) as (terminal, code):
        assert terminal.types("crew", code) == f"The crew board of {code} is off."

        def on(uow: UnitOfWork) -> None:
            switch_on(uow, find_outage(uow, code).id)

        terminal.store.run(on)
        before = json.loads(terminal.types("crew", code, "--json"))
        assert before["on"] and not before["served"]
        links = {each["name"]: each for each in before["links"]}
        assert links["K. Ito"]["missing"] and not links["M. Okafor"]["missing"]
        assert links["K. Ito"]["link"].startswith("https://127.0.0.1:8443/c/")

        terminal.types("crew", code, "renew", "ito")
        terminal.types("crew", code, "by-phone", "ramos")
        terminal.types("crew", code, "revoke", "lindqvist")
        after = json.loads(terminal.types("crew", code, "--json"))
        now = {each["name"]: each for each in after["links"]}
        assert now["K. Ito"]["link"] != links["K. Ito"]["link"]
        assert (now["R. Ramos"]["reports_by"], now["R. Ramos"]["missing"]) == ("phone", False)
        assert after["without"] == ["A. Lindqvist"]
        terminal.types("crew", code, "renew", "lindqvist")
        assert json.loads(terminal.types("crew", code, "--json"))["without"] == []
        terminal.types("crew", code, "revoke", "observers")
        terminal.types("crew", code, "renew", "observers")
        kinds = [
            each["kind"] for each in json.loads(terminal.types("crew", code, "--json"))["links"]
        ]
        assert kinds[-2:] == ["observer", "status"]
        with pytest.raises(NotFound, match="“nobody” is not among M"):
            terminal.types("crew", code, "revoke", "nobody")
        with pytest.raises(BadInput, match="Say whose link"):
            terminal.types("crew", code, "renew")
        with pytest.raises(BadInput, match="an address and a port"):
            terminal.types("crew", code, "revoke", "ramos", "--serve", "here")
        assert "R. Ramos" not in terminal.types("crew", code).split("no link")[0], "done first"
        with pytest.raises(BadInput, match="goes with --certificate"):
            terminal.types("crew", code, "--serve", "127.0.0.1:8443", "--key", "crew.key")
        assert terminal.types("crew", code, "off") == f"The crew board of {code} is off."

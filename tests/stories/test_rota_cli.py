"""The rota and the end of a turn from a terminal."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from app.cli.commands import handler
from app.cli.parser import parse
from app.cli.running import run
from app.models.errors import ConsoleError
from app.wiring import open_console
from tests.makers import NOW, TestClock, make_person

ZONE = "America/New_York"


def test_the_rota_is_set_and_covered_and_a_turn_is_handed_over_to_another_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    console = open_console(tmp_path / "data", TestClock(NOW))

    def types(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        asked = parse(list(words))
        code = handler(asked.command)(console, asked)
        return code, capsys.readouterr().out

    types("organisation", "County Hospital", "--zone", ZONE)
    assert types("rota")[0] == 1
    assert "no one in the rota" in types("rota")[1]
    for name in ("Ada Lund", "Ben Ito"):
        console.store.run(make_person, name)
    with pytest.raises(ConsoleError, match="Nobody is in the rota"):
        types("rota", "set")
    types("rota", "set", "Ada Lund", "Ben Ito", "--from", "2025-01-01")
    types("rota", "cover", "Ben Ito", "--from", "2025-01-20")
    code, listed = types("rota", "--json")
    told = json.loads(listed)
    assert code == 0
    assert told["months"][1] == {"month": "2025-02", "coordinator": "Ben Ito"}
    assert told["turns"][1] == {"person": "Ben Ito", "first": "2025-01-20", "last": "2025-01-20"}
    assert told["troubles"] == []
    assert told["load"]["people"] == []
    said = types("absence", "add", "Ben Ito", "--from", "2025-01-19", "--to", "2025-01-21")[1]
    assert "Ben Ito is on duty and away Mon 20 Jan 2025; nobody covers." in said
    assert types("rota", "--json")[0] == 1
    [away] = json.loads(types("absence", "list", "--json")[1])
    assert (away["person"], away["last"], away["ends"]) == ("Ben Ito", "2025-01-21", None)
    said = types("absence", "change", away["id"], "--to", "2025-01-22")[1]
    assert "Ben Ito is away Sun 19 Jan" in said and "22 Jan" in said
    with pytest.raises(ConsoleError, match="ends before it begins"):
        types("absence", "change", away["id"], "--to", "2025-01-18")
    types("absence", "remove", away["id"])
    assert "Nobody is away" in types("absence", "list")[1]
    types("handover", "--note", "Mind the robot.")
    types("handover", "--acknowledge", "Ben Ito")
    monkeypatch.setattr("app.services.settings.sealed_file.COST", 16)
    monkeypatch.setenv("FLIGHT_CONSOLE_PASSPHRASE", "correct horse battery")
    file = tmp_path / "january.handover"
    assert "Handed over to Ben Ito" in types("handover", "--file", str(file))[1]
    with pytest.raises(ConsoleError, match="this copy is for reading"):
        types("rota", "cover", "Ben Ito", "--from", "2025-01-21")
    assert types("rota", "--json")[0] == 0, "what is for reading can be read"
    console.close()
    there = ["--data", str(tmp_path / "new")]
    monkeypatch.setenv("FLIGHT_CONSOLE_PASSPHRASE", "correct horse batteries")
    assert run([*there, "handover", "--open", str(file)]) == 2
    assert "not the passphrase" in capsys.readouterr().err
    given, kept = os.pipe()
    os.write(kept, b"correct horse battery\n")
    os.close(kept)
    assert run([*there, "handover", "--open", str(file), "--passphrase-fd", str(given)]) == 0
    assert run([*there, "rota", "cover", "Ben Ito", "--from", "2030-01-21"]) == 0
    assert run(["--data", str(tmp_path / "data"), "handover", "--take-back"]) == 0

"""The terminal: exit codes, one sentence for each refusal, and the keeping of the store."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pytest

from app.__main__ import main
from app.cli.printing import one_line, plain
from app.services.settings.window_lock import only_window
from tests.flights import flight_store, make_flight

ROOT = Path(__file__).resolve().parents[2]
WINDOW = ("--start", "2027-01-08T19:00", "--end", "2027-01-08T22:00", "--zone", "America/New_York")


@dataclass(frozen=True, slots=True)
class Said:
    code: int
    out: str
    err: str


Type = Callable[..., Said]


@pytest.fixture
def types(capsys: pytest.CaptureFixture[str]) -> Iterator[Type]:
    """Types a command in this process; its log file is let go of afterwards."""
    before = list(logging.getLogger().handlers)

    def typed(*words: str | Path) -> Said:
        capsys.readouterr()
        try:
            code = main([str(word) for word in words])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    yield typed
    for handler in list(logging.getLogger().handlers):
        if handler not in before:
            logging.getLogger().removeHandler(handler)
            handler.close()


@pytest.fixture(scope="module")
def flown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one planned outage, OUT-2025-001; copied by tests that change it."""
    folder = tmp_path_factory.mktemp("flown") / "data"
    folder.mkdir(mode=0o700)
    store = flight_store(folder)
    store.run(make_flight)
    store.close()
    return folder


@pytest.fixture
def data(flown: Path, tmp_path: Path) -> Path:
    shutil.copytree(flown, tmp_path / "data")
    return tmp_path / "data"


def refused(said: Said) -> str:
    """Exit 2, nothing on stdout, one sentence on stderr; returns it."""
    assert (said.code, said.out) == (2, "")
    assert said.err.count("\n") == 1, said.err
    assert "Traceback" not in said.err
    assert "Something went wrong" not in said.err
    return said.err.strip()


REFUSALS = (
    ("nonsense",),
    ("outages", "--nonsense"),
    ("plan", "--title", "X", "--service", "Nope", *WINDOW),
    ("plan", "--title", "X", "--service", "Firmware", *WINDOW[:4], "--zone", "Mars/Base"),
    ("check", "--service", "X", *WINDOW[:1], "9999-12-31T19:00", *WINDOW[2:]),
    ("check", "--service", "X", *WINDOW[:1], "2027-01-08T23:00", *WINDOW[2:]),
    ("check", "--service", "X", *WINDOW[:1], "soon", *WINDOW[2:]),
    ("step", "OUT-2025-009", "1", "done"),
    ("step", "OUT-2025-001", "99", "done"),
    ("advance", "OUT-2025-001", "nirvana"),
    ("advance", "OUT-2025-001", "filed"),
    ("advance", "OUT-2025-001", "cancelled", "--waive", "nothing"),
    ("bridge", "OUT-2025-001", "close", "--proof", "gone"),
    ("called", "OUT-2025-001", "K. Ito"),
    ("changes", "OUT-2025-001", "7"),
    ("notice", "OUT-2025-001", "nonsense"),
    ("notice", "OUT-2025-001", "planned", "--eml", "/dev/null/planned.eml"),
    ("sent", "OUT-2025-001", "planned", "--at", "2025-01-01"),
    ("packet", "OUT-2025-001", "--pdf", "/dev/null/packet.pdf"),
    ("log", "OUT-2025-009"),
    ("import", "/nowhere.csv"),
    ("import", "/nowhere.ics"),
    ("backup", "/dev/null/store"),
    ("restore", "/nowhere.sqlite"),
    ("shots", "/dev/null/pictures"),
)


@pytest.mark.parametrize("words", REFUSALS, ids=" ".join)
def test_a_refusal_is_one_sentence_and_exit_2(
    types: Type, flown: Path, words: tuple[str, ...]
) -> None:
    assert refused(types("--data", flown, *words))


@pytest.mark.parametrize("command", ["plan", "check", "debt", "log", "step", "advance", "import"])
def test_without_an_organisation_it_is_said_how_to_begin(
    types: Type, tmp_path: Path, command: str
) -> None:
    rest: dict[str, tuple[str, ...]] = {
        "plan": ("--title", "X", "--service", "X", *WINDOW),
        "check": ("--service", "X", *WINDOW),
        "log": ("OUT-2025-001",),
        "step": ("OUT-2025-001", "1", "done"),
        "advance": ("OUT-2025-001", "planned"),
        "import": ("people.csv",),
    }
    said = types(command, *rest.get(command, ()), "--data", tmp_path)
    assert "no organisation yet" in refused(said)


def test_an_overlap_is_refused_with_the_option_that_settles_it(types: Type, flown: Path) -> None:
    window = ("--start", "2027-11-07T01:30", "--end", "2027-11-07T05:00", *WINDOW[4:])
    words = ("check", "--service", "File cluster firmware service", *window, "--data", flown)
    assert "--fold 0" in refused(types(*words))
    assert types(*words, "--fold", "1").code in (0, 1)


def test_the_data_folder_may_stand_before_or_after_the_command(types: Type, flown: Path) -> None:
    assert types("--data", flown, "outages").out == types("outages", "--data", flown).out != ""


def test_check_answers_in_json_and_by_its_exit_code(types: Type, flown: Path) -> None:
    service = ("--service", "File cluster firmware service")
    same = ("--start", "2025-01-10T19:00", "--end", "2025-01-10T22:00", *WINDOW[4:])
    said = types("check", *service, *same, "--json", "--data", flown)
    answer = json.loads(said.out)
    assert set(answer) == {"blocked", "conflicts", "notice"}
    assert set(answer["notice"]) == {"last", "late", "first"}
    assert said.code == (1 if answer["blocked"] else 0)
    for conflict in answer["conflicts"]:
        assert set(conflict) == {"severity", "reason", "sentence"}


def test_times_in_json_carry_the_offset_of_the_window(types: Type, flown: Path) -> None:
    (row,) = json.loads(types("outages", "--json", "--data", flown).out)
    assert row == {
        "code": "OUT-2025-001",
        "title": "File cluster firmware",
        "state": "draft",
        "start": "2025-01-10T19:00:00-05:00",
        "end": "2025-01-10T22:00:00-05:00",
        "zone": "America/New_York",
        "services": ["File cluster firmware service"],
    }


def test_a_backup_never_takes_the_place_of_the_store(types: Type, data: Path) -> None:
    assert "the store itself" in refused(
        types("backup", data / "flight-console.sqlite", "--data", data)
    )
    assert types("doctor", "--data", data).out.count("BAD") <= 1  # no backup of today yet


def test_what_was_backed_up_is_restored_and_the_old_store_kept(
    types: Type, data: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    assert types("backup", copy, "--data", data).code == 0
    window = ("--start", "2027-01-08T19:00", "--end", "2027-01-08T22:00", *WINDOW[4:])
    service = ("--service", "File cluster firmware service")
    types("plan", "--title", "Later", *service, *window, "--data", data)
    assert len(json.loads(types("outages", "--json", "--data", data).out)) == 2
    restored = types("restore", copy, "--data", data)
    assert restored.code == 0
    assert "The store is as it was in" in restored.out
    assert len(json.loads(types("outages", "--json", "--data", data).out)) == 1
    assert list(data.glob("flight-console-kept-*.sqlite"))


def test_restore_waits_for_the_window_to_be_closed_and_other_commands_do_not(
    types: Type, data: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.sqlite"
    with only_window(data):
        assert types("backup", copy, "--data", data).code == 0
        assert "open already" in refused(types("restore", copy, "--data", data))
    assert types("restore", copy, "--data", data).code == 0


def test_the_doctor_makes_no_folder_and_exits_1_when_there_is_no_store(
    types: Type, tmp_path: Path
) -> None:
    said = types("doctor", "--data", tmp_path / "none")
    assert (said.code, said.err) == (1, "")
    assert not (tmp_path / "none").exists()


def test_a_damaged_store_is_left_as_it_is(types: Type, tmp_path: Path) -> None:
    store = tmp_path / "flight-console.sqlite"
    store.write_bytes(b"not a store" * 1000)
    assert "damaged" in refused(types("outages", "--data", tmp_path))
    assert store.read_bytes() == b"not a store" * 1000
    assert types("doctor", "--data", tmp_path).code == 1


def test_the_sample_is_not_flown_in_the_store_of_a_real_organisation(
    types: Type, flown: Path, tmp_path: Path
) -> None:
    assert "belongs to" in refused(types("fly", "--out", tmp_path / "papers", "--data", flown))
    assert not (tmp_path / "papers").exists()


def test_a_country_nobody_knows_is_refused_and_no_organisation_begun(
    types: Type, tmp_path: Path
) -> None:
    words = ("organisation", "County", "--zone", "Europe/Paris", "--data", tmp_path)
    refused(types(*words, "--country", "XX"))
    assert types(*words, "--country", "FR").code == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="displays of Linux")
def test_without_a_display_the_window_says_so(
    types: Type, flown: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert "no display here" in refused(types("--data", flown))


def test_every_command_is_documented(types: Type) -> None:
    for command in ("plan", "check", "outages", "step", "advance", "notice", "debt", "log", "fly"):
        said = types(command, "--help")
        assert said.code == 0
        assert "--data DIR" in said.out
    for command in ("check", "outages", "debt", "changes", "log"):
        assert re.search(r"^JSON[^:\n]*:", types(command, "--help").out, re.MULTILINE)


def test_an_old_terminal_gets_plain_letters() -> None:
    assert plain("19:00–22:00 · “José” → ok…") == '19:00-22:00 - "Jose" -> ok...'


def test_a_line_of_a_table_stays_one_line_and_steers_no_terminal() -> None:
    assert one_line("dropped\r\nBcc: \x1b]0;x\x07 ok") == "dropped Bcc:  ]0;x  ok"


def run(
    *words: str | Path, encoding: str = "utf-8", stdout: int | IO[bytes] = subprocess.PIPE
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "app", *map(str, words)],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": encoding},
        stdout=stdout,
        stderr=subprocess.PIPE,
        check=False,
        timeout=120,
    )


def test_an_ascii_terminal_is_no_reason_to_fail(flown: Path) -> None:
    listed = run("outages", "--data", flown, encoding="ascii")
    assert (listed.returncode, listed.stderr) == (0, b"")
    assert b"19:00-22:00" in listed.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_a_full_disk_behind_the_answer_is_said_in_words(flown: Path) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full:
        said = run("outages", "--data", flown, stdout=full)
    assert said.returncode == 2
    assert said.stderr.startswith(b"The disk is full")
    assert said.stderr.count(b"\n") == 1

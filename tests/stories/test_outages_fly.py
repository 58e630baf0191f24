"""The whole flight, headless, as a user starts it: its papers, and what a power cut leaves."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path

from app.services.settings.doctor import examine

ROOT = Path(__file__).resolve().parents[2]
STAGE = re.compile(r"ok (\w+) (\d+)")


def fly(out: Path, *, kill_after: float | None = None) -> tuple[int, dict[str, int], str]:
    """Exit code, acknowledged stages with their log numbers, and what it said on stderr."""
    command = [sys.executable, "-m", "app", "fly", "--out", str(out), "--no-pictures"]
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    timer = (
        threading.Timer(kill_after, process.send_signal, [signal.SIGKILL]) if kill_after else None
    )
    if timer is not None:
        timer.start()
    said, wrong = process.communicate(timeout=180)
    if timer is not None:
        timer.cancel()
    return process.returncode, {n: int(s) for n, s in STAGE.findall(said)}, wrong


def test_the_sample_flight_ends_filed_and_leaves_every_paper(tmp_path: Path) -> None:
    code, stages, wrong = fly(tmp_path)
    assert (code, wrong) == (0, "")
    assert "filed" in stages
    assert (tmp_path / "packet.pdf").read_bytes().startswith(b"%PDF")
    assert "ALL CLEAR" in (tmp_path / "report.html").read_text(encoding="utf-8")
    log = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))
    assert log[-1]["what"].endswith("Complete → Filed")
    kinds = {path.stem.split("-", 1)[1] for path in (tmp_path / "notices").glob("*.txt")}
    assert kinds >= {"planned", "reminder", "started", "all-clear", "crew-brief", "kick-off"}
    planned = next((tmp_path / "notices").glob("*-planned.eml")).read_bytes()
    message = message_from_bytes(planned, policy=policy.default)
    assert message["X-Unsent"] == "1"
    body = message.get_body(("plain",))
    assert body is not None
    assert "Save your work before 7:00 pm Friday" in body.get_content()
    assert all(finding.ok for finding in examine(tmp_path / "data"))


def faults(folder: Path) -> list[str]:
    """What the doctor finds; the day's backup is made at the end, which a killed one never saw."""
    wrong = [finding.sentence for finding in examine(folder) if not finding.ok]
    return [sentence for sentence in wrong if not sentence.startswith("There is no backup yet")]


def test_a_killed_flight_loses_nothing_acknowledged_and_is_flown_on(
    tmp_path: Path, count: Callable[[int, int], int]
) -> None:
    for trial in range(count(1, 5)):
        chance = random.Random(trial)
        out = tmp_path / str(trial)
        acknowledged: dict[str, int] = {}
        code, tries = -9, 0
        while code != 0:
            tries += 1
            assert tries < 40, "it never came to its end"
            # each try gets longer, so that a slow machine comes to the end as well
            wait = chance.uniform(1.0, 4.0) + tries if tries < 12 else None
            code, stages, wrong = fly(out, kill_after=wait)
            assert code in (0, -signal.SIGKILL), wrong
            for name, number in acknowledged.items():
                assert stages.get(name, number) >= number
            acknowledged.update(stages)
            if (out / "data" / "flight-console.sqlite").exists():
                assert faults(out / "data") == []
        assert "filed" in acknowledged
        log = json.loads((out / "log.json").read_text(encoding="utf-8"))
        said = [entry["what"] for entry in log]
        assert sum("ALL CLEAR" in words for words in said) == 1
        assert sum(words.endswith("Complete → Filed") for words in said) == 1

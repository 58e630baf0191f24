"""The whole flight, headless, as a user starts it, through the practice tenant: its papers, what
stands in the tenant, and what a power cut leaves."""

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
from contextlib import closing
from email import message_from_bytes, policy
from pathlib import Path

from app.cli.fly_stages import STAGES
from app.services.settings.doctor import examine
from tests.redaction import leaks, mentions, spelled
from tests.stories.practised import kept, require_sent_once, rows, token_digests

ROOT = Path(__file__).resolve().parents[2]
STAGE = re.compile(r"ok (\w+) (\d+)")
NAMES = [stage.name for stage in STAGES]
SENDING = ("kick_off", "planned", "objection", "answered", "crew_brief", "meeting", "bridge_closed")


def fly(
    out: Path,
    *,
    kill_after: float | None = None,
    kill_in: str = "",
    data: Path | None = None,
) -> tuple[int, dict[str, int], str]:
    """Exit code, acknowledged stages with their log numbers, and what it said on stderr.
    `kill_after` seconds; of `kill_in`, a stage, so many after the one before was acknowledged."""
    command = [sys.executable, "-m", "app", "fly", "--out", str(out), "--no-pictures"]
    if data is not None:
        command += ["--data", str(data)]
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=surroundings,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    timer = threading.Timer(kill_after or 0, process.send_signal, [signal.SIGKILL])
    said = _until_before(process, kill_in) if kill_in else ""
    if kill_after is not None:
        timer.start()
    rest, wrong = process.communicate(timeout=180)
    timer.cancel()
    return process.returncode, {n: int(s) for n, s in STAGE.findall(said + rest)}, wrong


def _until_before(process: subprocess.Popen[str], stage: str) -> str:
    """What it says until the stage before is done."""
    before = NAMES[NAMES.index(stage) - 1]
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith(f"ok {before} "):
            break
    return said


def test_the_sample_flight_ends_filed_and_leaves_every_paper(tmp_path: Path) -> None:
    code, stages, wrong = fly(tmp_path)
    assert (code, wrong) == (0, "")
    assert "filed" in stages
    assert (tmp_path / "packet.pdf").read_bytes().startswith(b"%PDF")
    assert "ALL CLEAR" in (tmp_path / "report.html").read_text(encoding="utf-8")
    log = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))
    assert log[-1]["what"].endswith("Complete → Filed")
    told = [each["what"] for each in log if each["what"].startswith("times to the crew: ")]
    assert any("free" in each for each in told)
    kinds = {path.stem.split("-", 1)[1] for path in (tmp_path / "notices").glob("*.txt")}
    assert kinds >= {"planned", "reminder", "started", "all-clear", "crew-brief", "kick-off"}
    planned = next((tmp_path / "notices").glob("*-planned.eml")).read_bytes()
    message = message_from_bytes(planned, policy=policy.default)
    assert message["X-Unsent"] == "1"
    body = message.get_body(("plain",))
    assert body is not None
    assert "Save your work before 7:00 pm Friday" in body.get_content()
    assert all(finding.ok for finding in examine(tmp_path / "data"))
    require_practised(tmp_path / "data")
    require_discreet(tmp_path / "data")


def require_practised(data: Path) -> None:
    """The tenant has what the flight was: mail once, the objection answered, the outage in the
    calendar as it was at last, the meeting over and its lobby locked."""
    assert require_sent_once(data) > 15
    [(kind, decision, title)] = rows(
        data,
        "SELECT r.kind, r.decision, o.code || ' ' || o.title FROM reply r JOIN outage o "
        "ON o.id = r.outage_id WHERE r.remote_id != ''",
    )
    assert (kind, decision) == ("objection", "keep")
    with closing(kept(data)) as tenant, tenant.turn():
        events = [e for u in tenant.people.all() for e in tenant.calendar.box(u).events.values()]
        [event] = [each for each in events if each.data["subject"] == title]
        assert (event.start[11:16], event.end[11:16]) == ("19:00", "22:30")
        meetings = [m for u in tenant.people.all() for m in tenant.meetings.of(u)]
        [meeting] = meetings
        assert meeting.data["lobbyBypassSettings"]["scope"] == "organizer"
        assert not meeting.began
        assert meeting.reports


def require_discreet(data: Path) -> None:
    """No file holds a token, and no log says whom anything went to."""
    addresses = {row[0] for row in rows(data, "SELECT email FROM person WHERE email != ''")}
    addresses |= {
        row[0] for row in rows(data, "SELECT list_address FROM audience WHERE list_address != ''")
    }
    assert len(addresses) > 20
    assert leaks(data) == []
    digests = token_digests(data)
    assert len(digests) > 3
    assert spelled(data, digests) == []
    logs = [path for path in data.rglob("*.log*") if path.is_file()]
    assert logs
    assert [mentions(path.parent, addresses) for path in logs] == [[] for _ in logs]


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
            stage = chance.choice(SENDING) if tries < 4 else ""
            if stage and NAMES[NAMES.index(stage) - 1] not in acknowledged:
                code, stages, wrong = fly(out, kill_after=chance.uniform(0, 0.8), kill_in=stage)
            else:
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
        require_practised(out / "data")

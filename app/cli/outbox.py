"""`outbox`, `sync`."""

from __future__ import annotations

import argparse
import time
from datetime import datetime
from typing import Any

from app.cli.printing import one_line, show
from app.models.account import Profile
from app.models.errors import NotAllowed
from app.models.log import iso
from app.models.times import speak_moment
from app.services.account.settings import account_settings
from app.services.outbox.reading import OutboxRow
from app.services.outbox.reading import outbox as read_outbox
from app.services.settings.second_folder import place_of
from app.services.sync.lock import only_sender
from app.services.sync.state import Report, SyncState
from app.services.sync.worker import Worker
from app.services.uow import UnitOfWork
from app.wiring import Console

LONGEST_WAIT_S = 60.0


def outbox(console: Console, asked: argparse.Namespace) -> int:
    def look(uow: UnitOfWork) -> tuple[OutboxRow, ...]:
        return read_outbox(uow, sends=account_settings(uow).profile is not Profile.NONE)

    rows = console.store.read(look)
    if asked.json:
        show([_as_json(row) for row in rows])
        return 0
    for row in rows:
        print(_line(row))
    if not rows:
        print("Nothing is to leave.")
    return 0


def _as_json(row: OutboxRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "notice": row.notice,
        "outage": row.code,
        "subject": row.subject,
        "state": row.state.value,
        "standing": row.standing.value,
        "attempts": row.attempts,
        "not_before": _iso(row.not_before),
        "last_answer": row.last_answer,
        "sender": row.sender,
        "recipients": row.reach,
        "messages": row.messages,
        "left": row.left,
    }


def _iso(moment: datetime | None) -> str | None:
    return iso(moment) if moment is not None else None


def _line(row: OutboxRow) -> str:
    at = row.left_at or row.not_before
    when = speak_moment(at, row.zone) if at else "at once"
    said = f"  {row.last_answer}" if row.last_answer else ""
    what = one_line(f"{row.code} {row.words}")
    return (
        f"{row.standing.words:<16}{what:<36}{row.reach:>7,}  {when}  {one_line(row.sender + said)}"
    )


def sync(console: Console, asked: argparse.Namespace) -> int:
    """With `--once` until nothing is due; else until interrupted."""
    from app.wiring.remote import remote_of
    from app.wiring.syncing import make_worker

    if console.store.read(account_settings).profile is Profile.NONE:
        raise NotAllowed(
            "The account is set to files only, so nothing is sent by the console. "
            "`account --help` says how to set one up."
        )
    if place_of(console.folder).lost_to:
        raise NotAllowed(
            "Another console took over from this one, so nothing is sent from here. Take it back "
            "(`takeover FOLDER`), or go on there."
        )
    with only_sender(console.folder):
        remote = remote_of(console.store)
        try:
            report = _turns(console, make_worker(console.store, remote), bool(asked.once))
        finally:
            remote.close()
    print(_said(report))
    return 0 if report.state in (SyncState.IN_SYNC, SyncState.WORKING) else 1


def _turns(console: Console, worker: Worker, once: bool) -> Report:
    said = ""
    while True:
        report = worker.turn()
        now = console.clock.now()
        due = report.again_at is not None and report.again_at <= now
        if once and not due:
            return report
        if not once and _said(report) != said:
            said = _said(report)
            print(said, flush=True)
        if not due:
            left = (report.again_at - now).total_seconds() if report.again_at else LONGEST_WAIT_S
            time.sleep(min(max(left / console.clock.speed, 0.2), LONGEST_WAIT_S))


def _said(report: Report) -> str:
    why = f": {report.why}" if report.why else ""
    return one_line(f"{report.state.words}{why}")

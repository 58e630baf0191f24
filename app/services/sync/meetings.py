"""Online meetings that were asked for: opened once, locked when the farewell was said."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col

from app.models.outbox import ItemState
from app.models.tables.outbox import OutboxItem
from app.services.bridge.meeting import KIND, meeting_came, meeting_refused
from app.services.database import Store
from app.services.ports.meetings import Meeting, Meetings
from app.services.ports.trouble import Gone, Refused
from app.services.sync.asking import AskingRound
from app.services.uow import UnitOfWork

NOT_OURS = (
    "This account has no such meeting: whoever opened it locks it in Teams, or signs in here."
)


class MeetingRound(AskingRound):
    """Opening is asked with an id of ours, and locking sets what is to be: both may be asked
    again after any trouble, and come to the same."""

    every = timedelta(seconds=5)

    def __init__(
        self, store: Store, meetings: Meetings, chance: random.Random | None = None
    ) -> None:
        super().__init__(store, chance)
        self._meetings = meetings

    def ask(self) -> tuple[int, bool]:
        items = self._store.read(_asked_for)
        self.asked = bool(items)
        for item_id, payload in items:
            try:
                meeting = self._do(payload)
            except Refused as refusal:
                self._store.run(meeting_refused, item_id, refusal.sentence)
            except Gone:
                self._store.run(meeting_refused, item_id, NOT_OURS)
            else:
                self._store.run(meeting_came, item_id, meeting)
        return len(items), False

    def _do(self, payload: dict[str, Any]) -> Meeting:
        end = datetime.fromisoformat(payload["end"])
        if payload["act"] == "lock":
            return self._meetings.lock(payload["meeting_id"], end)
        start = datetime.fromisoformat(payload["start"])
        return self._meetings.open(payload["external_id"], payload["subject"], start, end)


def _asked_for(uow: UnitOfWork) -> list[tuple[str, dict[str, Any]]]:
    items = uow.all(
        OutboxItem,
        col(OutboxItem.kind) == KIND,
        col(OutboxItem.state) == ItemState.WAITING,
        order=(col(OutboxItem.id),),
    )
    return [(item.id, item.payload) for item in items]

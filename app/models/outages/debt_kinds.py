"""What can be owed, by name alone: Today's first rows need no more before the first paint."""

from __future__ import annotations

from enum import StrEnum


class DebtKind(StrEnum):
    NOTICE = "notice"
    BRIDGE = "bridge"
    PACKET = "packet"
    CHANGE_RECORD = "change_record"
    USER_CHECK = "user_check"
    STEP = "step"
    REPLY = "reply"
    DECISION = "decision"
    CALL = "call"
    NEW_DATE = "new_date"

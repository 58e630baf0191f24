"""What a request says, once it is proven to be what it should."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from app.models.crew.taps import TapAct
from app.models.errors import BadInput
from app.models.notices.wording import clean_text
from app.services.crew.taps import Tap

MOST = 2**53
YEAR_2200 = 7_258_118_400
_STEP = re.compile(r"[0-9a-f-]{36}")
_DIGITS = re.compile(r"[0-9]{1,16}")


def revision_in(request: Request) -> int:
    """Which board a phone knows; 0 of anything that is none. A stream that comes back says it in
    its own header."""
    said = request.headers.get("last-event-id") or request.query_params.get("rev", "")
    return int(said) if _DIGITS.fullmatch(said) else 0


def tap_in(body: bytes) -> tuple[Tap, int]:
    """The tap, and the revision of the board it was made on. Raises BadInput."""
    said = _mapping(body)
    step_id = _text(said, "step", 36)
    if not _STEP.fullmatch(step_id):
        raise BadInput("That is no step; nothing was changed.")
    try:
        act = TapAct(_text(said, "act", 20))
    except ValueError:
        raise BadInput("A phone cannot do that; nothing was changed.") from None
    tap = Tap(
        id=_text(said, "id", 64),
        step_id=step_id,
        act=act,
        seen=_number(said, "seen"),
        at=_moment(said, "at"),
        note=clean_text(_text(said, "note", 4_000)),
        until=_moment(said, "until"),
        of=_text(said, "of", 64),
    )
    return tap, _number(said, "rev")


def photo_in(request: Request) -> tuple[str, str, datetime | None]:
    """The step it is of, the phone's own id of it, and when it was taken if that was not now.
    Raises BadInput."""
    step_id, tap_id = (request.query_params.get(name, "") for name in ("step", "id"))
    if not _STEP.fullmatch(step_id):
        raise BadInput("That is no step; nothing was kept.")
    at = request.query_params.get("at")
    if at is None:
        return step_id, tap_id, None
    if not _DIGITS.fullmatch(at):
        raise BadInput("“at” is no time; nothing was kept.")
    return step_id, tap_id, _moment({"at": int(at)}, "at")


def _mapping(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise BadInput("A tap is a JSON object; nothing was changed.")
    return said


def _text(said: dict[str, Any], name: str, most: int) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > most:
        raise BadInput(f"“{name}” is a text of at most {most:,} characters; nothing was changed.")
    return value


def _number(said: dict[str, Any], name: str) -> int:
    value = said.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < MOST:
        raise BadInput(f"“{name}” is a whole number; nothing was changed.")
    return value


def _moment(said: dict[str, Any], name: str) -> datetime | None:
    """Seconds since 1970."""
    value = said.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < YEAR_2200:
        raise BadInput(f"“{name}” is a time in seconds since 1970; nothing was changed.")
    return datetime.fromtimestamp(value, UTC)

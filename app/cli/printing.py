"""Output of the commands."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from typing import Any

from app.models.errors import BadInput


def show(value: Any) -> None:
    """JSON as documented: two blanks of indent, UTF-8."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def moment(text: str) -> datetime:
    """An ISO 8601 time with its offset, as UTC. Raises BadInput."""
    try:
        parsed = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"“{text}” is not a time; write it like 2025-01-10T19:00-05:00.") from None
    if parsed.tzinfo is None:
        raise BadInput(f"“{text}” has no offset; write it like 2025-01-10T19:00-05:00.")
    return parsed.astimezone(UTC)

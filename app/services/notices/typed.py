"""What a person typed beside the text of a notice, as it is kept with the draft."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime

from app.models.log import canonical, iso
from app.services.notices.facts import NoticeExtra


def typed_to(extra: NoticeExtra) -> str:
    """Canonical JSON of what was given; empty when nothing was."""
    nothing = NoticeExtra()
    given: dict[str, object] = {}
    for each in fields(NoticeExtra):
        value = getattr(extra, each.name)
        if value == getattr(nothing, each.name):
            continue
        if isinstance(value, datetime):
            value = iso(value)
        elif isinstance(value, date):
            value = value.isoformat()
        given[each.name] = list(value) if isinstance(value, tuple) else value
    return canonical(given) if given else ""


def typed_from(text: str) -> NoticeExtra:
    """The inverse of `typed_to`."""
    given = json.loads(text) if text else {}
    for name in ("new_end", "next_update"):
        if name in given:
            given[name] = datetime.fromisoformat(given[name])
    if "new_date_by" in given:
        given["new_date_by"] = date.fromisoformat(given["new_date_by"])
    for name in ("left_over", "callers_say", "files"):
        if name in given:
            given[name] = tuple(given[name])
    return NoticeExtra(**given)

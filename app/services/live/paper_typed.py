"""Lines of paper that were typed and not entered yet: they outlive a closed dialogue and a crash.

They lie among the store's settings, so that the second folder and a backup have them, too.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from app.models.outages.decisions import Decided
from app.models.tables.settings import Setting
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class TypedPaper:
    """`take` are the codes for which the paper was said to be right, `decided` who decided."""

    text: str = ""
    take: tuple[str, ...] = ()
    decided: Decided | None = None


def typed_paper(uow: UnitOfWork, outage_id: str) -> TypedPaper:
    row = uow.find(Setting, _name(outage_id))
    if row is None:
        return TypedPaper()
    kept = json.loads(row.value)
    decided = Decided(**kept["decided"]) if kept["decided"] else None
    return TypedPaper(kept["text"], tuple(kept["take"]), decided)


def keep_typed_paper(uow: UnitOfWork, outage_id: str, typed: TypedPaper) -> None:
    """In place of what was kept for that outage; an empty sheet keeps nothing."""
    row = uow.find(Setting, _name(outage_id))
    if not typed.text.strip() and typed.decided is None:
        if row is not None:
            uow.session.delete(row)
        return
    row = row or uow.add(Setting(name=_name(outage_id)))
    row.value = json.dumps(asdict(typed))


def type_again(uow: UnitOfWork, outage_id: str, lines: list[str]) -> None:
    """Lines whose entering is taken back stand on the sheet again, before the others."""
    typed = typed_paper(uow, outage_id)
    text = "\n".join([*lines, *([typed.text] if typed.text.strip() else [])])
    keep_typed_paper(uow, outage_id, replace(typed, text=text))


def _name(outage_id: str) -> str:
    return f"typed_paper/{outage_id}"

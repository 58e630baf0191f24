"""Words of a template that were typed and not saved: they outlive a closed window and a crash.

They lie among the store's settings, so that the second folder and a backup have them, too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from app.models.notices.kinds import NoticeKind
from app.models.tables.settings import Setting
from app.services.notices.template import TemplateSource
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class TypedTemplate:
    """`seen` is the revision that was changed; 0: the built-in, or for a service the
    organisation's."""

    source: TemplateSource
    seen: int


def typed_template(uow: UnitOfWork, kind: NoticeKind, service_id: str) -> TypedTemplate | None:
    row = uow.find(Setting, _name(kind, service_id))
    if row is None:
        return None
    kept = json.loads(row.value)
    return TypedTemplate(TemplateSource(kept["subject"], kept["body"]), kept["seen"])


def keep_typed_template(
    uow: UnitOfWork, kind: NoticeKind, service_id: str, typed: TypedTemplate | None
) -> None:
    """In place of what was kept for that template; None: nothing is."""
    row = uow.find(Setting, _name(kind, service_id))
    if typed is None:
        if row is not None:
            uow.session.delete(row)
        return
    row = row or uow.add(Setting(name=_name(kind, service_id)))
    words = {"subject": typed.source.subject, "body": typed.source.body, "seen": typed.seen}
    row.value = json.dumps(words)


def _name(kind: NoticeKind, service_id: str) -> str:
    return f"typed_template/{kind.value}/{service_id}"

"""All templates at a glance, and which outage a kind of notice is best tried on."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.tables.notices import NoticeTemplate
from app.models.tables.outages import Outage
from app.models.times import speak_window
from app.services.database import organisation
from app.services.notices.templates import Named, newest_templates, refusal
from app.services.notices.when import may_leave
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class KindRow:
    """`own`: words of the organisation's hold, saved as `revision`; `services` have their own.
    `refused`: why the words saved are not used, as after an update that allows less; the built-in
    ones are then."""

    kind: NoticeKind
    own: bool
    revision: int
    saved_at: datetime | None
    saved_by: str
    services: int
    refused: str = ""


@dataclass(frozen=True, slots=True)
class TemplateShelf:
    """Every kind of notice; `outages` to try one on, the latest window first, with the state that
    each is in (`fits` names the kinds that may leave in it now)."""

    kinds: tuple[KindRow, ...]
    outages: tuple[Named, ...]
    zone: str
    fits: dict[str, frozenset[NoticeKind]]

    def outage_for(self, kind: NoticeKind) -> str:
        """The latest outage of which such a notice may leave now, else the latest; empty when
        there is none at all."""
        ids = [each.id for each in self.outages]
        return next((i for i in ids if kind in self.fits[i]), ids[0] if ids else "")


def template_shelf(uow: UnitOfWork) -> TemplateShelf:
    newest = newest_templates(uow)
    services: dict[NoticeKind, int] = defaultdict(int)
    for (kind, service_id), row in newest.items():
        services[kind] += bool(service_id) and not row.built_in
    found = uow.all(Outage, order=(col(Outage.start_utc).desc(), col(Outage.code)))
    fits = {state: _fit(state) for state in State}
    return TemplateShelf(
        kinds=tuple(_kind(kind, newest.get((kind, "")), services[kind]) for kind in NoticeKind),
        outages=tuple(
            Named(o.id, f"{o.code} {o.title}", f"{o.state.words} · {speak_window(o.window)}")
            for o in found
        ),
        zone=organisation(uow).zone,
        fits={o.id: fits[o.state] for o in found},
    )


def _fit(state: State) -> frozenset[NoticeKind]:
    return frozenset(kind for kind in NoticeKind if may_leave(state, kind))


def _kind(kind: NoticeKind, row: NoticeTemplate | None, services: int) -> KindRow:
    if row is None:
        return KindRow(kind, False, 0, None, "", services)
    refused = "" if row.built_in else refusal(row.subject, row.body)
    own = not row.built_in and not refused
    return KindRow(kind, own, row.revision, row.created_at, row.saved_by, services, refused)

"""The organisation's own templates: saved by kind of notice, or for one service, with history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlmodel import col, select

from app.models.errors import BadInput, NotAllowed, NotFound, Stale
from app.models.notices.fields import LABELS, LISTS, Value
from app.models.notices.kinds import NoticeKind
from app.models.notices.wording import clean_line, clean_text
from app.models.tables.directory import Service
from app.models.tables.notices import NoticeTemplate
from app.services.database import organisation
from app.services.events import NoticesChanged
from app.services.notices.rendering import built_in
from app.services.notices.template import TemplateSource, check, fill
from app.services.notices.template_typed import TypedTemplate, typed_template
from app.services.outages.planning import service_ids
from app.services.uow import Undo, UnitOfWork


@dataclass(frozen=True, slots=True)
class TemplateRow:
    """One revision; with `built_in` the words of the console hold from then on. `saved_at` is
    UTC."""

    id: str
    revision: int
    saved_at: datetime | None
    saved_by: str
    built_in: bool
    source: TemplateSource


@dataclass(frozen=True, slots=True)
class Named:
    """One of many to choose from."""

    id: str
    name: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class TemplatePage:
    """What holds for a kind of notice (of `service_id` alone, or of all where it is empty).

    `services` may have words of their own: first those the outage is about, then by name; `sub`
    says which have some. `history` comes newest first; `own` is false where other words hold:
    the console's own, or for a service the organisation's (`from_organisation`). `typed` was
    typed there and not saved.
    """

    kind: NoticeKind
    service_id: str
    services: tuple[Named, ...]
    source: TemplateSource
    own: bool
    history: tuple[TemplateRow, ...]
    zone: str
    from_organisation: bool = False
    typed: TypedTemplate | None = None

    @property
    def revision(self) -> int:
        """The newest; 0 where nothing was ever saved."""
        return self.history[0].revision if self.history else 0


def own_templates(uow: UnitOfWork, services: Sequence[str]) -> dict[NoticeKind, TemplateSource]:
    """What holds for an outage of these services: that of its first service with one of its own,
    else the organisation's; kinds with the built-in words are not named. One that is no longer
    allowed is passed over, so that a notice can leave at any hour."""
    newest = newest_templates(uow, services)
    found: dict[NoticeKind, TemplateSource] = {}
    for service_id in ("", *reversed(services)):
        for (kind, of), row in newest.items():
            if of == service_id and not row.built_in and not refusal(row.subject, row.body):
                found[kind] = TemplateSource(row.subject, row.body)
    return found


def newest_templates(
    uow: UnitOfWork, services: Sequence[str] | None = None
) -> dict[tuple[NoticeKind, str], NoticeTemplate]:
    """The newest revision by kind and service (empty: of the organisation), of these services
    alone or of all. Earlier ones are not read: years of them are longer than all that is needed."""
    table = NoticeTemplate
    columns = select(col(table.id), col(table.kind), col(table.service_id), col(table.revision))
    own = columns.where(
        col(table.organisation_id) == uow.organisation_id, col(table.archived_at).is_(None)
    ).order_by(col(table.revision))
    last = {(kind, of or ""): row_id for row_id, kind, of, _ in uow.session.exec(own)}
    wanted = [i for (_, of), i in last.items() if not of or services is None or of in services]
    return {(r.kind, r.service_id or ""): r for r in uow.all(table, col(table.id).in_(wanted))}


def template_of(uow: UnitOfWork, kind: NoticeKind, services: Sequence[str]) -> TemplateSource:
    """The words that hold for this kind of notice."""
    return own_templates(uow, services).get(kind) or built_in(kind)


def template_page(
    uow: UnitOfWork, kind: NoticeKind, service_id: str = "", outage_id: str = ""
) -> TemplatePage:
    """Raises NotFound for a service that is no longer there."""
    if service_id:
        uow.fetch(Service, service_id)
    rows = _history(uow, kind, service_id)
    own = bool(rows) and not rows[0].built_in
    held = template_of(uow, kind, (service_id,) if service_id else ())
    return TemplatePage(
        kind=kind,
        service_id=service_id,
        services=_services(uow, kind, outage_id),
        source=TemplateSource(rows[0].subject, rows[0].body) if own else held,
        own=own,
        history=tuple(_row(r) for r in rows),
        zone=organisation(uow).zone,
        from_organisation=not own and bool(service_id) and held != built_in(kind),
        typed=typed_template(uow, kind, service_id),
    )


def save_template(
    uow: UnitOfWork,
    kind: NoticeKind,
    source: TemplateSource,
    service_id: str = "",
    seen: int | None = None,
) -> Undo:
    """The next revision; notices whose words nobody changed follow it at once, what waits or left
    stays as it is. `seen` is the revision that was changed. Raises BadInput naming what a template
    may not contain; NotAllowed when nothing is different; Stale when somebody saved since."""
    require_usable(source)
    source = TemplateSource(clean_line(source.subject), clean_text(source.body).strip("\n"))
    rows = _history(uow, kind, service_id)
    _require_seen(rows, seen)
    held = template_of(uow, kind, (service_id,) if service_id else ())
    if source == held:
        raise NotAllowed("These are the words that hold already; nothing was saved.")
    return _next(uow, kind, service_id, rows, source)


def back_to_built_in(
    uow: UnitOfWork, kind: NoticeKind, service_id: str = "", seen: int | None = None
) -> Undo:
    """The console's own words hold again (of a service: the organisation's, where it has some);
    earlier revisions stay in the history."""
    rows = _history(uow, kind, service_id)
    _require_seen(rows, seen)
    if not rows or rows[0].built_in:
        raise NotAllowed("No words of your own hold here; nothing was changed.")
    return _next(uow, kind, service_id, rows, None)


def revision_of(
    uow: UnitOfWork, kind: NoticeKind, service_id: str = "", number: int | None = None
) -> TemplateRow:
    """The newest revision, or that number; 0 is the built-in. Raises NotFound."""
    rows = _history(uow, kind, service_id)
    if number == 0 or (number is None and not rows):
        return TemplateRow("", 0, None, "", True, built_in(kind))
    found = rows[:1] if number is None else [r for r in rows if r.revision == number]
    if not found:
        raise NotFound(
            f"The template of the {kind.words.lower()} has no revision {number} here; "
            f"the newest is {rows[0].revision if rows else 0}."
        )
    return _row(found[0])


def _require_seen(rows: Sequence[NoticeTemplate], seen: int | None) -> None:
    newest = rows[0].revision if rows else 0
    if seen is not None and newest != seen:
        by = rows[0].saved_by if rows else "somebody"
        raise Stale(
            f"{by} saved revision {newest} of this template meanwhile; nothing was overwritten. "
            "Yours still stands in the editor: look at the history, then save it again."
        )


def _services(uow: UnitOfWork, kind: NoticeKind, outage_id: str) -> tuple[Named, ...]:
    about = service_ids(uow, outage_id) if outage_id else []
    newest = {
        row.service_id: row
        for row in uow.all(
            NoticeTemplate,
            col(NoticeTemplate.kind) == kind,
            order=(col(NoticeTemplate.revision),),
        )
    }
    named = [
        Named(
            service.id,
            service.plain_name or service.name,
            "words of its own" if service.id in newest and not newest[service.id].built_in else "",
        )
        for service in uow.all(Service)
    ]
    return tuple(
        sorted(named, key=lambda s: (s.id not in about, not s.sub, s.name.casefold(), s.id))
    )


def require_usable(source: TemplateSource) -> None:
    """Raises BadInput with the first thing that cannot be, such as a field there is none of."""
    if not source.subject or "\n" in source.subject:
        raise BadInput("A template needs a subject of one line; nothing was saved.")
    if not source.body.strip():
        raise BadInput("The template has no text; nothing was saved.")
    try:
        check(source.subject)
    except BadInput as error:
        said = error.sentence.removeprefix("Line 1: ")
        raise BadInput(f"In the subject: {said}", subject=True) from error
    check(source.body)
    for values in (_values("word"), _values("")):
        fill(source.subject, values, markup=False)
        fill(source.body, values, markup=True)


def usable(uow: UnitOfWork, source: TemplateSource) -> None:
    """A query: raises BadInput as saving it would."""
    require_usable(source)


def _values(word: str) -> dict[str, Value]:
    return {n: ((word,) if word else ()) if n in LISTS else word for n in LABELS}


def _next(
    uow: UnitOfWork,
    kind: NoticeKind,
    service_id: str,
    rows: list[NoticeTemplate],
    source: TemplateSource | None,
) -> Undo:
    service = uow.fetch(Service, service_id) if service_id else None
    made = uow.add(
        NoticeTemplate(
            organisation_id=uow.organisation_id,
            kind=kind,
            service_id=service.id if service else None,
            revision=max((r.revision for r in rows), default=0) + 1,
            subject=source.subject if source else "",
            body=source.body if source else "",
            built_in=source is None,
            saved_by=uow.actor.name,
        )
    )
    about = f"{kind.words.lower()} of {service.name}" if service else kind.words.lower()
    if source is None:
        words = f"put the template of the {about} back to the built-in"
    else:
        words = f"saved revision {made.revision} of the template of the {about}"
    uow.log(words, made, kind="template")
    uow.emit(NoticesChanged(""))
    return uow.undo(f"the template of the {about}")


def _history(uow: UnitOfWork, kind: NoticeKind, service_id: str) -> list[NoticeTemplate]:
    return uow.all(
        NoticeTemplate,
        col(NoticeTemplate.kind) == kind,
        col(NoticeTemplate.service_id) == service_id
        if service_id
        else col(NoticeTemplate.service_id).is_(None),
        order=(col(NoticeTemplate.revision).desc(),),
    )


@lru_cache(maxsize=256)
def refusal(subject: str, body: str) -> str:
    """Why a saved template is not used; empty: it is. What is allowed stays so while the console
    runs, and it is asked whenever a notice is made."""
    try:
        require_usable(TemplateSource(subject, body))
    except BadInput as error:
        return error.sentence
    return ""


def _row(row: NoticeTemplate) -> TemplateRow:
    return TemplateRow(
        id=row.id,
        revision=row.revision,
        saved_at=row.created_at,
        saved_by=row.saved_by,
        built_in=row.built_in,
        source=built_in(row.kind) if row.built_in else TemplateSource(row.subject, row.body),
    )

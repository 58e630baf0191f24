"""What the status page shows, read from the notices that left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, or_, select

from app.models.notices import wording
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.decisions import card_from
from app.models.outages.lifecycle import FLYING, State
from app.models.status import (
    ENDS,
    KEPT,
    SAYS_END,
    SAYS_WINDOW,
    Standing,
    StatusOutage,
    StatusPage,
    Update,
    say_moment,
    say_window,
    standing_of,
    told_line,
)
from app.models.tables.changes import ChangeRecord
from app.models.tables.directory import ConfigurationItem, Organisation, Person, Service, Vendor
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage, OutageCi, OutageService
from app.models.tables.outbox import OutboxItem
from app.models.tables.runbook import Step
from app.services.database import organisation
from app.services.notices.facts import NoticeExtra
from app.services.notices.reach import unlisted
from app.services.notices.typed import typed_from
from app.services.uow import UnitOfWork

K = NoticeKind
_SILENT = frozenset({K.REMINDER})
"""Says nothing that was not said before."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What is known of all outages together; `secret` are names nobody is told here."""

    services: dict[str, list[str]]
    payloads: dict[str, tuple[str, ...]]
    secret: dict[str, tuple[str, ...]]
    changes: dict[str, list[str]]


def status_page(uow: UnitOfWork) -> StatusPage:
    """A query: everything told that is to come, under way, or over for less than 90 days, but for
    what is kept off it."""
    home = organisation(uow)
    since = uow.now - KEPT
    recent = or_(
        col(Outage.end_utc) >= since,
        col(Outage.promised_end_utc) >= since,
        col(Outage.ended_at) >= since,
        col(Outage.state).in_(list(FLYING)),
    )
    hidden = unlisted(uow)
    outages = {o.id: o for o in uow.all(Outage, recent) if o.id not in hidden}
    told: dict[str, list[Notice]] = {}
    for notice in uow.all(
        Notice,
        col(Notice.outage_id).in_(list(outages)),
        col(Notice.state) == NoticeState.SENT,
        order=(col(Notice.sent_at), col(Notice.id)),
    ):
        if notice.kind.to_people and notice.sent_at is not None:
            told.setdefault(notice.outage_id, []).append(notice)
    around = _around(uow, home, [outages[i] for i in told])
    found = [_outage(outages[i], notices, around, uow.now) for i, notices in told.items()]
    shown = [o for o in found if o is not None and not _is_old(o, since)]
    name = wording.clean_line(home.name)
    return StatusPage(home.id, name, home.zone, home.is_sample, _sorted(shown))


def _is_old(outage: StatusOutage, since: datetime) -> bool:
    return outage.standing is Standing.PAST and outage.updates[0].at < since


def _sorted(shown: Sequence[StatusOutage]) -> tuple[StatusOutage, ...]:
    coming = sorted((o for o in shown if o.standing is not Standing.PAST), key=lambda o: o.start)
    past = [o for o in shown if o.standing is Standing.PAST]
    past.sort(key=lambda o: (o.start, o.id), reverse=True)
    return (*coming, *past)


def _outage(
    outage: Outage, notices: Sequence[Notice], around: _Around, now: datetime
) -> StatusOutage | None:
    """None when nobody was told of a window."""
    first = next((n for n in notices if n.kind is K.PLANNED and n.about_start_utc), None)
    if first is None:
        return None  # crew and desks alone were told, of a move for instance
    notices = notices[notices.index(first) :]
    announced = [n for n in notices if n.kind in SAYS_WINDOW and n.about_start_utc]
    last = next((n for n in reversed(notices) if n.kind in SAYS_END and n.about_end_utc), first)
    start, end = announced[-1].about_start_utc, last.about_end_utc
    assert start is not None and end is not None
    kinds = [n.kind for n in notices[notices.index(_first_of(announced)) :]]
    standing, state = standing_of(start, end, now, kinds)
    if outage.state is State.CANCELLED and standing is Standing.IN_PROGRESS:
        return None  # it never began, and people are still to hear of it
    whole = "\n".join(n.text for n in announced)
    secret = around.secret.get(outage.id, ())
    names = tuple(map(wording.clean_line, _services(outage, announced[-1], around)))
    return StatusOutage(
        id=outage.id,
        services=names,
        start=start,
        end=end,
        zone=outage.zone,
        standing=standing,
        state=state,
        updates=_updates(outage, notices, names, around),
        impact=told_line(outage.impact_text, whole, secret),
        before=told_line(outage.before_text, whole, secret),
        meanwhile=told_line(outage.workaround, whole, secret),
    )


def _first_of(announced: Sequence[Notice]) -> Notice:
    """The first that announced the window of the last: newcomers are told it again later."""
    found = announced[-1]
    for notice in reversed(announced):
        if notice.about_start_utc != found.about_start_utc:
            break
        found = notice
    return found


def _services(outage: Outage, notice: Notice, around: _Around) -> tuple[str, ...]:
    """As the notice named them; of one that left before that was kept, those in its words."""
    if kept := around.payloads.get(notice.id):
        return kept
    now = around.services.get(outage.id, [])
    named = [name for name in now if wording.in_sentence(name).casefold() in notice.text.casefold()]
    return tuple(named or now)


def _updates(
    outage: Outage, notices: Sequence[Notice], names: Sequence[str], around: _Around
) -> tuple[Update, ...]:
    """Newest first; what was told again to newcomers stands once, as it was told first."""
    made: list[Update] = []
    for notice in notices:
        if notice.kind in _SILENT or notice.sent_at is None:
            continue
        text = _sentence(outage, notice, names, around)
        if any((u.kind, u.text) == (notice.kind, text) for u in made):
            continue
        made.append(Update(notice.id, notice.kind, notice.sent_at, text))
    return tuple(reversed(made))


def _sentence(outage: Outage, notice: Notice, names: Sequence[str], around: _Around) -> str:
    typed = typed_from(notice.note)
    secret = around.secret.get(outage.id, ())
    parts = list(_said(outage, notice, typed, names))
    if notice.kind is K.CHANGE_SUMMARY:
        lines = (told_line(c, notice.text, secret) for c in around.changes.get(outage.id, ()))
        parts += [_ended_line(line) for line in lines if line]
    for head, line in (
        ("", typed.progress),
        ("", typed.reason),
        *(("Not yet: ", line) for line in typed.left_over),
    ):
        if said := told_line(line, notice.text, secret):
            parts.append(_ended_line(f"{head}{said}"))
    if notice.kind not in ENDS and notice.next_update_utc is not None:
        parts.append(f"The next update comes at {say_moment(notice.next_update_utc, outage.zone)}.")
    return " ".join(parts)


def _ended_line(line: str) -> str:
    said = wording.capital(line)
    return said if said[-1] in ".!?…" else f"{said}."


def _said(
    outage: Outage, notice: Notice, typed: NoticeExtra, names: Sequence[str]
) -> Iterable[str]:
    """What a notice of its kind says, from what it was about."""
    kind, start, end = notice.kind, notice.about_start_utc, notice.about_end_utc
    service = wording.say_list(wording.with_the(name) for name in names)
    are = wording.is_or_are(tuple(names))
    if kind in SAYS_WINDOW and start is not None and end is not None:
        new = "New date: the" if kind is K.RESCHEDULED else "The"
        span = say_window(start, end, outage.zone)
        yield f"{new} planned outage of {service} is from {span}."
    elif kind is K.EXTENDED and end is not None:
        yield f"It takes longer, now until {say_moment(end, outage.zone)}."
    elif kind is K.STARTED:
        yield f"The planned outage of {service} has started."
    elif kind is K.PROGRESS:
        yield "The work goes on."
    elif kind is K.DELAYED:
        yield "It starts later than announced."
    elif kind is K.CHANGE_SUMMARY:
        listed = "nothing changed" not in notice.subject.casefold()
        yield "What people will notice:" if listed else "Nothing changed for people."
    elif kind is K.CANCELLED:
        postponed = "postponed" in notice.subject.casefold()
        yield f"The planned outage of {service} is {'postponed' if postponed else 'cancelled'}."
        if typed.new_date_by is not None:
            yield f"A new date comes by {wording.say_date(typed.new_date_by)}."
    elif kind in ENDS:
        yield {
            K.ALL_CLEAR: f"The planned outage is over: {service} {are} back.",
            K.PARTLY_DONE: f"The planned outage is over: {service} {are} back, but part of the "
            "work is still to do.",
            K.BACKED_OUT: f"The planned outage is over: {service} {are} back; the work was "
            "turned back.",
        }[kind]
        if "no data was lost" in " ".join(notice.text.split()).casefold():
            yield "No data was lost."


def _around(uow: UnitOfWork, home: Organisation, outages: Sequence[Outage]) -> _Around:
    ids = [o.id for o in outages]
    names = {s.id: s.plain_name or s.name for s in uow.all(Service)}
    services: dict[str, list[str]] = {}
    for link in uow.all(OutageService, col(OutageService.outage_id).in_(ids)):
        if link.service_id in names:
            services.setdefault(link.outage_id, []).append(names[link.service_id])
    items = uow.all(
        OutboxItem, col(OutboxItem.outage_id).in_(ids), col(OutboxItem.kind) == "notice"
    )
    changes: dict[str, list[str]] = {}
    for record in uow.all(
        ChangeRecord, col(ChangeRecord.outage_id).in_(ids), order=(col(ChangeRecord.number),)
    ):
        if record.people_notice and not record.undone:
            changes.setdefault(record.outage_id, []).append(record.people_notice)
    return _Around(
        services,
        {i.about_id: tuple(i.payload.get("services", ())) for i in items},
        _secret(uow, outages, services),
        {key: list(dict.fromkeys(lines)) for key, lines in changes.items()},
    )


def _secret(
    uow: UnitOfWork, outages: Sequence[Outage], services: dict[str, list[str]]
) -> dict[str, tuple[str, ...]]:
    """By outage: its items, who flies it and who stands beside it. A name counts by its last word,
    too, by which people are called."""
    ids = [o.id for o in outages]
    cis: dict[str, set[str]] = {}
    owners: dict[str, set[str | None]] = {}
    for link in uow.all(OutageCi, col(OutageCi.outage_id).in_(ids)):
        cis.setdefault(link.outage_id, set()).add(link.ci_id)
    flown_by = select(Step.outage_id, Step.owner_id).distinct().where(col(Step.outage_id).in_(ids))
    for outage_id, owner_id in uow.session.exec(flown_by):  # whole steps cost a tenth of a second
        owners.setdefault(outage_id, set()).add(owner_id)
    all_cis = set().union(*cis.values())
    found = uow.all(ConfigurationItem, col(ConfigurationItem.id).in_(all_cis))
    items = {ci.id: ci.name for ci in found}
    wanted = set().union(*owners.values(), *({o.coordinator_id, o.deputy_id} for o in outages))
    people = {p.id: p.name for p in uow.all(Person, col(Person.id).in_(wanted - {None}))}
    vendors = {v.id: v.contact for v in uow.all(Vendor)}
    secret = {}
    for outage in outages:
        crew = {*owners.get(outage.id, ()), outage.coordinator_id, outage.deputy_id}
        named = [people[p] for p in crew if p in people]
        named += [outage.checker.partition(",")[0], outage.checker_deputy, outage.approver]
        named += [line.who for line in card_from(outage.decision_card)]
        named += [vendors.get(outage.vendor_id or "", "")]
        short = [name.split()[-1] for name in named if name.split()]
        machines = [items[c] for c in cis.get(outage.id, ()) if c in items]
        public = " ".join(services.get(outage.id, ())).casefold()
        machines = [name for name in machines if name.casefold() not in public]
        secret[outage.id] = tuple(dict.fromkeys(n for n in (*machines, *named, *short) if n))
    return secret

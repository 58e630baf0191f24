"""*Leave them out of it*: who objects, or their department, is no longer among those an outage is
told to. Whoever was told already goes on hearing of every change."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import col

from app.models.directory.facts import is_mail_address
from app.models.errors import BadInput
from app.models.ids import key_of
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.replies import ObjectionDecision
from app.models.tables.directory import Department
from app.models.tables.notices import Notice, RecipientSet, Reply
from app.models.tables.outages import Outage
from app.services.notices.answers import address_of, sender_of
from app.services.notices.audiences import keys_in, resolve
from app.services.notices.reach import Apart, ByHand, leave_out_for, reach_of
from app.services.notices.sending import cancel_queued
from app.services.notices.stored import outbox_of
from app.services.uow import Undo, UnitOfWork


def follow_decision(uow: UnitOfWork, reply: Reply, who: str = "") -> Undo | None:
    """Leaves out whom an objection that was decided so is about, and nobody where it was decided
    otherwise. `who` is an address, or a department by name or id; empty: who objects. Raises
    BadInput where that is nobody."""
    by_hand, apart = None, None
    if reply.decision == ObjectionDecision.EXCLUDE:
        department = _department(uow, who)
        address = who.strip() or address_of(uow, reply)
        if department is not None:
            apart = Apart(department.id, department.name, reply.id)
        elif is_mail_address(address):
            by_hand = ByHand(address, reply.sender, uow.actor.name, reply.id)
        else:
            raise BadInput(_nobody(reply, who))
    changed = leave_out_for(uow, reply.outage_id, reply.id, by_hand, apart)
    if changed is not None:
        _stop_what_waits(uow, reply.outage_id)
    return changed


def _stop_what_waits(uow: UnitOfWork, outage_id: str) -> None:
    """A planned notice or reminder that waits for somebody left out is taken back, so that it goes
    to the others; its text is a draft again."""
    without = {r.key for r in resolve(uow, uow.fetch(Outage, outage_id)).without}
    waiting = uow.all(
        Notice,
        col(Notice.outage_id) == outage_id,
        col(Notice.kind).in_([NoticeKind.PLANNED, NoticeKind.REMINDER]),
        col(Notice.state) == NoticeState.QUEUED,
    )
    for notice in waiting if without else ():
        item = outbox_of(uow, notice.id)
        going = keys_in(uow.find(RecipientSet, notice.recipient_set_id or ""))
        if going & without and item is not None and item.taken_back_at is None:
            cancel_queued(uow, notice.id, "somebody was left out of it")


def left_out_words(uow: UnitOfWork, reply: Reply) -> str:
    """What an objection that was decided so comes to now, in a sentence."""
    outage = uow.fetch(Outage, reply.outage_id)
    resolved = resolve(uow, outage)
    theirs = [e for e in reach_of(uow, outage.id).left_out if e.about == reply.id]
    apart = [e for e in reach_of(uow, outage.id).apart if e.about == reply.id]
    without = {r.key for r in resolved.without}
    if (apart and without) or any(each.key in without for each in theirs):
        return f"{len(without):,} {'is' if len(without) == 1 else 'are'} left out of it now."
    if any(r.is_list for r in resolved.recipients):
        return "None of its audiences names them; a distribution list they are on reaches them."
    return "None of its audiences reaches them anyway."


def leavable(uow: UnitOfWork, replies: Sequence[Reply]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Whom the decision on each objection can leave out, as (who, words): who objects, their
    department, any other."""
    objections = [reply for reply in replies if reply.kind == "objection"]
    if not objections:
        return {}
    departments = uow.all(Department, order=(col(Department.name),))
    found = {}
    for reply in objections:
        person = sender_of(uow, reply)
        theirs = person.department_id if person is not None else None
        address = address_of(uow, reply)
        alone = [(address, f"{reply.sender} alone, {address}")] if address else []
        ordered = sorted(departments, key=lambda each: each.id != theirs)
        found[reply.id] = (*alone, *((d.id, f"Everybody in {d.name}") for d in ordered))
    return found


def _department(uow: UnitOfWork, who: str) -> Department | None:
    wanted = key_of(who)
    if not wanted:
        return None
    same = (col(Department.id) == who.strip()) | (col(Department.key) == wanted)
    return next(iter(uow.all(Department, same)), None)


def _nobody(reply: Reply, who: str) -> str:
    said = (
        f"“{who.strip()[:60]}” is no department and no mail address"
        if who.strip()
        else f"No address of {reply.sender} is known"
    )
    return f"{said}: say who is left out, a department or an address. Nothing was decided."

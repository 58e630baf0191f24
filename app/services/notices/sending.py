"""Send a notice: keep a draft, let it wait in the outbox, take it back, record that it left."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col

from app.models.errors import BadInput, NotAllowed
from app.models.ids import NoticeId
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.leadtime import Waiver
from app.models.outbox import TAKE_BACK, ItemState, Route, sender_words
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.times import speak_moment
from app.services.events import NoticesChanged, OutboxChanged
from app.services.notices.allowing import (
    require_moment,
    require_none_waiting,
    require_sendable,
    require_state,
)
from app.services.notices.audiences import recipient_set
from app.services.notices.checking import LEAD_WAIVER
from app.services.notices.composing import Composed, NoticeExtra, compose
from app.services.notices.drafting import DraftWords, put_together, words_kept
from app.services.notices.facts import NOTHING_TYPED
from app.services.notices.hold import HOLD, SEQUENCE, calendar_file
from app.services.notices.leaving import mark_left
from app.services.notices.manner import manner_in, manner_of, require_mailbox, with_manner
from app.services.notices.planning import NOTHING_CHANGED, SERVICE_IDS
from app.services.notices.stored import Message, newest, outbox_key, outbox_of
from app.services.notices.typed import typed_from, typed_to
from app.services.outages.planning import service_ids
from app.services.outages.promises import NEW_DATE, PROMISES
from app.services.outbox.items import parts_of, require_none_outside, stop_parts
from app.services.outbox.settling import take_back, taken_back_words
from app.services.uow import Undo, UnitOfWork
from app.services.working import UNWATCHED, Work


def save_draft(
    uow: UnitOfWork,
    outage_id: str,
    kind: NoticeKind,
    *,
    subject: str = "",
    body: str = "",
    extra: NoticeExtra = NOTHING_TYPED,
    seen: DraftWords | None = None,
    insist: bool = False,
) -> Undo:
    """Keep what a person wrote; an empty subject or body is the template's. Of a reminder `body`
    is the note. Nothing of it left yet. With `seen`, the draft it was begun from, what another
    console changed since stays; with `insist` what is given wins where both changed the same.
    Raises NotAllowed while one waits to leave; Stale."""
    outage = uow.fetch(Outage, outage_id)
    require_none_waiting(uow, outage_id, kind)
    draft = newest(uow, outage_id, kind, NoticeState.DRAFT)
    made = DraftWords(subject, body, extra).tidied()
    if seen is not None:
        made = put_together(made, seen, words_kept(draft), insist=insist)
    draft = draft or _new(uow, outage, kind)
    draft.subject, draft.source = made.subject, made.body
    draft.note = typed_to(with_manner(made.extra, typed_from(draft.note)))
    uow.add(draft)
    uow.log(f"wrote a draft of the {kind.words.lower()}", draft, kind="draft")
    uow.emit(NoticesChanged(outage_id))
    return uow.undo(f"the draft of the {kind.words.lower()}", outage_id)


def discard_draft(uow: UnitOfWork, outage_id: str, kind: NoticeKind) -> Undo:
    """Back to the template's words."""
    draft = newest(uow, outage_id, kind, NoticeState.DRAFT)
    if draft is None:
        raise NotAllowed("There is no draft: these are the template’s words already.")
    manner = manner_of(typed_from(draft.note))
    if manner != NOTHING_TYPED:  # how it is sent stays as it was set
        draft.subject = draft.source = ""
        draft.note = typed_to(manner)
    else:
        uow.archive(draft)
    uow.log(f"put the {kind.words.lower()} back to the template", draft, kind="draft")
    uow.emit(NoticesChanged(outage_id))
    return uow.undo("going back to the template", outage_id)


def queue(
    uow: UnitOfWork,
    outage_id: str,
    kind: NoticeKind,
    extra: NoticeExtra = NOTHING_TYPED,
    *,
    waive: Waiver | None = None,
    by: str = "",
    route: Route = Route.CONSOLE,
    soon: bool = False,
    work: Work = UNWATCHED,
) -> NoticeId:
    """Let it wait in the outbox until it is due, or with `soon` only as long as anything waits
    there; `route` says who sends it then. Raises
    NotAllowed naming what stands in the way: the state of the flight, a blocking check, or that
    nobody is owed it; Stopped."""
    uow.work = work
    work.at()
    outage = uow.fetch(Outage, outage_id)
    require_state(outage, kind)
    require_none_waiting(uow, outage_id, kind)
    at = uow.now if soon else None
    composed = compose(uow, outage_id, kind, extra, at=at, waive=waive)
    require_sendable(composed)
    require_mailbox(uow, composed.extra, route)
    work.at()
    notice = _store(uow, outage, composed, waive, route)
    work.at()
    uow.log(
        f"{kind.words} waits to leave {speak_moment(composed.leaves_at, outage.zone)}, "
        f"to {composed.reach:,}",
        notice,
        who=by,
    )
    uow.emit(NoticesChanged(outage_id))
    uow.emit(OutboxChanged(outage_id))
    return NoticeId(notice.id)


def cancel_queued(uow: UnitOfWork, notice_id: str, why: str = "", by: str = "") -> Undo:
    """Take back what has not left: the outbox item is void, the text is a draft again. When some
    of it may be in Outlook already, it is void once Outlook says that it is gone. Raises
    NotAllowed."""
    notice = uow.fetch(Notice, notice_id)
    if notice.state is not NoticeState.QUEUED:
        raise NotAllowed(
            f"{notice.kind.words} is {notice.state.words.lower()}; only what waits is taken back."
        )
    item = outbox_of(uow, notice.id)
    if item is not None and item.taken_back_at is not None:
        raise NotAllowed(f"{notice.kind.words} is being taken back already; the Outbox says how.")
    if item is None:
        notice.state = NoticeState.VOID
    else:
        take_back(uow, item, why.strip() or "taken back")
    typed = notice.source or notice.note
    if typed and newest(uow, notice.outage_id, notice.kind, NoticeState.DRAFT) is None:
        outage = uow.fetch(Outage, notice.outage_id)
        draft = _new(uow, outage, notice.kind)
        draft.source, draft.note = notice.source, notice.note
        draft.subject = notice.subject if notice.source else ""
        uow.add(draft)
    reason = f": {why.strip()}" if why.strip() else ""
    before = " before it left" if item is None or item.state is ItemState.VOID else ""
    uow.log(f"took back the {notice.kind.words.lower()}{before}{reason}", notice, who=by)
    if item is not None and not before:
        uow.log(taken_back_words(uow, item.id), item, who=by)
    uow.emit(NoticesChanged(notice.outage_id))
    return uow.undo(f"taking back the {notice.kind.words.lower()}", notice.outage_id)


def notice_taken_back(uow: UnitOfWork, notice_id: str) -> str:
    """A query: what became of it, in a sentence."""
    item = outbox_of(uow, notice_id)
    return taken_back_words(uow, item.id) if item is not None else "Taken back before it left."


def record_sent(
    uow: UnitOfWork,
    outage_id: str,
    kind: NoticeKind,
    at: datetime,
    by: str = "",
    extra: NoticeExtra = NOTHING_TYPED,
    *,
    waive: Waiver | None = None,
    work: Work = UNWATCHED,
) -> Undo:
    """“Sent by me at …” (UTC). What waited, or what would leave now, has left; the act it is, is
    done: a planned notice announces the outage, a notice step is finished.

    Raises BadInput for a time that cannot be; NotAllowed when nobody is owed it (they were told
    already), when the flight is not there yet, or when a check blocks it; Stopped.
    """
    uow.work = work
    work.at()
    outage = uow.fetch(Outage, outage_id)
    require_moment(uow, outage, at)
    require_state(outage, kind)
    notice = newest(uow, outage_id, kind, NoticeState.QUEUED)
    if notice is None:
        composed = compose(uow, outage_id, kind, extra, at=at, waive=waive)
        require_sendable(composed)
        work.at()
        notice = _store(uow, outage, composed, waive)
    work.at()
    _by_hand(uow, notice, by)
    mark_left(uow, outage, notice, at, by)
    work.at()
    return uow.undo(f"{kind.words.lower()} sent", outage_id)


def _by_hand(uow: UnitOfWork, notice: Notice, by: str) -> None:
    """A person sent it, so the console does not. Raises NotAllowed while a part of it may have
    left already."""
    item = outbox_of(uow, notice.id)
    if item is not None:
        require_none_outside(uow, item)
        stop_parts(parts_of(uow, item.id))
        item.route = Route.FILE
        item.state, item.sender = ItemState.SENT, f"sent by {by or uow.actor.name}"
        uow.emit(OutboxChanged(notice.outage_id))


def _store(
    uow: UnitOfWork,
    outage: Outage,
    composed: Composed,
    waive: Waiver | None,
    route: Route = Route.CONSOLE,
) -> Notice:
    """The notice as it leaves, whom it goes to, and the outbox item, in this transaction."""
    kind = composed.kind
    notice = newest(uow, outage.id, kind, NoticeState.DRAFT) or _new(uow, outage, kind)
    rendered = composed.rendered
    notice.state = NoticeState.QUEUED
    notice.source = composed.messages[0].source if composed.edited else ""
    notice.subject, notice.text, notice.html = rendered.subject, rendered.text, rendered.html
    notice.note = typed_to(composed.extra)
    notice.about_start_utc, notice.about_end_utc = outage.start_utc, outage.promised_end_utc
    notice.next_update_utc = composed.facts.next_update if composed.facts else None
    everyone = recipient_set(uow, composed.recipients).id
    notice.recipient_set_id = everyone
    uow.session.flush()
    uow.add(notice)
    parts = [
        {
            "recipient_set_id": everyone
            if message.recipients == composed.recipients
            else recipient_set(uow, message.recipients).id,
            "subject": message.rendered.subject,
            "text": message.rendered.text,
            "html": message.rendered.html,
            "body": message.body,
            "original": message.original,
            **_duty_in(message),
        }
        for message in composed.messages
    ]
    hold = None
    if composed.wants_calendar:
        hold = calendar_file(uow, outage, kind, composed.recipients).decode()
    not_before = max(composed.leaves_at, uow.on_the_wall(TAKE_BACK))
    uow.add(
        OutboxItem(
            organisation_id=uow.organisation_id,
            key=outbox_key(notice.id),
            kind="notice",
            payload={
                "notice": kind.value,
                "messages": parts,
                "services": list(composed.facts.services) if composed.facts else [],
                SERVICE_IDS: service_ids(uow, outage.id),
                "calendar": composed.wants_calendar,
                SEQUENCE: outage.calendar_sequence,
                **({HOLD: hold} if hold is not None else {}),
                **_promise_in(composed),
                **_summed_up(composed),
                **manner_in(composed.extra),
            },
            not_before=not_before,
            route=route,
            sender=sender_words(route, not_before),
            about_type="notice",
            about_id=notice.id,
            outage_id=outage.id,
        )
    )
    if waive is not None and waive.given:
        _note_waiver(uow, outage, waive)
    return notice


def _summed_up(composed: Composed) -> dict[str, bool]:
    """Whether a summary had nothing to say: a change that comes to light later is then owed."""
    if composed.kind is not NoticeKind.CHANGE_SUMMARY or composed.facts is None:
        return {}
    return {NOTHING_CHANGED: not composed.facts.changes}


def _promise_in(composed: Composed) -> dict[str, str]:
    """By when it says that a new date is announced: that is owed from then on."""
    facts = composed.facts
    if facts is None or facts.new_date_by is None or composed.kind not in PROMISES:
        return {}
    dropped = composed.kind is NoticeKind.CANCELLED and not facts.postponed
    return {} if dropped else {NEW_DATE: facts.new_date_by.isoformat()}


def _duty_in(message: Message) -> dict[str, list[str]]:
    """When its reader is to be ready and free, where its words say so: then they know it."""
    facts = message.facts
    if facts is None or facts.be_ready is None or facts.release is None:
        return {}
    times = [facts.be_ready.isoformat(), facts.release.isoformat()]
    return {"duty": times} if "be_ready" in message.source else {}


def waive_lead_time(uow: UnitOfWork, outage_id: str, waive: Waiver) -> Undo:
    """A named person lets a late notice leave, for this window only. Raises BadInput."""
    outage = uow.fetch(Outage, outage_id)
    if not waive.given:
        raise BadInput("A waiver needs a name and a reason; nothing was changed.")
    _note_waiver(uow, outage, waive)
    uow.emit(NoticesChanged(outage_id))
    return uow.undo("waiving the lead time", outage_id)


def _note_waiver(uow: UnitOfWork, outage: Outage, waive: Waiver) -> None:
    """For this window only: a moved one counts its lead time again."""
    kept = [w for w in outage.waivers if w.get("step") != LEAD_WAIVER]
    start = outage.start_utc.isoformat()
    noted = {"step": LEAD_WAIVER, "by": waive.by, "why": waive.reason, "start": start}
    outage.waivers = [*kept, noted]
    uow.log(f"{waive.by} waived the lead time: {waive.reason}", outage, who=waive.by, kind="waiver")


def _new(uow: UnitOfWork, outage: Outage, kind: NoticeKind) -> Notice:
    rows = uow.all(Notice, col(Notice.outage_id) == outage.id, col(Notice.kind) == kind)
    number = max((row.number for row in rows), default=0) + 1
    return uow.add(
        Notice(organisation_id=uow.organisation_id, outage_id=outage.id, kind=kind, number=number)
    )

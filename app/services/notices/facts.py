"""The facts of a notice: what the store knows, and what a person typed for this one notice."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from app.models.notices.facts import NoticeFacts
from app.models.notices.kinds import NoticeKind
from app.models.notices.mentions import dates_in
from app.models.notices.policy import Moment
from app.models.notices.wording import as_sentence, say_list, with_the
from app.models.outages.debt import END_WARNING
from app.models.outages.decisions import Act, card_from, words_on
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.runbook import Phase, StepState
from app.models.runbook.backout import is_changing
from app.models.times import Window, to_wall, zone
from app.services.notices.crew import crew_facts, kick_off_facts
from app.services.notices.digest import digest_facts, stands_now
from app.services.notices.gathering import Known
from app.services.notices.recipients import BESIDE, Group
from app.services.outages.turning_back import changed_for_people

_ENDED = (NoticeKind.ALL_CLEAR, NoticeKind.PARTLY_DONE, NoticeKind.BACKED_OUT)
_POSTPONED = re.compile(r"\s*(?:it is )?(postponed|dropped)\b[^:;.]*[:;.]?\s*(.*)", re.I | re.S)
DELAY_ROUND = timedelta(minutes=5)
DELAY_UPDATE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class NoticeExtra:
    """What a person types for one notice. Empty means: as the console knows or proposes it.
    Moments are UTC. What the console knows for certain (an extended end, the user's check, the
    data loss) is never overruled from here."""

    note: str = ""
    new_end: datetime | None = None
    next_update: datetime | None = None
    reason: str = ""
    progress: str = ""
    data_loss: str = ""
    user_check: str = ""
    left_over: tuple[str, ...] = ()
    postponed: bool | None = None
    new_date_by: date | None = None
    callers_say: tuple[str, ...] = ()
    desk_answer: str = ""
    send_as: str = ""
    reply_to: str = ""
    objection_route: str = ""
    files: tuple[str, ...] = ()
    """How it is sent; see `manner`."""


NOTHING_TYPED = NoticeExtra()
MANNER = ("send_as", "reply_to", "objection_route", "files")
"""The parts that say how it is sent, not what."""


def facts_of(known: Known, kind: NoticeKind, extra: NoticeExtra, group: Group) -> NoticeFacts:
    """Everything a notice of this kind may say to this group."""
    outage = known.outage
    zones = [r.zone for r in group.recipients]
    card = card_from(outage.decision_card)
    facts = NoticeFacts(
        audiences=known.audiences,
        services=known.services,
        also_affected=known.also_affected,
        window=_window(known, kind),
        organisation=known.organisation.name,
        code=outage.code,
        title=outage.title,
        reason=as_sentence(extra.reason or _known_reason(known, kind)),
        impact=outage.impact_text,
        before=outage.before_text or "Save your work",
        workaround=outage.workaround,
        objection_route=extra.objection_route or known.organisation.objection_route,
        help_route=_help_route(known),
        recipient_zones=tuple(sorted({z for z in zones if z})),
        zones_unknown=not all(zones),
        coordinator=known.coordinator.name if known.coordinator else "",
        coordinator_phone=known.coordinator.phone if known.coordinator else "",
        bridge=known.bridge,
        decides=tuple(f"{words_on(card, line)}: {line.reach}" for line in card if line.who),
        cis=known.cis,
    )
    more = _MORE.get(kind)
    return more(known, facts, extra, group) if more else facts


def with_end(window: Window, end: datetime) -> Window:
    """The window with another end (UTC)."""
    local = end.astimezone(zone(window.zone))
    return replace(window, end=to_wall(end, window.zone), end_fold=local.fold)


def window_of(known: Known, told: tuple[datetime, datetime]) -> Window:
    """A window people were told, spoken in the outage's zone."""
    there = zone(known.outage.zone)
    start, end = told
    return Window(
        to_wall(start, known.outage.zone),
        to_wall(end, known.outage.zone),
        known.outage.zone,
        start.astimezone(there).fold,
        end.astimezone(there).fold,
    )


def _window(known: Known, kind: NoticeKind) -> Window:
    """An extension names the end people knew; all others speak of the end as it is promised."""
    window, promised = known.outage.window, known.outage.promised_end_utc
    if kind is NoticeKind.EXTENDED or promised == window.end_utc:
        return window
    return with_end(window, promised)


def _help_route(known: Known) -> str:
    own = str(known.organisation.policy.get("help_route", "")).strip()
    return own or known.organisation.objection_route


def _known_reason(known: Known, kind: NoticeKind) -> str:
    """Why, as it was said when it was decided."""
    note = known.outage.ending_note
    if kind is NoticeKind.EXTENDED:
        return _decided(known, Act.EXTEND, Act.EXTEND_BEYOND)
    if kind is NoticeKind.BACKED_OUT:
        return note or _decided(known, Act.BACK_OUT)
    if kind is NoticeKind.PARTLY_DONE:
        return note
    if kind is NoticeKind.RESCHEDULED:
        return known.moved_because
    if kind is NoticeKind.CANCELLED:
        said = _POSTPONED.fullmatch(note)
        return said[2] if said else note
    return ""


def _decided(known: Known, *acts: Act) -> str:
    found = [d.why for d in known.decisions if d.act in [a.value for a in acts] and d.why]
    return found[-1] if found else ""


def _extended(known: Known, facts: NoticeFacts, extra: NoticeExtra, group: Group) -> NoticeFacts:
    promised = known.outage.promised_end_utc
    told = group.told[1] if group.told else known.outage.end_utc
    new_end = promised if promised != told else extra.new_end
    update = extra.next_update
    if update is None and new_end is not None:
        early = new_end - END_WARNING  # by then *extended* or *all clear* is owed anyway
        update = early if early > known.now else new_end
    old = with_end(facts.window, told)
    return replace(facts, old_window=old, new_end=new_end, next_update=update)


def _delayed(known: Known, facts: NoticeFacts, extra: NoticeExtra, group: Group) -> NoticeFacts:
    update = extra.next_update
    if update is None and known.now >= known.outage.start_utc:
        past = (known.now - datetime.min.replace(tzinfo=UTC)) % DELAY_ROUND
        update = known.now - past + DELAY_UPDATE
    return replace(facts, new_end=extra.new_end, next_update=update)


def _progress(known: Known, facts: NoticeFacts, extra: NoticeExtra, group: Group) -> NoticeFacts:
    update = extra.next_update
    early = known.outage.promised_end_utc - END_WARNING
    if update is None and known.outage.state in FLYING and early > known.now:
        update = early
    return replace(facts, progress=as_sentence(extra.progress), next_update=update)


def _ended(
    known: Known, facts: NoticeFacts, extra: NoticeExtra, group: Group, kind: NoticeKind
) -> NoticeFacts:
    outage = known.outage
    user_check = outage.user_check or extra.user_check
    facts = replace(
        facts,
        ended_at=outage.ended_at if outage.state in CLOSED else None,
        data_loss=outage.data_loss or extra.data_loss,
        user_check=user_check,
        check_due=None if user_check else outage.user_check_due,
        checker=outage.checker,
    )
    if kind is NoticeKind.ALL_CLEAR:
        return facts
    return replace(
        facts,
        left_over=extra.left_over,
        stays_changed=changed_for_people(known.steps, outage.state)
        if kind is NoticeKind.BACKED_OUT
        else (),
        new_date_by=extra.new_date_by,
        next_update=extra.next_update or (None if extra.new_date_by else _next_word(known)),
    )


def _next_word(known: Known) -> datetime | None:
    """The next working day, when people hear what comes of it anyway; None once it has passed."""
    item = next((i for i in known.plan if i.moment is Moment.CHANGE_SUMMARY), None)
    return item.due if item is not None and item.due > known.now else None


def _cancelled(known: Known, facts: NoticeFacts, extra: NoticeExtra, group: Group) -> NoticeFacts:
    note = known.outage.ending_note
    postponed = extra.postponed
    if postponed is None:
        postponed = "postponed" in note.casefold() or extra.new_date_by is not None
    by = extra.new_date_by
    if postponed and by is None:
        said = [d.day for d in dates_in(note, facts.window.start.date()) if d.day is not None]
        by = said[0] if said else None
    window = window_of(known, group.told) if group.told else facts.window
    audiences = (BESIDE,) if group.role else facts.audiences
    return replace(facts, audiences=audiences, window=window, postponed=postponed, new_date_by=by)


def _moved(known: Known, facts: NoticeFacts, extra: NoticeExtra, group: Group) -> NoticeFacts:
    return replace(
        facts,
        audiences=(BESIDE,) if group.role else facts.audiences,
        old_window=window_of(known, group.told) if group.told else None,
        old_services=group.told_services,
    )


def _summary(known: Known, facts: NoticeFacts, extra: NoticeExtra, group: Group) -> NoticeFacts:
    """Of what was not done, or not all of it, people hear too when nothing changed for them."""
    changes, state = known.changes, known.outage.state
    if not changes and state is State.BACKED_OUT:
        changes = changed_for_people(known.steps, state)
    missing = [n.left_over for n in known.left if n.kind in _ENDED and n.left_over]
    facts = replace(
        facts,
        changes=changes,
        unreviewed=known.unreviewed,
        as_before=not changes and state in _NOT_AS_PLANNED,
        left_over=extra.left_over or (missing[-1] if missing else ()),
    )
    own = group.summary
    if own is None:
        return facts
    return replace(facts, changes=own.changes, services=own.services, audiences=own.audiences)


def _desk(known: Known, facts: NoticeFacts, extra: NoticeExtra, group: Group) -> NoticeFacts:
    outage = known.outage
    services = say_list(with_the(s) for s in facts.services)
    if outage.state in CLOSED and outage.state is not State.CANCELLED:
        return _desk_after(known, facts, extra, services)
    callers = extra.callers_say or (
        f"“I cannot use {services}.”",
        *((facts.impact,) if facts.impact else ()),
    )
    answer = extra.desk_answer or (
        "It is a planned outage; people were told, and are told again when it is over."
    )
    return replace(facts, callers_say=callers, desk_answer=answer)


def _desk_after(known: Known, facts: NoticeFacts, extra: NoticeExtra, services: str) -> NoticeFacts:
    """How it ended, what callers will say of that, and what to answer."""
    outage = known.outage
    callers: tuple[str, ...] = (f"“What is different in {services} now?”",)
    again = f"“Will {services} be off-line again?”"
    if outage.state is State.BACKED_OUT:
        stays = changed_for_people(known.steps, outage.state)
        facts = replace(facts, as_before=not stays, stays_changed=stays)
        callers += (again,)
        answer = "Nothing is different: the old state was put back."
        if stays:
            answer = "What could be put back was put back; what stays changed is listed here."
        answer += " People are told beforehand when it is tried again."
    elif outage.state is State.PARTLY_DONE:
        done, open_ = _work(known)
        facts = replace(facts, done=done, left_over=extra.left_over or open_)
        callers += (again,)
        answer = "You can work as usual. Part of the work is still to do, and people are told "
        answer += "beforehand."
    else:
        asked = bool(known.changes or extra.callers_say or extra.desk_answer)
        callers = callers if asked else ()
        answer = "It was done as planned; what is listed here is meant to be so." if asked else ""
    return replace(
        facts,
        reason=as_sentence(outage.ending_note) if outage.state in _NOT_AS_PLANNED else "",
        ended_at=outage.ended_at,
        data_loss=outage.data_loss,
        check_due=None if outage.user_check else outage.user_check_due,
        checker=outage.checker,
        changes=known.changes,
        callers_say=extra.callers_say or callers,
        desk_answer=extra.desk_answer or answer,
    )


_NOT_AS_PLANNED = (State.BACKED_OUT, State.PARTLY_DONE)


def _work(known: Known) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The steps of the window that change something: those in place, and those not."""
    changing = [s for s in known.steps.known if s.phase is Phase.WINDOW and is_changing(s)]
    done = tuple(s.title for s in changing if s.state is StepState.DONE)
    return done, tuple(s.title for s in changing if s.state is not StepState.DONE)


def _monitoring(known: Known, facts: NoticeFacts, extra: NoticeExtra, group: Group) -> NoticeFacts:
    if known.outage.state in CLOSED:
        return replace(facts, ended_at=known.outage.ended_at or known.now)
    return replace(
        facts,
        suppress_from=facts.window.start_utc,
        suppress_to=facts.window.end_utc,
        suppress_cis=known.cis or facts.services,
    )


def _digest(known: Known, facts: NoticeFacts, extra: NoticeExtra, group: Group) -> NoticeFacts:
    reason = as_sentence(extra.reason or known.outage.ending_note)
    stands = as_sentence(extra.progress) or stands_now(known)
    return digest_facts(known, replace(facts, reason=reason, progress=stands))


_MORE: dict[NoticeKind, Callable[[Known, NoticeFacts, NoticeExtra, Group], NoticeFacts]] = {
    NoticeKind.EXTENDED: _extended,
    NoticeKind.DELAYED: _delayed,
    NoticeKind.PROGRESS: _progress,
    **{kind: partial(_ended, kind=kind) for kind in _ENDED},
    NoticeKind.CANCELLED: _cancelled,
    NoticeKind.RESCHEDULED: _moved,
    NoticeKind.CHANGE_SUMMARY: _summary,
    NoticeKind.SERVICE_DESK_BRIEF: _desk,
    NoticeKind.MONITORING: _monitoring,
    NoticeKind.CREW_BRIEF: lambda known, facts, _, group: crew_facts(known, facts, group),
    NoticeKind.KICK_OFF: lambda known, facts, _, group: kick_off_facts(known, facts, group),
    NoticeKind.DIGEST: _digest,
}

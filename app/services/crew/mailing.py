"""The second channel: a button in the crew brief makes a mail, which waits on the board, marked “by
mail”, until one key takes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from textwrap import shorten

from sqlmodel import col, select

from app.models.crew.links import LinkKind
from app.models.crew.mailing import MailReport, is_mark, mail_mark, report_in
from app.models.crew.taps import TapAct, act_for
from app.models.errors import BadInput, NotAllowed, Stale
from app.models.ids import StepId
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.replies import ReplyKind
from app.models.outages.lifecycle import BEFORE_START, FLYING
from app.models.runbook import SETTLED, Column, StepState, acts_for
from app.models.tables.crew import CrewLink
from app.models.tables.directory import Person
from app.models.tables.notices import Notice, Reply
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.tables.settings import Setting
from app.models.times import speak_near, speak_time, to_wall
from app.services.crew.links import KEY, standing_links
from app.services.crew.serving import links_told
from app.services.events import LiveChanged, NoticesChanged
from app.services.runbook.acting import Report, do_act
from app.services.runbook.loading import load_steps
from app.services.uow import Undo, UnitOfWork

_SAID = {
    TapAct.START: (StepState.RUNNING, StepState.CHECK, *SETTLED),
    TapAct.DONE: (StepState.CHECK, *SETTLED),
    TapAct.BLOCKED: (StepState.BLOCKED,),
}
"""A step that stands so is as the mail says: it came after somebody else said it."""
_ELSE = "If it no longer holds, sort the mail as Thanks under Communication."
_STAYS = f"The mail waits, marked “by mail”; take it again once it can be. {_ELSE}"
MOST_SAID = 80
"""Characters of a mail that a refusal repeats."""
BY_MAIL = "mail"
"""Stands as `via` beside the name of whoever wrote."""


@dataclass(frozen=True, slots=True)
class OnBoard:
    """What a brief tells one of the crew: their link, where phones reach it (else empty), and the
    secret of their reports by mail."""

    link: str
    mark: str


def told_in_brief(uow: UnitOfWork, outage_id: str) -> Mapping[str, OnBoard]:
    """A query, by the person's id; nobody while the board is off for this outage."""
    links, key = _links(uow, outage_id), _key(uow)
    if not links or key is None:
        return {}
    told = links_told(uow, outage_id)
    return {
        link.person_id: OnBoard(told.get(link.person_id, ""), mail_mark(link.nonce, key))
        for link in links
        if link.person_id
    }


def mail_reported(uow: UnitOfWork, subject: str) -> tuple[Notice, Person, MailReport] | None:
    """Of a mail that arrived: the brief it belongs to, whose secret it bears, and what it reports,
    with the link’s id in the secret’s place. None for anybody without one that stands."""
    report, key = report_in(subject), _key(uow)
    if report is None or key is None:
        return None
    for outage in uow.all(Outage, col(Outage.code) == report.outage):
        stand = standing_links(uow, outage.id)
        for link in _links(uow, outage.id):
            person = uow.find(Person, link.person_id or "")
            if link.id in stand and person is not None and is_mark(report.mark, link.nonce, key):
                brief = _last_brief(uow, outage.id)
                return (brief, person, replace(report, mark=link.id)) if brief else None
    return None


def lapsed_report(uow: UnitOfWork, subject: str) -> tuple[Notice, Person, MailReport] | None:
    """Of a mail by a button whose link was made again or revoked: what `mail_reported` gives of
    others. None for a forged secret, and once the flight is over."""
    report, key = report_in(subject), _key(uow)
    if report is None or key is None:
        return None
    flown = col(Outage.state).in_(BEFORE_START | FLYING)
    for outage in uow.all(Outage, col(Outage.code) == report.outage, flown):
        ours = (CrewLink.outage_id == outage.id, CrewLink.kind == LinkKind.CREW)
        for link in uow.session.exec(select(CrewLink).where(*ours)):
            person = uow.find(Person, link.person_id or "")
            if person is not None and is_mark(report.mark, link.nonce, key):
                brief = _last_brief(uow, outage.id)
                return (brief, person, replace(report, mark="")) if brief else None
    return None


def waiting_reports(uow: UnitOfWork, replies: Iterable[Reply]) -> list[tuple[Reply, MailReport]]:
    """Those nobody took yet."""
    return [
        (reply, report)
        for reply in replies
        if reply.kind == ReplyKind.UNSORTED
        and reply.guess == ReplyKind.REPORT
        and (report := report_in(reply.subject)) is not None
    ]


def by_mail(uow: UnitOfWork, outage_id: str) -> Mapping[str, tuple[str, str]]:
    """A query: of steps that a mail speaks of and that nobody took yet, by the step's code: the
    reply's id, and what it says (`done, K. Ito`)."""
    mine = (col(Reply.outage_id) == outage_id, col(Reply.guess) == ReplyKind.REPORT.value)
    replies = uow.all(Reply, *mine, order=(col(Reply.received_at),))
    return {
        report.step.casefold(): (reply.id, f"{report.act.value}, {reply.sender}")
        for reply, report in waiting_reports(uow, replies)
    }


def record_report(uow: UnitOfWork, reply_id: str, *, seen: int | None = None) -> Undo:
    """It is as the mail says, since it came; what was said meanwhile is only noted. Raises
    NotAllowed and BadInput as any other report of a step does, with what came and what to do;
    Stale, NotFound."""
    reply = uow.fetch(Reply, reply_id, seen)
    if reply.kind == ReplyKind.REPORT:
        raise Stale("That mail is taken already; nothing was done twice.")
    report = report_in(reply.subject) if reply.guess == ReplyKind.REPORT else None
    link = uow.find(CrewLink, report.mark) if report else None
    person = uow.find(Person, link.person_id or "") if link else None
    if report is None or link is None or person is None:
        raise NotAllowed("That mail reports no step; read it, and say what it is.")
    outage = uow.fetch(Outage, reply.outage_id)
    loaded = load_steps(uow, outage.id)
    came = _came(uow, outage, reply, person)
    row = _step(loaded.rows, report.step, outage, came)
    if row.owner_id not in (None, person.id):
        owner = uow.find(Person, row.owner_id or "")
        whose = owner.name if owner else "somebody else"
        raise NotAllowed(
            f"{came}, but {row.code} {row.title} is {whose}’s by now, so nothing was changed. Ask "
            f"{whose} how it stands. If it is {person.name}’s after all, say so on the Board, then "
            "take the mail."
        )
    if row.state not in _SAID[report.act]:
        step = loaded.step[StepId(row.id)]
        act = act_for(step, report.act)
        assert act is not None  # each of a mail's moves the step
        if act not in acts_for(step.state, begun=step.begun):
            raise NotAllowed(_too_late(outage, row, report, came, person.name))
        said, at = _words_of(reply, report), min(reply.received_at, uow.now)
        try:
            do_act(uow, outage, loaded, row, act, Report(person.name, BY_MAIL, said, at=at))
        except (NotAllowed, BadInput) as why:
            raise type(why)(
                f"{came}, which cannot be taken now. {why.sentence} {_STAYS}", **why.about
            ) from None
    for same in _sent_again(uow, reply, report):
        same.kind = ReplyKind.REPORT.value
        uow.log(f"the mail of {same.sender} reports {report.words}", same)
    uow.emit(NoticesChanged(outage.id))
    uow.emit(LiveChanged(outage.id))
    return uow.undo(f"{report.words} by mail", outage.id)


def _sent_again(uow: UnitOfWork, reply: Reply, report: MailReport) -> list[Reply]:
    """The mail, and those by which the same person said the same of the step without more words."""
    mine = (col(Reply.outage_id) == reply.outage_id, col(Reply.guess) == ReplyKind.REPORT.value)
    waiting = waiting_reports(uow, uow.all(Reply, *mine))
    twins = [row for row, said in waiting if said == report and row.text == reply.text]
    return [reply, *(row for row in twins if row.id != reply.id)]


def _words_of(reply: Reply, report: MailReport) -> str:
    text = reply.text.removeprefix(report.words).lstrip(": ")
    return text if text != "(no text)" else ""


def _came(uow: UnitOfWork, outage: Outage, reply: Reply, person: Person) -> str:
    """`K. Ito mailed “7 blocked: no key” at 19:12`: the beginning of a sentence."""
    said = shorten(reply.text, MOST_SAID, placeholder=" …")
    at = speak_near(reply.received_at, uow.now, outage.zone)
    return f"{person.name} mailed “{said}” at {at}"


def _too_late(outage: Outage, row: Step, report: MailReport, came: str, sender: str) -> str:
    """Where the step stands leaves no room for what the mail says."""
    at = row.ended_at or row.heard_at
    since = f" since {speak_time(to_wall(at, outage.zone))}" if at else ""
    said_by = f"{row.by}, via {row.via}" if row.via else row.by
    by = f" ({said_by})" if said_by else ""
    to = Column.IN_PROGRESS if row.state is StepState.DONE else Column.READY
    return (
        f"{came}, but {row.code} {row.title} is {row.state.words}{since}{by}, so nothing was "
        f"changed. Ask {sender}: if it is {report.act.value} all the same, move it to {to.words} "
        f"on the Board, then take the mail. {_ELSE}"
    )


def _step(rows: Iterable[Step], code: str, outage: Outage, came: str) -> Step:
    row = next((each for each in rows if each.code.casefold() == code.casefold()), None)
    if row is None:
        raise NotAllowed(
            f"{came}, but {outage.code} has no step {code} any more, so nothing was changed. If "
            f"it has another number now, say there how it stands. {_ELSE}"
        )
    return row


def _last_brief(uow: UnitOfWork, outage_id: str) -> Notice | None:
    found = uow.all(
        Notice,
        col(Notice.outage_id) == outage_id,
        col(Notice.kind) == NoticeKind.CREW_BRIEF,
        col(Notice.state) == NoticeState.SENT,
        order=(col(Notice.number),),
    )
    return found[-1] if found else None


def _links(uow: UnitOfWork, outage_id: str) -> list[CrewLink]:
    return uow.all(
        CrewLink,
        col(CrewLink.outage_id) == outage_id,
        col(CrewLink.kind) == LinkKind.CREW,
        col(CrewLink.revoked_at).is_(None),
    )


def _key(uow: UnitOfWork) -> bytes | None:
    row = uow.find(Setting, KEY)
    return bytes.fromhex(row.value) if row is not None else None

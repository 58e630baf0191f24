"""Write a notice: from the store's facts, the template and what a person changed, to exactly
what each reader would get, with what is wrong with it and who it goes to."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from app.models.notices.chips import source_of
from app.models.notices.facts import NoticeFacts
from app.models.notices.fields import fields
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.leadtime import Waiver
from app.models.notices.lint import Finding, blocked
from app.models.outages.debt import ANNOUNCEMENTS
from app.models.outages.lifecycle import ENDINGS
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.services.notices.audiences import Recipient
from app.services.notices.checking import findings_of, in_time_words, sending_of
from app.services.notices.chips import draft_source, runs_of
from app.services.notices.departments import heard_by
from app.services.notices.drafting import NO_DRAFT, DraftWords, words_kept
from app.services.notices.facts import NOTHING_TYPED, NoticeExtra, facts_of
from app.services.notices.forwarding import forwarded
from app.services.notices.gathering import Known, gather
from app.services.notices.recipients import Group, Hearing, says_now
from app.services.notices.rendering import Rendered, render, render_body
from app.services.notices.stored import Message, newest, outbox_of, stored_messages
from app.services.notices.template import TemplateSource, fill
from app.services.notices.templates import require_usable
from app.services.notices.typed import typed_from
from app.services.notices.when import not_now
from app.services.notices.why import said_why, under
from app.services.uow import UnitOfWork

__all__ = ["Composed", "Message", "NoticeExtra", "compose", "preview"]

FRESH = timedelta(minutes=1)
WITH_CALENDAR = frozenset({*ANNOUNCEMENTS, NoticeKind.EXTENDED, NoticeKind.CANCELLED})
"""Kinds that change what stands in people's calendars."""
OWN_WORDS = frozenset({NoticeKind.CREW_BRIEF, NoticeKind.KICK_OFF})
"""Kinds of which each reader gets a text of their own."""
NO_WORDS = TemplateSource("", "")
_NEEDLESS = re.compile(r"\\([!\"#$%&'()+,\-./:;<=>?@^{|}~])")
_LINE_START = re.compile(r"^(\s*)(#{1,6}\s|[-+]\s|\d+([.)])\s|-{3,}\s*$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a preview needs of the store, kept between keystrokes: it costs by the recipient."""

    known: Known
    heard: Hearing
    everyone: tuple[Recipient, ...]
    reach: int


@dataclass(frozen=True, slots=True)
class Composed:
    """A notice as it would leave now, or as it waits or left (`state`, `notice_id`).

    `findings` come worst first. `owed_to` is who must still hear by the debt, which may be
    nobody while `recipients` are those it would go to. `leaves_at` is when it would leave.
    `edited` is true when a person changed subject or text; `in_time` says by how much a notice
    keeps its lead time, where it does. `own_words` are the subject and the source that the
    template gives, which follow the plan. `reach` counts people as far as known; a list counts
    with the size its owner gave. `not_now` says why the flight is not where it may leave. `kept`
    is what the draft holds.
    """

    outage_id: str
    code: str
    title: str
    kind: NoticeKind
    zone: str
    messages: tuple[Message, ...]
    recipients: tuple[Recipient, ...]
    findings: tuple[Finding, ...]
    owed_to: frozenset[str]
    unreached: tuple[str, ...]
    leaves_at: datetime
    due: datetime | None = None
    last_possible: datetime | None = None
    state: NoticeState = NoticeState.DRAFT
    notice_id: str = ""
    sent_at: datetime | None = None
    sent_by: str = ""
    edited: bool = False
    extra: NoticeExtra = NOTHING_TYPED
    in_time: str = ""
    own_words: TemplateSource = NO_WORDS
    reach: int = 0
    not_now: str = ""
    kept: DraftWords = NO_DRAFT
    prepared: Prepared | None = field(default=None, compare=False, repr=False)

    @property
    def rendered(self) -> Rendered:
        """The text of one reader group, or all texts one under the other."""
        return together(self.messages)

    @property
    def subject(self) -> str:
        return self.messages[0].rendered.subject

    @property
    def text(self) -> str:
        return self.rendered.text

    @property
    def html(self) -> str:
        return self.rendered.html

    @property
    def facts(self) -> NoticeFacts | None:
        return self.messages[0].facts

    @property
    def can_be_written(self) -> bool:
        """What waits or left stands as it is."""
        return self.state is NoticeState.DRAFT

    @property
    def wants_calendar(self) -> bool:
        return self.kind in WITH_CALENDAR

    @property
    def blocked(self) -> bool:
        return blocked(self.findings)


def compose(
    uow: UnitOfWork,
    outage_id: str,
    kind: NoticeKind,
    extra: NoticeExtra = NOTHING_TYPED,
    *,
    at: datetime | None = None,
    waive: Waiver | None = None,
) -> Composed:
    """What would leave at `at` (UTC; default: when it is due, now at the earliest). A notice that
    waits is shown as it waits; one that left, and of which nobody is owed another, as it left.
    Raises NotFound; NotAllowed for a reminder whose facts are no longer those people know."""
    outage = uow.fetch(Outage, outage_id)
    known = gather(uow, outage)
    waiting = newest(uow, outage_id, kind, NoticeState.QUEUED)
    if waiting is not None:
        return _stored(uow, known, waiting)
    heard = heard_by(uow, known, kind)
    # a desk without an address is told by hand, and may be owed another brief all the same
    again = kind.internal and any(debt.notice is kind for debt in known.debts)
    if not heard.groups and not again:
        left = newest(uow, outage_id, kind, NoticeState.SENT)
        if left is not None:
            return _stored(uow, known, left)
    draft = newest(uow, outage_id, kind, NoticeState.DRAFT)
    ready = _prepared(known, heard, kind)
    return written(uow, ready, kind, _merged(extra, draft), draft, at=at, waive=waive)


def _prepared(known: Known, heard: Hearing, kind: NoticeKind) -> Prepared:
    everyone = heard.recipients
    return Prepared(known, said_why(heard, kind, known.audiences), everyone, _reach(everyone))


def _reach(everyone: tuple[Recipient, ...]) -> int:
    return sum(max(r.size, 1) for r in everyone)


def written(
    uow: UnitOfWork,
    ready: Prepared,
    kind: NoticeKind,
    extra: NoticeExtra,
    draft: Notice | None = None,
    *,
    at: datetime | None = None,
    waive: Waiver | None = None,
    template: TemplateSource | None = None,
) -> Composed:
    """Afresh from the facts, with a draft's subject and text where a person changed them."""
    known, heard = ready.known, ready.heard
    owed = next((d for d in known.debts if d.notice is kind), None)
    items = [i for i in known.plan if i.kind is kind]
    # of the brief before it and the one after, the one that is owed
    item = next((i for i in items if owed and i.moment is owed.moment), items[0] if items else None)
    # The plan's moment bounds an all-clear from behind; once it is given, people hear at once, and
    # monitoring that nothing is suppressed: the brief's own moment may come after the old window.
    at_once = (NoticeKind.ALL_CLEAR, NoticeKind.MONITORING)
    given = kind in at_once and known.outage.state in ENDINGS
    leaves_at = at or max(known.now, item.due if item and not given else known.now)
    words = template or known.template(kind)
    messages = tuple(
        _message(uow, known, words, kind, extra, group, draft, trying=template is not None)
        for group in heard.groups or (Group(()),)
    )
    sending = sending_of(known, leaves_at, waive)
    return Composed(
        outage_id=known.outage.id,
        code=known.outage.code,
        title=known.outage.title,
        kind=kind,
        zone=known.outage.zone,
        messages=messages,
        recipients=ready.everyone,
        findings=findings_of(kind, messages, sending),
        owed_to=owed.owed_to if owed else frozenset(),
        unreached=heard.unreached,
        leaves_at=leaves_at,
        due=item.due if item else owed.due if owed else None,
        last_possible=item.last_possible if item else None,
        notice_id=draft.id if draft else "",
        edited=draft is not None and bool(draft.source or draft.subject),
        extra=extra,
        in_time=in_time_words(known, kind, sending),
        own_words=_own_words(words, kind, messages[0].facts),
        reach=ready.reach,
        not_now=not_now(known.outage, kind),
        kept=words_kept(draft),
        prepared=ready,
    )


def preview(
    uow: UnitOfWork,
    outage_id: str,
    kind: NoticeKind,
    subject: str,
    body: str,
    extra: NoticeExtra = NOTHING_TYPED,
    template: TemplateSource | None = None,
    ready: Prepared | None = None,
) -> Composed:
    """A query: how it would leave with this subject and body (empty: the template's), unsaved;
    with a `template` as if that held, tried on any outage. `ready` is what was prepared for this
    notice before, used while it is fresh. Raises BadInput for a template that is not allowed."""
    if ready is None or uow.now - ready.known.now > FRESH:
        known = gather(uow, uow.fetch(Outage, outage_id))
        ready = _prepared(known, heard_by(uow, known, kind), kind)
    draft = Notice(
        organisation_id=uow.organisation_id,
        outage_id=outage_id,
        kind=kind,
        subject=subject.strip(),
        source=body.strip("\n"),
    )
    if template is not None:
        require_usable(template)
    made = written(uow, ready, kind, extra, draft, template=template)
    return replace(made, notice_id="")


def together(messages: tuple[Message, ...]) -> Rendered:
    """One text of all; with several, each under the names of those who get it."""
    first = messages[0].rendered
    if len(messages) == 1:
        return first
    said = [(_names(m.recipients), m.rendered) for m in messages]
    return Rendered(
        first.subject,
        "\n\n".join(f"To {names}:\n\n{r.text}" for names, r in said),
        "\n<hr>\n".join(f"<p><em>To {html.escape(names)}:</em></p>\n{r.html}" for names, r in said),
    )


def _names(recipients: tuple[Recipient, ...]) -> str:
    names = ", ".join(r.name for r in recipients[:3])
    more = len(recipients) - 3
    return f"{names} and {more} more" if more > 0 else names


def _merged(extra: NoticeExtra, draft: Notice | None) -> NoticeExtra:
    """What was typed before stands where nothing is given now."""
    if draft is None or not draft.note:
        return extra
    kept, nothing = typed_from(draft.note), NOTHING_TYPED
    given = {
        name: getattr(extra, name)
        for name in NoticeExtra.__dataclass_fields__
        if getattr(extra, name) != getattr(nothing, name)
    }
    return replace(kept, **given)


def _message(
    uow: UnitOfWork,
    known: Known,
    template: TemplateSource,
    kind: NoticeKind,
    extra: NoticeExtra,
    group: Group,
    draft: Notice | None,
    *,
    trying: bool,
) -> Message:
    facts = facts_of(known, kind, extra, group)
    values = fields(facts)
    rendered = render(template, facts)
    source = template.body
    if kind is NoticeKind.REMINDER and extra.note:
        source = draft_source(extra.note, values)
        rendered = render_body(rendered.subject, fill(source, values, markup=True))
    if draft is not None and kind not in OWN_WORDS and (draft.source or draft.subject):
        source = draft_source(draft.source, values) if draft.source else source
        body = fill(source, values, markup=True)
        rendered = render_body(draft.subject or rendered.subject, body)
    original = group.original if kind is NoticeKind.REMINDER else None
    if original is not None and not (trying and not says_now(known, original)):
        rendered = forwarded(uow, known, rendered, original)
    rendered = under(rendered, group.because)
    runs = runs_of(source, values)
    body = editable(fill(source, values, markup=True))
    about = group.original.id if group.original is not None else ""
    return Message(rendered, body, group.recipients, facts, source_of(runs), runs, about)


def _own_words(
    template: TemplateSource, kind: NoticeKind, facts: NoticeFacts | None
) -> TemplateSource:
    if facts is None or kind in OWN_WORDS:
        return NO_WORDS
    values = fields(facts)
    return TemplateSource(
        render(template, facts).subject, source_of(runs_of(template.body, values))
    )


def editable(body: str) -> str:
    """The filled-in body as a person edits it: escapes go where they change nothing."""
    lines = []
    for line in body.split("\n"):
        plain = _NEEDLESS.sub(r"\1", line)
        keeps = _LINE_START.match(plain) is None or _LINE_START.match(line) is not None
        lines.append(plain if keeps else line)
    plain_body = "\n".join(lines).strip("\n")
    plain_body = re.sub(r"\n{3,}", "\n\n", plain_body)
    return plain_body if render_body("", plain_body) == render_body("", body) else body


def _stored(uow: UnitOfWork, known: Known, notice: Notice) -> Composed:
    """As it waits or left. What waits is checked against the facts as they are now."""
    kind = notice.kind
    messages = stored_messages(uow, notice)
    findings: tuple[Finding, ...] = ()
    item = outbox_of(uow, notice.id)
    leaves_at = notice.sent_at or (item.not_before if item else None) or known.now
    if notice.state is NoticeState.QUEUED:
        leaves_at = max(leaves_at, known.now)
        groups = heard_by(uow, known, kind).groups
        typed = typed_from(notice.note)
        messages = tuple(
            replace(m, facts=facts_of(known, kind, typed, _group_of(m, groups))) for m in messages
        )
        sending = sending_of(known, leaves_at)
        findings = findings_of(kind, messages, sending)
    planned = next((i for i in known.plan if i.kind is kind), None)
    owed = next((d for d in known.debts if d.notice is kind), None)
    everyone = tuple({r.key: r for m in messages for r in m.recipients}.values())
    return Composed(
        outage_id=known.outage.id,
        code=known.outage.code,
        title=known.outage.title,
        kind=kind,
        zone=known.outage.zone,
        messages=messages,
        recipients=everyone,
        reach=_reach(everyone),
        findings=findings,
        owed_to=owed.owed_to if owed else frozenset(),
        unreached=(),
        leaves_at=leaves_at,
        due=planned.due if planned else None,
        last_possible=planned.last_possible if planned else None,
        state=notice.state,
        notice_id=notice.id,
        sent_at=notice.sent_at,
        sent_by=notice.sent_by,
    )


def _group_of(message: Message, groups: tuple[Group, ...]) -> Group:
    """The group now that holds the readers of a message written before."""
    keys = {r.key for r in message.recipients}
    for group in groups:
        if keys & {r.key for r in group.recipients}:
            return replace(group, recipients=message.recipients)
    return Group(message.recipients)

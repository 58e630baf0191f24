"""A notice as files: what another mail program and another calendar take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.leadtime import Waiver
from app.models.outbox import BY_FILE, ItemState, Route
from app.models.severity import Severity
from app.models.tables.directory import Person
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.services.events import OutboxChanged
from app.services.notices.allowing import nobody_words, require_no_flood
from app.services.notices.audiences import resolve
from app.services.notices.composing import WITH_CALENDAR, NoticeExtra, compose
from app.services.notices.delivery import delivery
from app.services.notices.eml import Attachment, Envelope, eml_files, stem_of
from app.services.notices.eml import Recipient as Addressee
from app.services.notices.facts import NOTHING_TYPED
from app.services.notices.files import File, leave_together
from app.services.notices.hold import calendar_for, method_in
from app.services.notices.ics import uid_of
from app.services.notices.manner import content_from, enclosed_in, prove, sender_of
from app.services.notices.rendering import Rendered, page
from app.services.notices.stored import Message, newest, outbox_of, stored_messages
from app.services.notices.typed import typed_from
from app.services.outbox.items import parts_of, require_none_outside, stop_parts
from app.services.uow import Undo, UnitOfWork
from app.services.working import UNWATCHED, Work


@dataclass(frozen=True, slots=True)
class Artefacts:
    """`eml` in batches of at most 500 recipients; `ics` where a calendar entry goes with it;
    `attached` are the files in them; `manifest` says what is in the files and whom they are for.
    `nobody`: why there is no mail, where it goes to nobody."""

    kind: NoticeKind
    subject: str
    text: str
    html: str
    eml: tuple[File, ...]
    ics: tuple[str, bytes] | None
    manifest: Mapping[str, object]
    stem: str
    nobody: str = ""
    attached: tuple[File, ...] = ()
    preflight: tuple[str, ...] = ()
    """What it comes to before it leaves, in sentences."""
    marked: Undo | None = None
    """Takes back that what waits counts as exported: for files that were not written."""

    @property
    def text_file(self) -> bytes:
        """The plain text as a file of lines, the last one ended, too."""
        return f"{self.text.rstrip()}\n".encode()

    def write_to(self, folder: Path, work: Work = UNWATCHED) -> tuple[Path, ...]:
        """All of it, in `folder` itself, which is made and is for this notice alone. Raises
        BadInput, StoreTrouble, NotFound (a file that was to go with it), Stopped; then the folder
        is as it was. Call it off the database and the GUI thread."""
        shown = page(Rendered(self.subject, self.text, self.html)).encode()
        files: list[File] = [(f"{self.stem}.txt", self.text_file), (f"{self.stem}.html", shown)]
        files += self.eml
        if self.ics is not None:
            files.append(self.ics)
        taken = {name for name, _ in files}
        files += [(name, content) for name, content in self.attached if name not in taken]
        return leave_together(folder, files, self.manifest, work)


def export(
    uow: UnitOfWork,
    outage_id: str,
    kind: NoticeKind,
    extra: NoticeExtra = NOTHING_TYPED,
    *,
    waive: Waiver | None = None,
    work: Work = UNWATCHED,
) -> Artefacts:
    """What waits, or what would leave now; a kind of which nobody is owed another, as it left.
    What waits in the outbox is marked as exported (as a query nothing is marked): it is not sent
    until a person says so. Raises NotAllowed naming a blocking check, or that a part of it may
    have left; NotFound or StoreTrouble for a file that was to go with it; Stopped."""
    work.at()
    composed = compose(uow, outage_id, kind, extra, waive=waive)
    if composed.state is NoticeState.DRAFT and composed.blocked:
        first = next(f for f in composed.findings if f.severity is Severity.BLOCK)
        raise NotAllowed(f"“{kind.words}” is no file yet: {first.sentence}", rule=first.rule)
    work.at()
    if composed.state is NoticeState.DRAFT:
        require_no_flood(composed)
    outage = uow.fetch(Outage, outage_id)
    waiting = newest(uow, outage_id, kind, NoticeState.QUEUED)
    notice = uow.fetch(Notice, composed.notice_id) if composed.notice_id else None
    kept = outbox_of(uow, composed.notice_id) if composed.notice_id else None
    extra = composed.extra
    if notice is not None and not composed.can_be_written:
        extra = typed_from(notice.note)
    number = notice.number if notice is not None else 1
    made = _artefacts(
        uow, outage, kind, number, composed.messages, composed.text, composed.html, kept, extra
    )
    work.at()
    coming = delivery(uow, composed)
    manifest = {**made.manifest, "delivery": coming.as_json()}
    manifest["not_now"] = composed.not_now if composed.can_be_written else ""
    said = coming.sentences if made.eml and composed.state is not NoticeState.SENT else ()
    if said and composed.can_be_written and composed.not_now:
        said = (f"Not to be sent as things stand: {composed.not_now}", *said)
    made = replace(made, manifest=manifest, preflight=said)
    item = outbox_of(uow, waiting.id) if waiting is not None else None
    if item is not None and item.state is not ItemState.EXPORTED:
        require_none_outside(uow, item)
        stop_parts(parts_of(uow, item.id))
        item.state, item.sender = ItemState.EXPORTED, BY_FILE
        item.route = Route.FILE
        item.attempts += 1
        uow.emit(OutboxChanged(item.outage_id))
        uow.log(f"{kind.words} saved as {len(made.eml)} mail file(s); not sent yet", item)
        made = replace(made, marked=uow.undo("saving it as files", outage_id))
    return replace(made, nobody=nobody_words(composed))


def export_sent(uow: UnitOfWork, notice_id: str) -> Artefacts:
    """A query: the files of one notice as it waits or left."""
    notice = uow.fetch(Notice, notice_id)
    outage = uow.fetch(Outage, notice.outage_id)
    messages = stored_messages(uow, notice)
    item = outbox_of(uow, notice.id)
    return _artefacts(
        uow, outage, notice.kind, notice.number, messages, notice.text, notice.html, item,
        typed_from(notice.note),
    )  # fmt: skip


def calendar_hold(
    uow: UnitOfWork, outage_id: str, kind: NoticeKind, notice_id: str = ""
) -> tuple[str, bytes]:
    """A query: the calendar entry alone, named and written; of a notice that waits or left, as it
    goes with that."""
    outage = uow.fetch(Outage, outage_id)
    item = outbox_of(uow, notice_id) if notice_id else None
    told = () if item is not None else resolve(uow, outage).recipients
    return f"{outage.code}.ics", calendar_for(uow, outage, kind, item, told)[0]


def _artefacts(
    uow: UnitOfWork,
    outage: Outage,
    kind: NoticeKind,
    number: int,
    messages: tuple[Message, ...],
    text: str,
    html: str,
    item: OutboxItem | None,
    extra: NoticeExtra,
) -> Artefacts:
    stem = stem_of(outage.code, kind, number)
    attachments: list[Attachment] = []
    calendar, sequence = None, 0
    told = tuple({r.key: r for m in messages for r in m.recipients}.values())
    if kind in WITH_CALENDAR:
        content, sequence = calendar_for(uow, outage, kind, item, told)
        calendar = (f"{stem}.ics", content)
        attachments.append(Attachment("outage.ics", content, method_in(content)))
    enclosed = enclosed_in(extra)
    prove(uow, enclosed)
    added = [(each.kept.name, partial(content_from, uow.folder, each)) for each in enclosed]
    attachments += [
        Attachment(name, content, media=each.media)
        for each, (name, content) in zip(enclosed, added, strict=True)
    ]
    sender = uow.find(Person, outage.coordinator_id) if outage.coordinator_id else None
    mails: list[File] = []
    counts: list[dict[str, object]] = []
    for place, message in enumerate(messages, 1):
        own = f"{stem}-{place}" if len(messages) > 1 else stem
        envelope = replace(
            _envelope(message, sender),
            sender=sender_of(uow, outage, extra),
            reply_to=Addressee(extra.reply_to) if extra.reply_to else None,
        )
        for file in eml_files(message.rendered, envelope, own, *attachments):
            mails.append((file.filename, file.content))  # put together when it is written
            counts.append({"file": file.filename, "recipients": file.recipients})
    if not any(m.recipients for m in messages) and kind.to_people:
        mails, counts = [], []
    manifest = {
        "outage": outage.code,
        "notice": kind.value,
        "number": number,
        "subject": messages[0].rendered.subject,
        "mails": counts,
        "calendar": {
            "file": calendar[0],
            "method": method_in(calendar[1]),
            "uid": uid_of(outage.id),
            "sequence": sequence,
        }
        if calendar
        else None,
        "send_as": extra.send_as,
        "reply_to": extra.reply_to,
        "attachments": [name for name, _ in added],
        "recipients": [
            {"name": r.name, "email": r.email, "list": r.is_list, "why": r.why}
            for m in messages
            for r in m.recipients
        ],
    }
    return Artefacts(
        kind,
        messages[0].rendered.subject,
        text,
        html,
        tuple(mails),
        calendar,
        manifest,
        stem,
        attached=tuple(added),
    )


def _envelope(message: Message, sender: Person | None) -> Envelope:
    """One reader, or one list, stands in To; of several nobody sees the others."""
    addressed: Sequence[Addressee] = [
        Addressee(r.email, "" if r.name == r.email else r.name)
        for r in message.recipients
        if r.email
    ]
    if len(addressed) <= 1:
        return Envelope(to=tuple(addressed))
    to = (Addressee(sender.email, sender.name),) if sender is not None and sender.email else ()
    return Envelope(to=to, bcc=tuple(addressed))

"""How one notice is sent: as whom, where answers go, how to object, which files go with it.

Kept with the draft beside what was typed. The files themselves lie beside the store under their
hashes, as those of evidence do, so that backups and the second folder have them.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.models.account import Profile
from app.models.changes_evidence import Kept, kept_named
from app.models.directory.facts import is_mail_address
from app.models.errors import BadInput, NotAllowed
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.wording import capital, clean_line, clean_text
from app.models.outbox import Route
from app.models.tables.directory import Person
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.services.account.settings import account_settings
from app.services.changes_evidence import evidence_file, keep_evidence_file
from app.services.database import organisation
from app.services.events import NoticesChanged
from app.services.notices.allowing import require_none_waiting
from app.services.notices.eml import Recipient as Addressee
from app.services.notices.facts import MANNER, NOTHING_TYPED, NoticeExtra
from app.services.notices.stored import newest
from app.services.notices.typed import typed_from, typed_to
from app.services.ports.mail import File
from app.services.uow import Undo, UnitOfWork

ME = "me"
MOST_BYTES = 20_000_000
"""Of all files together: with what mail adds, most mailboxes take no more."""
BIG_BYTES = 3_000_000
BIG_TRAFFIC = 1_000_000_000
MB = 1_000_000
_BLOCKED = frozenset(
    [
        "exe",
        "com",
        "bat",
        "cmd",
        "msi",
        "js",
        "jse",
        "vbs",
        "vbe",
        "wsf",
        "ps1",
        "scr",
        "hta",
        "jar",
        "lnk",
        "reg",
        "iso",
        "img",
        "app",
    ]
)
"""Endings that Outlook keeps from its readers."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that goes with a notice."""

    kept: Kept
    size: int

    @property
    def token(self) -> str:
        return f"{self.kept.file_name}|{self.size}"

    @property
    def words(self) -> str:
        return f"{self.kept.name}, {_bytes(self.size)}"

    @property
    def media(self) -> str:
        return mimetypes.guess_type(self.kept.name)[0] or "application/octet-stream"


def enclosed_in(extra: NoticeExtra) -> tuple[Enclosed, ...]:
    return enclosed_from(extra.files)


def enclosed_from(tokens: Iterable[str]) -> tuple[Enclosed, ...]:
    found = []
    for token in tokens:
        name, _, size = token.rpartition("|")
        kept = kept_named(name)
        if kept is not None and size.isdigit():
            found.append(Enclosed(kept, int(size)))
    return tuple(found)


def enclose(folder: Path, path: Path) -> Enclosed:
    """Takes a copy of a file over into the data folder. Call it off the database thread. Raises
    BadInput, StoreTrouble."""
    try:
        size = path.stat().st_size
    except OSError as trouble:
        raise BadInput(f"{path.name} cannot be read ({trouble.strerror}).") from None
    if size > MOST_BYTES:
        raise BadInput(
            f"{path.name} has {_bytes(size)}; mailboxes take no more than {_bytes(MOST_BYTES)}. "
            "Put it where people can fetch it, and write the link into the notice."
        )
    return Enclosed(keep_evidence_file(folder, path), size)


def manner_words(extra: NoticeExtra) -> str:
    """What was chosen, in few words; empty where nothing was."""
    said = []
    if extra.send_as:
        said.append("sent as you" if extra.send_as == ME else f"sent as {extra.send_as}")
    if extra.reply_to:
        said.append(f"answers to {extra.reply_to}")
    if extra.objection_route:
        said.append(f"objections: {extra.objection_route}")
    files = enclosed_in(extra)
    said += [each.words for each in files[:3]]
    if len(files) > 3:
        said.append(f"{len(files) - 3} more files")
    return capital(" · ".join(said))


def size_words(files: Sequence[Enclosed], reach: int) -> tuple[str, ...]:
    """What is to be said of their size and sort before they go to so many."""
    total = sum(each.size for each in files)
    said = []
    if total > BIG_BYTES or total * reach > BIG_TRAFFIC:
        to_all = f", {_bytes(total * reach)} to all {reach:,}" if reach > 1 else ""
        said.append(
            f"The files come to {_bytes(total)} a message{to_all}. A link into a shared folder is "
            "kinder to mailboxes and telephones."
        )
    for each in files:
        ending = each.kept.name.rpartition(".")[2].casefold()
        if ending in _BLOCKED:
            said.append(f"Outlook keeps .{ending} files from its readers: {each.kept.name}.")
    return tuple(said)


def set_manner(
    uow: UnitOfWork,
    outage_id: str,
    kind: NoticeKind,
    *,
    send_as: str = "",
    reply_to: str = "",
    objection_route: str = "",
    files: Sequence[Enclosed] = (),
) -> Undo:
    """All of it at once, kept with the draft; empty is as the console knows. `send_as` is an
    address, or ME. Raises BadInput naming what is wrong (`about["field"]`), NotAllowed while one
    waits to leave."""
    outage = uow.fetch(Outage, outage_id)
    require_none_waiting(uow, outage_id, kind)
    require_manner(send_as, reply_to, files)
    draft = newest(uow, outage_id, kind, NoticeState.DRAFT)
    if draft is None:
        rows = uow.all(Notice, Notice.outage_id == outage.id, Notice.kind == kind)
        number = max((row.number for row in rows), default=0) + 1
        draft = Notice(
            organisation_id=uow.organisation_id, outage_id=outage_id, kind=kind, number=number
        )
    manner = NoticeExtra(
        send_as=clean_line(send_as),
        reply_to=clean_line(reply_to),
        objection_route=clean_text(objection_route).strip(),
        files=tuple(dict.fromkeys(each.token for each in files)),
    )
    draft.note = typed_to(with_manner(typed_from(draft.note), manner))
    uow.add(draft)
    uow.log(f"set how the {kind.words.lower()} is sent", draft, kind="draft")
    uow.emit(NoticesChanged(outage_id))
    return uow.undo(f"how the {kind.words.lower()} is sent", outage_id)


def require_manner(send_as: str, reply_to: str, files: Sequence[Enclosed]) -> None:
    """Raises BadInput naming what is wrong (`about["field"]`)."""
    for field, typed in (("send_as", send_as), ("reply_to", reply_to)):
        said = clean_line(typed)
        if said and said != ME and (len(said) > 254 or not is_mail_address(said)):
            raise BadInput(f"“{said[:60]}” is no mail address; nothing was changed.", field=field)
    total = sum(each.size for each in files)
    if total > MOST_BYTES:
        raise BadInput(
            f"The files come to {_bytes(total)}; mailboxes take no more than "
            f"{_bytes(MOST_BYTES)}. Nothing was changed.",
            field="files",
        )


def with_manner(extra: NoticeExtra, manner: NoticeExtra) -> NoticeExtra:
    """What was typed, sent in that manner."""
    return replace(extra, **{name: getattr(manner, name) for name in MANNER})


def manner_of(extra: NoticeExtra) -> NoticeExtra:
    return with_manner(NOTHING_TYPED, extra)


def require_mailbox(uow: UnitOfWork, extra: NoticeExtra, route: Route) -> None:
    """The console sends from the mailboxes it reads answers in. Raises NotAllowed."""
    account = account_settings(uow)
    known = ("", ME, account.shared_mailbox.casefold())
    if route is Route.FILE or account.profile is Profile.NONE:
        return
    if extra.send_as.casefold() not in known:
        shared = f" or as {account.shared_mailbox}" if account.shared_mailbox else ""
        raise NotAllowed(
            f"The console sends as you{shared}, not as {extra.send_as}: answers there would be "
            "read by nobody here. Choose another sender, set that mailbox in Settings → Account, "
            "or save the .eml."
        )


def manner_in(extra: NoticeExtra) -> dict[str, object]:
    """What the outbox needs of it, for the payload of an item; nothing where nothing was set."""
    set_here = {"send_as": extra.send_as, "reply_to": extra.reply_to, "files": list(extra.files)}
    return {name: value for name, value in set_here.items() if value}


def mailbox_of(send_as: object, shared: str) -> str:
    """From which mailbox it leaves; empty: the person’s own."""
    return "" if send_as == ME else shared


def sender_of(uow: UnitOfWork, outage: Outage, extra: NoticeExtra) -> Addressee | None:
    """Who stands as the sender of a mail file; None: whoever sends it."""
    if not extra.send_as:
        return None
    if extra.send_as != ME:
        return Addressee(extra.send_as, organisation(uow).name)
    me = uow.find(Person, uow.actor.person_id or outage.coordinator_id or "")
    return Addressee(me.email, me.name) if me is not None and me.email else None


def prove(uow: UnitOfWork, files: Sequence[Enclosed]) -> None:
    """Each is there and as it was added. Raises NotFound, StoreTrouble."""
    for each in files:
        evidence_file(uow.folder, each.kept)


def content_from(folder: Path, enclosed: Enclosed) -> bytes:
    """Proven to be what was added. Call it off the database thread. Raises as `prove`."""
    return evidence_file(folder, enclosed.kept).read_bytes()


def files_of(uow: UnitOfWork, files: Sequence[Enclosed]) -> tuple[File, ...]:
    """With their contents. Raises as `prove`."""
    return tuple(File(each.kept.name, each.media, content_from(uow.folder, each)) for each in files)


def _bytes(count: int) -> str:
    for unit, size in (("GB", 1_000 * MB), ("MB", MB), ("kB", 1_000)):
        if count >= size:
            said = f"{count / size:.1f}".removesuffix(".0")
            return f"{said} {unit}"
    return f"{count} bytes"

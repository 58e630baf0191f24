"""A notice as `.eml` files, which classic Outlook opens as editable drafts (`X-Unsent: 1`).

The new Outlook and Outlook on the web may show them read-only; the text then goes by copy.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import quote
from functools import cached_property, partial

from app.models.errors import BadInput
from app.models.notices.addresses import address_key, ascii_domain
from app.models.notices.kinds import NoticeKind
from app.models.notices.wording import clean_line
from app.services.notices.files import Content, content_of
from app.services.notices.rendering import Rendered, page

BATCH = 500  # recipients of one message, which Exchange Online's default limit for a message
_UNSAFE = re.compile(r"[^\w.-]+")
_SPECIAL = re.compile(r"[][\\()<>@,:;\".]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Recipient:
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who gets it. `to` is what everybody sees (a list, or the sender's own address) and stands
    in every batch; `bcc` are split, so that nobody sees the others."""

    to: tuple[Recipient, ...] = ()
    bcc: tuple[Recipient, ...] = ()
    sender: Recipient | None = None
    reply_to: Recipient | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to go with the mail; of an `.ics` file `method` is its METHOD."""

    filename: str
    content: Content
    method: str = ""
    media: str = "text/calendar"


class Body:
    """What all the batches of a notice share, made when the first of them is written."""

    def __init__(self, make: Callable[[], bytes]) -> None:
        self._make = make

    @cached_property
    def content(self) -> bytes:
        return self._make()


@dataclass(frozen=True, slots=True)
class EmlFile:
    """`recipients` are those told by it: the sender's own address above hidden ones is none."""

    filename: str
    people: bytes
    body: Body
    recipients: int

    def content(self) -> bytes:
        """The whole file, put together anew each time. Raises what reading an attachment does."""
        return self.people + self.body.content


def eml_files(
    rendered: Rendered,
    envelope: Envelope,
    stem: str,
    *attachments: Attachment,
) -> tuple[EmlFile, ...]:
    """One file a batch of at most BATCH recipients, named `stem.eml` or `stem-2of3.eml`. Date and
    Message-ID are left out, and From where no sender was chosen: Outlook writes its own when the
    draft is sent. The same
    notice gives the same bytes. Raises BadInput for an address that cannot be written."""
    batches = list(_batches(envelope))
    body = Body(partial(_without_people, rendered, attachments, _safe(stem)))
    told = {address_key(r.email) for r in envelope.bcc or envelope.to}
    made = []
    for number, batch in enumerate(batches, 1):
        tail = f"-{number}of{len(batches)}" if len(batches) > 1 else ""
        name = f"{_safe(stem)}{tail}.eml"
        seen = [r for r in batch.to if number == 1 and address_key(r.email) in told]
        made.append(EmlFile(name, _people(batch), body, len(seen) + len(batch.bcc)))
    return tuple(made)


def stem_of(code: str, kind: NoticeKind, number: int = 1) -> str:
    """`OUT-2025-004-planned-1`: the same for the same notice, so that a file is replaced."""
    return _safe(f"{code}-{kind.value.replace('_', '-')}-{number}")


def address(recipient: Recipient) -> Address:
    """The domain of an internationalised address in ASCII, its local part as written. Raises
    BadInput."""
    email = recipient.email.strip()
    local, at, domain = email.rpartition("@")
    if clean_line(email) != email or not (local and at and domain) or " " in email:
        raise BadInput(f"“{clean_line(email)}” is not a mail address; correct it in the directory.")
    try:
        return Address(clean_line(recipient.name), username=local, domain=ascii_domain(domain))
    except (UnicodeError, ValueError, IndexError) as trouble:
        raise BadInput(
            f"“{email}” is not a mail address we can write; correct it in the directory."
        ) from trouble


def _batches(envelope: Envelope) -> Iterator[Envelope]:
    to, bcc = _once(envelope.to), _once(envelope.bcc)
    if len(to) > BATCH:
        raise BadInput(f"{len(to)} recipients stand in To, at most {BATCH} fit; put them into Bcc.")
    seen = {address_key(r.email) for r in to}
    hidden = [r for r in bcc if address_key(r.email) not in seen]
    room = max(BATCH - len(to), 1)
    yield replace(envelope, to=to, bcc=tuple(hidden[:room]))
    for start in range(room, len(hidden), room):
        yield replace(envelope, to=to, bcc=tuple(hidden[start : start + room]))


def _once(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    return tuple({address_key(r.email): r for r in reversed(list(recipients))}.values())[::-1]


def _people(envelope: Envelope) -> bytes:
    """The headers that name somebody. Each stands on a line of its own: the library folds 500
    addresses in a fifth of a second, and there may be 50 messages."""
    named = (
        ("From", (envelope.sender,) if envelope.sender is not None else ()),
        ("Reply-To", (envelope.reply_to,) if envelope.reply_to is not None else ()),
        ("To", envelope.to),
        ("Bcc", envelope.bcc),
    )
    known = [(header, [address(r) for r in people]) for header, people in named if people]
    wide = any(not a.username.isascii() for _, people in known for a in people)
    lines = [
        f"{header}: " + ",\r\n ".join(_written(a, wide=wide) for a in people) + "\r\n"
        for header, people in known
    ]
    return "".join(lines).encode()


def _written(one: Address, *, wide: bool) -> str:
    """As it stands in a header; `wide`: in UTF-8 (RFC 6532), which only a local part beyond ASCII
    asks for, else names in encoded words (RFC 2047)."""
    name = one.display_name
    if not name:
        return one.addr_spec
    if name.isascii() or wide:
        said = f'"{quote(name)}"' if _SPECIAL.search(name) else name
    else:
        said = Header(name, "utf-8", maxlinelen=70).encode(linesep="\r\n")
    return f"{said} <{one.addr_spec}>"


def _without_people(rendered: Rendered, attachments: tuple[Attachment, ...], seed: str) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    message["Subject"] = clean_line(rendered.subject)
    message.set_content(rendered.text + "\n", cte="quoted-printable")
    message.add_alternative(page(rendered), subtype="html", cte="quoted-printable")
    for each in attachments:
        maintype, _, subtype = each.media.partition("/")
        params = {"method": each.method, "charset": "utf-8"} if each.method else {}
        message.add_attachment(
            content_of(each.content),
            maintype=maintype,
            subtype=subtype,
            filename=clean_line(each.filename),
            params=params,
        )
    for number, part in enumerate(p for p in message.walk() if p.is_multipart()):
        part.set_boundary(f"=_{seed}_{number}")
    # Python folds a subject of 70 to 77 characters before its first word
    return message.as_bytes().replace(b"\r\nSubject:\r\n ", b"\r\nSubject: ", 1)


def _safe(stem: str) -> str:
    """A file name every system takes."""
    kept = _UNSAFE.sub("-", stem).strip("-.")[:100] or "notice"
    return f"_{kept}" if _RESERVED.fullmatch(kept) else kept

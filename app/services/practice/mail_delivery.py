"""What happens between 202 and the mailboxes: Sent Items, inboxes, bounces, automatic replies."""

from __future__ import annotations

import html
from copy import deepcopy
from email.utils import format_datetime
from typing import TYPE_CHECKING

from app.services.practice.ground import moment, stamp
from app.services.practice.mail_box import Box, Message
from app.services.practice.mail_shape import (
    address_of,
    addressed,
    as_document,
    inner_html,
    preview,
    recipients,
)
from app.services.practice.people import User
from app.services.practice.state import Json

if TYPE_CHECKING:
    from app.services.practice.mail import PostOffice

SUPPRESS = "X-Auto-Response-Suppress"


def deliver(post: PostOffice, box: Box, message: Message) -> None:
    """Into Sent Items with a new id, into every practice mailbox it is addressed to, and back
    as one bounce for all that cannot be delivered."""
    now = post.ground.now()
    message.submitted = False
    message.data.update(isDraft=False, sentDateTime=stamp(now), receivedDateTime=stamp(now))
    message.headers = transport_headers(message)
    everybody = recipients(message.data)
    files = [box.files[each] for each in message.files]
    copy = deepcopy(message.data)
    if message.keep_copy:
        stays = post.ground.switches.id_stays_on_send
        box.move(message, box.well_known("sentitems"), same_immutable=stays)
    else:
        box.drop(message)
    copy["bccRecipients"] = []
    lost = []
    for recipient in everybody:
        address = address_of(recipient)
        if post.ground.switches.bounces(address):
            lost.append(address)
        elif (reader := post.people.find(address)) is not None:
            arrived = arrive(post, reader, copy, message, files)
            _answer_automatically(post, reader, arrived, box.owner)
    if lost:
        _bounce(post, box.owner, message, lost)


def arrive(post: PostOffice, reader: User, data: Json, sent: Message, files: list[Json]) -> Message:
    """A copy in the inbox of `reader`: ids of its own, no Bcc, no extended properties."""
    box = post.box(reader)
    known = [each for ref in sent.references for each in box.having("internetMessageId", ref)]
    message = post.compose(reader, {}, thread=known[-1].thread if known else sent.thread)
    names = {each: message.data[each] for each in ("conversationId", "conversationIndex")}
    message.data.update(deepcopy(data))
    message.data.update(names, isRead=False, categories=[], isDraft=False)
    message.data["flag"] = {"flagStatus": "notFlagged"}
    message.headers = [dict(each) for each in sent.headers]
    message.references = list(sent.references)
    message.folder = box.well_known("inbox")
    for file in files:
        box.put_file(message, dict(file))
    box.put(message)
    return message


def transport_headers(message: Message) -> list[dict[str, str]]:
    data = message.data
    sent = moment(data["sentDateTime"])
    lines = [
        ("Date", format_datetime(sent)),
        ("From", _written(data["from"])),
        ("To", ", ".join(_written(each) for each in data["toRecipients"])),
        ("Cc", ", ".join(_written(each) for each in data["ccRecipients"])),
        ("Subject", str(data["subject"])),
        ("Message-ID", message.internet_id),
        ("In-Reply-To", message.references[-1] if message.references else ""),
        ("References", " ".join(message.references)),
    ]
    own = [dict(each) for each in message.headers]
    return [{"name": name, "value": value} for name, value in lines if value] + own


def from_outside(
    post: PostOffice,
    reader: User,
    sender: Json,
    subject: str,
    inner: str,
    *,
    about: Message | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> Message:
    """A message nobody's mailbox here sent; `about` is what it answers."""
    message = post.compose(reader, {}, thread=about.thread if about else "")
    now = stamp(post.ground.now())
    body = {"contentType": "html", "content": as_document(inner)}
    message.data.update(
        subject=subject,
        body=body,
        bodyPreview=preview(body),
        sender=sender,
        toRecipients=[addressed(reader.email, reader.name)],
        sentDateTime=now,
        receivedDateTime=now,
        isDraft=False,
        isRead=False,
    )
    message.data["from"] = sender
    domain = address_of(sender).rpartition("@")[2] or "outside.example"
    message.data["internetMessageId"] = f"<{post.ground.guid().upper()}@{domain}>"
    if about is not None:
        message.references = [*about.references, about.internet_id]
    message.headers = [{"name": name, "value": value} for name, value in headers]
    message.headers = transport_headers(message)
    box = post.box(reader)
    message.folder = box.well_known("inbox")
    box.put(message)
    return message


def _bounce(post: PostOffice, owner: User, message: Message, lost: list[str]) -> None:
    domain = owner.email.rpartition("@")[2]
    postmaster = f"MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@{domain}"
    sections = "".join(
        f'<p><a href="mailto:{html.escape(each)}">{html.escape(each)}</a><br>'
        "The email address you entered couldn't be found. Please check the recipient's email "
        "address and try to resend the message.<br>Remote server returned '550 5.1.10 "
        "RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup'</p>"
        for each in lost
    )
    from_outside(
        post,
        owner,
        addressed(postmaster, "Microsoft Outlook"),
        f"Undeliverable: {message.data['subject']}",
        f"<p><b>Delivery has failed to these recipients or groups:</b></p>{sections}",
        about=message,
        headers=(
            ("Content-Type", "multipart/report; report-type=delivery-status"),
            ("Auto-Submitted", "auto-replied"),
            ("X-MS-Exchange-Message-Is-Ndr", ""),
            (SUPPRESS, "All"),
        ),
    )


def _written(recipient: Json) -> str:
    inner = recipient["emailAddress"]
    name, address = str(inner.get("name") or ""), str(inner.get("address") or "")
    return f"{name} <{address}>" if name and name != address else address


def _answer_automatically(post: PostOffice, reader: User, message: Message, sender: User) -> None:
    box = post.box(reader)
    to = address_of(message.data["from"]).casefold()
    headers = {each["name"].casefold(): each["value"] for each in message.headers}
    suppressed = headers.get(SUPPRESS.casefold(), "").casefold()
    automatic = headers.get("auto-submitted", "no").casefold() != "no"
    if not reader.automatic_reply or to in box.answered or automatic or reader is sender:
        return
    if "all" in suppressed or "oof" in suppressed:
        return
    box.answered.add(to)
    box.keep_self()
    automatic_reply(post, sender, message, reader.email, reader.name, reader.automatic_reply)


def automatic_reply(
    post: PostOffice, to: User, about: Message, email: str, name: str, text: str
) -> Message:
    """An out-of-office answer to `about`, in the inbox of `to`."""
    return from_outside(
        post,
        to,
        addressed(email, name),
        f"Automatic reply: {about.data['subject']}",
        f"<p>{html.escape(text)}</p>",
        about=_as_known(post, to, about),
        headers=(("Auto-Submitted", "auto-replied"), (SUPPRESS, "All")),
    )


def _as_known(post: PostOffice, to: User, about: Message) -> Message:
    """The same message as `to` has it, for the conversation to be the same."""
    known = post.box(to).having("internetMessageId", about.internet_id)
    return known[-1] if known else about


def answer(post: PostOffice, to: User, about: Message, email: str, name: str, text: str) -> Message:
    """Somebody at `email` answers `about`, quoting it."""
    from app.services.practice.mail_replies import quoted

    known = _as_known(post, to, about)
    subject = str(known.data["subject"])
    return from_outside(
        post,
        to,
        addressed(email, name or email),
        subject if subject[:3].casefold() == "re:" else f"RE: {subject}",
        f"<p>{html.escape(text)}</p>{quoted(known)}",
        about=known,
    )


def put_on_top(draft: Message, text: str) -> None:
    """Words above what the draft quotes."""
    words = f"<p>{html.escape(text)}</p>"
    body = {"contentType": "html", "content": as_document(words + inner_html(draft.data["body"]))}
    draft.data.update(body=body, bodyPreview=preview(body))

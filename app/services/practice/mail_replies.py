"""Replies and forwards: drafts with the original quoted, its conversation and its files kept."""

from __future__ import annotations

import html
from datetime import datetime
from typing import TYPE_CHECKING

from app.services.practice.errors import bad
from app.services.practice.ground import moment
from app.services.practice.mail_box import Message
from app.services.practice.mail_shape import address_of, as_document, inner_html, preview
from app.services.practice.people import User
from app.services.practice.state import Json

if TYPE_CHECKING:
    from app.services.practice.mail import PostOffice

FORWARD, REPLY, REPLY_ALL = "createForward", "createReply", "createReplyAll"


def quoted(original: Message) -> str:
    """The block Outlook puts below an answer."""
    data = original.data
    to = "; ".join(_shown(each) for each in data["toRecipients"])
    sent: datetime = moment(data["sentDateTime"])
    lines = [
        f"<b>From:</b> {_shown(data['from'])}",
        f"<b>Sent:</b> {sent:%A, %B} {sent.day}, {sent:%Y %H:%M}",
        f"<b>To:</b> {to}",
        f"<b>Subject:</b> {html.escape(str(data['subject']))}",
    ]
    return (
        '<hr tabindex="-1" style="display:inline-block; width:98%">'
        f'<div id="divRplyFwdMsg" dir="ltr">{"<br>".join(lines)}</div>'
        f"<div>{inner_html(data['body'])}</div>"
    )


def derived(
    post: PostOffice, owner: User, original: Message, kind: str, parameters: Json
) -> Message:
    """The draft of a reply or forward. `comment` does not reach its body (a known issue of
    Graph's): the body is patched afterwards, with the quoted part kept. Raises Refusal 400."""
    values = dict(parameters.get("message") or {})
    body = values.pop("body", None)
    if body is not None and parameters.get("comment"):
        raise bad("ErrorInvalidRequest", "Specify either the comment or the body, not both.")
    to = parameters.get("toRecipients")
    if to and values.get("toRecipients"):
        raise bad(
            "ErrorInvalidRequest", "Specify either ToRecipients or message.toRecipients, not both."
        )
    if to:
        values["toRecipients"] = to
    subject = str(original.data["subject"])
    mark = "FW:" if kind == FORWARD else "RE:"
    plain = subject[3:].lstrip() if subject[:3].casefold() in ("re:", "fw:") else subject
    values.setdefault("subject", f"{mark} {plain}")
    if kind != FORWARD:
        _address(owner, original, kind, values)
    draft = post.draft(owner, values, thread=original.thread)
    draft.references = [*original.references, original.internet_id]
    if body is None:
        body = {"contentType": "html", "content": as_document(quoted(original))}
    draft.data["body"] = body
    draft.data["bodyPreview"] = preview(body)
    box = post.box(owner)
    if kind == FORWARD:
        for key in original.files:
            box.put_file(draft, dict(box.files[key]))
        draft.data["hasAttachments"] = original.data["hasAttachments"]
    box.put(draft)
    return draft


def _address(owner: User, original: Message, kind: str, values: Json) -> None:
    data = original.data
    first = data["replyTo"] or [data["from"]]
    if address_of(data["from"]).casefold() == owner.email.casefold():
        first = data["toRecipients"]  # one's own message is answered to whom it went to
    values.setdefault("toRecipients", first)
    if kind == REPLY_ALL:
        taken = {address_of(each).casefold() for each in values["toRecipients"]}
        taken.add(owner.email.casefold())
        rest = [*data["toRecipients"], *data["ccRecipients"]]
        others = [each for each in rest if address_of(each).casefold() not in taken]
        values.setdefault("ccRecipients", others)


def _shown(recipient: Json) -> str:
    inner = recipient["emailAddress"]
    address = str(inner.get("address") or "")
    name = str(inner.get("name") or "")
    text = f"{name} <{address}>" if name and name != address else address
    return html.escape(text)

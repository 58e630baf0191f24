"""A message of ours as Graph's JSON."""

from __future__ import annotations

import re

from app.services.graph.answers import Json
from app.services.graph.keys import KEY_HEADER, KEY_PROPERTY
from app.services.graph.times import stamp
from app.services.ports.mail import Address, Outgoing

_DEFERRED = ("SystemTime 0x3FEF", "SystemTime 0x000F")
"""PidTagDeferredSendTime and PidTagDeferredDeliveryTime; both, or some services send at once."""
_BODY_BEGINS = re.compile(r"<body\b[^>]*>", re.IGNORECASE)


def half(key: str) -> str:
    """The mark of a draft that is not whole yet."""
    return f"{key}~"


def noted(key: str) -> Json:
    """What a forward or an answer is born with."""
    return {"singleValueExtendedProperties": [{"id": KEY_PROPERTY, "value": key}]}


def draft_body(message: Outgoing, key: str, over: Json | None = None) -> Json:
    """The whole draft; with `over` (a draft that is there) only what is to change in it, its
    quoted text kept below ours."""
    properties = [{"id": KEY_PROPERTY, "value": key}]
    if message.hold_until is not None:
        properties += [{"id": name, "value": stamp(message.hold_until)} for name in _DEFERRED]
    body: Json = {"singleValueExtendedProperties": properties}
    if over is None:
        body["internetMessageHeaders"] = [{"name": KEY_HEADER, "value": message.key}]
    quoted = message.forward_of or message.answer_to
    if over is None or quoted:
        body["body"] = _on_top(message, (over or {}).get("body") if quoted else None)
    if message.subject:
        body["subject"] = message.subject
    for name, people in (
        ("toRecipients", message.to),
        ("bccRecipients", message.bcc),
        ("replyTo", message.reply_to),
    ):
        if people:
            body[name] = [recipient(person) for person in people]
    return body


def recipient(person: Address) -> Json:
    address = {"address": person.email}
    if person.name:
        address["name"] = person.name
    return {"emailAddress": address}


def _on_top(message: Outgoing, below: Json | None) -> Json:
    """Our words above what is quoted, in the quoted text's own kind."""
    if below is None or not below.get("content"):
        if message.html:
            return {"contentType": "HTML", "content": message.html}
        return {"contentType": "Text", "content": message.text}
    quoted = str(below["content"])
    if str(below.get("contentType", "")).casefold() != "html":
        return {"contentType": "Text", "content": f"{message.text}\n\n{quoted}"}
    ours = _inside(message.html) if message.html else _as_html(message.text)
    begins = _BODY_BEGINS.search(quoted)
    at = begins.end() if begins else 0
    return {"contentType": "HTML", "content": f"{quoted[:at]}{ours}<br>{quoted[at:]}"}


def _inside(html: str) -> str:
    """What stands between <body> and </body>, or all of it."""
    begins = _BODY_BEGINS.search(html)
    if begins is None:
        return html
    inside = html[begins.end() :]
    ends = inside.casefold().rfind("</body")
    return inside if ends < 0 else inside[:ends]


def _as_html(text: str) -> str:
    from html import escape

    return f"<p>{escape(text).replace(chr(10), '<br>')}</p>"

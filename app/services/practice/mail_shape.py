"""A message's words and shape: what a request sets, what Exchange makes of it, what is shown."""

from __future__ import annotations

import html
import re
from typing import Any

from app.services.practice.errors import bad, not_found
from app.services.practice.ground import moment
from app.services.practice.mail_box import Box, Message
from app.services.practice.state import Json
from app.services.practice.views import View

MOST_HEADERS = 5
_TAGS = re.compile(r"<(script|style|head)\b.*?</\1>|<[^>]+>", re.DOTALL | re.IGNORECASE)
_BREAKS = re.compile(r"<(br|/p|/div|/tr|/h[1-6]|/li|hr)\b[^>]*>", re.IGNORECASE)
_QUOTE = re.compile(r"<hr tabindex=|<div id=\"divRplyFwdMsg\"")
_INNER = re.compile(r"<body\b[^>]*>(.*)</body>", re.DOTALL | re.IGNORECASE)

ALWAYS = frozenset(("categories", "isRead", "flag", "importance", "inferenceClassification"))
"""What of a message may be changed also when it is no draft any more."""
OURS = frozenset(
    {
        *("bodyPreview", "changeKey", "conversationId", "conversationIndex", "createdDateTime"),
        *("hasAttachments", "id", "isDraft", "lastModifiedDateTime", "parentFolderId"),
        *("receivedDateTime", "sentDateTime", "uniqueBody", "webLink"),
    }
)
"""What only the service sets: a request may carry it, to no effect."""


def plain_text(source: str) -> str:
    """HTML as text, roughly as Outlook does it."""
    broken = _BREAKS.sub("\r\n", source)
    return html.unescape(_TAGS.sub("", broken)).strip()


def inner_html(body: Json) -> str:
    """The content of a body, without the document around it."""
    content = str(body.get("content") or "")
    if body.get("contentType") == "text":
        return html.escape(content).replace("\n", "<br>\n")
    found = _INNER.search(content)
    return found.group(1) if found else content


def as_document(inner: str) -> str:
    """Exchange wraps whatever HTML it is given."""
    return (
        '<html><head>\r\n<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
        f"</head><body>{inner}</body></html>"
    )


def shaped_body(body: Json | None) -> Json:
    if body is None:
        return {"contentType": "text", "content": ""}
    if body.get("contentType") == "html":
        return {"contentType": "html", "content": as_document(inner_html(body))}
    return {"contentType": "text", "content": str(body.get("content") or "")}


def preview(body: Json) -> str:
    content = str(body["content"])
    return (plain_text(content) if body["contentType"] == "html" else content)[:255]


def blank(person: Json, now: str) -> Json:
    """A new message's data; the caller adds the names only the service can give."""
    return {
        "createdDateTime": now,
        "lastModifiedDateTime": now,
        "changeKey": "",
        "categories": [],
        "receivedDateTime": now,
        "sentDateTime": now,
        "hasAttachments": False,
        "internetMessageId": "",
        "subject": "",
        "bodyPreview": "",
        "importance": "normal",
        "parentFolderId": "",
        "conversationId": "",
        "conversationIndex": "",
        "isDeliveryReceiptRequested": False,
        "isReadReceiptRequested": False,
        "isRead": True,
        "isDraft": True,
        "inferenceClassification": "focused",
        "body": {"contentType": "text", "content": ""},
        "sender": person,
        "from": person,
        "toRecipients": [],
        "ccRecipients": [],
        "bccRecipients": [],
        "replyTo": [],
        "flag": {"flagStatus": "notFlagged"},
    }


def write(message: Message, values: Json) -> None:
    """Set what a request said. Attachments are the caller's. Raises Refusal 400."""
    for name, value in values.items():
        if name == "singleValueExtendedProperties":
            for each in value:
                if not each.get("id"):
                    raise bad("ErrorInvalidProperty", "The extended property has no id.")
                message.properties[each["id"]] = _property_value(each)
        elif name == "internetMessageHeaders":
            message.headers = _own_headers(value)
        elif name == "body":
            message.data["body"] = shaped_body(value)
        elif name in OURS or name in ("attachments", "@odata.type"):
            continue
        elif value is not None:
            message.data[name] = value
        elif name == "subject":
            message.data[name] = ""
    message.data["bodyPreview"] = preview(message.data["body"])


def patched(message: Message, values: Json) -> None:
    """`write` for a message that is there. Raises Refusal 400 for what is fixed once it left."""
    if "internetMessageHeaders" in values:
        raise bad("ErrorInvalidPropertySet", "internetMessageHeaders can only be set on creation.")
    if not message.is_draft:
        fixed = set(values) - ALWAYS - OURS - {"singleValueExtendedProperties", "@odata.type"}
        if fixed:
            raise bad(
                "ErrorInvalidPropertyUpdateSentMessage",
                f"Update operation is invalid for property '{min(fixed)}' of a sent message.",
            )
    write(message, values)


def _property_value(given: Json) -> str:
    value = str(given.get("value") or "")
    if given["id"].startswith("SystemTime"):
        try:
            moment(value)
        except ValueError:
            raise bad("ErrorInvalidProperty", f"'{value}' is no SystemTime.") from None
    return value


def _own_headers(headers: list[Json]) -> list[dict[str, str]]:
    if len(headers) > MOST_HEADERS:
        raise bad(
            "InvalidInternetMessageHeaderCollection",
            f"Maximum number of headers in one message should be less than or equal to "
            f"{MOST_HEADERS}.",
        )
    for each in headers:
        name = str(each.get("name") or "")
        if not name.lower().startswith("x-"):
            raise bad(
                "InvalidInternetMessageHeader",
                f"The internet message header name '{name}' should start with 'x-' or 'X-'.",
            )
    return [{"name": str(each["name"]), "value": str(each.get("value") or "")} for each in headers]


def recipients(data: Json, *kinds: str) -> list[Json]:
    """The recipients of `kinds` (all three without any), each address once."""
    seen: dict[str, Json] = {}
    for kind in kinds or ("toRecipients", "ccRecipients", "bccRecipients"):
        for each in data.get(kind) or []:
            address = str((each.get("emailAddress") or {}).get("address") or "").strip()
            seen.setdefault(address.casefold(), {"emailAddress": {**each["emailAddress"]}})
    return list(seen.values())


def shown(box: Box, message: Message, view: View) -> Json:
    """The message as Graph gives it. Headers and uniqueBody only when selected, extended
    properties and attachments only when expanded."""
    data = message.data
    etag = f'W/"{data["changeKey"]}"'
    result: Json = {"@odata.etag": etag}
    if (kind := data.get("@odata.type")) is not None:
        result["@odata.type"] = kind
    result["id"] = message.shown_id(view.immutable)
    if view.select is None:
        result.update(data)
        result["webLink"] = f"{view.base}/practice/open/{message.id}"
    else:
        for name in view.select:
            if name == "webLink":
                result[name] = f"{view.base}/practice/open/{message.id}"
            elif name == "internetMessageHeaders":
                result[name] = shown_headers(message)
            elif name == "uniqueBody":
                result[name] = unique_part(data["body"])
            elif name in data:
                result[name] = data[name]
    if view.as_text:
        for name in ("body", "uniqueBody"):
            body = result.get(name)
            if body is not None and body["contentType"] == "html":
                result[name] = {"contentType": "text", "content": plain_text(body["content"])}
    if "singleValueExtendedProperties" in view.expand:
        found = [
            {"id": name, "value": value}
            for name, value in message.properties.items()
            if not view.property_id or name == view.property_id
        ]
        if found:
            result["singleValueExtendedProperties"] = found
    if "attachments" in view.expand:
        result["attachments"] = [shown_file(box, key, message) for key in message.files]
    return result


def unique_part(body: Json) -> Json:
    """What this message says beyond the one it answers."""
    above = _QUOTE.split(str(body["content"]), maxsplit=1)[0]
    if body["contentType"] != "html" or above == body["content"]:
        return body
    return {"contentType": "html", "content": f"{above}</body></html>"}


def shown_headers(message: Message) -> list[dict[str, str]]:
    """A draft has only its own; what was sent has those of transport too."""
    return [dict(each) for each in message.headers]


def shown_file(box: Box, key: str, message: Message) -> Json:
    file = box.files[key]
    return {"id": file_id(message, key), **file}


def file_id(message: Message, key: str) -> str:
    return f"{message.immutable_id[:-4]}B{key}="


def file_key(box: Box, message: Message, wanted: str) -> str:
    for key in message.files:
        if file_id(message, key) == wanted:
            return key
    raise not_found()


def addressed(address: str, name: str = "") -> Json:
    return {"emailAddress": {"name": name or address, "address": address}}


def address_of(recipient: Any) -> str:
    return str(((recipient or {}).get("emailAddress") or {}).get("address") or "")

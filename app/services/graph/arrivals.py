"""What arrived: whose answer it is, whether a machine wrote it, and what a bounce speaks of."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from app.services.graph.answers import Json
from app.services.graph.times import moment
from app.services.ports.mail import Address, Arrived

_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_DAEMONS = ("microsoftexchange", "postmaster", "mailer-daemon", "mailerdaemon")
_UNDELIVERED = ("undeliverable", "undelivered mail", "delivery status notification (failure")
_AUTOMATIC = ("automatic reply:", "auto:", "out of office:", "autosvar:", "automatische antwort:")
_ENDS = (
    "diagnostic information for administrators",
    "original message headers",
    "original message details",
    "reporting-mta:",
)


def is_removed(row: Json) -> bool:
    return "@removed" in row


def arrived(row: Json, whole: Json) -> Arrived:
    """One message of a list; `whole` adds what only a reading by id gives (headers, words)."""
    headers = _headers(whole)
    sender = _sender(row)
    subject = row.get("subject") or ""
    text = _text(whole) or row.get("bodyPreview") or ""
    bounce = _is_bounce(sender, subject, headers)
    return Arrived(
        id=str(row["id"]),
        internet_id=row.get("internetMessageId") or "",
        conversation=row.get("conversationId") or "",
        subject=subject,
        sender=sender,
        text=text,
        received_at=_received(row),
        references=_references(headers),
        automatic=not bounce and _is_automatic(subject, headers),
        is_bounce=bounce,
        undelivered=_undelivered(headers, _full_text(whole) or text) if bounce else (),
    )


def _received(row: Json) -> datetime:
    when = moment(row.get("receivedDateTime")) or moment(row.get("sentDateTime"))
    return when or datetime(1, 1, 1, tzinfo=UTC)


def _headers(whole: Json) -> dict[str, str]:
    """By name in lower case; what comes twice is joined."""
    found: dict[str, str] = {}
    for header in whole.get("internetMessageHeaders") or ():
        name = str(header.get("name") or "").casefold()
        value = str(header.get("value") or "")
        found[name] = f"{found[name]} {value}" if name in found else value
    return found


def _sender(row: Json) -> Address:
    address = (row.get("from") or {}).get("emailAddress") or {}
    return Address(address.get("address") or "", address.get("name") or "")


def _text(whole: Json) -> str:
    """Only what the person wrote, where Graph can tell it from the quoted text."""
    unique = (whole.get("uniqueBody") or {}).get("content") or ""
    return str(unique).strip() or _full_text(whole)


def _full_text(whole: Json) -> str:
    return str((whole.get("body") or {}).get("content") or "").strip()


def _references(headers: dict[str, str]) -> tuple[str, ...]:
    ids = _MESSAGE_ID.findall(headers.get("references", ""))
    ids += _MESSAGE_ID.findall(headers.get("in-reply-to", ""))
    newest_last = dict.fromkeys(reversed(ids))
    return tuple(reversed(newest_last))


def _is_bounce(sender: Address, subject: str, headers: dict[str, str]) -> bool:
    kind = headers.get("content-type", "").casefold()
    if "delivery-status" in kind or "x-failed-recipients" in headers:
        return True
    if "x-ms-exchange-message-is-ndr" in headers:
        return True
    name = sender.email.partition("@")[0].casefold()
    return name.startswith(_DAEMONS) and subject.strip().casefold().startswith(_UNDELIVERED)


def _is_automatic(subject: str, headers: dict[str, str]) -> bool:
    said = headers.get("auto-submitted", "").strip().casefold()
    if said:
        return not said.startswith("no")
    if {"x-autoreply", "x-autorespond", "x-autoresponse"} & headers.keys():
        return True
    if headers.get("x-auto-response-suppress", "").strip().casefold() == "all":
        return True
    if headers.get("precedence", "").strip().casefold() in ("auto_reply", "auto-reply"):
        return True
    return subject.strip().casefold().startswith(_AUTOMATIC)


def _undelivered(headers: dict[str, str], text: str) -> tuple[str, ...]:
    """The addresses it names, not those of servers and of the original further down."""
    listed = _EMAIL.findall(headers.get("x-failed-recipients", ""))
    if not listed:
        lower = text.casefold()
        ends = [at for at in (lower.find(end) for end in _ENDS) if at >= 0]
        listed = _EMAIL.findall(text[: min(ends)] if ends else text)
    people = (email for email in listed if not email.casefold().startswith(_DAEMONS))
    return tuple(dict.fromkeys(email.rstrip(".").casefold() for email in people))

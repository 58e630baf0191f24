"""A vendor's maintenance notice: an iCalendar file with MAINTNOTE properties, or a mail with one.

Read in this process: what is bigger than a notice can be is not one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from app.models.calendar.events import ReadFault
from app.models.calendar.vendor import WITHOUT_END, VendorImpact, VendorNotice, VendorStatus
from app.models.errors import BadInput
from app.models.times import to_utc
from app.services.calendar.scanning import Block, blocks, require_calendar

MAX_BYTES = 5 * 1024 * 1024
MAX_NOTICES = 500
MAX_OBJECTS = 200
_LOOKED_AT = 256 * 1024  # bytes: a notice says in its first event that it is one
_MARK = b"X-MAINTNOTE-"
_MAIL = ".eml"
_YEARS = range(2000, 2201)
_LONGEST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class VendorRead:
    """All that came out of one file, in its order."""

    name: str
    notices: tuple[VendorNotice, ...]
    faults: tuple[ReadFault, ...]


def is_vendor_notice(path: Path) -> bool:
    """Whether the file is to be read as one: a mail, or a calendar with MAINTNOTE properties."""
    if path.suffix.casefold() == _MAIL:
        return True
    try:
        with path.open("rb") as file:
            return _MARK in file.read(_LOOKED_AT).upper()
    except OSError:
        return False  # whoever reads it whole says what is wrong


def read_vendor_notices(path: Path, *, zone: str) -> VendorRead:
    """`zone` is the organisation's, which floating times take. Raises BadInput: unreadable, too
    big, or no MAINTNOTE event in it."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(
                f"{path.name} holds more than 5 MB, which no maintenance notice does. Nothing was "
                "imported; save the calendar file that is attached to it and import that."
            )
        data = path.read_bytes()
    except OSError as trouble:
        raise BadInput(
            f"{path.name} cannot be read ({trouble.strerror}). Nothing was imported; check that "
            "the file is there and may be opened."
        ) from None
    return read_bytes(data, path.name, zone=zone)


def read_bytes(data: bytes, name: str, *, zone: str) -> VendorRead:
    """As `read_vendor_notices`, of a file's bytes; a mail is known by its name."""
    calendars = _calendars_of_mail(data, name) if name.casefold().endswith(_MAIL) else [data]
    notices: list[VendorNotice] = []
    faults: list[ReadFault] = []
    for calendar in calendars:
        for block in blocks(require_calendar(calendar, name), b"VEVENT", _WANTED):
            if not any(line.upper().startswith(_MARK) for line in block.lines):
                continue
            if len(notices) + len(faults) >= MAX_NOTICES:
                raise BadInput(
                    f"{name} holds more than {MAX_NOTICES} maintenance notices. Nothing was "
                    "imported; ask the vendor for a shorter one."
                )
            try:
                notices.append(_Notice(block, zone).read())
            except BadInput as bad:
                sentence = f"The notice at line {block.line:,} was left out: {bad.sentence}."
                faults.append(ReadFault(block.line, sentence))
    if not notices:
        first = f" ({faults[0].sentence.rstrip('.')})" if faults else ""
        raise BadInput(
            f"{name} holds no maintenance notice (MAINTNOTE){first}. Nothing was imported; enter "
            "the vendor’s window by hand, or ask for a notice with a calendar file."
        )
    return VendorRead(name, tuple(notices), tuple(faults))


_WANTED = frozenset(
    (
        *(b"SUMMARY", b"UID", b"SEQUENCE", b"DTSTART", b"DTEND", b"DURATION", b"DTSTAMP"),
        *(b"ORGANIZER", b"STATUS", b"X-MAINTNOTE-PROVIDER", b"X-MAINTNOTE-ACCOUNT"),
        *(b"X-MAINTNOTE-MAINTENANCE-ID", b"X-MAINTNOTE-OBJECT-ID", b"X-MAINTNOTE-IMPACT"),
        b"X-MAINTNOTE-STATUS",
    )
)


def _calendars_of_mail(data: bytes, name: str) -> list[bytes]:
    """The calendar parts of a mail, those attached to a mail in it too."""
    try:
        mail = message_from_bytes(data, policy=policy.default)
        found = [
            content if isinstance(content, bytes) else content.encode()
            for part in mail.walk()
            if _is_calendar(part)
            for content in (_content(part),)
            if content
        ]
    except (MessageError, ValueError, LookupError, RecursionError):
        raise BadInput(
            f"{name} is not a mail that can be read. Nothing was imported; save it anew from the "
            "mail program."
        ) from None
    if not found:
        raise BadInput(
            f"{name} has no calendar file in it. Nothing was imported; enter the vendor’s window "
            "by hand."
        )
    return found


def _is_calendar(part: EmailMessage) -> bool:
    named = (part.get_filename() or "").casefold()
    return part.get_content_type() == "text/calendar" or named.endswith(".ics")


def _content(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


class _Notice:
    """One event; what it leaves out is noted."""

    def __init__(self, block: Block, zone: str) -> None:
        from icalendar import Event

        if block.trouble:
            raise BadInput(block.trouble)
        self._line = block.line
        self._zone = zone
        self._notes: list[str] = []
        text = b"\r\n".join((b"BEGIN:VEVENT", *block.lines, b"END:VEVENT", b""))
        try:
            # icalendar's value types are a wide union: it ends here, in plain values
            self._event: Any = Event.from_ical(text.decode("utf-8", "replace"))
        except (ValueError, KeyError, IndexError, TypeError, OverflowError):
            raise BadInput("it is not written as a calendar event") from None

    def read(self) -> VendorNotice:
        start = self._moment("DTSTART")
        if start is None:
            raise BadInput("it has no start (DTSTART) that can be read")
        provider = self._said("PROVIDER") or self._organiser().partition("@")[2]
        if not provider:
            raise BadInput("it names no provider (X-MAINTNOTE-PROVIDER)")
        end = self._end(start)
        return VendorNotice(
            provider=provider,
            maintenance_id=self._maintenance_id(),
            uid=self._uid(),
            title=_clean(self._text("SUMMARY"))[:300] or "maintenance",
            start=start,
            end=end,
            account=self._said("ACCOUNT"),
            objects=self._objects(),
            impact=self._impact(),
            status=self._status(),
            sequence=self._sequence(),
            stamp=self._moment("DTSTAMP"),
            contact=self._organiser(),
            line=self._line,
            notes=tuple(self._notes),
        )

    def _maintenance_id(self) -> str:
        found = self._said("MAINTENANCE-ID")
        if found:
            return found
        uid = self._uid()
        if not uid:
            raise BadInput("it has neither a maintenance id nor a UID, so no update could find it")
        self._notes.append(f"It has no maintenance id; its UID “{uid}” stands in for it.")
        return uid

    def _uid(self) -> str:
        return _clean(self._text("UID"))[:300]

    def _end(self, start: datetime) -> datetime:
        end = self._moment("DTEND")
        if end is None and "DURATION" in self._event:
            length = getattr(self._event["DURATION"], "dt", None)
            end = start + length if isinstance(length, timedelta) else None
        if end is None:
            hours = int(WITHOUT_END.total_seconds() // 3600)
            self._notes.append(f"It does not say when it ends; {hours} hours are counted.")
            return start + WITHOUT_END
        if end <= start:
            raise BadInput("it ends before it starts")
        if end - start > _LONGEST:
            raise BadInput(f"it lasts more than {_LONGEST.days} days")
        return end

    def _objects(self) -> tuple[str, ...]:
        found = dict.fromkeys(filter(None, (_clean(v)[:300] for v in self._all("OBJECT-ID"))))
        if not found:
            self._notes.append("It names no circuit (X-MAINTNOTE-OBJECT-ID).")
        if len(found) > MAX_OBJECTS:
            raise BadInput(f"it names more than {MAX_OBJECTS} circuits")
        return tuple(found)

    def _impact(self) -> VendorImpact:
        said = self._said("IMPACT").casefold()
        try:
            return VendorImpact(said)
        except ValueError:
            told = f"Its impact “{said}” is not known" if said else "It does not say its impact"
            self._notes.append(f"{told}; an outage is counted.")
            return VendorImpact.OUTAGE

    def _status(self) -> VendorStatus:
        said = self._said("STATUS").casefold() or _clean(self._text("STATUS")).casefold()
        try:
            return VendorStatus(said)
        except ValueError:
            told = f"Its status “{said}” is not known" if said else "It does not say its status"
            self._notes.append(f"{told}; it counts as confirmed.")
            return VendorStatus.CONFIRMED

    def _moment(self, name: str) -> datetime | None:
        value = self._event.get(name)
        value = value[0] if isinstance(value, list) and value else value
        found = getattr(value, "dt", None)
        if isinstance(found, date) and not isinstance(found, datetime):
            found = datetime.combine(found, time.min)
        if not isinstance(found, datetime):
            return None
        if found.year not in _YEARS:
            raise BadInput(f"it lies in the year {found.year}")
        if found.tzinfo is not None and found.utcoffset() is not None:
            return found.astimezone(UTC)
        return to_utc(found.replace(tzinfo=None), self._zone)

    def _organiser(self) -> str:
        text = _clean(self._text("ORGANIZER"))
        return text[7:] if text.casefold().startswith("mailto:") else text

    def _sequence(self) -> int:
        text = self._text("SEQUENCE")
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    def _said(self, name: str) -> str:
        return next((_clean(value)[:300] for value in self._all(name)), "")

    def _all(self, name: str) -> Iterator[str]:
        value = self._event.get(f"X-MAINTNOTE-{name}", [])
        for each in value if isinstance(value, list) else [value]:
            yield str(each)

    def _text(self, name: str) -> str:
        value = self._event.get(name, "")
        return str(value[0] if isinstance(value, list) and value else value)


def _clean(text: str) -> str:
    """One line, without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())

"""Free and busy through getSchedule, in portions the service takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from app.services.graph.answers import Json, in_shape, rows_of
from app.services.graph.client import GraphClient, prefer_zone
from app.services.graph.times import moment_of, utc_pair
from app.services.ports.calendars import BusyKind, BusySpan, Schedule

PEOPLE = 20
DAYS = timedelta(days=31)
_MINUTES = 30
_DIGITS = {"1": BusyKind.TENTATIVE, "2": BusyKind.BUSY, "3": BusyKind.OUT, "4": BusyKind.ELSEWHERE}
_SILENT = "Outlook said nothing about this person."
_UNSEEN = "Outlook cannot see this person’s calendar; the address may not be in the organisation."
_KINDS = {kind.value.casefold(): kind for kind in BusyKind}


def read_schedules(
    client: GraphClient, emails: Sequence[str], start: datetime, end: datetime
) -> tuple[Schedule, ...]:
    """In the order asked, whoever is asked about twice twice."""
    asked = list(dict.fromkeys(email.casefold() for email in emails))
    spans: dict[str, dict[BusySpan, None]] = {email: {} for email in asked}
    troubles: dict[str, str] = {}
    for since, until in _portions(start, end):
        for at in range(0, len(asked), PEOPLE):
            some = asked[at : at + PEOPLE]
            told = _ask(client, some, since, until)
            with in_shape():
                for email in some:
                    row = told.get(email)
                    if row is None or row.get("error"):
                        troubles.setdefault(email, _UNSEEN if row else _SILENT)
                    else:
                        spans[email].update(dict.fromkeys(_spans(row, since)))
    return tuple(
        Schedule(email, (), troubles[email.casefold()])
        if email.casefold() in troubles
        else Schedule(email, _joined(spans[email.casefold()]))
        for email in emails
    )


def _portions(start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    while start < end:
        until = min(end, start + DAYS)
        yield start, until
        start = until


def _ask(client: GraphClient, emails: list[str], start: datetime, end: datetime) -> dict[str, Json]:
    body = {
        "schedules": emails,
        "startTime": utc_pair(start),
        "endTime": utc_pair(end),
        "availabilityViewInterval": _MINUTES,
    }
    answer = client.ask("/me/calendar/getSchedule", body, prefer=(prefer_zone(),))
    rows = rows_of(answer)
    return {str(row.get("scheduleId") or "").casefold(): row for row in rows}


def _spans(row: Json, since: datetime) -> Iterator[BusySpan]:
    items = row.get("scheduleItems")
    if not items:
        yield from _from_view(row.get("availabilityView") or "", since)
        return
    for item in items:
        start, end = moment_of(item.get("start")), moment_of(item.get("end"))
        if start is not None and end is not None:
            kind = _KINDS.get(str(item.get("status") or "").casefold(), BusyKind.UNKNOWN)
            yield BusySpan(start, end, kind)


def _from_view(view: str, since: datetime) -> Iterator[BusySpan]:
    """Who shares only the digits, one for each half hour, has no items."""
    step = timedelta(minutes=_MINUTES)
    at = 0
    while at < len(view):
        until = at
        while until < len(view) and view[until] == view[at]:
            until += 1
        if view[at] != "0":
            kind = _DIGITS.get(view[at], BusyKind.UNKNOWN)
            yield BusySpan(since + at * step, since + until * step, kind)
        at = until


def _joined(spans: dict[BusySpan, None]) -> tuple[BusySpan, ...]:
    return tuple(sorted(spans, key=lambda span: (span.start, span.end, span.kind.value)))

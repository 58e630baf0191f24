"""The service of the delta bench, in a process of its own: pages that lie ready, over HTTPS."""

from __future__ import annotations

import json
import random
import socket
import ssl
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from app.services.practice.certificate import make_certificate

EVENTS, PAGE, SERIES = 10_000, 500, 100
_BEGINS = datetime(2026, 11, 1)  # noqa: DTZ001 (as Graph writes it)
_WORDS = "<html><head></head><body><p>" + "We meet about what is next. " * 12 + "</p></body></html>"


def pages(base_url: str) -> list[bytes]:
    """One round: single events, masters of series and bare occurrences, as Graph lists them."""
    chance = random.Random(4)
    masters = [_event(number, chance, "seriesMaster") for number in range(SERIES)]
    rows = list(masters)
    for number in range(SERIES, EVENTS):
        if number % 5 < 2:
            rows.append(_stub(number, chance.choice(masters)))
        else:
            rows.append(_event(number, chance, "singleInstance"))
    link = f"{base_url}/me/calendarView/delta?$skiptoken="
    made = []
    for at in range(0, EVENTS, PAGE):
        page: dict[str, Any] = {"@odata.context": f"{base_url}/$metadata#Collection(event)"}
        page["value"] = rows[at : at + PAGE]
        after = at + PAGE
        if after < EVENTS:
            page["@odata.nextLink"] = f"{link}{after // PAGE}"
        else:
            page["@odata.deltaLink"] = f"{base_url}/me/calendarView/delta?$deltatoken=end"
        made.append(json.dumps(page, separators=(",", ":")).encode())
    return made


def serve(folder: str, pipe: Connection) -> None:
    """Say the port, then answer one request after another until the pipe is closed."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"https://127.0.0.1:{listening.getsockname()[1]}/v1.0"
    certificate = make_certificate(Path(folder))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate.chain_pem)
    ready = pages(url)
    pipe.send((url, str(certificate.ca_pem)))
    while True:
        connection, _ = listening.accept()
        with context.wrap_socket(connection, server_side=True) as secure:
            _answer(secure, ready)


def _answer(secure: ssl.SSLSocket, ready: list[bytes]) -> None:
    with secure.makefile("rb") as lines:
        while first := lines.readline():
            while lines.readline() not in (b"\r\n", b""):
                pass
            _, _, token = first.split()[1].partition(b"$skiptoken=")
            body = ready[int(token or 0)]
            secure.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json;charset=utf-8\r\n"
                b"Content-Length: %d\r\nrequest-id: bench\r\n\r\n" % len(body) + body
            )


def _event(number: int, chance: random.Random, kind: str) -> dict[str, Any]:
    start = _BEGINS + timedelta(minutes=chance.randrange(60 * 24 * 365))
    room = {"displayName": "Harbor House", "locationType": "default", "uniqueId": "Harbor House"}
    person = {"emailAddress": {"name": "Kim Vale", "address": "kim@harbor.example"}}
    answered = {"response": "accepted", "time": "2026-10-01T08:00:00.1234567Z"}
    return {
        "@odata.type": "#microsoft.graph.event",
        "@odata.etag": f'W/"{number:024}=="',
        "id": f"AAMkAG{number:0140}=",
        "createdDateTime": "2026-10-01T08:00:00.1234567Z",
        "lastModifiedDateTime": "2026-10-02T08:00:00.1234567Z",
        "changeKey": f"{number:024}==",
        "categories": [],
        "transactionId": None,
        "originalStartTimeZone": "GMT Standard Time",
        "originalEndTimeZone": "GMT Standard Time",
        "iCalUId": f"040000008200E00074C5B7101A82E008{number:064}",
        "reminderMinutesBeforeStart": 15,
        "isReminderOn": True,
        "hasAttachments": False,
        "subject": f"Month end, part {number}",
        "bodyPreview": "We meet about what is next. " * 9,
        "importance": "normal",
        "sensitivity": "normal",
        "isAllDay": False,
        "isCancelled": False,
        "isOrganizer": True,
        "responseRequested": True,
        "seriesMasterId": None,
        "showAs": "busy",
        "type": kind,
        "webLink": f"https://outlook.example/calendar/item/{number:0140}",
        "onlineMeetingUrl": None,
        "isOnlineMeeting": False,
        "onlineMeetingProvider": "unknown",
        "allowNewTimeProposals": True,
        "recurrence": None,
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "body": {"contentType": "html", "content": _WORDS},
        "start": {"dateTime": f"{start.isoformat()}.0000000", "timeZone": "UTC"},
        "end": {
            "dateTime": f"{(start + timedelta(hours=1)).isoformat()}.0000000",
            "timeZone": "UTC",
        },
        "location": room,
        "locations": [room],
        "attendees": [{"type": "required", "status": answered, **person} for _ in range(3)],
        "organizer": person,
        "onlineMeeting": None,
    }


def _stub(number: int, master: dict[str, Any]) -> dict[str, Any]:
    """Graph says no more of an occurrence."""
    return {
        "@odata.type": "#microsoft.graph.event",
        "@odata.etag": f'W/"{number:024}=="',
        "id": f"AAMkAG{number:0140}=",
        "seriesMasterId": master["id"],
        "type": "occurrence",
        "start": master["start"],
        "end": master["end"],
    }

"""Every request and answer held to Graph's own schema (tests/data/graph/graph-schema.json).

Written apart from the practice tenant's own check of requests, so that one finds the other's
mistakes. `Watch` stands around the served app and sees what really went over the wire.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Json = dict[str, Any]

SCHEMA = Path(__file__).parents[1] / "data" / "graph" / "graph-schema.json"
MORE_CALLS = (
    ("GET", "/me/calendars/{id}", "-", "calendar", "200"),
    ("GET", "/me/calendars/{id}/events", "-", "event[]", "200"),
    ("GET", "/me/calendars/{id}/calendarView", "-", "event[]", "200"),
)
"""Documented calls that the table of the schema leaves out."""
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)$")
_LOOSE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)?$")
_ERROR_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$")
_SUCCESS = {"200", "201", "202", "204"}


@cache
def schema() -> Json:
    found: Json = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return found


@cache
def calls() -> tuple[tuple[str, str, str, str, str], ...]:
    rows = [
        (each["method"], each["path"], each["request"], each["response"], each["status"])
        for each in schema()["calls"]
    ]
    return (*rows, *MORE_CALLS)


def call_of(method: str, path: str) -> tuple[str, str, str, str, str] | None:
    """The row of the table for a path below /v1.0; a literal beats an id."""
    segments = path.strip("/").split("/")
    if segments[0].lower() == "users" and len(segments) > 1:
        segments = ["me", *segments[2:]]
    best: tuple[int, tuple[str, str, str, str, str]] | None = None
    for row in calls():
        pattern = row[1].strip("/").split("/")
        if row[0] != method or len(pattern) != len(segments):
            continue
        pairs = list(zip(pattern, segments, strict=True))
        if all(want == "{id}" or want.lower() == have.lower() for want, have in pairs):
            ids = pattern.count("{id}")
            if best is None or ids < best[0]:
                best = (ids, row)
    return best[1] if best else None


def described(name: str) -> Json | None:
    for kind in ("entityTypes", "complexTypes"):
        if name in schema()[kind]:
            found: Json = schema()[kind][name]
            return found
    return None


@cache
def members(name: str) -> dict[str, Json]:
    """Properties and navigation of a type, its bases' too."""
    found = described(name) or {}
    base = members(found["base"]) if "base" in found else {}
    tolerated = {each: {"type": "*"} for each in found.get("tolerated", ())}
    own = {**found.get("navigation", {}), **found.get("properties", {})}
    return {**base, **tolerated, **own}


def is_a(name: str | None, base: str) -> bool:
    while name is not None:
        if name == base:
            return True
        name = (described(name) or {}).get("base")
    return False


def problems(name: str, value: Any, *, answer: bool, at: str = "") -> Iterator[str]:
    """What is wrong with `value` as an entity or complex type."""
    if not isinstance(value, dict):
        yield f"{at or name}: {value!r} is no object"
        return
    named = value.get("@odata.type")
    if isinstance(named, str):
        plain = named.removeprefix("#").removeprefix("microsoft.graph.")
        if not is_a(plain, name):
            yield f"{at}: {plain} is no {name}"
            return
        name = plain
    elif (described(name) or {}).get("abstract") and not answer:
        yield f"{at}: an {name} must say its @odata.type"
    known = members(name)
    for key, each in value.items():
        if "@" in key:
            continue
        if key not in known:
            yield f"{at}/{key}: not a property of {name}"
            continue
        yield from _value(known[key], each, answer=answer, at=f"{at}/{key}")


def _value(kind: Json, value: Any, *, answer: bool, at: str) -> Iterator[str]:
    if kind["type"] == "*":
        return
    nullable = kind.get("nullable", True)
    if kind.get("collection"):
        if not isinstance(value, list):
            yield f"{at}: {value!r} is no list"
            return
        for index, each in enumerate(value):
            one = {"type": kind["type"], "nullable": nullable}
            yield from _value(one, each, answer=answer, at=f"{at}[{index}]")
        return
    if value is None:
        if not nullable:
            yield f"{at}: null"
        return
    name = kind["type"]
    if name.startswith("Edm."):
        if not _is_edm(name, value, answer):
            yield f"{at}: {value!r} is no {name}"
    elif name in schema()["enums"]:
        allowed = schema()["enums"][name]["members"]
        ok = value in allowed if answer else str(value).lower() in {a.lower() for a in allowed}
        if not ok:
            yield f"{at}: {value!r} is none of {allowed}"
    elif described(name) is not None:
        yield from problems(name, value, answer=answer, at=at)


def _is_edm(name: str, value: Any, answer: bool) -> bool:
    if name == "Edm.Boolean":
        return isinstance(value, bool)
    if name in ("Edm.Int32", "Edm.Int64", "Edm.Int16", "Edm.Byte"):
        return isinstance(value, int) and not isinstance(value, bool)
    if name in ("Edm.Double", "Edm.Single", "Edm.Decimal"):
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if not isinstance(value, str):
        return False
    if name == "Edm.DateTimeOffset":
        return bool((_TIME if answer else _LOOSE_TIME).match(value))
    if name == "Edm.Date":
        return bool(re.match(r"\d{4}-\d\d-\d\d$", value))
    if name == "Edm.TimeOfDay":
        return bool(re.match(r"\d\d:\d\d:\d\d(\.\d{1,7})?$", value))
    if name == "Edm.Binary":
        try:
            b64decode(value, validate=True)
        except ValueError:
            return False
    return True


def request_problems(row: tuple[str, str, str, str, str], body: Any) -> Iterator[str]:
    method, path, request, _, _ = row
    if request == "-":
        if body not in (None, {}):
            yield f"{method} {path}: takes no body"
    elif request.startswith("{"):
        action = path.rpartition("/")[2].lower()
        found = [each for each in schema()["operationsBound"] if each["name"].lower() == action]
        if body is None:
            return
        fitting = {k.lower(): v for each in found for k, v in each["parameters"].items()}
        for key, value in body.items():
            if key.lower() not in fitting:
                yield f"{method} {path}: no parameter {key}"
            else:
                yield from _value(fitting[key.lower()], value, answer=False, at=f"{path}:{key}")
    else:
        name = re.split(r"\W", request)[0]
        yield from problems(name, body, answer=False, at=f"{method} {path}")


def answer_problems(row: tuple[str, str, str, str, str], status: int, body: Any) -> Iterator[str]:
    method, path, _, response, allowed = row
    at = f"{method} {path} → {status}"
    if str(status) not in set(re.findall(r"\d+", allowed)):
        yield f"{at}: success here is {allowed}"
        return
    if response == "-":
        if body is not None:
            yield f"{at}: has a body"
        return
    found = re.match(r"(\w+)(\[\])?( delta)?", response)
    if response.startswith(("raw", "{")) or found is None:
        return
    name, many, delta = found.groups()
    if not isinstance(body, dict):
        yield f"{at}: no body"
    elif not many:
        yield from problems(name, body, answer=True, at=at)
    else:
        yield from _page_problems(name, body, bool(delta), at)


def _page_problems(name: str, body: Json, delta: bool, at: str) -> Iterator[str]:
    strange = set(body) - {"value"}
    if any("@" not in each for each in strange) or not isinstance(body.get("value"), list):
        yield f"{at}: not a collection"
        return
    if delta and ("@odata.nextLink" in body) == ("@odata.deltaLink" in body):
        yield f"{at}: a page of changes has exactly one link"
    for index, each in enumerate(body["value"]):
        if delta and "@removed" in each:
            if each["@removed"].get("reason") not in ("deleted", "changed") or "id" not in each:
                yield f"{at}[{index}]: not a removal"
            continue
        yield from problems(name, each, answer=True, at=f"{at}[{index}]")


def error_problems(status: int, body: Any, at: str) -> Iterator[str]:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        yield f"{at} → {status}: no error body"
        return
    if not isinstance(error.get("code"), str) or not isinstance(error.get("message"), str):
        yield f"{at} → {status}: an error has a code and a message"
    inner = error.get("innerError") or {}
    if "date" in inner and not _ERROR_DATE.match(inner["date"]):
        yield f"{at} → {status}: innerError.date has no zone"


def exchange_problems(
    method: str, path: str, sent: bytes, status: int, headers: Json, got: bytes
) -> list[str]:
    """What is wrong with one request below /v1.0 and its answer. A refused request may be wrong;
    the refusal itself may not."""
    at = f"{method} {path}"
    row = call_of(method, path)
    body = json.loads(got) if got and "json" in headers.get("content-type", "") else None
    if str(status) not in _SUCCESS:
        return list(error_problems(status, body, at))
    if row is None:
        return [f"{at}: no such call in the table"]
    asked = json.loads(sent) if sent else None
    found = [*request_problems(row, asked), *answer_problems(row, status, body)]
    if not headers.get("request-id"):
        found.append(f"{at}: no request-id")
    for each in _dates(body):
        found += [f"{at}: {each}"]
    return found


def _dates(body: Any) -> Iterator[str]:
    """dateTimeTimeZone: no offset, seven digits."""
    if isinstance(body, list):
        for each in body:
            yield from _dates(each)
    elif isinstance(body, dict):
        if set(body) == {"dateTime", "timeZone"}:
            text = str(body["dateTime"])
            if not re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}$", text):
                yield f"{text} is not how Graph writes a dateTime"
            else:
                datetime.fromisoformat(text[:26])
        for each in body.values():
            yield from _dates(each)


class Watch:
    """Around the app: whole exchanges below /v1.0 are checked, cut ones are let go."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.problems: list[str] = []
        self.seen: list[tuple[str, str, int]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1.0"):
            return await self._app(scope, receive, send)
        sent, got = bytearray(), bytearray()
        start: Message = {}

        async def receiving() -> Message:
            message = await receive()
            sent.extend(message.get("body", b""))
            return message

        async def sending(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            else:
                got.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    self._check(scope, bytes(sent), start, bytes(got))
            await send(message)

        await self._app(scope, receiving, sending)
        return None

    def _check(self, scope: Scope, sent: bytes, start: Message, got: bytes) -> None:
        """Before the last byte leaves: who has the answer finds it noted here already."""
        headers = {k.decode(): v.decode() for k, v in start.get("headers", ())}
        if int(headers.get("content-length", len(got))) != len(got):
            return
        if "html" in headers.get("content-type", ""):
            return
        path = unquote(scope["path"].removeprefix("/v1.0"))
        raw = scope["raw_path"].decode().removeprefix("/v1.0")
        self.seen.append((scope["method"], path, start["status"]))
        self.problems += exchange_problems(
            scope["method"], raw, sent, start["status"], headers, got
        )

"""What an answer means: is it Graph that speaks, and may the request have had its effect?

The rule for writes: whatever cannot be proven to have had no effect is `Unclear`. So a page of
HTML in place of the answer to a write is unclear too: a company's proxy may put it there after
the service has done the work. For reads there is no effect to fear.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from app.services.graph import words
from app.services.ports.trouble import (
    Gone,
    Refused,
    RemoteTrouble,
    SignInNeeded,
    SyncLost,
    Throttled,
    Unclear,
    Unreachable,
)

Json = dict[str, Any]
_log = logging.getLogger(__name__)

LOST = frozenset({"syncstatenotfound", "resyncrequired", "syncstateinvalid"})
NO_MAILBOX = frozenset({"errornonexistentmailbox", "mailboxnotenabledforrestapi"})
_BEFORE_THE_SERVICE = (407, 511)
_NEVER_TAKEN = (405, 406, 411, 413, 414, 415, 501)
_CLAIMS = re.compile(r'claims="([^"]+)"')


def read_answer(
    status: int,
    headers: Mapping[str, str],
    content: bytes,
    *,
    write: bool,
    now: Callable[[], datetime],
) -> Json:
    """The body of a good answer ({} when it has none). Raises the trouble of any other."""
    said_json = "json" in headers.get("content-type", "")
    body = _decoded(content) if said_json else None
    if 200 <= status < 300:
        if isinstance(body, dict):
            return body
        if not content and status != 200:
            return {}
        raise _not_believed(write, said_json)
    raise _trouble(status, headers, body, content, write=write, now=now)


def _trouble(
    status: int,
    headers: Mapping[str, str],
    body: object,
    content: bytes,
    *,
    write: bool,
    now: Callable[[], datetime],
) -> RemoteTrouble:
    error = body.get("error") if isinstance(body, dict) else None
    reason = innermost(error) if isinstance(error, dict) else ""
    by_graph = isinstance(error, dict) or (not content and "request-id" in headers)
    if status < 400 or status in _BEFORE_THE_SERVICE:
        return Unreachable(words.PORTAL)
    if status == 401:
        claims = claims_of(headers.get("www-authenticate", ""))
        return SignInNeeded(words.SIGN_IN, claims)
    if status == 429 or (status in (503, 509) and "retry-after" in headers):
        return Throttled(words.SLOW_DOWN, retry_after(headers, now))
    if status in _NEVER_TAKEN:
        return Refused(words.refusal(reason, status), reason, status)
    if status >= 500 or status == 408:
        return Unclear(words.no_good_answer(status))
    if not by_graph:
        return _not_believed(write, said_json=False)
    if status == 410 or reason.casefold() in LOST:
        return SyncLost(words.SYNC_LOST)
    if status == 404 and reason.casefold() not in NO_MAILBOX:
        return Gone(words.GONE)
    return Refused(words.refusal(reason, status), reason, status)


def _not_believed(write: bool, said_json: bool) -> RemoteTrouble:
    if write or said_json:
        return Unclear(words.NOT_BELIEVED)
    return Unreachable(words.PORTAL)


def _decoded(content: bytes) -> object:
    try:
        return json.loads(content)
    except ValueError:
        return None


def innermost(error: Json) -> str:
    """The most exact code: inner errors may nest, in two spellings; numbers say nothing."""
    found = ""
    inner: object = error
    while isinstance(inner, dict):
        code = inner.get("code")
        if isinstance(code, str) and code and not code.isdigit():
            found = code
        inner = inner.get("innerError") or inner.get("innererror")
    return found


def retry_after(headers: Mapping[str, str], now: Callable[[], datetime]) -> float | None:
    """Seconds, from a whole or fractional number or a date; a date is held against the service's
    own clock, as ours may be wrong. None when it does not say."""
    said = headers.get("retry-after", "").strip()
    if not said:
        return None
    try:
        seconds = float(said)
    except ValueError:
        when = _http_date(said)
        if when is None:
            return None
        seconds = (when - (_http_date(headers.get("date", "")) or now())).total_seconds()
    return max(0.0, seconds) if math.isfinite(seconds) else None


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def claims_of(challenge: str) -> str:
    """The JSON of a claims challenge (continuous access evaluation), else empty."""
    found = _CLAIMS.search(challenge)
    if found is None:
        return ""
    packed = found.group(1).replace("-", "+").replace("_", "/")
    try:
        text = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True).decode()
        json.loads(text)
    except (binascii.Error, ValueError):
        return ""
    return text


def required(body: Json, name: str) -> str:
    """A text the answer to a write must have; without it the answer is not believed."""
    found = body.get(name)
    if not isinstance(found, str) or not found:
        raise Unclear(words.NOT_BELIEVED)
    return found


def rows_of(page: Json) -> list[Json]:
    """What a list holds. Its absence never means that nothing is there: a message not found may be
    made again."""
    rows = page.get("value")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Unreachable(words.PORTAL)
    return rows


@contextmanager
def in_shape(*, write: bool = False) -> Iterator[None]:
    """Around the reading of an answer: one of another shape is not believed."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, ValueError) as trouble:
        _log.warning("an answer of another shape: %s", type(trouble).__name__)
        raise Unclear(words.NOT_BELIEVED) if write else Unreachable(words.READ_BROKE) from None


def left_at(page: Json) -> tuple[str, bool]:
    """Where a page of changes was left, and whether this round goes on."""
    link = page.get("@odata.nextLink")
    if link and isinstance(link, str):
        return link, True
    link = page.get("@odata.deltaLink")
    if not isinstance(link, str) or not link:
        raise Unreachable(words.READ_BROKE)
    return link, False

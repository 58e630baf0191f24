"""One request to Graph as the rooms see it, and what they answer."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from app.services.practice.errors import Refusal, bad
from app.services.practice.people import User
from app.services.practice.state import Json

PAGE, MOST = 10, 1_000


@dataclass(slots=True)
class Call:
    """`owner` is the mailbox the path speaks of, `caller` who asks. `query` names are in lower
    case, header names too. `parts` are the ids in the path, in order.
    `pages`: the address of the pages for people, when they are elsewhere."""

    base: str
    path: str
    caller: User
    owner: User
    parts: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes = b""
    pages: str = ""
    applied: list[str] = field(default_factory=list)

    @property
    def human_base(self) -> str:
        """Where links begin that are opened by people, in a browser."""
        return self.pages or self.base

    @property
    def prefer(self) -> list[str]:
        return [each.strip() for each in self.headers.get("prefer", "").split(",")]

    def preference(self, name: str) -> str:
        """The value of `Prefer: name=…`, without quotes; empty when not given."""
        for each in self.prefer:
            key, _, value = each.partition("=")
            if key.strip().casefold() == name.casefold():
                return value.strip().strip('"')
        return ""

    @property
    def immutable(self) -> bool:
        wanted = self.preference("IdType").casefold() == "immutableid"
        if wanted:
            self._apply('IdType="ImmutableId"'.replace('"', ""))
        return wanted

    @property
    def as_text(self) -> bool:
        wanted = self.preference("outlook.body-content-type").casefold() == "text"
        if wanted:
            self._apply('outlook.body-content-type="text"')
        return wanted

    @property
    def zone(self) -> str:
        wanted = self.preference("outlook.timezone")
        if wanted:
            self._apply(f'outlook.timezone="{wanted}"')
        return wanted or "UTC"

    @property
    def page_size(self) -> int:
        """`Prefer: odata.maxpagesize`, else `$top`, else ten."""
        return whole(self.preference("odata.maxpagesize") or self.query.get("$top"), PAGE)

    @property
    def skip(self) -> int:
        text = self.query.get("$skip", "0")
        if not text.isdigit():
            raise bad("ErrorInvalidUrlQueryFilter", f"Invalid value '{text}' for $skip.")
        return int(text)

    def json(self) -> Any:
        """The body, None when there is none. Raises Refusal: not JSON, or not called so."""
        if not self.content:
            return None
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise Refusal(
                415,
                "RequestBodyRead",
                "A missing or unsupported Content-Type header was found. It must be "
                "application/json.",
            )
        try:
            return json.loads(self.content)
        except ValueError:
            raise bad("BadRequest", "Unable to read JSON request payload.") from None

    def link(self, **changed: str) -> str:
        """This very address with other query options."""
        options = {**self.query, **changed}
        kept = {name: value for name, value in options.items() if value}
        return f"{self.base}{self.path}?{urlencode(kept, quote_via=quote, safe='$,')}"

    def context(self, what: str) -> str:
        return f"{self.base}/v1.0/$metadata#users('{quote(self.owner.oid)}')/{what}"

    def _apply(self, text: str) -> None:
        if text not in self.applied:
            self.applied.append(text)


@dataclass(slots=True)
class Answer:
    status: int = 200
    body: Json | None = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None


def whole(text: str | None, default: int) -> int:
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        value = -1
    if not 1 <= value <= MOST:
        raise bad("ErrorInvalidUrlQueryFilter", f"Invalid value '{text}' for the page size.")
    return value


def pack(state: Json) -> str:
    """A token: opaque to the client, and of any length."""
    return urlsafe_b64encode(json.dumps(state, separators=(",", ":")).encode()).decode()


def unpack(token: str) -> Json:
    try:
        state = json.loads(urlsafe_b64decode(token.encode()))
    except ValueError:
        state = None
    if not isinstance(state, dict):
        raise bad("BadRequest", "Badly formed token.")
    return state

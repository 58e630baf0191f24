"""A browser without a window: it opens a sign-in page of the practice tenant, chooses who signs
in, consents, and carries the answer where the page says. For rehearsals that sign in by
themselves, and for tests.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit, urlunsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
SECONDS = 10.0


class NotAPage(Exception):
    """What was opened asks nothing that can be answered."""


class _Form(HTMLParser):
    """The first form of a page: where it goes, its fields, and the people to choose from."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: list[tuple[str, str]] = []
        self.people: dict[str, str] = {}
        self._option = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.action = got.get("action", "")
        elif tag == "input" and got.get("name"):
            self.fields.append((got["name"], got.get("value", "")))
        elif tag == "option":
            self._option = got.get("value", "")
            if "selected" in got:
                self.fields.append(("person", self._option))

    def handle_data(self, data: str) -> None:
        if self._option:
            self.people[data.strip()] = self._option
            self._option = ""


def visit(
    url: str,
    *,
    code: str = "",
    email: str = "",
    accept: bool = True,
    leave_out: Iterable[str] = (),
) -> None:
    """Sign in as `email` (empty: whoever the page suggests). `code`: a device code to type.
    Raises NotAPage, OSError."""
    address = f"{url}?{urlencode({'code': code})}" if code else url
    form = _form(_open(address))
    fields = [
        (name, value)
        for name, value in form.fields
        if not (name == "person" and email) and not (name == "scope" and value in set(leave_out))
    ]
    if email:
        chosen = [oid for words, oid in form.people.items() if words.endswith(f"— {email}")]
        if not chosen:
            raise NotAPage(f"{email} cannot sign in here")
        fields.append(("person", chosen[0]))
    if not any(name == "person" for name, _ in fields):
        raise NotAPage("nobody can sign in here")
    fields.append(("act", "accept" if accept else "decline"))
    answer = _open(address, fields)
    if not code:
        back = _form(answer)
        _open(urljoin(address, back.action), back.fields)


def _form(page: str) -> _Form:
    form = _Form()
    form.feed(page)
    return form


def _open(url: str, fields: Iterable[tuple[str, str]] | None = None) -> str:
    """`localhost`, as redirects of a sign-in must be named, is known without asking anybody, as
    browsers know it: a machine's hosts file may lack it."""
    parts = urlsplit(url)
    if parts.hostname not in LOOPBACK:
        raise NotAPage("practice stays on this machine")
    if parts.hostname == "localhost":
        url = urlunsplit(parts._replace(netloc=f"127.0.0.1:{parts.port or 80}"))
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    body = None if fields is None else urlencode(list(fields)).encode()
    with opener.open(url, body, timeout=SECONDS) as answer:
        text: str = answer.read().decode("utf-8", "replace")
    return text

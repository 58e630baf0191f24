"""The part of OData's $filter that Outlook's tools use: comparisons, and/or/not, any()."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.services.practice.errors import Refusal, bad
from app.services.practice.ground import moment
from app.services.practice.state import Json

Test = Callable[[Any], bool]

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')"
    r"|(?P<time>\d{4}-\d\d-\d\d(?:T[0-9:.]+(?:Z|[+-]\d\d:\d\d)?)?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_@][\w@.]*(?:/[A-Za-z_]\w*)*)"
    r"|(?P<mark>[():,]))"
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Filter:
    """`equal`: pairs that must hold for anything to match, an extended property as its id and
    value: what an index can be asked. `named`: the properties compared, in order."""

    test: Test
    equal: tuple[tuple[str, str], ...]
    named: tuple[str, ...]


def parse(text: str) -> Filter:
    """Raises Refusal 400."""
    return _Reader(text).whole()


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens: list[tuple[str, str]] = []
        at = 0
        while text[at:].strip():
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                raise self._bad()
            self._tokens.append((found.lastgroup, found.group(found.lastgroup)))
            at = found.end()
        self._at = 0
        self._equal: list[tuple[str, str]] = []
        self._named: list[str] = []
        self._alternatives = False

    def whole(self) -> Filter:
        test = self._or("")
        if self._at < len(self._tokens):
            raise self._bad()
        equal = () if self._alternatives else tuple(self._equal)
        return Filter(test, equal, tuple(self._named))

    def _or(self, variable: str) -> Test:
        parts = [self._and(variable)]
        while self._word("or"):
            self._alternatives = True
            parts.append(self._and(variable))
        return parts[0] if len(parts) == 1 else lambda item: any(each(item) for each in parts)

    def _and(self, variable: str) -> Test:
        parts = [self._one(variable)]
        while self._word("and"):
            parts.append(self._one(variable))
        return parts[0] if len(parts) == 1 else lambda item: all(each(item) for each in parts)

    def _one(self, variable: str) -> Test:
        if self._word("not"):
            self._alternatives = True
            inner = self._one(variable)
            return lambda item: not inner(item)
        if self._mark("("):
            test = self._or(variable)
            self._need(")")
            return test
        name = self._take("name")
        if name.casefold() in ("contains", "startswith"):
            return self._function(name.casefold(), variable)
        path, slash, last = name.rpartition("/")
        if slash and last.casefold() == "any":
            return self._any(path)
        return self._comparison(name, variable)

    def _function(self, name: str, variable: str) -> Test:
        self._need("(")
        get = self._getter(self._take("name"), variable)
        self._need(",")
        wanted = str(self._value()).casefold()
        self._need(")")
        if name == "contains":
            return lambda item: wanted in str(get(item) or "").casefold()
        return lambda item: str(get(item) or "").casefold().startswith(wanted)

    def _any(self, path: str) -> Test:
        self._need("(")
        variable = self._take("name")
        self._need(":")
        mark = len(self._equal)
        inner = self._or(variable)
        self._need(")")
        inside = dict(self._equal[mark:])
        del self._equal[mark:]
        if path == "singleValueExtendedProperties" and {"id", "value"} <= inside.keys():
            self._equal.append((inside["id"], inside["value"]))
        get = self._getter(path, "")
        return lambda item: any(inner(each) for each in get(item) or ())

    def _comparison(self, name: str, variable: str) -> Test:
        get = self._getter(name, variable)
        compare = self._take("name").casefold()
        if compare not in _COMPARE:
            raise self._bad()
        wanted = self._value()
        plain = name.removeprefix(f"{variable}/") if variable else name
        if not variable:
            self._named.append(plain)
        if compare == "eq" and isinstance(wanted, str):
            self._equal.append((plain, wanted))
        return _compared(get, _COMPARE[compare], wanted)

    def _getter(self, name: str, variable: str) -> Callable[[Any], Any]:
        if variable:
            name = name.removeprefix(f"{variable}/")
        path = name.split("/")

        def get(item: Any) -> Any:
            for part in path:
                item = item.get(part) if isinstance(item, dict) else None
            return item

        return get

    def _value(self) -> Any:
        kind, text = self._next()
        if kind == "text":
            return text[1:-1].replace("''", "'")
        if kind == "time":
            try:
                return moment(text)
            except ValueError:
                raise self._bad() from None
        if kind == "number":
            return float(text)
        if kind == "name" and text.casefold() in _WORDS:
            return _WORDS[text.casefold()]
        raise self._bad()

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise self._bad()
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, kind: str) -> str:
        found, text = self._next()
        if found != kind:
            raise self._bad()
        return text

    def _need(self, mark: str) -> None:
        if self._next() != ("mark", mark):
            raise self._bad()

    def _mark(self, mark: str) -> bool:
        return self._skip(lambda kind, text: kind == "mark" and text == mark)

    def _word(self, word: str) -> bool:
        return self._skip(lambda kind, text: kind == "name" and text.casefold() == word)

    def _skip(self, is_wanted: Callable[[str, str], bool]) -> bool:
        if self._at < len(self._tokens) and is_wanted(*self._tokens[self._at]):
            self._at += 1
            return True
        return False

    def _bad(self) -> Refusal:
        return bad("BadRequest", f"Invalid filter clause: {self._text}")


def _compared(get: Callable[[Any], Any], compare: Callable[[Any, Any], bool], wanted: Any) -> Test:
    """Text is compared without case, times as moments; nothing is less than nothing."""

    def test(item: Json) -> bool:
        value = get(item)
        if value is None or wanted is None:
            return compare in (operator.eq, operator.ne) and compare(value, wanted)
        if isinstance(wanted, datetime):
            value = moment(str(value))
        elif isinstance(wanted, str):
            return compare(str(value).casefold(), wanted.casefold())
        return compare(value, wanted)

    return test

"""Trouble on demand: what goes wrong, on which route, at which request or how often.

A spec is a list of rules parted by commas: `KIND[=VALUE][:ROUTE][#NTH][@SHARE]`.

    429:send              the next send is throttled, once
    429=none:send#2-4     the 2nd to 4th send from now, without Retry-After
    503=2.5@0.05          five in a hundred of all requests, Retry-After 2.5
    reset-after:create    the draft is made, the connection is cut
    latency=200ms:*#*     every request waits

Kinds: `429`, `503` (value: Retry-After; `none` leaves it out, `date` makes it a date), `502`,
`401`, `claims` (401 with a claims challenge), `410` (delta state lost; value `location` names
where to restart), `html` (200 with a captive portal's page), `reset-before`: all these without
effect. After the effect: `reset-after`, `504`, `half` (half a body), `trickle` (the answer takes
that long), `hint` (a Retry-After on a good answer). `latency` comes before it.
Routes are the names in `routes`, and `upload`, or patterns of them (`event*`). Without NTH and
SHARE a rule acts once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from fnmatch import fnmatchcase
from random import Random
from threading import Lock

BEFORE = ("429", "502", "503", "401", "claims", "410", "html", "reset-before")
AFTER = ("reset-after", "504", "half", "trickle", "hint")
KINDS = (*BEFORE, *AFTER, "latency")
DATE = "date"
_ALL = 10**9
_DEFAULTS = {"429": "1", "503": "1", "latency": "200ms", "trickle": "2s", "hint": "1"}
_LOG = 1_000


@dataclass(frozen=True, slots=True)
class Fault:
    kind: str
    value: str = ""

    @property
    def seconds(self) -> float:
        """The value as a length of time: `200ms`, `2s`, `2`."""
        return _seconds(self.value)

    def retry_after(self, now: datetime) -> str | None:
        """The value as a header; `date` is the moment two seconds from now."""
        if self.value == DATE:
            return format_datetime(now + timedelta(seconds=2), usegmt=True)
        return None if self.value == "none" else self.value


@dataclass(slots=True)
class Rule:
    """`first` to `last` count the requests that match `route` since the rule was made."""

    fault: Fault
    route: str = "*"
    first: int = 1
    last: int = 1
    share: float = 1.0
    seen: int = field(default=0)

    def meets(self, route: str, random: Random) -> bool:
        if not fnmatchcase(route, self.route):
            return False
        self.seen += 1
        return self.first <= self.seen <= self.last and random.random() < self.share

    def __str__(self) -> str:
        value = f"={self.fault.value}" if self.fault.value else ""
        last = "*" if self.last == _ALL else str(self.last)
        return f"{self.fault.kind}{value}:{self.route}#{self.first}-{last}@{self.share:g}"


class Faults:
    """The rules in force. May be changed from any thread at any time."""

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(seed)
        self._rules: list[Rule] = []
        self._lock = Lock()
        self.met: deque[tuple[str, str]] = deque(maxlen=_LOG)
        """Route and kind of the latest faults that happened."""

    @classmethod
    def parse(cls, spec: str, seed: int = 0) -> Faults:
        """Raises ValueError with a sentence for a spec that cannot be read."""
        faults = cls(seed)
        faults.add(spec)
        return faults

    def add(self, spec: str) -> None:
        """More rules. Raises ValueError; then none was added."""
        rules = [_rule(each.strip()) for each in spec.split(",") if each.strip()]
        with self._lock:
            self._rules += rules

    def set(self, spec: str, seed: int | None = None) -> None:
        """These rules instead of all others."""
        rules = Faults.parse(spec)._rules
        with self._lock:
            self._rules = rules
            if seed is not None:
                self._random = Random(seed)

    def clear(self) -> None:
        self.set("")

    def rules(self) -> list[str]:
        """The rules that can still act."""
        with self._lock:
            return [str(each) for each in self._rules if each.seen < each.last]

    def for_request(self, route: str) -> dict[str, Fault]:
        """What befalls this request, by kind. Every call counts as a request."""
        with self._lock:
            found = dict(self._meeting(route))
        self.met.extend((route, kind) for kind in found)
        return found

    def _meeting(self, route: str) -> Iterator[tuple[str, Fault]]:
        for rule in self._rules:
            if rule.meets(route, self._random):
                yield rule.fault.kind, rule.fault
        if len(self._rules) > _LOG:
            self._rules = [each for each in self._rules if each.seen < each.last]


def _rule(text: str) -> Rule:
    rest, _, share = text.partition("@")
    rest, hashed, nth = rest.partition("#")
    rest, _, route = rest.partition(":")
    kind, _, value = rest.partition("=")
    if kind not in KINDS:
        raise ValueError(f"“{kind}” is no fault; there are {', '.join(KINDS)}.")
    fault = Fault(kind, value or _DEFAULTS.get(kind, ""))
    try:
        if kind in ("latency", "trickle"):
            _seconds(fault.value)
        elif kind in ("429", "503", "hint") and value not in ("none", DATE):
            float(fault.value)
        first, last = _span(nth) if hashed else ((1, _ALL) if share else (1, 1))
        part = float(share) if share else 1.0
    except ValueError:
        raise ValueError(f"“{text}” cannot be read as a fault.") from None
    if not 0 <= part <= 1:
        raise ValueError(f"“{text}”: a share is between 0 and 1.")
    return Rule(fault, (route or "*").lower(), first, last, part)


def _span(text: str) -> tuple[int, int]:
    if text == "*":
        return 1, _ALL
    first, dash, last = text.partition("-")
    return int(first), (_ALL if last == "*" else int(last)) if dash else int(first)


def _seconds(text: str) -> float:
    if text.endswith("ms"):
        return float(text.removesuffix("ms")) / 1000
    return float(text.removesuffix("s"))

"""Whom a line of the plan concerns, audience by audience: told so far, and owed now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.services.notices.audiences import Recipient
from app.services.notices.gathering import LEADS_IT, Known

_ONE_OF, _USES = "because you are one of ", "because you use "
_LEADS = "because you lead "


@dataclass(frozen=True, slots=True)
class ByAudience:
    """People as far as known: a list counts with the size its owner gave."""

    name: str
    told: int = 0
    owed: int = 0


def by_audience(
    known: Known, told: Iterable[Recipient], owed: frozenset[str]
) -> tuple[ByAudience, ...]:
    """The largest first. Whoever is in several counts in the one they are told as."""
    reached = _counted(told)
    wanted: Counter[str] = Counter()
    if owed:
        everyone = {r.key: r for r in known.heads}
        everyone.update((key, r) for n in known.left for key, r in n.recipients.items())
        everyone.update((r.key, r) for r in known.resolved.recipients)
        wanted = _counted(everyone[key] for key in owed if key in everyone)
    names = sorted({*reached, *wanted}, key=lambda name: (-reached[name] - wanted[name], name))
    return tuple(ByAudience(name, reached[name], wanted[name]) for name in names)


def _counted(recipients: Iterable[Recipient]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for r in recipients:
        counted[_name(r)] += max(r.size, 1)
    return counted


def _name(recipient: Recipient) -> str:
    why = recipient.why
    if why.startswith(_ONE_OF):
        return why.removeprefix(_ONE_OF)
    if why.startswith(_USES):
        return f"users of {why.removeprefix(_USES)}"
    if why.startswith(_LEADS):
        return "IT leaders" if why == LEADS_IT else "department heads"
    by_hand = why.endswith((" added you", " added by hand"))
    return "added by hand" if by_hand else "crew and desks"

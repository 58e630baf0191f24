"""Every window to come looked at again: what came to stand against it since it was planned.

A conflict is news when it was not there the last time the outage itself was changed, as its
coordinator saw them all then; it stays news until it is gone or accepted. What is found is
derived, kept as a setting, never logged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from hashlib import blake2s
from typing import Any, NamedTuple

from sqlmodel import col, select

from app.models.calendar.conflicts import Conflict, Surroundings, conflicts
from app.models.calendar.facts import Candidate, Reason
from app.models.outages.lifecycle import BEFORE_START
from app.models.severity import Severity
from app.models.tables.outages import Outage
from app.models.tables.settings import Setting
from app.models.times import Window
from app.services.calendar.conflicts import acceptance_among, subject_of
from app.services.calendar.looking import Scope
from app.services.calendar.nearby import note_began_since
from app.services.calendar.scopes import scopes_of
from app.services.calendar.surroundings import look_around_each
from app.services.database import Store
from app.services.events import ConflictsChanged
from app.services.uow import UnitOfWork
from app.services.working import UNWATCHED, Work

KEPT = "conflicts_kept"
AT_ONCE = 32
"""Windows a turn on the database thread, so that nobody waits long behind it. They are only read
there, and judged elsewhere."""


class Clash(NamedTuple):
    """A conflict that is news."""

    severity: Severity
    sentence: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What stands against one outage now and was not accepted. `touches` tells its window and
    scope from any other; conflicts are (severity, sentence) by what they are about."""

    outage_id: str
    touches: str
    found: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Rechecked:
    """`fresh` are the outages of which something is news that was not at the look before."""

    total: int
    fresh: tuple[str, ...] = ()


def recheck(store: Store, work: Work = UNWATCHED) -> Rechecked:
    """Look at every window to come again; call it from a worker thread. `work` counts windows.
    Raises Stopped; what was known before then stays known."""
    if not store.organisation_id:
        return Rechecked(0)
    ids = store.read(to_look_at)
    looked: list[Looked] = []
    known: dict[str, Any] = {}  # what changes meanwhile is looked at again anyway
    for at in range(0, len(ids), AT_ONCE):
        work.at(at, len(ids))
        looked += map(_looked, store.read(_see, ids[at : at + AT_ONCE], known))
    work.at(len(ids), len(ids))
    if store.read(_is_known, looked):
        return Rechecked(len(ids))
    return Rechecked(len(ids), store.run(keep, looked))


def to_look_at(uow: UnitOfWork) -> tuple[str, ...]:
    """The outages whose window is to come, the nearest first; drafts, too."""
    found = uow.session.exec(
        select(Outage.id)
        .where(
            col(Outage.organisation_id) == uow.organisation_id,
            col(Outage.archived_at).is_(None),
            col(Outage.state).in_(sorted(BEFORE_START)),
            col(Outage.end_utc) > uow.now,
        )
        .order_by(col(Outage.start_utc))
    )
    return tuple(found)


def look(uow: UnitOfWork, ids: Sequence[str]) -> tuple[Looked, ...]:
    """A few of them share one look at the store, so that they are not all held at once."""
    known: dict[str, Any] = {}
    return tuple(
        _looked(seen)
        for at in range(0, len(ids), AT_ONCE)
        for seen in _see(uow, ids[at : at + AT_ONCE], known)
    )


def keep(uow: UnitOfWork, looked: Sequence[Looked]) -> tuple[str, ...]:
    """In the place of what was known. Returns the outages of which something is fresh news."""
    before = _kept(uow)
    after = dict(_after(before, looked))
    _write(uow, after)
    uow.emit(ConflictsChanged())
    return tuple(
        i for i, kept in after.items() if set(kept["news"]) - set(before.get(i, _NONE)["news"])
    )


def clashes(uow: UnitOfWork) -> dict[str, tuple[Clash, ...]]:
    """Outage id → what is news of it, the worst first, as of the last look."""
    return _news(_kept(uow))


def clashes_now(uow: UnitOfWork) -> dict[str, tuple[Clash, ...]]:
    """The same as of now, with every window to come looked at in one go and nothing kept: for a
    paper that is made while nobody's console looks."""
    before = _kept(uow)
    return _news(dict(_after(before, look(uow, to_look_at(uow)))))


def _news(all_kept: Mapping[str, dict[str, Any]]) -> dict[str, tuple[Clash, ...]]:
    return {
        outage: tuple(
            sorted(
                (Clash(Severity(severity), said) for severity, said in kept["news"].values()),
                key=lambda clash: clash.severity.rank,
            )
        )
        for outage, kept in all_kept.items()
        if kept["news"]
    }


def news_words(uow: UnitOfWork, outage_ids: Sequence[str]) -> tuple[str, str]:
    """What is said of fresh news, and the one outage it is about (empty: several, or none)."""
    news = clashes(uow)
    rows = [row for i in outage_ids if i in news and (row := uow.find(Outage, i)) is not None]
    if len(rows) > 1:
        return f"{len(rows)} windows have a new conflict each; Today names them.", ""
    for row in rows:
        return f"New conflict of {row.code} “{row.title}”: {news[row.id][0].sentence}", row.id
    return "", ""


_NONE: dict[str, Any] = {"touches": "", "seen": [], "news": {}}


class _Seen(NamedTuple):
    """All that an outage's conflicts come of, and those that somebody accepted."""

    outage_id: str
    accepted: Sequence[Mapping[str, Any]]
    scope: Scope
    candidate: Candidate
    around: Surroundings


def _see(uow: UnitOfWork, ids: Sequence[str], known: dict[str, Any]) -> list[_Seen]:
    """`known` is kept from one look to the next, of which each begins later than the one before."""
    outages = uow.all(Outage, col(Outage.id).in_(ids))
    scopes = scopes_of(uow, outages)
    before, is_first = uow.known, not known
    uow.known = known
    try:
        if is_first and scopes:
            note_began_since(uow, min(scope.window.start_utc for scope in scopes))
        looked_at = look_around_each(uow, scopes)
    finally:
        uow.known = before
    return [
        _Seen(outage.id, outage.accepted_conflicts, scope, candidate, around)
        for outage, scope, (candidate, around) in zip(outages, scopes, looked_at, strict=True)
    ]


def _looked(seen: _Seen) -> Looked:
    found = {
        _mark(conflict.reason, subject_of(conflict.sentence)): (
            conflict.severity.value,
            conflict.sentence,
        )
        for conflict in conflicts(seen.candidate, seen.around)
        if _counts(conflict) and acceptance_among(seen.accepted, conflict) is None
    }
    return Looked(seen.outage_id, _touches(seen.scope), found)


def _counts(conflict: Conflict) -> bool:
    """A late notice is owed, and said as debt; a note is for whoever looks."""
    return conflict.severity is not Severity.NOTE and conflict.reason is not Reason.NOTICE_TOO_LATE


def _touches(scope: Scope) -> str:
    """That a notice was sent changes nothing of what the window touches."""
    facts = {**_plain(scope), "window": _plain(scope.window), "told": False}
    for name in ("services", "cis", "owners", "audiences"):
        facts[name] = sorted(facts[name] or ())
    return _mark(*(f"{name}={value}" for name, value in facts.items()))


def _plain(row: Scope | Window) -> dict[str, Any]:
    return {field.name: getattr(row, field.name) for field in fields(row)}


def _mark(*parts: str) -> str:
    return blake2s("\n".join(parts).encode(), digest_size=8).hexdigest()


def _after(
    before: Mapping[str, dict[str, Any]], looked: Iterable[Looked]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for one in looked:
        known = before.get(one.outage_id, _NONE)
        as_before = known["touches"] == one.touches
        seen = known["seen"] if as_before else sorted(set(one.found) - set(known["news"]))
        news = {mark: list(said) for mark, said in one.found.items() if mark not in seen}
        yield one.outage_id, {"touches": one.touches, "seen": seen, "news": news}


def _is_known(uow: UnitOfWork, looked: Sequence[Looked]) -> bool:
    before = _kept(uow)
    return dict(_after(before, looked)) == before


def _kept(uow: UnitOfWork) -> dict[str, dict[str, Any]]:
    row = uow.find(Setting, KEPT)
    return json.loads(row.value) if row is not None else {}


def _write(uow: UnitOfWork, kept: Mapping[str, dict[str, Any]]) -> None:
    row = uow.find(Setting, KEPT) or Setting(name=KEPT)
    row.value = json.dumps(kept)
    uow.add(row)

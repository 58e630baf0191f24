"""Whom one outage is told to beside its audiences: everyone who depends on its CIs, and who was
added or left out by hand; and who wants no notices at all.

Kept among the store's settings and the organisation's policy, as it is a few lines for an outage.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from email.utils import parseaddr

from sqlmodel import col, select

from app.models.directory.facts import is_mail_address
from app.models.errors import BadInput, Stale
from app.models.notices.addresses import address_key
from app.models.notices.wording import clean_line
from app.models.tables.outages import Outage
from app.models.tables.settings import Setting
from app.services.database import organisation
from app.services.events import NoticesChanged, OutageChanged
from app.services.uow import Undo, UnitOfWork

MOST_BY_HAND = 500
"""More belong into an audience or a distribution list, which somebody keeps."""
OPTED_OUT = "opted_out"


@dataclass(frozen=True, slots=True)
class ByHand:
    """One address that was added or left out; `by` did so, `about` the reply it was decided on."""

    email: str
    name: str = ""
    by: str = ""
    about: str = ""

    @property
    def key(self) -> str:
        return address_key(self.email)


@dataclass(frozen=True, slots=True)
class Apart:
    """A department whose people are left out, as was decided on the reply it is `about`."""

    id: str
    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Reach:
    """`depends`: everyone who depends on the outage's CIs hears, too, through the service tree.
    `unlisted`: the status page, which anybody may open, does not show it."""

    depends: bool = False
    added: tuple[ByHand, ...] = ()
    left_out: tuple[ByHand, ...] = ()
    apart: tuple[Apart, ...] = ()
    unlisted: bool = False


NOTHING_SAID = Reach()
NOT_LISTED = "Kept off it, and off the calendar for others."


def reach_of(uow: UnitOfWork, outage_id: str) -> Reach:
    row = uow.find(Setting, _name(outage_id))
    if row is None:
        return NOTHING_SAID
    kept = json.loads(row.value)
    return Reach(
        bool(kept.get("depends")),
        tuple(ByHand(**each) for each in kept.get("added", ())),
        tuple(ByHand(**each) for each in kept.get("left_out", ())),
        tuple(Apart(**each) for each in kept.get("apart", ())),
        bool(kept.get("unlisted")),
    )


def opted_out(uow: UnitOfWork) -> tuple[ByHand, ...]:
    """Who wants no notices; of a flight they were told of they hear how it goes on."""
    return tuple(ByHand(**each) for each in organisation(uow).policy.get(OPTED_OUT, ()))


def dependent_services(uow: UnitOfWork, cis: Iterable[str]) -> tuple[str, ...]:
    """The ids of the services that rest on these CIs, directly or through other CIs; a ring of
    dependencies ends where it began. Found once for a tree as it is: it is asked for every open
    outage at every look, and changes a few times a month."""
    start = frozenset(cis)
    if not start:
        return ()
    stamp = uow.once("tree", lambda: _stamp(uow))
    known = _KNOWN.get(start)
    if known is None or known[0] != stamp:
        known = stamp, _resting_on(uow, start)
        if len(_KNOWN) > MOST_KNOWN:
            _KNOWN.clear()
        _KNOWN[start] = known
    return known[1]


_KNOWN: dict[frozenset[str], tuple[tuple[object, ...], tuple[str, ...]]] = {}
MOST_KNOWN = 200
_TREE = ("ci_dependency", "service_ci")
_MINE = "FROM {} NOT INDEXED WHERE organisation_id = ?"
_SUM = "total(rowid * version)"
_THERE = ((" NOT INDEXED", ""), ("?", "%s"), (_SUM, "sum(hashtextextended(id, version))"))
"""How PostgreSQL says it."""


def _stamp(uow: UnitOfWork) -> tuple[object, ...]:
    """Another for every change of the tree: each raises a version or adds a row."""
    what = f"SELECT max(id), count(*), {_SUM}, max(updated_at) "
    return tuple(_read(uow, what + _MINE.format(table))[0] for table in _TREE)


def _resting_on(uow: UnitOfWork, cis: frozenset[str]) -> tuple[str, ...]:
    """All links are read at once: with 20,000 CIs that is half of what a recursive query takes."""
    links, resting = (
        _read(uow, f"SELECT {columns} {_MINE.format(table)} AND archived_at IS NULL")
        for columns, table in zip(("ci_id, depends_on_id", "service_id, ci_id"), _TREE, strict=True)
    )
    above: defaultdict[str, list[str]] = defaultdict(list)
    for ci, rests_on in links:
        above[rests_on].append(ci)
    reached, to_do = set(cis), list(cis)
    while to_do:
        ci = to_do.pop()
        if ci in above:
            new = [each for each in above[ci] if each not in reached]
            reached.update(new)
            to_do += new
    return tuple(dict.fromkeys(service for service, ci in resting if ci in reached))


def _read(uow: UnitOfWork, query: str) -> list[tuple[str, ...]]:
    """Plain tuples, with nothing between."""
    uow.session.flush()
    link = uow.session.connection()
    cursor = link.connection.cursor()
    try:
        if link.dialect.name == "postgresql":
            for here, there in _THERE:
                query = query.replace(here, there)
        cursor.execute(query, (uow.organisation_id,))
        return list(cursor.fetchall())
    finally:
        cursor.close()


def tell_dependents(uow: UnitOfWork, outage_id: str, wanted: bool) -> Undo:
    """Whether everyone who depends on the outage's CIs is told. Raises BadInput."""
    was = reach_of(uow, outage_id)
    if was.depends is wanted:
        now = "are told already" if wanted else "are not told by this rule as it is"
        raise BadInput(f"Those who depend on its CIs {now}; nothing was changed.")
    words = "tells" if wanted else "no longer tells"
    return _become(
        uow, outage_id, replace(was, depends=wanted), f"{words} everyone who depends on its CIs"
    )


def list_on_status_page(uow: UnitOfWork, outage_id: str, wanted: bool) -> Undo:
    """Whether the status page, and the calendar for others, may show it: a security patch is told
    to those it concerns, and to nobody else. Raises BadInput."""
    was = reach_of(uow, outage_id)
    if was.unlisted is not wanted:
        raise BadInput("It is so already; nothing was changed.")
    words = "may stand on the status page again" if wanted else "is kept off the status page"
    return _become(uow, outage_id, replace(was, unlisted=not wanted), words)


def unlisted(uow: UnitOfWork) -> frozenset[str]:
    """The ids of all outages that stand on nothing that anybody may read."""
    kept = uow.session.exec(select(Setting).where(col(Setting.name).startswith(_name(""))))
    return frozenset(
        row.name.removeprefix(_name("")) for row in kept if json.loads(row.value).get("unlisted")
    )


def add_by_hand(uow: UnitOfWork, outage_id: str, emails: Sequence[str]) -> Undo:
    """These hear of the outage, too, also who was left out or opted out before. Raises BadInput
    naming the first that is no address; then nobody was added."""
    was, by = reach_of(uow, outage_id), uow.actor.name
    new = [ByHand(email, name, by) for email, name in map(_typed, emails)]
    keys = {each.key for each in new}
    kept = {each.key: each for each in (*was.added, *new)}
    if len(kept) == len(was.added) and not any(each.key in keys for each in was.left_out):
        raise BadInput("They are added already; nothing was changed.")
    if len(kept) > MOST_BY_HAND:
        raise BadInput(
            f"{len(kept):,} addresses by hand are more than {MOST_BY_HAND}; nobody was added. Make "
            "an audience of them, or give the address of a distribution list."
        )
    left_out = tuple(each for each in was.left_out if each.key not in keys)
    said = ", ".join(each.email for each in new[:5]) + (" …" if len(new) > 5 else "")
    become = replace(was, added=tuple(kept.values()), left_out=left_out)
    return _become(uow, outage_id, become, f"tells {said}, too")


def leave_out(uow: UnitOfWork, outage_id: str, emails: Sequence[str]) -> Undo:
    """These are not told of the outage; who was told already still hears how it goes on. Raises
    BadInput."""
    was, by = reach_of(uow, outage_id), uow.actor.name
    new = [ByHand(email, name, by) for email, name in map(_typed, emails)]
    keys = {each.key for each in new}
    kept = {each.key: each for each in (*was.left_out, *new)}
    if len(kept) == len(was.left_out):
        raise BadInput("They are left out already; nothing was changed.")
    added = tuple(each for each in was.added if each.key not in keys)
    said = ", ".join(each.email for each in new[:5]) + (" …" if len(new) > 5 else "")
    become = replace(was, added=added, left_out=tuple(kept.values()))
    return _become(uow, outage_id, become, f"leaves out {said}")


def leave_out_for(
    uow: UnitOfWork, outage_id: str, reply_id: str, left_out: ByHand | None, apart: Apart | None
) -> Undo | None:
    """Whom the decision on this reply leaves out, in place of whom it left out before; None where
    that changes nothing."""
    was = reach_of(uow, outage_id)
    key = left_out.key if left_out is not None else ""
    by_hand = [each for each in was.left_out if each.about != reply_id]
    if left_out is not None and not any(each.key == key for each in by_hand):
        by_hand.append(left_out)
    departments = [each for each in was.apart if each.about != reply_id]
    departments += [apart] if apart is not None else []
    added = tuple(each for each in was.added if each.key != key)
    become = replace(was, added=added, left_out=tuple(by_hand), apart=tuple(departments))
    if become == was:
        return None
    name = apart.name if apart is not None else left_out.email if left_out is not None else ""
    words = f"leaves out {name}, as was decided" if name else "leaves out nobody for this reply"
    return _become(uow, outage_id, become, words)


def opt_out(uow: UnitOfWork, email: str, *, wants_none: bool = True) -> Undo:
    """From now on they get no notices that an audience would bring them; or they do again.
    Raises BadInput."""
    address, name = _typed(email)
    key = address_key(address)
    was = opted_out(uow)
    if any(each.key == key for each in was) is wants_none:
        now = "gets none already" if wants_none else "gets them as it is"
        raise BadInput(f"{address} {now}; nothing was changed.")
    kept = tuple(each for each in was if each.key != key)
    _opted(uow, (*kept, ByHand(address, name, uow.actor.name)) if wants_none else kept)
    words = f"{address} wants no notices" if wants_none else f"{address} wants notices again"
    uow.log(words, organisation(uow), kind="policy")
    uow.emit(NoticesChanged(""))

    def back(later: UnitOfWork) -> None:
        _opted(later, was)
        later.log(f"taken back: {words}", organisation(later), kind="policy")
        later.emit(NoticesChanged(""))

    return uow.undo(words, also=back)


def copy_reach(uow: UnitOfWork, old: str, new: str) -> None:
    """A flight flown again tells the same people."""
    found = reach_of(uow, old)
    if found != NOTHING_SAID:
        _keep(uow, new, found)


def _typed(typed: str) -> tuple[str, str]:
    """`Ana Novak <ana@h.example>` or the address alone. Raises BadInput."""
    said = clean_line(typed)
    name, email = parseaddr(said) if "<" in said else ("", said)
    if len(email) > 254 or not is_mail_address(email):
        raise BadInput(
            f"“{said[:60]}” is no mail address; write it like kai.ito@site.example. "
            "Nothing was changed."
        )
    return email, name


def _become(uow: UnitOfWork, outage_id: str, reach: Reach, words: str) -> Undo:
    outage, was = uow.fetch(Outage, outage_id), reach_of(uow, outage_id)
    _keep(uow, outage_id, reach)
    uow.log(f"{outage.code} {words}", outage, kind="audience")
    _announce(uow, outage_id)

    def back(later: UnitOfWork) -> None:
        row = later.fetch(Outage, outage_id)
        if reach_of(later, outage_id) != reach:
            raise Stale(f"Whom {row.code} tells was changed again since. Nothing was put back.")
        _keep(later, outage_id, was)
        later.log(f"taken back: {row.code} {words}", row, kind="audience")
        _announce(later, outage_id)

    return uow.undo(f"whom {outage.code} tells", outage_id, also=back)


def _announce(uow: UnitOfWork, outage_id: str) -> None:
    uow.emit(NoticesChanged(outage_id))
    uow.emit(OutageChanged(outage_id))


def _keep(uow: UnitOfWork, outage_id: str, reach: Reach) -> None:
    row = uow.find(Setting, _name(outage_id)) or Setting(name=_name(outage_id))
    row.value = json.dumps(asdict(reach), ensure_ascii=False)
    uow.add(row)


def _opted(uow: UnitOfWork, people: Sequence[ByHand]) -> None:
    row = organisation(uow)
    row.policy = {**row.policy, OPTED_OUT: [asdict(each) for each in people]}


def _name(outage_id: str) -> str:
    return f"reach/{outage_id}"

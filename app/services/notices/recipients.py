"""Who hears a notice now, in groups that each read their own words.

Most kinds have one group. People who were told different times or ends are told apart, as the
old time stands in the text; a reminder forwards what each group was sent; the crew and those
asked at kick-off each read their own steps. The same rules as models/outages/debt.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.models.notices.addresses import address_key
from app.models.notices.kinds import NoticeKind
from app.models.notices.policy import Moment
from app.models.notices.wording import say_list
from app.models.outages.decisions import card_from, decides_on
from app.models.outages.lifecycle import FLYING
from app.models.outages.told import (
    ANNOUNCEMENTS,
    BRIEFS,
    ever_told,
    not_reached,
    told_another_time,
    told_otherwise,
)
from app.models.tables.directory import Person
from app.services.notices.audiences import Recipient
from app.services.notices.gathering import Known
from app.services.notices.planning import Left, as_told

_SAYS_END = ANNOUNCEMENTS | {NoticeKind.STARTED, NoticeKind.EXTENDED}
_REPEATED = frozenset({NoticeKind.PROGRESS, NoticeKind.DELAYED})
BESIDE = "crew, service desk and monitoring"
"""As what crew and desks hear that it moved or is cancelled: not its people, but told of it."""
REMINDER_COUNTS = timedelta(hours=12)
"""A reminder sent so long before it was due is that reminder (as in models/outages/debt.py)."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What a part of those told will notice, of which services, and how they are greeted."""

    changes: tuple[str, ...]
    services: tuple[str, ...]
    audiences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """`told` is the window (start, end) they were last told, where that is in the words;
    `told_services` what they were told of where that is other than now; `original` what a reminder
    forwards; `person_id` and `role` for one person's own words, or that of crew and desks;
    `because` says under the notice why they receive it; `summary` what they will notice, where
    others notice something else."""

    recipients: tuple[Recipient, ...]
    told: tuple[datetime, datetime] | None = None
    original: Left | None = None
    person_id: str = ""
    role: str = ""
    because: str = ""
    told_services: tuple[str, ...] = ()
    summary: Summary | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """`unreached` are sentences about those who should hear and have no address here."""

    groups: tuple[Group, ...]
    unreached: tuple[str, ...] = ()

    @property
    def recipients(self) -> tuple[Recipient, ...]:
        return tuple({r.key: r for g in self.groups for r in g.recipients}.values())


def ever_reached(left: Iterable[Left]) -> dict[str, Recipient]:
    """Everyone who was ever told of the outage as one of its people, as they were told last."""
    known = tuple(left)
    people = ever_told(as_told(known))
    return {
        key: recipient
        for notice in known
        if notice.kind.to_people
        for key, recipient in notice.recipients.items()
        if key in people
    }


def hearing(known: Known, kind: NoticeKind) -> Hearing:
    """Whom this notice would go to if it left now; no group where nobody is to be told."""
    if kind.internal:
        return _not_reached(known, kind, _INTERNAL[kind](known))
    ever = ever_reached(known.left)
    if kind is NoticeKind.PLANNED:
        announced = _heard(known, ANNOUNCEMENTS) & ever.keys()
        wanted = [r for r in known.resolved.recipients if r.key not in announced]
        return _one(wanted, known.resolved.faults)
    if kind is NoticeKind.RESCHEDULED:
        return _rescheduled(known, ever)
    if kind is NoticeKind.EXTENDED:
        last = _last_window(known, _SAYS_END)
        first = (known.outage.start_utc, known.outage.end_utc)
        promised = known.outage.promised_end_utc
        stale = {k: last.get(k, first) for k in ever if k not in last or last[k][1] != promised}
        return Hearing(_by_window(ever, stale))
    if kind is NoticeKind.CANCELLED:
        return _cancelled(known, ever)
    if kind is NoticeKind.REMINDER:
        return _reminded(known, ever)
    if kind is NoticeKind.CHANGE_SUMMARY and known.changes:
        ever = {**{r.key: r for r in known.heads}, **ever}
        said = (n.keys for n in known.left if n.kind is kind and not n.nothing_changed)
        heard = frozenset().union(*said)
        return _one(r for key, r in ever.items() if key not in heard)
    heard = frozenset() if kind in _REPEATED else _heard(known, frozenset({kind}))
    return _one(r for key, r in ever.items() if key not in heard)


def _not_reached(known: Known, kind: NoticeKind, heard: Hearing) -> Hearing:
    """Of one that was taken back half-way, those whom it did not reach: nobody is told twice."""
    missed = not_reached(
        as_told(n for n in known.left if n.kind is kind and speaks_of_now(known, n))
    )
    groups = tuple(g for g in heard.groups if any(r.key in missed for r in g.recipients))
    return Hearing(groups, heard.unreached) if groups else heard


def asked_at_kick_off(known: Known) -> Hearing:
    """Everybody the kick-off asks, those who were asked already, too."""
    return _kick_off(known)


def known_window(known: Known) -> tuple[datetime, datetime]:
    return known.outage.start_utc, known.outage.promised_end_utc


def speaks_of_now(known: Known, notice: Left) -> bool:
    """It spoke of the window's start as it is now."""
    return notice.about is None or notice.about[0] == known.outage.start_utc


def says_now(known: Known, notice: Left) -> bool:
    """Window and services are as it said."""
    same = notice.services in (None, known.service_ids)
    return notice.about == known_window(known) and same


def last_announcement(known: Known) -> dict[str, Left]:
    """The last planned or rescheduled notice each person and list was sent."""
    return {
        key: notice
        for notice in known.left
        if notice.kind in ANNOUNCEMENTS
        for key in notice.recipients
    }


def _heard(known: Known, kinds: frozenset[NoticeKind]) -> frozenset[str]:
    return frozenset().union(*(n.keys for n in known.left if n.kind in kinds))


def _last_window(
    known: Known, kinds: frozenset[NoticeKind]
) -> dict[str, tuple[datetime, datetime]]:
    return {
        key: notice.about
        for notice in known.left
        if notice.kind in kinds and notice.about is not None
        for key in notice.recipients
    }


def _rescheduled(known: Known, ever: Mapping[str, Recipient]) -> Hearing:
    """Whose last word was another window or other services; crew and desks apart."""
    told = as_told(known.left)
    if known.outage.state in FLYING:  # another end is then an extension
        wrong = told_another_time(told, known.now, known.outage.start_utc)
    else:
        owed = frozenset(d.notice for d in known.debts if d.notice in BRIEFS)
        window = known_window(known)
        wrong = told_otherwise(told, known.now, *window, known.service_ids, owed)
    last = last_announcement(known)
    beside = {k: r for k, r in _ever_briefed(known).items() if k not in ever}
    people = _grouped(ever, {k: last[k] for k in wrong if k in ever and k in last}, known)
    crew = _grouped(beside, {k: n for k, n in _last_brief(known).items() if k in wrong}, known)
    apart = tuple(replace(g, role=BESIDE) for g in crew.groups)
    return Hearing((*people.groups, *apart))


def _cancelled(known: Known, ever: Mapping[str, Recipient]) -> Hearing:
    """Everyone ever told; crew and desks apart, but for monitoring, which hears it in its brief."""
    heard = _heard(known, frozenset({NoticeKind.CANCELLED}))
    now = known_window(known)
    last = {k: n.about or now for k, n in last_announcement(known).items()}
    people = _by_window(ever, {key: last.get(key, now) for key in ever if key not in heard})
    asked = _ever_briefed(known, but=NoticeKind.MONITORING)
    brief = {k: n.about or now for k, n in _last_brief(known).items()}
    crew = _by_window(
        asked, {k: brief.get(k, now) for k in asked if k not in ever and k not in heard}
    )
    return Hearing((*people, *(replace(g, role=BESIDE) for g in crew)))


def _ever_briefed(known: Known, but: NoticeKind | None = None) -> dict[str, Recipient]:
    briefs = (n for n in known.left if n.kind in BRIEFS and n.kind is not but)
    return {key: r for n in briefs for key, r in n.recipients.items()}


def _last_brief(known: Known) -> dict[str, Left]:
    """The last word each of crew and desks had of the window."""
    words = BRIEFS | ANNOUNCEMENTS
    return {
        key: n
        for n in known.left
        if n.kind in words and n.about is not None
        for key in n.recipients
    }


def _one(recipients: Iterable[Recipient], unreached: tuple[str, ...] = ()) -> Hearing:
    found = tuple(recipients)
    return Hearing((Group(found),) if found else (), unreached)


def _grouped(people: Mapping[str, Recipient], told: Mapping[str, Left], known: Known) -> Hearing:
    """One group for each window and list of services that people were told, the largest first."""
    found: dict[tuple[object, tuple[str, ...]], Group] = {}
    members: dict[tuple[object, tuple[str, ...]], list[Recipient]] = {}
    for key, notice in told.items():
        if key not in people:
            continue
        others = notice.services is not None and notice.services != known.service_ids
        services = notice.spoken if others else ()
        found.setdefault(
            (notice.about, services), Group((), told=notice.about, told_services=services)
        )
        members.setdefault((notice.about, services), []).append(people[key])
    groups = [replace(group, recipients=tuple(members[key])) for key, group in found.items()]
    return Hearing(tuple(sorted(groups, key=lambda g: -len(g.recipients))))


def _by_window(
    people: Mapping[str, Recipient], told: Mapping[str, tuple[datetime, datetime]]
) -> tuple[Group, ...]:
    """One group for each window that people were told, the largest first."""
    groups = []
    for window in sorted(set(told.values())):
        members = tuple(r for key, r in people.items() if told.get(key) == window)
        if members:
            groups.append(Group(members, told=window))
    return tuple(sorted(groups, key=lambda g: -len(g.recipients)))


def _reminded(known: Known, ever: Mapping[str, Recipient]) -> Hearing:
    due = [i.due for i in known.plan if i.moment is Moment.REMINDER and i.due <= known.now]
    since = (max(due) if due else known.now) - REMINDER_COUNTS
    words = {NoticeKind.REMINDER, *(ANNOUNCEMENTS if due else ())}
    lately = frozenset().union(
        *(
            n.keys
            for n in known.left
            if n.kind in words and n.sent_at >= since and speaks_of_now(known, n)
        )
    )
    by_notice: dict[str, tuple[Left, list[Recipient]]] = {}
    spared = {r.key for r in known.resolved.without}
    for key, notice in last_announcement(known).items():
        if key in ever and key not in lately and key not in spared:
            by_notice.setdefault(notice.id, (notice, []))[1].append(ever[key])
    true = [each for each in by_notice.values() if says_now(known, each[0])]
    found = true or by_notice.values()  # of what is no longer true alone it is said why it stays
    groups = [Group(tuple(r), original=notice) for notice, r in found]
    return Hearing(tuple(sorted(groups, key=lambda g: -len(g.recipients))))


def _desk(kind: NoticeKind, name: str) -> Callable[[Known], Hearing]:
    def find(known: Known) -> Hearing:
        reached = known.desks.get(kind, ())
        advice = f"No address of {name} is known: add an audience named “{name.capitalize()}”."
        return _one(reached, () if reached else (advice,))

    return find


def _crew(known: Known) -> Hearing:
    groups, unreached = [], []
    for person, role in _owners(known).items():
        one = known.people[person]
        if one.email:
            groups.append(Group((_recipient(one, "because you fly it"),), None, None, one.id, role))
        else:
            unreached.append(f"{one.name} has no mail address: brief by phone {one.phone}".strip())
    return Hearing(tuple(groups), tuple(unreached))


def _kick_off(known: Known) -> Hearing:
    """Owners, the user-side checker, the vendor, and who decides."""
    crew = _crew(known)
    groups = list(crew.groups)
    unreached = list(crew.unreached)
    seen = {r.key for r in crew.recipients}
    outage = known.outage
    card = card_from(outage.decision_card)
    asked = [
        (outage.checker, "user-side checker", outage.checker_phone),
        (outage.checker_deputy, "user-side checker’s deputy", outage.checker_deputy_phone),
        *(
            (
                line.who,
                f"the one who decides on {say_list(decides_on(card, line.who))}",
                line.phone,
            )
            for line in card
            if line.who
        ),
    ]
    named: set[str] = set()
    for name, role, phone in asked:
        if not name or name in named:
            continue
        named.add(name)
        person = known.person_named(name)
        if person is None or not person.email:
            reach = f": ask by phone, {phone}" if phone else ""
            unreached.append(f"{name} ({role}) has no mail address here{reach}.")
        elif address_key(person.email) not in seen:
            seen.add(address_key(person.email))
            why = f"because you are {role}"
            groups.append(Group((_recipient(person, why),), None, None, person.id, role))
    if known.vendor is not None:
        name, contact, phone = known.vendor
        if "@" in contact:
            address = Recipient(name, contact, "", "because you are the vendor")
            groups.append(Group((address,), role="vendor"))
        else:
            unreached.append(f"{name} (vendor): ask {contact or 'by phone'} {phone}".strip() + ".")
    return Hearing(tuple(groups), tuple(unreached))


def _unasked(known: Known) -> Hearing:
    """Nobody is asked twice about one window; a move asks all of them again."""
    everybody = _kick_off(known)
    asked = (n for n in known.left if n.kind is NoticeKind.KICK_OFF and speaks_of_now(known, n))
    keys = frozenset().union(*(n.keys for n in asked))
    groups = (g for g in everybody.groups if any(r.key not in keys for r in g.recipients))
    return Hearing(tuple(groups), everybody.unreached)


def _owners(known: Known) -> dict[str, str]:
    """Step owners but the coordinator, in runbook order, with the role they play."""
    found: dict[str, str] = {}
    for row in known.steps.rows:
        if row.owner_id in known.people and row.owner_id != known.outage.coordinator_id:
            found.setdefault(str(row.owner_id), row.role)
    return found


def _recipient(person: Person, why: str) -> Recipient:
    return Recipient(person.name, person.email, person.zone, why)


def _leaders(known: Known) -> Hearing:
    """The audience of leaders, else whose role that is; where there is none, who decides on this
    flight."""
    reached = known.desks.get(NoticeKind.DIGEST, ())
    if reached:
        return _one(reached)
    found: dict[str, Recipient] = {}
    unreached: dict[str, str] = {}
    for line in card_from(known.outage.decision_card):
        person = known.person_named(line.who) if line.who else None
        if person is not None and person.email:
            why = "because you decide on this flight"
            found.setdefault(person.email.casefold(), _recipient(person, why))
        elif line.who:
            unreached[line.who] = f"{line.who} (who decides) has no mail address here."
    if found:
        return _one(found.values(), tuple(unreached.values()))
    advice = "Nobody gets it: add an audience named “IT leaders”, or give leaders that role."
    return Hearing((), (*unreached.values(), advice))


_INTERNAL: dict[NoticeKind, Callable[[Known], Hearing]] = {
    NoticeKind.KICK_OFF: _unasked,
    NoticeKind.CREW_BRIEF: _crew,
    NoticeKind.SERVICE_DESK_BRIEF: _desk(NoticeKind.SERVICE_DESK_BRIEF, "service desk"),
    NoticeKind.MONITORING: _desk(NoticeKind.MONITORING, "monitoring"),
    NoticeKind.DIGEST: _leaders,
}

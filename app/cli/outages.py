"""`plan`, `outages`, `advance`, `debt`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from app.cli.calendar import window_of
from app.cli.deciding import decided_of, naming_the_option
from app.cli.printing import moment, one_line, show, stderr, there
from app.models.errors import BadInput
from app.models.outages.debt import Debt
from app.models.outages.lifecycle import CLOSED, ImpactClass, State
from app.models.severity import Severity
from app.models.tables.outages import Outage
from app.models.times import Window, speak_moment, to_wall
from app.services.database import organisation
from app.services.outages.planning import Plan, find_outage, plan_outage
from app.services.outages.reading import open_outages
from app.services.outages.reading import outages as list_outages
from app.services.uow import UnitOfWork
from app.wiring import Console


def plan_asked(uow: UnitOfWork, asked: argparse.Namespace, window: Window) -> Plan:
    """What the options of `plan` say. Raises BadInput, NotFound."""
    from app.services.directory.finding import find_audience, find_person, find_service
    from app.services.directory.rota import on_duty

    services = tuple(find_service(uow, name).id for name in asked.service)
    audiences = tuple(find_audience(uow, name).id for name in asked.audience or ())
    if asked.coordinator:
        coordinator = find_person(uow, asked.coordinator).id
    else:
        home = organisation(uow)
        duty = on_duty(uow, to_wall(window.start_utc, home.zone).date()) or on_duty(uow)
        coordinator = duty.person_id if duty else ""
    return Plan(
        title=asked.title,
        window=window,
        services=services,
        audiences=audiences if asked.audience else None,
        impact=ImpactClass(asked.impact) if asked.impact else ImpactClass.ORDINARY,
        why=asked.why,
        runbook=asked.runbook,
        coordinator_id=coordinator or None,
        requester=asked.requester,
        approver=asked.approver,
        urgent_reason=asked.urgent_reason,
        checker=asked.checker,
        checker_phone=asked.checker_phone,
        bridge_line=asked.bridge,
        owners={role: find_person(uow, who).id for role, who in _owners(asked.owner).items()},
    )


FEW = 3
"""Addresses that are named in a line; of more the count says enough."""


def plan(console: Console, asked: argparse.Namespace) -> int:
    from app.services.outages.usual import still_missing, why_these, with_the_usual

    window = window_of(asked)

    def act(uow: UnitOfWork) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
        asked_for = plan_asked(uow, asked, window)
        full = with_the_usual(uow, asked_for)
        why = why_these(uow, asked_for, full)
        planned = plan_outage(uow, full)
        uow.session.flush()
        return planned.code, still_missing(uow, planned.outage_id), why

    code, missing, why = console.store.run(act)
    print(code)
    for reason in why:
        stderr(reason)
    if missing:
        stderr(
            f"To fly {code} there is still missing: {'; '.join(missing)}. Name it in the window "
            "(Change the plan; a step’s owner on the Board), or plan with the options that "
            "`plan --help` lists."
        )
    return 0


def _owners(given: list[str] | None) -> dict[str, str]:
    owners = {}
    for pair in given or ():
        role, equals, name = pair.partition("=")
        if not equals or not role.strip() or not name.strip():
            raise BadInput(f"An owner is written ROLE=NAME, not “{pair}”.")
        owners[role.strip()] = name.strip()
    return owners


def outages(console: Console, asked: argparse.Namespace) -> int:
    rows = console.store.read(list_outages)
    if asked.json:
        show(
            [
                {
                    "code": row.code,
                    "title": row.title,
                    "state": row.state.value,
                    "start": there(row.start, row.zone),
                    "end": there(row.end, row.zone),
                    "zone": row.zone,
                    "services": list(row.services),
                }
                for row in rows
            ]
        )
        return 0
    for row in rows:
        print(f"{row.code}  {row.state.words:<12} {row.window:<42} {one_line(row.title)}")
    if not rows:
        print("No outage is planned. `plan` makes one; `sample` sets up an organisation with some.")
    return 0


def advance(console: Console, asked: argparse.Namespace) -> int:
    from app.services.outages.leading import Going
    from app.services.outages.leading import advance as advance_outage
    from app.services.outages.moving import note_user_check

    to = State(asked.state)
    going = Going(
        by=asked.by,
        why=asked.why,
        user_check=asked.user_check,
        user_check_due=moment(asked.user_check_due) if asked.user_check_due else None,
        data_loss=asked.data_loss,
        waive=_waivers(asked.waive),
        decided=decided_of(asked, asked.why),
    )

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        if to is State.PLANNED:
            _accept(uow, outage, going.waive, asked.by)
        if to is State.FILED and outage.state in CLOSED and going.user_check:
            note_user_check(uow, outage.id, going.user_check, by=going.by)
            uow.session.flush()
        named = {} if to is State.PLANNED else _named(uow, outage, going.waive)
        moved = replace(going, waive=named)
        advance_outage(uow, outage.id, to, moved)
        return f"{outage.code} {outage.title}: {outage.state.words}"

    with naming_the_option():
        print(console.store.run(act))
    return 0


def _waivers(given: list[str]) -> dict[str, str]:
    waivers = {}
    for pair in given:
        name, equals, why = pair.partition("=")
        if not equals or not name.strip() or not why.strip():
            raise BadInput(f"A waiver is written STEP=REASON, not “{pair}”.")
        waivers[name.strip()] = why.strip()
    return waivers


def _named(uow: UnitOfWork, outage: Outage, waive: Mapping[str, str]) -> dict[str, str]:
    """The waivers by the codes and tokens that exist, however they were typed. A misspelt one
    must waive nothing and not stand in the log as if it had."""
    from app.models.live.go import Criterion
    from app.services.runbook.loading import load_steps

    if not waive:
        return {}
    known = {criterion.value: criterion.value for criterion in Criterion}
    known |= {row.code.casefold(): row.code for row in load_steps(uow, outage.id).rows}
    for name in waive:
        if name.casefold() not in known:
            raise BadInput(f"{outage.code} has no step or criterion “{name}” to waive.")
    return {known[name.casefold()]: why for name, why in waive.items()}


def _accept(uow: UnitOfWork, outage: Outage, waive: Mapping[str, str], by: str) -> None:
    """Fly in spite of the blocking conflicts of these reasons (`check --json` names them)."""
    from app.services.calendar.conflicts import conflicts_of, is_accepted
    from app.services.outages.moving import accept_conflict

    if not waive:
        return
    found = [c for c in conflicts_of(uow, outage) if c.severity is Severity.BLOCK]
    for reason, why in waive.items():
        of_it = [c for c in found if c.reason.value == reason]
        if not of_it:
            there = ", ".join(dict.fromkeys(c.reason.value for c in found)) or "nothing"
            raise BadInput(f"No conflict “{reason}” blocks {outage.code}; what blocks is: {there}.")
        for conflict in of_it:
            if not is_accepted(outage, conflict):
                accept_conflict(uow, outage.id, reason, conflict.sentence, why, by)
    uow.session.flush()


def debt(console: Console, asked: argparse.Namespace) -> int:
    """Exit 0 also when something is owed: it is an answer, not a fault."""
    from app.services.outages.debt import debts_of

    def look(uow: UnitOfWork) -> list[tuple[str, str, Debt]]:
        chosen = [find_outage(uow, asked.outage)] if asked.outage else open_outages(uow)
        return [
            (o.code, o.zone, _with_whom(uow, o, owed)) for o in chosen for owed in debts_of(uow, o)
        ]

    owed = console.store.read(look)
    if asked.json:
        show([_as_json(code, zone_name, one) for code, zone_name, one in owed])
        return 0
    for code, zone_name, one in owed:
        due = f" · due {speak_moment(one.due, zone_name)}" if one.due else ""
        if one.last_possible is not None:
            due += f", last possible {speak_moment(one.last_possible, zone_name)}"
        since = speak_moment(one.since, zone_name)
        print(f"{code}  {one_line(one.sentence)}{due}")
        print(f"{'':{len(code)}}  {_whom(one)}since {since}: {one_line(one.why)}")
    if not owed:
        print("Nothing is owed.")
    return 0


def _with_whom(uow: UnitOfWork, outage: Outage, owed: Debt) -> Debt:
    """A brief is owed to whoever it would go to now: its debt alone does not say whom."""
    from app.services.notices.gathering import gather
    from app.services.notices.recipients import hearing

    if owed.notice is None or owed.owed_to or not owed.notice.internal:
        return owed
    to = frozenset(one.key for one in hearing(gather(uow, outage), owed.notice).recipients)
    return replace(owed, owed_to=to, count=len(to))


def _whom(owed: Debt) -> str:
    """`users@hospital.example, `; of many none, as --json names them."""
    few = sorted(owed.owed_to) if owed.count <= FEW else []
    return "".join(f"{address}, " for address in few)


def _as_json(code: str, zone_name: str, owed: Debt) -> dict[str, Any]:
    return {
        "outage": code,
        "kind": owed.notice.value if owed.notice else owed.kind.value,
        "audience": sorted(owed.owed_to) if owed.count <= 50 else [],
        "count": owed.count,
        "since": there(owed.since, zone_name),
        "due": there(owed.due, zone_name) if owed.due else None,
        "last_possible": there(owed.last_possible, zone_name) if owed.last_possible else None,
        "sentence": owed.sentence,
        "why": owed.why,
    }

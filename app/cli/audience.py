"""`audience`: who is told of an outage, and why; who is told, too, and who is left out."""

from __future__ import annotations

import argparse

from app.cli.printing import one_line, show
from app.services.notices.audiences import Recipient, Resolved, resolve
from app.services.notices.reach import (
    Reach,
    add_by_hand,
    leave_out,
    list_on_status_page,
    opt_out,
    reach_of,
    tell_dependents,
)
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from app.wiring import Console


def audience(console: Console, asked: argparse.Namespace) -> int:
    def act(uow: UnitOfWork) -> None:
        """All of it or nothing."""
        outage_id = find_outage(uow, asked.outage).id
        if asked.dependents is not None:
            tell_dependents(uow, outage_id, asked.dependents == "yes")
        if asked.status_page is not None:
            list_on_status_page(uow, outage_id, asked.status_page == "yes")
        if asked.add:
            add_by_hand(uow, outage_id, asked.add)
        if asked.leave_out:
            leave_out(uow, outage_id, asked.leave_out)
        for each in asked.opt_out:
            opt_out(uow, each)
        for each in asked.opt_in:
            opt_out(uow, each, wants_none=False)

    if (
        asked.dependents
        or asked.status_page
        or asked.add
        or asked.leave_out
        or asked.opt_out
        or asked.opt_in
    ):
        console.store.run(act)

    def look(uow: UnitOfWork) -> tuple[str, Reach, Resolved]:
        outage = find_outage(uow, asked.outage)
        return outage.code, reach_of(uow, outage.id), resolve(uow, outage)

    code, reach, told = console.store.read(look)
    if asked.json:
        show(_as_json(code, reach, told))
        return 0
    depends = ", everyone who depends on its CIs among them" if reach.depends else ""
    people = "1 person" if told.reach == 1 else f"{told.reach:,} people"
    print(f"{code} tells {people}{depends}.")
    if reach.unlisted:
        print("It is kept off the status page.")
    for each in told.recipients:
        print(f"  {_line(each)}")
    for each in told.without:
        print(f"  not told: {_line(each)}")
    for fault in told.faults:
        print(f"  ! {one_line(fault)}")
    return 0


def _line(each: Recipient) -> str:
    size = f" (list of {each.size:,})" if each.size else " (list)" if each.is_list else ""
    return f"{one_line(each.name)} <{one_line(each.email)}>{size} {one_line(each.why)}"


def _as_json(code: str, reach: Reach, told: Resolved) -> dict[str, object]:
    return {
        "outage": code,
        "dependents": reach.depends,
        "on_status_page": not reach.unlisted,
        "people": told.reach,
        "recipients": [
            {"name": r.name, "email": r.email, "list": r.is_list, "size": r.size, "why": r.why}
            for r in told.recipients
        ],
        "without": [{"name": r.name, "email": r.email, "why": r.why} for r in told.without],
        "faults": list(told.faults),
    }

"""Today of a store with hundreds of outages: some of them a turn, so that others read between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from app.models.tables.outages import Outage
from app.services.outages.reading import open_outages
from app.services.outages.today import judged_of, today
from app.services.outages.today_judged import Judged
from app.services.outages.today_rows import TodayRows
from app.services.uow import UnitOfWork
from app.services.working import Further

A_TURN = 20
"""Outages; a tenth of a second or two."""


def today_in_turns(uow: UnitOfWork, a_turn: int = A_TURN) -> TodayRows | Further:
    """`today`, `a_turn` outages at a time. What changes between the turns is judged anew in the
    last one."""
    ids = [outage.id for outage in open_outages(uow)]
    return today(uow) if len(ids) <= a_turn else _go_on(uow, ids, {}, a_turn)


def _go_on(
    uow: UnitOfWork, ids: Sequence[str], known: Mapping[str, Judged], a_turn: int
) -> Further:
    found = (uow.find(Outage, outage_id) for outage_id in ids[:a_turn])
    known = {**known, **{each.id: judged_of(uow, each) for each in found if each is not None}}
    if rest := ids[a_turn:]:
        return Further(partial(_go_on, ids=rest, known=known, a_turn=a_turn))
    return Further(partial(today, known=known))

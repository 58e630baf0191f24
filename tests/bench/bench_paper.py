"""Forty lines of paper onto the board of a flight of 150 steps: read at each pause while they are
typed, and entered as one act."""

from __future__ import annotations

import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from app.models.outages.lifecycle import State
from app.models.runbook import Phase
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step, StepUndo
from app.services.database import Store
from app.services.live.paper import enter_paper, look_at_paper
from app.services.uow import UnitOfWork, undo
from tests.bench.measure import promise, quiet, seconds
from tests.flights import START
from tests.makers import clock_of, make_ci, make_outage, make_person, make_step, make_store

ENTER_LIMIT_S = 0.3
LOOK_LIMIT_S = 0.1
STEPS, WAY_BACK, LINES = 120, 30, 40
ROUNDS = 8


def make_flight(uow: UnitOfWork) -> str:
    """Every fourth step changes something and has a way back; each waits for up to four."""
    people = [make_person(uow, f"{first} Person") for first in ("Ada", "Bo", "Cy", "Di")]
    ci = make_ci(uow)
    outage = make_outage(uow, state=State.IN_PROGRESS)
    uow.session.flush()
    backs: list[Step] = []
    for n in range(WAY_BACK):
        backs.append(
            make_step(
                uow, outage, f"B{n}", f"Undo {n}", phase=Phase.BACK_OUT, minutes=1,
                after=tuple(backs[-1:]), owner_id=people[n % 4].id,
            )
        )  # fmt: skip
    steps: list[Step] = []
    for n in range(1, STEPS + 1):
        changing = n % 4 == 0
        step = make_step(
            uow, outage, str(n), f"Do {n}", phase=Phase.WINDOW, minutes=2,
            after=tuple(steps[-4:]), owner_id=people[n % 4].id,
            ci_id=ci.id if changing else None,
        )  # fmt: skip
        steps.append(step)
        if changing:
            link = StepUndo(
                organisation_id=uow.organisation_id,
                outage_id=outage.id,
                step_id=step.id,
                back_out_id=backs[n // 4 - 1].id,
            )
            uow.add(link)
    uow.log("a long runbook", outage)
    return outage.id


def paper(count: int = LINES, minutes: int = 2) -> str:
    at = START + timedelta(minutes=1)
    lines = []
    for n in range(1, count + 1):
        began, at = at, at + timedelta(minutes=minutes)
        local = [(moment - timedelta(hours=5)).strftime("%H%M") for moment in (began, at)]
        lines.append(f"{n} {local[0]} {local[1]} {'abcd'[n % 4]}p")
    return "\n".join(lines)


def enter(store: Store, outage_id: str, text: str) -> float:
    """The seconds it takes; it is taken back for the next round."""
    inverse = None

    def act() -> None:
        nonlocal inverse
        told, inverse = store.run(enter_paper, outage_id, text)
        assert len(told.entering(())) == LINES

    taken = seconds(act)
    assert inverse is not None
    store.run(undo, inverse)
    return taken


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder))
        outage_id = store.run(make_flight)
        assert store.read(lambda uow: uow.fetch(Outage, outage_id).start_utc) == START
        clock_of(store).set(START + timedelta(hours=2))
        text = paper()
        looked = [
            seconds(lambda: store.read(look_at_paper, outage_id, text)) for _ in range(ROUNDS)
        ]
        entered = [enter(store, outage_id, text) for _ in range(ROUNDS)]
        store.close()
    kept = promise("paper.40-lines-read.s", quiet(looked), LOOK_LIMIT_S)
    return 0 if promise("paper.40-lines-entered.s", quiet(entered), ENTER_LIMIT_S) and kept else 1


if __name__ == "__main__":
    sys.exit(main())

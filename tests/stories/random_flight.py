"""A runbook nobody would write and a night nobody would wish for, flown by the use cases."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.models.errors import BadInput, NotAllowed
from app.models.live.asking import open_ask
from app.models.live.go import Criterion
from app.models.outages.decisions import Decided
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.models.runbook import (
    SETTLED,
    Phase,
    StepAct,
    StepKind,
    StepState,
    way_back,
)
from app.models.tables.directory import ConfigurationItem, Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step, StepUndo
from app.services.database import Store
from app.services.live.extending import extension
from app.services.live.going_on import answered, closing, go_on
from app.services.log import chain_head
from app.services.outages.leading import Going, advance
from app.services.outages.moving import extend
from app.services.runbook.acting import Report, act_on_step, check_step
from app.services.runbook.loading import Loaded, load_steps
from app.services.uow import UnitOfWork
from tests.flights import START
from tests.makers import clock_of, make_ci, make_outage, make_person, make_step

LEADER = Decided("H. Brandt", "it is worth it")
OPEN = (StepState.TODO, StepState.RUNNING, StepState.BLOCKED, StepState.CHECK)


def make_random_runbook(uow: UnitOfWork, chance: random.Random) -> str:
    """At the gate: steps before, in the window and to verify, with their way back."""
    people = uow.all(Person) or [make_person(uow, f"Person {n}") for n in range(4)]
    cis = uow.all(ConfigurationItem) or [make_ci(uow, f"CI-{n}") for n in range(5)]
    outage = make_outage(uow, f"Night {chance.random()}", state=State.GO_NO_GO)
    uow.session.flush()

    def made(code: str, phase: Phase, after: list[Step], **more: object) -> Step:
        some = chance.sample(after, min(len(after), chance.randint(0, 2)))
        owner = chance.choice([None, *people])
        return make_step(
            uow,
            outage,
            code,
            f"Do {code}",
            after=tuple(some),
            **{
                "phase": phase,
                "minutes": chance.randint(1, 25),
                "owner_id": owner.id if owner else None,
                "do_not_disturb": chance.random() < 0.15,
                **more,
            },
        )

    before = [made(f"{n}", Phase.BEFORE, []) for n in range(1, chance.randint(2, 4))]
    before.append(made("9", Phase.BEFORE, before, kind=StepKind.GATE))
    window: list[Step] = []
    backs: list[Step] = []
    for n in range(10, 10 + chance.randint(1, 9)):
        changing, lost = chance.random() < 0.6, chance.random() < 0.1
        lock = START + timedelta(minutes=chance.randint(0, 60)) if chance.random() < 0.1 else None
        step = made(
            f"{n}",
            Phase.WINDOW,
            window,
            ci_id=chance.choice(cis).id if changing else None,
            no_return=changing and lost,
            not_before=lock,
        )
        window.append(step)
        if changing and not lost:
            if not backs or chance.random() < 0.7:
                backs.append(made(f"B{n}", Phase.BACK_OUT, backs))
            link = StepUndo(
                organisation_id=uow.organisation_id,
                outage_id=outage.id,
                step_id=step.id,
                back_out_id=chance.choice(backs).id,
            )
            uow.add(link)
    checks = [
        made(f"{n}", Phase.VERIFY, window, kind=StepKind.CHECK)
        for n in range(30, 30 + chance.randint(1, 3))
    ]
    made("40", Phase.VERIFY, checks, kind=StepKind.ALL_CLEAR)
    made("41", Phase.WRAP_UP, [])
    made("B90", Phase.BACK_OUT, [], kind=StepKind.CHECK)
    uow.log("a random runbook", outage)
    return outage.id


@dataclass
class Night:
    """One flight of it. `look` is called after everything that changed something."""

    store: Store
    chance: random.Random
    look: Callable[[Night], None]
    outage_id: str = ""
    acts: list[str] = field(default_factory=list)
    refused: int = 0
    logged: int = 0
    outage: Outage = field(init=False)
    loaded: Loaded = field(init=False)

    @property
    def now(self) -> datetime:
        return clock_of(self.store).now()

    def fly(self) -> None:
        clock_of(self.store).set(START - timedelta(minutes=self.chance.randint(0, 40)))
        self.outage_id = self.store.run(make_random_runbook, self.chance)
        self._did("planned")
        waive = {criterion.value: "tonight" for criterion in Criterion}
        self.run("GO", advance, self.outage_id, State.IN_PROGRESS, Going(waive=waive))
        for _ in range(300):
            self._pass_time()
            if self.state in CLOSED:
                return
            self._something()
        raise AssertionError(f"it never ended: {self.acts[-10:]}")

    # --- looking ---------------------------------------------------------------------------

    def _see(self) -> None:
        """As it stands after an act; nothing else changes it."""

        def seen(uow: UnitOfWork) -> tuple[Outage, Loaded, int]:
            outage = uow.fetch(Outage, self.outage_id)
            return outage, load_steps(uow, self.outage_id), chain_head(uow)[0]

        self.outage, self.loaded, self.logged = self.store.read(seen)

    @property
    def state(self) -> State:
        return self.outage.state

    def open_gates(self) -> list[str]:
        """What an all-clear must not come through with: a verify step or the gate not passed."""
        return [
            row.code
            for row in self.loaded.rows
            if row.state is not StepState.DONE
            and (
                row.kind is StepKind.GATE
                or (row.phase is Phase.VERIFY and row.kind is StepKind.CHECK)
            )
        ]

    # --- acting ----------------------------------------------------------------------------

    def run(
        self, words: str, use_case: Callable[..., object], *args: object, **more: object
    ) -> bool:
        try:
            self.store.run(use_case, *args, **more)
        except (NotAllowed, BadInput):
            self.refused += 1
            return False
        self._did(words)
        return True

    def _did(self, words: str) -> None:
        self.acts.append(words)
        logged = self.logged
        self._see()
        assert self.logged > logged, f"{words} is not in the log"
        self.look(self)

    def _pass_time(self) -> None:
        clock = clock_of(self.store)
        clock.advance(minutes=self.chance.choice([0, 1, 3, 7, 15]))
        if self.chance.random() < 0.02:
            clock.advance(minutes=self.chance.randint(30, 90))  # everybody waits for a part
        if self.chance.random() < 0.01:
            clock.advance(minutes=-self.chance.randint(1, 60))  # somebody set it back
        if self.chance.random() < 0.003:
            clock.advance(hours=self.chance.randint(3, 20))  # asleep, or set forward

    def _something(self) -> None:
        state, outage = self.state, self.outage
        roll = self.chance.random()
        if state in FLYING and roll < 0.05:
            self._all_clear()
        elif state in FLYING and state is not State.BACKING_OUT and roll < 0.07:
            going = Going(why="it does not come up", decided=LEADER)
            self.run("back out", advance, self.outage_id, State.BACKING_OUT, going)
        elif roll < 0.5 and self._go_on():
            return
        elif state in FLYING and self.now > outage.promised_end_utc - timedelta(minutes=15):
            self._extend(self.now + timedelta(minutes=self.chance.randint(20, 90)))
        elif not self._step(state):
            self._move_on(state)

    def _extend(self, end: datetime) -> None:
        """What was shown before it is what it brings."""
        shown = self.store.read(extension, self.outage_id, end)
        if self.run("extend", extend, self.outage_id, end, "it takes longer", LEADER):
            steps, promised = self.loaded.known, self.outage.promised_end_utc
            assert shown.new_way_back == way_back(steps, promised, self.now)
            assert shown.margin.promised == promised and not shown.refusal
        else:
            assert shown.refusal

    def _go_on(self) -> bool:
        """Continue, where it is asked; it is not asked again then."""

        def asked(uow: UnitOfWork) -> tuple[datetime | None, int | None]:
            back = closing(uow, uow.fetch(Outage, self.outage_id))
            known = answered(uow, self.outage_id)
            return back, None if back is None else open_ask(back, uow.now, known)

        back, minutes = self.store.read(asked)
        if back is None or minutes is None:
            return False
        assert self.run("continue", go_on, self.outage_id, back, minutes)
        assert self.store.read(asked) == (back, None)
        return True

    def _all_clear(self) -> None:
        """Tried at any time; the test's `look` judges whether it may have come through."""
        going = Going(user_check="It works.", data_loss="none")
        self.run("all clear", advance, self.outage_id, State.COMPLETE, going)

    def _move_on(self, state: State) -> None:
        said = Going(user_check="It works.", data_loss="none", why="as it was")
        if state is State.IN_PROGRESS:
            stop = Going(why="the rest another night") if self.chance.random() < 0.3 else Going()
            self.run("verify", advance, self.outage_id, State.VERIFYING, stop)
        elif state is State.VERIFYING:
            ending = self.chance.choice([State.COMPLETE, State.COMPLETE, State.PARTLY_DONE])
            self.run("end", advance, self.outage_id, ending, said)
        elif state is State.BACKING_OUT:
            self.run("backed out", advance, self.outage_id, State.BACKED_OUT, said)

    def _step(self, state: State) -> bool:
        """Some act on some open step; False when none could be done."""
        rows = list(self.loaded.rows)
        phases = (Phase.BACK_OUT,) if state is State.BACKING_OUT else (
            (Phase.BEFORE, Phase.WINDOW, Phase.VERIFY)
        )  # fmt: skip
        self.chance.shuffle(rows)
        for row in rows:
            lost = row.no_return and row.state is not StepState.TODO  # it ends as it can
            if row.state not in OPEN or (row.phase not in phases and not lost):
                continue
            if row.kind in (StepKind.GATE, StepKind.ALL_CLEAR):
                continue
            if self._act(row):
                return True
        return False

    def _act(self, row: Step) -> bool:
        report = Report(by="Somebody", decided=LEADER, at=self._when(row))
        name = f"{row.code} {row.state}"
        if row.kind is StepKind.CHECK:
            result = self.chance.choice(["passed", "passed", "passed", "failed", "not_tested"])
            if row.result == result and row.state not in SETTLED:
                result = "passed"
            return self.run(
                f"{name} {result}", check_step, row.id, result, report, seen=row.version
            )
        acts = {
            StepState.TODO: [StepAct.START, StepAct.START, StepAct.START, StepAct.FINISH],
            StepState.RUNNING: [StepAct.FINISH, StepAct.FINISH, StepAct.BLOCK, StepAct.PUT_BACK],
            StepState.CHECK: [StepAct.PASS_CHECK, StepAct.FAIL_CHECK],
            StepState.BLOCKED: [StepAct.UNBLOCK],
        }[row.state]
        act = self.chance.choice(acts)
        return self.run(f"{name} {act}", act_on_step, row.id, act, report, seen=row.version)

    def _when(self, row: Step) -> datetime | None:
        """Now and then it is reported some minutes later; two at once, and the end with the start,
        come of themselves."""
        if self.chance.random() < 0.8:
            return None
        return self.now - timedelta(minutes=self.chance.randint(0, 5))

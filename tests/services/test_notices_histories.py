"""Random histories of planning, telling, briefing, moving, changing services and audience,
excluding who objects, taking back, extending, cancelling and ending: everyone ever told hears of
every change, nobody twice.

What each believes is kept here by reading what left, without the console's own rules of debt.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.notices.policy import Moment
from app.models.outages.debt import Debt
from app.models.outages.lifecycle import BEFORE_START, FLYING, State
from app.models.tables.directory import Audience, Person, Service
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.notices.gathering import gather
from app.services.notices.planning import Left, left_of
from app.services.notices.recipients import hearing
from app.services.notices.replies import decide_objection, note_reply, open_objections
from app.services.notices.sending import record_sent
from app.services.outages.debt import debts_of
from app.services.outages.moving import extend, move_window
from app.services.outages.planning import change_outage, plan_of
from app.services.uow import Undo, UnitOfWork, undo
from tests.conftest import Count
from tests.flights import START, make_flight, set_state
from tests.makers import clock_of, make_audience, make_person, make_service, make_window
from tests.services.notices_flights import desk_store

K = NoticeKind
BRIEFS = (K.KICK_OFF, K.CREW_BRIEF, K.SERVICE_DESK_BRIEF, K.MONITORING)
AS_PEOPLE = (K.PLANNED, K.STARTED, K.EXTENDED, K.ALL_CLEAR, K.BACKED_OUT)
TOLD = (*AS_PEOPLE, K.RESCHEDULED, K.CANCELLED)
ENDS = {State.COMPLETE: K.ALL_CLEAR, State.BACKED_OUT: K.BACKED_OUT, State.CANCELLED: K.CANCELLED}
PEOPLE = ("Ana Novak", "Ben Lind", "Cleo Marsh", "Dai Rees")


@dataclass(frozen=True)
class Word:
    """One notice that reached somebody, as they read it."""

    kind: NoticeKind
    about: tuple[datetime, datetime] | None
    services: tuple[str, ...]


@dataclass
class History:
    store: Store
    chance: random.Random
    outage_id: str = ""
    people: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    moved: Undo | None = None

    def begin(self) -> None:
        def use(uow: UnitOfWork) -> tuple[str, list[str], list[str]]:
            people = [make_person(uow, name, zone="America/New_York").id for name in PEOPLE]
            for desk in ("service desk", "monitoring"):
                make_audience(uow, desk, list_address=f"{desk[:4]}@hospital.example", list_size=3)
            flight = make_flight(uow, State.PLANNED)
            other = make_service(uow, "Home pages", plain_name="home pages").id
            (own,) = (s.id for s in uow.all(Service) if s.id != other)
            return flight, people, [own, other]

        self.outage_id, self.people, self.services = self.store.run(use)
        self.audience([0, 1])

    @property
    def outage(self) -> Outage:
        return self.store.read(lambda uow: uow.fetch(Outage, self.outage_id))

    def audience(self, members: list[int]) -> None:
        def use(uow: UnitOfWork) -> None:
            (audience,) = (a for a in uow.all(Audience) if a.name.endswith("firmware users"))
            audience.members = [self.people[i] for i in members]
            uow.log("changed the audience", audience)

        self.store.run(use)

    # --- what the console says, and what people read --------------------------------------------

    def owed(self) -> list[Debt]:
        """Notices; the warning before the promised end is met by two kinds."""
        debts = self.store.read(lambda uow: debts_of(uow, uow.fetch(Outage, self.outage_id)))
        return [
            d for d in debts if d.notice in (*TOLD, *BRIEFS) and d.moment is not Moment.END_OWED
        ]

    def goes_to(self, kinds: list[NoticeKind]) -> dict[NoticeKind, frozenset[str]]:
        def use(uow: UnitOfWork) -> dict[NoticeKind, frozenset[str]]:
            known = gather(uow, uow.fetch(Outage, self.outage_id))
            return {k: frozenset(r.key for r in hearing(known, k).recipients) for k in kinds}

        return self.store.read(use)

    def read_by(self) -> dict[str, list[Word]]:
        """By address, in the order they came."""
        words: dict[str, list[Word]] = defaultdict(list)
        left: tuple[Left, ...] = self.store.read(left_of, self.outage_id)
        for n in left:
            for key in n.recipients:
                words[key].append(Word(n.kind, n.about, tuple(sorted(n.spoken))))
        return words

    # --- acts -----------------------------------------------------------------------------------

    def tell(self, kind: NoticeKind) -> None:
        """Told; then nothing of it is owed, and a second time is refused."""
        now = clock_of(self.store).now()
        self.store.run(record_sent, self.outage_id, kind, now)
        self.moved = None
        assert kind not in {d.notice for d in self.owed()}
        if kind in TOLD:
            try:
                self.store.run(record_sent, self.outage_id, kind, now)
            except NotAllowed:
                return
            raise AssertionError(f"{kind} was told twice")

    def tell_some(self) -> None:
        kinds = [d.notice for d in self.owed() if d.notice is not None]
        if kinds:
            self.tell(self.chance.choice(kinds))

    def tell_all(self) -> None:
        while kinds := [d.notice for d in self.owed() if d.notice is not None]:
            self.tell(kinds[0])

    def brief(self) -> None:
        if self.outage.state in BEFORE_START:
            self.tell(self.chance.choice(BRIEFS[1:]))

    def rearrange(self) -> None:
        self.audience(self.chance.sample(range(4), self.chance.randint(0, 4)))

    def move(self) -> None:
        days, minutes = self.chance.randint(0, 3), self.chance.choice((0, 30))
        window = make_window(f"2025-01-{10 + days} 19:00", f"2025-01-{10 + days} 22:{minutes:02d}")
        if self.outage.state in BEFORE_START and window != self.outage.window:
            seen = self.outage.version
            self.moved = self.store.run(
                move_window, self.outage_id, window, "the vendor", seen=seen
            )

    def take_back(self) -> None:
        """The move, while nothing was told of it."""
        if self.moved is not None:
            self.store.run(undo, self.moved)
            self.moved = None

    def other_services(self) -> None:
        def use(uow: UnitOfWork) -> None:
            outage = uow.fetch(Outage, self.outage_id)
            plan = plan_of(uow, outage)
            both = len(plan.services) == 1
            services = tuple(self.services) if both else tuple(self.services[:1])
            change_outage(uow, outage.id, replace(plan, services=services), outage.version)

        if self.outage.state in BEFORE_START:
            self.store.run(use)
            self.moved = None

    def exclude(self) -> None:
        """Somebody objects and is left out of it; told before, they hear on."""

        def use(uow: UnitOfWork) -> None:
            person = uow.fetch(Person, self.chance.choice(self.people))
            note_reply(uow, self.outage_id, f"{person.name} <{person.email}>", "No.", "objection")
            uow.session.flush()
            (reply,) = open_objections(uow, self.outage_id)
            decide_objection(uow, reply.id, "exclude", "You are left out.", told=True)

        if self.outage.state in BEFORE_START:
            self.store.run(use)
            self.moved = None

    def fly(self) -> None:
        if self.outage.state in (State.ANNOUNCED, State.GO_NO_GO):
            clock_of(self.store).set(self.outage.start_utc + timedelta(minutes=1))
            self.store.run(set_state, self.outage_id, State.IN_PROGRESS)
            self.moved = None

    def stretch(self) -> None:
        if self.outage.state in FLYING:
            end = self.outage.promised_end_utc + timedelta(minutes=15)
            self.store.run(extend, self.outage_id, end, "it takes longer")

    def end(self) -> None:
        flown = self.outage.state in FLYING
        if flown or self.outage.state in BEFORE_START:
            state = State.CANCELLED
            if flown:
                state = self.chance.choice((State.COMPLETE, State.BACKED_OUT))

            def use(uow: UnitOfWork) -> None:
                outage = uow.fetch(Outage, self.outage_id)
                outage.data_loss, outage.ending_note = "none", "dropped: no longer needed"
                set_state(uow, self.outage_id, state)

            self.store.run(use)
            self.moved = None

    # --- what must hold -------------------------------------------------------------------------

    def check(self) -> None:
        """Whom a notice goes to is whom the debt names, and whom their own reading names."""
        owed = {d.notice: d.owed_to for d in self.owed() if d.notice is not None and d.owed_to}
        goes_to = self.goes_to([k for k in owed if k in TOLD])
        assert goes_to == {k: who for k, who in owed.items() if k in TOLD}
        state, words = self.outage.state, self.read_by()
        if state in BEFORE_START:
            asked_anew = {d.notice for d in self.owed()} & set(BRIEFS)
            wrong = {who for who, read in words.items() if self._is_wrong(read)}
            waits = {w for w in wrong if {x.kind for x in words[w]} & asked_anew}
            beside = {who for who in wrong if not {x.kind for x in words[who]} & set(AS_PEOPLE)}
            assert owed.get(K.RESCHEDULED, frozenset()) == wrong - (waits & beside)
        if state in ENDS:
            kind = ENDS[state]
            concerned = {w for w, read in words.items() if self._concerned(read, kind)}
            heard = {who for who, read in words.items() if any(x.kind is kind for x in read)}
            assert owed.get(kind, frozenset()) == concerned - heard

    def _is_wrong(self, read: list[Word]) -> bool:
        """Their last word of the window is not the window as it is."""
        outage = self.outage
        spoke = [x for x in read if x.kind in (K.PLANNED, K.RESCHEDULED, *BRIEFS)]
        if any(x.kind is K.PLANNED for x in read):  # a user is no better for a brief
            spoke = [x for x in spoke if x.kind not in BRIEFS]
        window = (outage.start_utc, outage.promised_end_utc)
        return bool(spoke) and (spoke[-1].about, spoke[-1].services) != (window, self._named())

    def _named(self) -> tuple[str, ...]:
        def use(uow: UnitOfWork) -> tuple[str, ...]:
            ids = plan_of(uow, uow.fetch(Outage, self.outage_id)).services
            return tuple(sorted(s.plain_name or s.name for s in uow.all(Service) if s.id in ids))

        return self.store.read(use)

    def _concerned(self, read: list[Word], kind: NoticeKind) -> bool:
        kinds = {x.kind for x in read}
        beside = (K.KICK_OFF, K.CREW_BRIEF, K.SERVICE_DESK_BRIEF) if kind is K.CANCELLED else ()
        return bool(kinds & {*AS_PEOPLE, *beside})

    def look_back(self) -> None:
        """With all debts paid: each believes what is so, and heard nothing twice."""
        words = self.read_by()
        for who, read in words.items():
            assert not (self.outage.state in BEFORE_START and self._is_wrong(read)), who
            once = Counter((x.kind, x.about) for x in read if x.kind in (*AS_PEOPLE, K.CANCELLED))
            assert set(once.values()) <= {1}, (who, once)
            for before, after in pairwise(read):
                same = (before.about, before.services) == (after.about, after.services)
                assert not (same and after.kind is K.RESCHEDULED), f"{who} knew it already"


Act = Callable[[History], None]
ACTS: tuple[Act, ...] = (
    History.tell_some,
    History.tell_all,
    History.brief,
    History.rearrange,
    History.move,
    History.move,
    History.take_back,
    History.other_services,
    History.exclude,
    History.fly,
    History.stretch,
    History.end,
)


def test_everyone_ever_told_hears_of_every_change_and_of_nothing_twice(
    count: Count, first_seed: int
) -> None:
    for seed in range(first_seed, first_seed + count(2, 400)):
        chance = random.Random(seed)
        with tempfile.TemporaryDirectory() as folder:
            store = desk_store(Path(folder), START - timedelta(days=10))
            history, done = History(store, chance), []
            try:
                history.begin()
                for act in _acts(chance):
                    done.append(act.__name__)
                    act(history)
                    clock_of(store).advance(minutes=1)
                    history.check()
                history.tell_all()
                history.look_back()
            except Exception as fault:
                fault.add_note(f"seed {seed}: {' '.join(done)}")
                raise
            finally:
                store.close()


def _acts(chance: random.Random) -> Iterator[Act]:
    """Most are told and briefed before anything changes, and not all come to an end."""
    if chance.random() < 0.8:
        yield from (History.brief, History.tell_all)
    yield chance.choice((History.move, History.other_services))
    late = chance.choice((0.1, 0.6))
    weights = [late if act in (History.fly, History.end) else 1.0 for act in ACTS]
    yield from chance.choices(ACTS, weights, k=5)
    if chance.random() < 0.6:
        yield History.end

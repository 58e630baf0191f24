"""Random histories of telling, moving, changing the audience, extending and ending: everyone
ever told hears of every change exactly as the debt says, and nobody is told the same twice."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.notices.policy import Moment
from app.models.outages.debt import Debt
from app.models.outages.lifecycle import BEFORE_START, ENDINGS, FLYING, State
from app.models.tables.directory import Audience
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.notices.gathering import gather
from app.services.notices.planning import left_of
from app.services.notices.recipients import hearing
from app.services.notices.sending import record_sent
from app.services.outages.debt import debts_of
from app.services.outages.moving import extend, move_window
from app.services.uow import UnitOfWork
from tests.flights import START, make_flight, set_state
from tests.makers import clock_of, make_person, make_window
from tests.services.notices_flights import desk_store

K = NoticeKind
ONCE = frozenset(
    {
        K.PLANNED,
        K.RESCHEDULED,
        K.STARTED,
        K.EXTENDED,
        K.ALL_CLEAR,
        K.BACKED_OUT,
        K.CANCELLED,
    }
)
PEOPLE = ("Ana Novak", "Ben Lind", "Cleo Marsh", "Dai Rees")


@dataclass
class History:
    store: Store
    outage_id: str = ""
    people: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self.people = [
            self.store.run(lambda uow, n=name: make_person(uow, n, zone="America/New_York").id)  # type: ignore[misc]
            for name in PEOPLE
        ]
        self.outage_id = self.store.run(make_flight, State.PLANNED)
        self.audience([0, 1])

    @property
    def outage(self) -> Outage:
        return self.store.read(lambda uow: uow.fetch(Outage, self.outage_id))

    def audience(self, members: list[int]) -> None:
        def use(uow: UnitOfWork) -> None:
            (audience,) = uow.all(Audience)
            audience.members = [self.people[i] for i in members]
            uow.log("changed the audience", audience)

        self.store.run(use)

    def owed(self) -> list[Debt]:
        """Notices to people; the warning before the promised end is met by two kinds."""
        debts = self.store.read(lambda uow: debts_of(uow, uow.fetch(Outage, self.outage_id)))
        return [
            d
            for d in debts
            if d.notice is not None and d.notice in ONCE and d.moment is not Moment.END_OWED
        ]

    def heard_by(self, kind: NoticeKind) -> frozenset[str]:
        def use(uow: UnitOfWork) -> frozenset[str]:
            known = gather(uow, uow.fetch(Outage, self.outage_id))
            return frozenset(r.key for r in hearing(known, kind).recipients)

        return self.store.read(use)

    # --- acts ------------------------------------------------------------------------------

    def tell(self, kind: NoticeKind) -> None:
        """What is owed is told; then nothing of it is owed, and a second time is refused."""
        now = clock_of(self.store).now()
        self.store.run(record_sent, self.outage_id, kind, now)
        assert kind not in {d.notice for d in self.owed()}
        try:
            self.store.run(record_sent, self.outage_id, kind, now)
        except NotAllowed:
            return
        raise AssertionError(f"{kind} was told twice")

    def tell_all(self) -> None:
        while kinds := [d.notice for d in self.owed() if d.notice is not None]:
            self.tell(kinds[0])

    def move(self, days: int, minutes: int) -> None:
        if self.outage.state not in BEFORE_START:
            return
        window = make_window(f"2025-01-{10 + days} 19:00", f"2025-01-{10 + days} 22:{minutes:02d}")
        if window != self.outage.window:
            self.store.run(
                move_window, self.outage_id, window, "the vendor", seen=self.outage.version
            )

    def fly(self) -> None:
        if self.outage.state in (State.ANNOUNCED, State.GO_NO_GO):
            clock_of(self.store).set(self.outage.start_utc + timedelta(minutes=1))
            self.store.run(set_state, self.outage_id, State.IN_PROGRESS)

    def stretch(self) -> None:
        if self.outage.state in FLYING:
            end = self.outage.promised_end_utc + timedelta(minutes=15)
            self.store.run(extend, self.outage_id, end, "it takes longer")

    def end(self, state: State) -> None:
        now = self.outage.state
        fits = now in BEFORE_START if state is State.CANCELLED else now in FLYING
        if not fits:
            return

        def use(uow: UnitOfWork) -> None:
            outage = uow.fetch(Outage, self.outage_id)
            outage.data_loss, outage.ending_note = "none", "dropped: no longer needed"
            set_state(uow, self.outage_id, state)

        self.store.run(use)

    def check(self) -> None:
        """Whom a notice goes to is whom the debt names."""
        for debt in self.owed():
            assert debt.notice is not None
            if debt.owed_to:
                assert self.heard_by(debt.notice) == debt.owed_to


Act = Callable[[History], None]
ACTS: st.SearchStrategy[Act] = st.one_of(
    st.just(History.tell_all),
    st.just(History.fly),
    st.just(History.stretch),
    st.sampled_from([State.CANCELLED, State.COMPLETE, State.BACKED_OUT]).map(
        lambda state: lambda history: history.end(state)
    ),
    st.lists(st.integers(0, 3), max_size=4, unique=True).map(
        lambda members: lambda history: history.audience(members)
    ),
    st.tuples(st.integers(0, 3), st.sampled_from([0, 30])).map(
        lambda to: lambda history: history.move(*to)
    ),
)


HALF = max(settings().max_examples // 2, 10)  # each history is a dozen transactions


@settings(max_examples=HALF)
@given(st.lists(ACTS, min_size=2, max_size=9))
def test_everyone_ever_told_hears_of_every_change_and_of_nothing_twice(acts: list[Act]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = desk_store(Path(folder), START - timedelta(days=10))
        try:
            history = History(store)
            history.begin()
            for act in acts:
                act(history)
                clock_of(store).advance(minutes=1)
                history.check()
            history.tell_all()
            _look_back(history)
        finally:
            store.close()


def _look_back(history: History) -> None:
    """With all debts paid: each heard the same once, and everyone told heard how it ended."""
    left = history.store.read(left_of, history.outage_id)
    told = Counter((key, n.kind, n.about) for n in left if n.kind in ONCE for key in n.recipients)
    assert all(times == 1 for (_, kind, _), times in told.items() if kind is not K.RESCHEDULED)
    state = history.outage.state
    if state in ENDINGS:
        announced = {key for n in left if n.kind is K.PLANNED for key in n.recipients}
        ended = {
            key
            for n in left
            if n.kind in (K.ALL_CLEAR, K.BACKED_OUT, K.CANCELLED)
            for key in n.recipients
        }
        assert announced == ended

"""The numbers of a period, from the store."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.models.errors import BadInput
from app.models.live.go import Criterion
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.decisions import Decided
from app.models.outages.lifecycle import State
from app.models.reports.digest import digest_document, digest_mail
from app.models.reports.kpi import Rate
from app.models.runbook import Phase, StepKind, StepState
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.outages.leading import Going, advance
from app.services.outages.moving import extend
from app.services.reports.building import after_action_data
from app.services.reports.digest import digest_of
from app.services.reports.kpi import kpi_of
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork
from app.services.working import Stopped, Work
from tests.flights import END, START, make_flight
from tests.makers import clock_of

MIN = timedelta(minutes=1)
YEAR = (date(2025, 1, 1), date(2025, 12, 31))


def fly(store: Store, *, over: int = 0, called: bool = False) -> str:
    """Flown to the all-clear, `over` minutes past the window; its end decided by a leader."""
    flight = store.run(make_flight, State.GO_NO_GO)
    clock = clock_of(store)
    clock.set(START)
    waive = {criterion.value: "tonight" for criterion in Criterion}
    store.run(advance, flight, State.IN_PROGRESS, Going(waive=waive))
    if over:
        later = END + timedelta(minutes=over)
        decided = Decided("H. Brandt", was_called=called)
        store.run(extend, flight, later, "the disk is slow", decided)

    def all_done(uow: UnitOfWork) -> None:
        for row in load_steps(uow, flight).rows:
            if row.phase is not Phase.BACK_OUT and row.kind in (StepKind.WORK, StepKind.CHECK):
                row.state, row.started_at, row.ended_at = StepState.DONE, START, START + 10 * MIN
        uow.log("done", row)

    store.run(all_done)
    clock.set(END + timedelta(minutes=over) if over else END - 5 * MIN)
    store.run(advance, flight, State.VERIFYING, Going(why="enough"))
    store.run(advance, flight, State.COMPLETE, Going(user_check="works", data_loss="none"))
    return flight


def test_a_clean_and_an_extended_flight_are_counted_filed_or_not(store: Store) -> None:
    first = fly(store)
    fly(store, over=20)

    def file(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, first)
        outage.state = State.FILED
        uow.log("filed", outage)

    store.run(file)
    told = store.read(kpi_of, *YEAR)
    assert told.total.flown == 2
    assert (told.total.on_time, told.total.promise_kept) == (Rate(1, 2), Rate(2, 2))
    assert (told.total.success, told.total.extensions) == (Rate(2, 2), 1)
    assert told.estimates[0].runbook == "Storage firmware"
    assert {load.who for load in told.off_hours} >= {"K. Ito"}


def test_a_flight_outside_the_period_does_not_count(store: Store) -> None:
    fly(store)
    assert store.read(kpi_of, date(2025, 1, 11), date(2025, 12, 31)).total.flown == 0
    assert store.read(kpi_of, date(2025, 1, 10), date(2025, 1, 10)).total.flown == 1


def test_a_planned_notice_sent_too_late_is_not_in_time(store: Store) -> None:
    flight = fly(store)

    def sent(uow: UnitOfWork, days: int) -> None:
        notice = Notice(
            organisation_id=uow.organisation_id,
            outage_id=flight,
            kind=NoticeKind.PLANNED,
            state=NoticeState.SENT,
            sent_at=START - timedelta(days=days),
            about_start_utc=START,
            about_end_utc=END,
        )
        uow.add(notice)
        uow.log("sent", notice)

    assert store.read(kpi_of, *YEAR).total.notices_in_time == Rate(0, 0)
    store.run(sent, 1)
    assert store.read(kpi_of, *YEAR).total.notices_in_time == Rate(0, 1)
    store.run(sent, 10)
    assert store.read(kpi_of, *YEAR).total.notices_in_time == Rate(1, 1)


@pytest.mark.parametrize("days", [9, 8, 7, 3, 2])
def test_the_report_and_the_numbers_judge_a_notice_alike(store: Store, days: int) -> None:
    flight = fly(store)

    def sent(uow: UnitOfWork) -> None:
        notice = Notice(
            organisation_id=uow.organisation_id,
            outage_id=flight,
            kind=NoticeKind.PLANNED,
            state=NoticeState.SENT,
            sent_at=START - timedelta(days=days),
            about_start_utc=START,
            about_end_utc=END,
        )
        uow.add(notice)
        uow.log("sent", notice)

    store.run(sent)
    lines = store.read(after_action_data, flight).notices
    kept = next(line.kept for line in lines if line.kind == NoticeKind.PLANNED.words)
    assert store.read(kpi_of, *YEAR).total.notices_in_time == Rate(int(kept), 1)


def test_days_since_somebody_was_called_up_run_from_the_last_call(store: Store) -> None:
    fly(store, over=20, called=True)
    clock_of(store).advance(days=9)
    told = store.read(kpi_of, *YEAR)
    assert (told.woken, told.since_woken) == (1, 9)


def test_counting_says_how_far_it_is_and_stops_when_it_is_asked_to(store: Store) -> None:
    fly(store)
    heard: list[float] = []
    work = Work(lambda done, total: heard.append(done / total))
    store.read(kpi_of, *YEAR, work)
    assert heard == sorted(heard) and len(heard) > 3
    work.stop.set()
    with pytest.raises(Stopped):
        store.read(kpi_of, *YEAR, work)


def test_a_period_that_ends_before_it_begins_is_refused(store: Store) -> None:
    with pytest.raises(BadInput):
        store.read(kpi_of, date(2025, 2, 1), date(2025, 1, 1))


def test_a_digest_lists_what_was_flown_and_what_is_coming(store: Store) -> None:
    fly(store, over=20)
    store.run(
        make_flight,
        State.ANNOUNCED,
        title="PACS move",
        start="2025-01-24 19:00",
        end="2025-01-24 22:00",
    )
    store.run(
        make_flight, State.ANNOUNCED, title="Far", start="2025-06-06 19:00", end="2025-06-06 22:00"
    )
    found = store.read(digest_of, date(2025, 1, 6), date(2025, 1, 12))
    assert [line.how for line in found.flown] == ["Complete."]
    assert [line.what.partition(" ")[2] for line in found.coming] == ["PACS move"]
    _, body = digest_mail(found)
    assert "By the end first announced: 0 of 1" in body
    ahead = store.read(digest_of, date(2025, 1, 13), date(2025, 7, 1))
    assert len(ahead.coming) == 2 and not digest_document(ahead).facts

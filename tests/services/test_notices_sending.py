"""From composing to “sent by me at”: who is told, what stands in the way, what it does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from app.models.errors import BadInput, NotAllowed
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.leadtime import Waiver
from app.models.outages.lifecycle import ImpactClass, State
from app.models.runbook import StepKind, StepState
from app.models.tables.log import LogEntry
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.tables.runbook import Step
from app.services.database import Store
from app.services.events import Event, EventBus, NoticesChanged
from app.services.notices.composing import NoticeExtra, compose
from app.services.notices.sending import (
    cancel_queued,
    discard_draft,
    queue,
    record_sent,
    save_draft,
)
from app.services.outages.debt import debts_of
from app.services.outages.moving import extend, move_window
from app.services.uow import UnitOfWork, undo
from tests.flights import END, START, make_flight, set_state
from tests.makers import clock_of, make_window
from tests.services.notices_flights import desk_store

K = NoticeKind
EARLY = START - timedelta(days=20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, EARLY)
    yield made
    made.close()


def planned(store: Store, impact: ImpactClass = ImpactClass.ORDINARY) -> str:
    outage_id = store.run(make_flight, State.PLANNED)

    def classify(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, outage_id)
        outage.impact = impact
        uow.log("classified", outage)

    store.run(classify)
    return outage_id


def announced(store: Store) -> str:
    outage_id = planned(store)
    store.run(record_sent, outage_id, K.PLANNED, clock_of(store).now())
    return outage_id


def flying(store: Store) -> str:
    outage_id = announced(store)
    clock_of(store).set(START + timedelta(minutes=5))
    store.run(set_state, outage_id, State.IN_PROGRESS)
    return outage_id


def state_of(store: Store, outage_id: str) -> State:
    return store.read(lambda uow: uow.fetch(Outage, outage_id).state)


def owed(store: Store, outage_id: str) -> set[NoticeKind]:
    debts = store.read(lambda uow: debts_of(uow, uow.fetch(Outage, outage_id)))
    return {d.notice for d in debts if d.notice is not None}


def items(store: Store) -> list[OutboxItem]:
    return store.read(lambda uow: uow.all(OutboxItem))


def test_the_planned_notice_says_the_window_and_lints_without_a_block(store: Store) -> None:
    composed = store.read(compose, planned(store), K.PLANNED)
    assert "7:00 pm Friday, January 10th" in composed.text
    assert not composed.blocked
    assert composed.reach == 1240
    assert composed.wants_calendar


def test_sending_the_planned_notice_announces_the_outage(store: Store) -> None:
    outage_id = planned(store)
    store.run(record_sent, outage_id, K.PLANNED, clock_of(store).now())
    assert state_of(store, outage_id) is State.ANNOUNCED
    assert K.PLANNED not in owed(store, outage_id)
    assert [i.state for i in items(store)] == ["sent"]


def test_the_log_says_how_many_were_told(store: Store) -> None:
    outage_id = flying(store)
    store.run(record_sent, outage_id, K.STARTED, clock_of(store).now())
    query = select(LogEntry.what).where(col(LogEntry.outage_id) == outage_id)
    logged = store.read(lambda uow: list(uow.session.exec(query)))
    assert "Started told to 1,240" in logged


def test_the_notice_step_is_done_with_the_act(store: Store) -> None:
    outage_id = flying(store)
    store.run(record_sent, outage_id, K.STARTED, clock_of(store).now())
    steps = store.read(
        lambda uow: uow.all(
            Step, col(Step.outage_id) == outage_id, col(Step.kind) == StepKind.NOTICE
        )
    )
    assert [s.state for s in steps if s.notice_kind == "started"] == [StepState.DONE]


def test_nobody_is_told_twice(store: Store) -> None:
    outage_id = announced(store)
    with pytest.raises(NotAllowed, match="told already"):
        store.run(record_sent, outage_id, K.PLANNED, clock_of(store).now())


def test_a_time_to_come_is_refused(store: Store) -> None:
    outage_id = planned(store)
    with pytest.raises(BadInput, match="has not come yet"):
        store.run(record_sent, outage_id, K.PLANNED, clock_of(store).now() + timedelta(minutes=1))


def test_a_mistyped_year_can_be_seen_in_the_refusal(store: Store) -> None:
    outage_id = planned(store)
    wrong = clock_of(store).now().replace(year=clock_of(store).now().year + 1)
    with pytest.raises(BadInput, match=f" {wrong.year} "):
        store.run(record_sent, outage_id, K.PLANNED, wrong)


def test_a_time_before_the_outage_was_planned_is_refused(store: Store) -> None:
    outage_id = planned(store)
    with pytest.raises(BadInput, match="not planned yet"):
        store.run(record_sent, outage_id, K.PLANNED, EARLY - timedelta(days=1))


def test_a_notice_of_a_draft_is_refused(store: Store) -> None:
    outage_id = store.run(make_flight, State.DRAFT)
    with pytest.raises(NotAllowed, match="Plan it first"):
        store.run(queue, outage_id, K.PLANNED)


def test_started_is_refused_before_the_go(store: Store) -> None:
    with pytest.raises(NotAllowed, match="GO"):
        store.run(record_sent, announced(store), K.STARTED, clock_of(store).now())


def test_the_all_clear_is_refused_while_it_is_flown(store: Store) -> None:
    with pytest.raises(NotAllowed, match="all-clear on Live first"):
        store.run(record_sent, flying(store), K.ALL_CLEAR, clock_of(store).now())


def test_a_critical_notice_too_late_is_blocked_until_it_is_waived(store: Store) -> None:
    outage_id = planned(store, ImpactClass.CRITICAL)
    clock_of(store).set(START - timedelta(days=3))
    with pytest.raises(NotAllowed, match="working days"):
        store.run(queue, outage_id, K.PLANNED)
    store.run(queue, outage_id, K.PLANNED, waive=Waiver("R. Haas", "the vendor’s only date"))
    waivers = store.read(lambda uow: uow.fetch(Outage, outage_id).waivers)
    assert waivers[0]["by"] == "R. Haas"


def test_a_waiver_ends_with_the_window_it_was_given_for(store: Store) -> None:
    outage_id = planned(store, ImpactClass.CRITICAL)
    clock_of(store).set(START - timedelta(days=3))
    waive = Waiver("R. Haas", "the vendor’s only date")
    store.run(record_sent, outage_id, K.PLANNED, clock_of(store).now(), waive=waive)
    move(store, outage_id, "2025-01-11T19:00", "2025-01-11T22:00")
    assert store.read(compose, outage_id, K.RESCHEDULED).blocked


def test_a_queued_notice_waits_with_its_outbox_item(store: Store) -> None:
    outage_id = planned(store)
    heard: list[Event] = []
    store.bus.subscribe(heard.append)
    notice_id = store.run(queue, outage_id, K.PLANNED)
    (item,) = items(store)
    assert (item.key, item.state, item.kind) == (f"notice:{notice_id}", "waiting", "notice")
    assert item.payload["messages"][0]["subject"].startswith("Planned outage")
    assert item.not_before == store.read(compose, outage_id, K.PLANNED).leaves_at
    assert NoticesChanged(outage_id) in heard


def test_a_planned_notice_queued_early_leaves_when_it_is_due(store: Store) -> None:
    outage_id = planned(store)
    composed = store.read(compose, outage_id, K.PLANNED)
    assert composed.leaves_at == composed.due
    assert composed.leaves_at > clock_of(store).now()


def test_what_waits_is_not_queued_twice(store: Store) -> None:
    outage_id = planned(store)
    store.run(queue, outage_id, K.PLANNED)
    with pytest.raises(NotAllowed, match="waits to leave already"):
        store.run(queue, outage_id, K.PLANNED)


def test_taking_back_voids_the_item_and_keeps_the_words(store: Store) -> None:
    outage_id = planned(store)
    store.run(save_draft, outage_id, K.PLANNED, body=edited(store, outage_id))
    notice_id = store.run(queue, outage_id, K.PLANNED)
    store.run(cancel_queued, notice_id)
    assert [i.state for i in items(store)] == ["void"]
    again = store.read(compose, outage_id, K.PLANNED)
    assert again.state is NoticeState.DRAFT
    assert "Bring cake." in again.text


def edited(store: Store, outage_id: str) -> str:
    body = store.read(compose, outage_id, K.PLANNED).messages[0].body
    return f"{body}\n\nBring cake."


def test_an_edit_is_kept_and_is_what_leaves(store: Store) -> None:
    outage_id = planned(store)
    store.run(
        save_draft,
        outage_id,
        K.PLANNED,
        subject="Files off on Friday: File cluster",
        body=edited(store, outage_id),
    )
    store.run(record_sent, outage_id, K.PLANNED, clock_of(store).now())
    left = store.read(compose, outage_id, K.PLANNED)
    assert left.state is NoticeState.SENT
    assert left.subject.startswith("Files off on Friday")
    assert "Bring cake." in left.text


def test_a_discarded_draft_is_the_template_again(store: Store) -> None:
    outage_id = planned(store)
    before = store.read(compose, outage_id, K.PLANNED)
    store.run(save_draft, outage_id, K.PLANNED, body=edited(store, outage_id))
    store.run(discard_draft, outage_id, K.PLANNED)
    assert store.read(compose, outage_id, K.PLANNED).text == before.text


def test_the_body_to_edit_renders_to_the_same_words(store: Store) -> None:
    outage_id = planned(store)
    before = store.read(compose, outage_id, K.PLANNED)
    body = before.messages[0].body
    assert "\\" not in body
    store.run(save_draft, outage_id, K.PLANNED, body=body)
    assert store.read(compose, outage_id, K.PLANNED).text == before.text


def test_a_text_with_a_placeholder_does_not_leave(store: Store) -> None:
    outage_id = planned(store)
    store.run(save_draft, outage_id, K.PLANNED, body=edited(store, outage_id) + "\n\n[fill in]")
    with pytest.raises(NotAllowed, match="not filled in"):
        store.run(queue, outage_id, K.PLANNED)


def move(store: Store, outage_id: str, start: str, end: str) -> None:
    window = make_window(start, end)
    store.run(
        lambda uow: move_window(
            uow, outage_id, window, "the vendor is ill", seen=uow.fetch(Outage, outage_id).version
        )
    )


def test_rescheduled_goes_from_old_to_new_with_the_reason_given(store: Store) -> None:
    outage_id = announced(store)
    move(store, outage_id, "2025-01-17T19:00", "2025-01-17T22:00")
    composed = store.read(compose, outage_id, K.RESCHEDULED)
    assert "New: 7:00 pm Friday, January 17th until 10:00 pm" in composed.text
    assert "Old: 7:00 pm Friday, January 10th" in composed.text
    assert "The vendor is ill." in composed.text
    store.run(record_sent, outage_id, K.RESCHEDULED, clock_of(store).now())
    assert K.RESCHEDULED not in owed(store, outage_id)


def test_another_end_alone_is_rescheduled_too(store: Store) -> None:
    outage_id = announced(store)
    move(store, outage_id, "2025-01-10T19:00", "2025-01-10T23:00")
    assert K.RESCHEDULED in owed(store, outage_id)


def test_a_reminder_forwards_the_original_with_a_short_note(store: Store) -> None:
    outage_id = announced(store)
    clock_of(store).set(START - timedelta(hours=30))
    composed = store.read(compose, outage_id, K.REMINDER)
    original = store.read(compose, outage_id, K.PLANNED)
    assert composed.text.endswith(original.text)
    assert len(composed.messages[0].body.split()) <= 25
    assert not composed.blocked


def test_a_reminder_of_what_is_no_longer_true_is_refused(store: Store) -> None:
    outage_id = announced(store)
    move(store, outage_id, "2025-01-10T20:00", "2025-01-10T22:00")
    with pytest.raises(NotAllowed, match="rescheduled notice is owed"):
        store.run(queue, outage_id, K.REMINDER)


def test_extended_names_both_ends_and_the_next_update(store: Store) -> None:
    outage_id = flying(store)
    store.run(record_sent, outage_id, K.STARTED, clock_of(store).now())
    clock_of(store).set(END - timedelta(minutes=20))
    store.run(extend, outage_id, END + timedelta(hours=1), "the second node is slow")
    composed = store.read(compose, outage_id, K.EXTENDED)
    assert "until 11:00 pm instead of 10:00 pm" in composed.text
    assert "The second node is slow." in composed.text
    assert "The next update comes at 10:45 pm." in composed.text
    store.run(record_sent, outage_id, K.EXTENDED, clock_of(store).now())
    debts = store.read(lambda uow: debts_of(uow, uow.fetch(Outage, outage_id)))
    assert [d for d in debts if d.notice is K.EXTENDED and d.moment is None] == []


def test_extended_is_refused_while_people_know_the_end(store: Store) -> None:
    with pytest.raises(NotAllowed, match="extend it on Live first"):
        store.run(record_sent, flying(store), K.EXTENDED, clock_of(store).now())


def test_a_typed_reason_is_said(store: Store) -> None:
    outage_id = flying(store)
    composed = store.read(compose, outage_id, K.PROGRESS, NoticeExtra(progress="half is done"))
    assert "Half is done." in composed.text


def test_a_cancelled_outage_is_postponed_with_its_date(store: Store) -> None:
    outage_id = announced(store)

    def cancel(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, outage_id)
        outage.ending_note = "postponed, new date by January 17th: the vendor is ill"
        set_state(uow, outage_id, State.CANCELLED)

    store.run(cancel)
    composed = store.read(compose, outage_id, K.CANCELLED)
    assert "we will announce a new date by Friday, January 17th" in composed.text
    assert "The vendor is ill." in composed.text
    assert not composed.blocked
    told = store.read(compose, outage_id, K.DIGEST)
    assert "January 17th" in told.text and "other_date" not in {f.rule for f in told.findings}
    assert "tells the desk, too" in store.read(compose, outage_id, K.SERVICE_DESK_BRIEF).not_now


def test_each_of_the_crew_reads_their_own_steps(store: Store) -> None:
    composed = store.read(compose, planned(store), K.CREW_BRIEF)
    texts = {m.recipients[0].name: m.rendered.text for m in composed.messages}
    assert set(texts) == {"K. Ito", "A. Lindqvist", "R. Ramos"}
    assert len(set(texts.values())) == 3
    assert "Be ready at" in texts["K. Ito"]
    assert not composed.blocked


def test_the_desk_brief_can_be_given_by_hand_where_no_address_is_known(store: Store) -> None:
    outage_id = planned(store)
    assert store.read(compose, outage_id, K.SERVICE_DESK_BRIEF).unreached
    store.run(record_sent, outage_id, K.SERVICE_DESK_BRIEF, clock_of(store).now())
    sent = store.read(lambda uow: uow.all(Notice, col(Notice.kind) == K.SERVICE_DESK_BRIEF))
    assert [n.state for n in sent] == [NoticeState.SENT]


def test_undoing_the_record_takes_the_announcement_back(store: Store) -> None:
    outage_id = planned(store)
    inverse = store.run(record_sent, outage_id, K.PLANNED, clock_of(store).now())
    store.run(undo, inverse)
    assert state_of(store, outage_id) is State.PLANNED
    assert store.read(compose, outage_id, K.PLANNED).state is NoticeState.DRAFT


def test_the_time_it_was_sent_is_kept(store: Store) -> None:
    outage_id = planned(store)
    at: datetime = clock_of(store).now()
    clock_of(store).advance(minutes=90)
    store.run(record_sent, outage_id, K.PLANNED, at, "A. Lindqvist")
    left = store.read(compose, outage_id, K.PLANNED)
    assert (left.sent_at, left.sent_by) == (at, "A. Lindqvist")


def test_no_event_is_told_for_a_refused_notice(tmp_path: Path) -> None:
    heard: list[Event] = []
    bus = EventBus()
    store = desk_store(tmp_path, EARLY, bus)
    outage_id = planned(store)
    bus.subscribe(heard.append)
    with pytest.raises(NotAllowed):
        store.run(record_sent, outage_id, K.CANCELLED, EARLY)
    store.close()
    assert heard == []

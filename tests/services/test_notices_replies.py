from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from app.models.errors import BadInput, NotAllowed, Stale
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.debt import Debt, DebtKind
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import State
from app.models.tables.directory import Department
from app.models.tables.notices import Reply
from app.models.tables.outages import Outage, OutageAudience
from app.models.tables.outbox import OutboxItem
from app.services.database import Store
from app.services.notices.audiences import resolve
from app.services.notices.composing import compose
from app.services.notices.excluding import left_out_words
from app.services.notices.reading import communication
from app.services.notices.replies import decide_objection, note_reply, sort_reply
from app.services.notices.reply_rows import ReplyRow
from app.services.notices.sending import queue, record_sent
from app.services.outages.call_list import confirm_called
from app.services.outages.debt import debts_of
from app.services.outages.moving import move_window
from app.services.outages.today import today
from app.services.outbox.settling import take_back
from app.services.uow import UnitOfWork, undo
from tests.flights import START, make_flight, set_state
from tests.makers import clock_of, make_audience, make_person, make_window
from tests.services.notices_flights import desk_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, START - timedelta(days=5))
    yield made
    made.close()


@pytest.fixture
def outage_id(store: Store) -> str:
    return store.run(make_flight, State.ANNOUNCED)


def replies(store: Store, outage_id: str) -> tuple[ReplyRow, ...]:
    return store.read(communication, outage_id).replies


def open_objections(store: Store, outage_id: str) -> list[str]:
    debts = store.read(lambda uow: debts_of(uow, uow.fetch(Outage, outage_id)))
    return [d.sentence for d in debts if d.kind is DebtKind.REPLY]


def test_a_reply_is_kept_word_for_word(store: Store, outage_id: str) -> None:
    store.run(note_reply, outage_id, "Dr Moreau", " We run CT scans that night. ")
    (row,) = replies(store, outage_id)
    assert (row.sender, row.text, row.kind) == (
        "Dr Moreau",
        "We run CT scans that night.",
        "unsorted",
    )


def test_an_objection_is_owed_a_decision(store: Store, outage_id: str) -> None:
    store.run(note_reply, outage_id, "Dr Moreau", "We run CT scans.")
    (row,) = replies(store, outage_id)
    assert open_objections(store, outage_id) == []
    store.run(sort_reply, row.id, "objection", seen=row.version)
    assert len(open_objections(store, outage_id)) == 1


def test_what_nobody_sorted_is_owed_before_it_is_filed(store: Store, outage_id: str) -> None:
    store.run(note_reply, outage_id, "Dr Moreau", "We run CT scans.")
    store.run(note_reply, outage_id, "A. Novak", "Why Friday?")
    assert open_objections(store, outage_id) == [], "until the end the GO asks for it"
    store.run(set_state, outage_id, State.COMPLETE)
    assert open_objections(store, outage_id) == ["Sort 2 replies"]
    need = next(n for n in store.read(today).needs if n.errand is Errand.REPLY)
    assert need.about == replies(store, outage_id)[0].id
    for row in replies(store, outage_id):
        store.run(sort_reply, row.id, "question")
    assert open_objections(store, outage_id) == []


def test_a_decision_settles_an_objection(store: Store, outage_id: str) -> None:
    store.run(note_reply, outage_id, "Dr Moreau", "We run CT scans.", "objection")
    (row,) = replies(store, outage_id)
    store.run(decide_objection, row.id, "keep", "The CT writes locally that night.", "R. Haas")
    assert open_objections(store, outage_id) == []
    assert replies(store, outage_id)[0].decided_by == "R. Haas"


def test_another_time_that_was_promised_is_owed_until_the_window_moves(
    store: Store, outage_id: str
) -> None:
    store.run(note_reply, outage_id, "Dr Moreau", "We run CT scans.", "objection")
    (row,) = replies(store, outage_id)
    store.run(decide_objection, row.id, "move", "We find another night.")
    assert open_objections(store, outage_id) == ["Move the window, as Dr Moreau was answered"]
    clock_of(store).advance(minutes=5)
    version = store.read(lambda uow: uow.fetch(Outage, outage_id).version)
    window = make_window("2025-01-17 19:00", "2025-01-17 22:00")
    store.run(move_window, outage_id, window, "CT scans", seen=version)
    assert open_objections(store, outage_id) == []


def test_talking_first_leaves_it_open_and_after_a_go_they_wait_for_an_answer(
    store: Store, outage_id: str
) -> None:
    store.run(note_reply, outage_id, "Dr Moreau", "We run CT scans.", "objection")
    (row,) = replies(store, outage_id)
    store.run(decide_objection, row.id, "talk")
    assert open_objections(store, outage_id)[0].startswith("Objection undecided")
    store.run(set_state, outage_id, State.IN_PROGRESS)
    debts = store.read(lambda uow: debts_of(uow, uow.fetch(Outage, outage_id)))
    assert "Dr Moreau still waits for an answer" in [d.why for d in debts]


def test_a_decision_needs_an_answer(store: Store, outage_id: str) -> None:
    store.run(note_reply, outage_id, "Dr Moreau", "We run CT scans.", "objection")
    (row,) = replies(store, outage_id)
    with pytest.raises(BadInput, match="answered"):
        store.run(decide_objection, row.id, "keep")


def answers(store: Store) -> list[OutboxItem]:
    return store.read(lambda uow: uow.all(OutboxItem, col(OutboxItem.kind) == "answer"))


def calls(store: Store, outage_id: str) -> list[Debt]:
    debts = store.read(lambda uow: debts_of(uow, uow.fetch(Outage, outage_id)))
    return [d for d in debts if d.kind is DebtKind.CALL]


def objection(store: Store, outage_id: str, sender: str) -> str:
    store.run(note_reply, outage_id, sender, "We run CT scans.", "objection")
    return replies(store, outage_id)[-1].id


@pytest.mark.parametrize("sender", ["K. Ito", "Kai <k.ito@hospital.example>"])
def test_an_objection_by_phone_is_answered_by_mail_once(
    store: Store, outage_id: str, sender: str
) -> None:
    store.run(record_sent, outage_id, NoticeKind.PLANNED, START - timedelta(days=5))
    reply_id = objection(store, outage_id, sender)
    for _ in range(2):
        store.run(decide_objection, reply_id, "keep", "CT goes on.")
    (item,) = answers(store)
    assert item.payload["email"].endswith("ito@hospital.example")
    assert item.payload["subject"].startswith("RE: Planned outage: ")
    assert item.payload["notice_id"], "what comes back to it is known as theirs"
    assert item.not_before is not None
    assert calls(store, outage_id) == []


def test_an_answer_that_was_taken_back_is_owed_and_goes_again(store: Store, outage_id: str) -> None:
    reply_id = objection(store, outage_id, "K. Ito")
    store.run(decide_objection, reply_id, "keep", "CT goes on.")
    store.run(lambda uow: take_back(uow, uow.fetch(OutboxItem, answers(store)[0].id), "a slip"))
    assert open_objections(store, outage_id)[0].startswith("Answer K. Ito")
    store.run(decide_objection, reply_id, "keep", "CT goes on.")
    assert len({item.key for item in answers(store)}) == 2
    assert open_objections(store, outage_id) == []


def test_who_has_no_address_is_owed_a_call_until_they_were_told(
    store: Store, outage_id: str
) -> None:
    reply_id = objection(store, outage_id, "Ward 3")
    store.run(decide_objection, reply_id, "keep", "CT goes on.")
    assert answers(store) == []
    (owed,) = calls(store, outage_id)
    assert owed.sentence == "Tell Ward 3 by phone: “CT goes on.”"
    assert replies(store, outage_id)[0].to_call
    store.run(confirm_called, owed.about_id)
    assert calls(store, outage_id) == []
    store.run(decide_objection, reply_id, "keep", "CT goes on until 21:00.")
    assert len(calls(store, outage_id)) == 1, "another answer is told again"


@pytest.mark.parametrize("sender", ["K. Ito", "Ward 3"])
def test_who_was_told_by_phone_is_sent_and_owed_nothing(
    store: Store, outage_id: str, sender: str
) -> None:
    reply_id = objection(store, outage_id, sender)
    store.run(decide_objection, reply_id, "keep", "CT goes on.", told=True)
    assert (answers(store), calls(store, outage_id)) == ([], [])


def test_a_decision_that_is_undone_owes_no_call(store: Store, outage_id: str) -> None:
    reply_id = objection(store, outage_id, "Ward 3")
    store.run(undo, store.run(decide_objection, reply_id, "keep", "CT goes on."))
    assert calls(store, outage_id) == []


def reached(store: Store, outage_id: str) -> set[str]:
    found = store.read(lambda uow: resolve(uow, uow.fetch(Outage, outage_id)))
    return {r.name for r in found.recipients}


def make_ward(uow: UnitOfWork, outage_id: str) -> str:
    """Two people of one department in an audience of the outage; the department's id."""
    ward = uow.add(Department(organisation_id=uow.organisation_id, name="Ward 3", key="ward 3"))
    uow.session.flush()
    for name in ("A Novak", "B Chen"):
        make_person(uow, name, department_id=ward.id)
    audience = make_audience(uow, "Ward 3", departments=[ward.id])
    uow.session.flush()
    ours = uow.organisation_id
    uow.add(OutageAudience(organisation_id=ours, outage_id=outage_id, audience_id=audience.id))
    uow.log("the ward hears", audience)
    return ward.id


@pytest.mark.parametrize(("who", "left"), [("", {"B Chen"}), ("Ward 3", set())])
def test_who_is_excluded_is_told_no_more_until_that_is_undone_or_decided_otherwise(
    store: Store, outage_id: str, who: str, left: set[str]
) -> None:
    store.run(make_ward, outage_id)
    everybody = reached(store, outage_id)
    reply_id = objection(store, outage_id, "A Novak")
    inverse = store.run(decide_objection, reply_id, "exclude", "You are left out.", without=who)
    assert everybody - reached(store, outage_id) == {"A Novak", "B Chen"} - left
    words = store.read(lambda uow: left_out_words(uow, uow.fetch(Reply, reply_id)))
    assert words.startswith(f"{2 - len(left)} ")
    store.run(undo, inverse)
    assert reached(store, outage_id) == everybody
    store.run(decide_objection, reply_id, "exclude", "You are left out.", without=who)
    store.run(decide_objection, reply_id, "keep", "You are in again.")
    assert reached(store, outage_id) == everybody


def test_who_is_excluded_is_not_reminded_and_hears_that_it_moved(
    store: Store, outage_id: str
) -> None:
    store.run(make_ward, outage_id)
    store.run(record_sent, outage_id, NoticeKind.PLANNED, START - timedelta(days=5))
    reply_id = objection(store, outage_id, "A Novak")
    store.run(decide_objection, reply_id, "exclude", "You are left out.", without="Ward 3")
    clock_of(store).advance(minutes=60 * 24 * 4)
    reminded = store.read(compose, outage_id, NoticeKind.REMINDER)
    assert not {"A Novak", "B Chen"} & {r.name for r in reminded.recipients}
    version = store.read(lambda uow: uow.fetch(Outage, outage_id).version)
    window = make_window("2025-01-17 19:00", "2025-01-17 22:00")
    store.run(move_window, outage_id, window, "CT scans", seen=version)
    again = store.read(compose, outage_id, NoticeKind.RESCHEDULED)
    assert {"A Novak", "B Chen"} <= {r.name for r in again.recipients}


def test_what_waits_for_who_is_excluded_is_taken_back_to_be_sent_to_the_others(
    store: Store, outage_id: str
) -> None:
    store.run(make_ward, outage_id)
    store.run(record_sent, outage_id, NoticeKind.PLANNED, START - timedelta(days=5))
    store.run(queue, outage_id, NoticeKind.REMINDER)
    reply_id = objection(store, outage_id, "A Novak")
    inverse = store.run(decide_objection, reply_id, "exclude", "You are left out.")
    again = store.read(compose, outage_id, NoticeKind.REMINDER)
    assert again.state is NoticeState.DRAFT
    assert "A Novak" not in (names := {r.name for r in again.recipients}) and "B Chen" in names
    store.run(undo, inverse)
    assert store.read(compose, outage_id, NoticeKind.REMINDER).state is NoticeState.QUEUED


def test_nobody_is_excluded_whom_nothing_names(store: Store, outage_id: str) -> None:
    reply_id = objection(store, outage_id, "the night shift")
    with pytest.raises(BadInput, match="say who is left out"):
        store.run(decide_objection, reply_id, "exclude", "You are left out.")
    assert replies(store, outage_id)[0].decision == ""


def test_only_an_objection_is_decided(store: Store, outage_id: str) -> None:
    store.run(note_reply, outage_id, "A. Novak", "Thanks!", "thanks")
    (row,) = replies(store, outage_id)
    with pytest.raises(NotAllowed, match="sort the reply"):
        store.run(decide_objection, row.id, "keep", "ok")


def test_a_decided_objection_is_not_sorted_away(store: Store, outage_id: str) -> None:
    store.run(note_reply, outage_id, "Dr Moreau", "We run CT scans.", "objection")
    (row,) = replies(store, outage_id)
    store.run(decide_objection, row.id, "keep", "It writes locally.")
    with pytest.raises(NotAllowed, match="stays one"):
        store.run(sort_reply, row.id, "thanks")


def test_an_unknown_kind_names_those_there_are(store: Store, outage_id: str) -> None:
    with pytest.raises(BadInput, match="objection, question, thanks"):
        store.run(note_reply, outage_id, "A. Novak", "Hm", "grumble")


def test_sorting_what_somebody_else_sorted_is_refused(store: Store, outage_id: str) -> None:
    store.run(note_reply, outage_id, "A. Novak", "Why Friday?")
    (row,) = replies(store, outage_id)
    store.run(sort_reply, row.id, "question", seen=row.version)
    with pytest.raises(Stale):
        store.run(sort_reply, row.id, "thanks", seen=row.version)


def test_sorting_is_undone(store: Store, outage_id: str) -> None:
    store.run(note_reply, outage_id, "A. Novak", "Why Friday?")
    (row,) = replies(store, outage_id)
    store.run(undo, store.run(sort_reply, row.id, "question"))
    assert replies(store, outage_id)[0].kind == "unsorted"

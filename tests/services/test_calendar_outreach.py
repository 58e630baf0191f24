"""Asking department heads: once each a round, answers kept, silence listed, an event in one act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from app.models.calendar.asked import Asked
from app.models.calendar.outreach import AskState, Period, period_from, periods_to_ask, rounds_due
from app.models.calendar.typed import Noted, TypedEvent
from app.models.errors import BadInput, NotAllowed
from app.models.outages.errands import Errand
from app.models.outbox import ItemState, PartState
from app.models.tables.calendar import BusinessEvent
from app.models.tables.directory import Department
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.calendar.outreach import (
    event_of_answer,
    mark_asked,
    note_answer,
    send_round,
    start_round,
)
from app.services.calendar.outreach_letters import leave_letters
from app.services.calendar.outreach_putting_off import put_off_round
from app.services.calendar.outreach_rows import AskRow, outreach
from app.services.database import Store
from app.services.notices.arriving import take_in
from app.services.outages.today import today
from app.services.ports.mail import Address, Arrived
from app.services.uow import UnitOfWork, undo
from tests.makers import clock_of, make_person, make_store

BY = date(2025, 1, 20)  # today is Monday 6 Jan 2025


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path / "store")
    made.run(departments)
    yield made
    made.close()


def departments(uow: UnitOfWork) -> None:
    dana, raj = make_person(uow, "Dana Ortiz"), make_person(uow, "Raj Vance", email="")
    uow.session.flush()
    heads = {"Payroll": dana.id, "Finance": dana.id, "Radiology": raj.id, "Archive": None}
    for name, head in heads.items():
        row = Department(
            organisation_id=uow.organisation_id, name=name, key=name.casefold(), head_id=head
        )
        uow.log(f"added {name}", uow.add(row))


def asks(store: Store) -> dict[str, AskRow]:
    return {a.name: a for a in store.read(outreach).rounds[0].asks}


def left(uow: UnitOfWork, item_id: str) -> None:
    """The outbox sent it."""
    item = uow.fetch(OutboxItem, item_id)
    item.state = ItemState.SENT
    uow.add(item)
    uow.add(
        OutboxPart(
            organisation_id=uow.organisation_id,
            item_id=item_id,
            number=1,
            key=f"{item.key}:1",
            internet_id="<ask-1@hospital.example>",
            state=PartState.SENT,
            accepted_at=uow.now,
        )
    )
    uow.log("it left", item)


def test_a_period_is_a_year_or_a_quarter_of_it() -> None:
    quarter = period_from("2027 q1")
    assert (quarter.words, quarter.last) == ("January to March 2027", date(2027, 3, 31))
    assert periods_to_ask(date(2026, 11, 30)) == (Period(2027), Period(2027, 1))
    assert periods_to_ask(date(2027, 2, 1))[1] == Period(2027, 2)


def test_a_round_is_due_in_autumn_for_the_year_and_before_each_quarter() -> None:
    assert rounds_due(date(2026, 9, 1), ()) == ()
    assert rounds_due(date(2026, 9, 3), ()) == (Period(2026, 4),)
    assert rounds_due(date(2026, 12, 20), ()) == (Period(2027),)
    assert rounds_due(date(2026, 12, 20), {"2027"}) == ()
    with pytest.raises(BadInput, match="2027-Q1"):
        period_from("next year")


def test_each_head_is_asked_once_a_round_for_all_they_lead(store: Store, tmp_path: Path) -> None:
    made = store.run(start_round, "2025", BY)
    assert (made.asks, made.headless) == (2, ("Archive",))
    dana, raj = asks(store)["Dana Ortiz"], asks(store)["Raj Vance"]
    assert dana.department == "Finance and Payroll" and "Finance and Payroll" in dana.text
    assert dana.mailto.startswith("mailto:dana.ortiz@hospital.example?subject=What%20must")
    assert (raj.mailto, raj.state) == ("", AskState.NOT_SENT)
    assert store.read(leave_letters, made.round_id, tmp_path / "letters") == 1
    (letter,) = (tmp_path / "letters").iterdir()
    text = letter.read_bytes()
    assert letter.name == "2025-Dana-Ortiz.eml" and b"X-Unsent: 1" in text and b"Payroll" in text
    (item,) = store.run(send_round, made.round_id)
    assert asks(store)["Dana Ortiz"].state is AskState.LEAVING
    with pytest.raises(NotAllowed, match="was asked"):
        store.run(send_round, made.round_id)
    store.run(mark_asked, raj.id)
    for again in (raj.id, dana.id):
        with pytest.raises(NotAllowed, match="asked in this round already"):
            store.run(mark_asked, again)
    with pytest.raises(NotAllowed, match="nobody is asked twice"):
        store.run(start_round, "2025", BY)
    store.run(left, item)
    assert asks(store)["Dana Ortiz"].said == "asked Mon 6 Jan, today"


def test_an_answer_by_mail_is_kept_and_becomes_an_event_in_one_act(store: Store) -> None:
    made = store.run(start_round, "2025", BY)
    store.run(left, store.run(send_round, made.round_id)[0])
    mail = Arrived(
        "m1",
        "<answer@hospital.example>",
        "c1",
        "RE: What must we not disturb",
        Address("dana.ortiz@hospital.example", "Dana Ortiz"),
        "Payroll closes on 28 March.\n\nOn Monday M. Okafor wrote:\n> Which days",
        store.clock.now(),
        ("<ask-1@hospital.example>",),
    )
    for _ in range(2):
        store.run(take_in, [replace(mail, automatic=True), mail])
    ask = asks(store)["Dana Ortiz"]
    assert (ask.answer, ask.state) == ("Payroll closes on 28 March.", AskState.ANSWERED)
    day = datetime.fromisoformat("2025-03-28")
    noted = Noted(Asked("Dana Ortiz", date(2025, 1, 6), "", ask.answer))
    inverse = store.run(event_of_answer, ask.id, "", TypedEvent("Closing", day, day, noted=noted))
    assert asks(store)["Dana Ortiz"].state is AskState.EVENT
    (row,) = store.read(lambda uow: uow.all(BusinessEvent, col(BusinessEvent.title) == "Closing"))
    assert (row.responsible, row.answer) == ("Dana Ortiz", "Payroll closes on 28 March.")
    store.run(undo, inverse)
    assert asks(store)["Dana Ortiz"].state is AskState.ANSWERED
    assert store.read(lambda uow: uow.all(BusinessEvent)) == []


def test_silence_stands_on_today_with_the_days_waited(store: Store) -> None:
    made = store.run(start_round, "2025", BY)
    for ask in asks(store).values():
        store.run(mark_asked, ask.id)
    assert [n for n in store.read(today).needs if n.errand is Errand.OUTREACH] == []
    clock_of(store).set(store.clock.now() + timedelta(days=16))
    (need,) = [n for n in store.read(today).needs if n.errand is Errand.OUTREACH]
    said = "Silent on what not to disturb in 2025: Dana Ortiz (16 days), Raj Vance (16 days)"
    assert need.words == said and need.late
    for ask in asks(store).values():
        store.run(note_answer, ask.id, "nothing")
    assert [n for n in store.read(today).needs if n.errand is Errand.OUTREACH] == []
    assert made.asks == 2
    clock_of(store).set(datetime(2025, 3, 25, 12, tzinfo=UTC))
    (due,) = [n for n in store.read(today).needs if n.errand is Errand.OUTREACH]
    assert due.words == "Ask department heads what not to disturb in April to June 2025"
    assert due.sub == "no round is under way, and it begins in 7 days" and due.late


def test_a_round_that_is_due_is_put_off_with_a_reason(store: Store) -> None:
    clock_of(store).set(datetime(2025, 3, 25, 12, tzinfo=UTC))

    def due() -> list[str]:
        return [n.key for n in store.read(today).needs if n.errand is Errand.OUTREACH]

    before = due()
    with pytest.raises(BadInput, match="Say why"):
        store.run(put_off_round, "2025-Q2", None, " ")
    with pytest.raises(BadInput, match="to come, by Mon 30 Jun 2025"):
        store.run(put_off_round, "2025-Q2", date(2025, 7, 1), "late")
    inverse = store.run(put_off_round, "2025-Q2", date(2025, 3, 27), "the heads meet first")
    assert due() == []
    clock_of(store).set(datetime(2025, 3, 27, 12, tzinfo=UTC))
    assert due() == before == ["outreach:due:2025-Q2"]
    store.run(undo, inverse)
    store.run(put_off_round, "2025-Q2", None, "nothing is planned")
    assert due() == []
    assert store.read(outreach).periods[1][0] == "2025-Q2"  # it can still be started


def test_whom_is_asked_keeps_its_place_while_the_mails_leave(store: Store) -> None:
    made = store.run(start_round, "2025", BY)
    assert list(asks(store)) == ["Dana Ortiz", "Raj Vance"]
    store.run(send_round, made.round_id)  # Raj Vance has no address
    assert list(asks(store)) == ["Dana Ortiz", "Raj Vance"]

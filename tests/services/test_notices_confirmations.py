"""The kick-off answered by its buttons: recognised, recorded by one key, waited for on Today."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.outages.confirming import Confirmed, Word, answer_in
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import State
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.notices.arriving import take_in
from app.services.notices.composing import compose
from app.services.notices.reading import communication
from app.services.notices.replies import note_reply, sort_reply
from app.services.notices.sending import record_sent
from app.services.outages.brief import brief
from app.services.outages.people import asked_at_kick_off, confirm
from app.services.outages.today import today
from app.services.outages.today_rows import NeedRow
from app.services.ports.mail import Address, Arrived
from app.services.uow import undo
from tests.flights import make_flight
from tests.makers import clock_of
from tests.services.notices_flights import desk_store

ITO = "k..ito@hospital.example"
EARLY = datetime(2024, 12, 17, 15, 0, tzinfo=UTC)  # the window is on 10 Jan 2025, 19:00


def made(store: Store) -> tuple[str, str]:
    """An outage whose kick-off left, and its code."""
    flight = store.run(make_flight, State.PLANNED)
    code = store.read(lambda uow: uow.fetch(Outage, flight).code)
    text = store.read(compose, flight, NoticeKind.KICK_OFF).text
    for answer in ("yes", "no", "can%27t%20then"):
        assert f"?subject={code}%20{answer}" in text
    store.run(record_sent, flight, NoticeKind.KICK_OFF, EARLY)
    return flight, code


def mail(subject: str, text: str = "", email: str = ITO) -> Arrived:
    return Arrived("m1", f"<{subject}>", "c9", subject, Address(email, "Kai I."), text, EARLY)


def kick_off_needs(store: Store) -> list[NeedRow]:
    found = store.read(today).needs
    return [n for n in found if n.errand in (Errand.PEOPLE, Errand.REPLY)]


@pytest.mark.parametrize(
    ("subject", "text", "said"),
    [
        ("OUT-2025-001 yes", "", Confirmed(Word.YES)),
        ("OUT-2025-001 can’t then", "Because: on leave", Confirmed(Word.CANNOT, "on leave")),
        ("Re: out-2025-001 NO", "Because: ", Confirmed(Word.NO)),
        ("RE: Please confirm", "Yes, happy to.", Confirmed(Word.YES, "happy to.")),
        ("RE: Please confirm", "I can't, because I am away", Confirmed(Word.CANNOT, "I am away")),
        ("RE: Please confirm", "Nothing I know of.", None),
        ("OUT-2025-001 yesterday", "", None),
    ],
)
def test_an_answer_is_read_off_a_buttons_subject_or_the_first_word(
    subject: str, text: str, said: Confirmed | None
) -> None:
    assert answer_in(subject, text) == said


def test_a_buttons_mail_is_recognised_and_recorded_by_one_key(tmp_path: Path) -> None:
    store = desk_store(tmp_path, EARLY)
    flight, code = made(store)
    store.run(take_in, [mail(f"{code} can’t then", "Because: on leave"), mail("Lunch?")])
    [row] = store.read(communication, flight).replies
    assert (row.guess, row.confirms) == ("confirmation", "can’t")
    [need] = kick_off_needs(store)
    assert need.words == "Kai I. answers the kick-off: can’t: on leave"
    assert (need.button, need.about) == ("Record", row.id)
    inverse = store.run(sort_reply, row.id, "confirmation", seen=row.version)
    asked = store.read(asked_at_kick_off, flight)["k. ito"]
    assert asked.answer == Confirmed(Word.CANNOT, "on leave")
    assert [n.words for n in kick_off_needs(store)] == [
        "K. Ito says to the kick-off: can’t: on leave"
    ]
    store.run(undo, inverse)
    assert store.read(asked_at_kick_off, flight)["k. ito"].answer is None
    store.run(note_reply, flight, "Dana", "Which room?")
    with pytest.raises(NotAllowed, match="neither yes, no nor"):
        store.run(sort_reply, store.read(communication, flight).replies[1].id, "confirmation")
    store.close()


def test_who_is_late_with_an_answer_names_the_notice_it_endangers(tmp_path: Path) -> None:
    store = desk_store(tmp_path, EARLY)
    flight, _ = made(store)
    assert kick_off_needs(store) == [] and store.read(brief, flight).endangered == ""
    clock_of(store).set(datetime(2024, 12, 30, 15, 0, tzinfo=UTC))
    [need] = kick_off_needs(store)
    assert need.words.startswith("No answer yet: K. Ito")
    assert "endangers the planned notice, due Tue 31 Dec" in need.sub and not need.late
    clock_of(store).set(datetime(2025, 1, 1, 15, 0, tzinfo=UTC))
    [need] = kick_off_needs(store)
    assert "delays the planned notice, which must leave by" in need.sub and need.late
    assert "delays the planned notice" in store.read(brief, flight).endangered
    for one in store.read(asked_at_kick_off, flight).values():
        store.run(confirm, flight, one.person, one.what, Confirmed(Word.YES))
    assert kick_off_needs(store) == []
    store.close()

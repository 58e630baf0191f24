"""A report by mail: known by its secret, shown on the board, taken by one key."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from sqlmodel import select

from app.models.crew.links import STAYS, LinkKind
from app.models.crew.mailing import report_in
from app.models.crew.serving import Proof, Serving
from app.models.errors import NotAllowed, Stale
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepState
from app.models.tables.log import LogEntry
from app.services.crew.board import looked_on, phone_board
from app.services.crew.links import crew_links, renew, switch_on
from app.services.crew.serving import note_served
from app.services.database import Store
from app.services.live.reading import live
from app.services.notices.arriving import take_in
from app.services.notices.composing import compose
from app.services.notices.reading import communication
from app.services.notices.replies import sort_reply
from app.services.notices.sending import record_sent
from app.services.outages.today import today
from app.services.ports.mail import Address, Arrived
from app.services.runbook.board import Card, board
from app.services.uow import undo
from tests.flights import START, do, done_before, make_flight, set_state, step_of
from tests.makers import clock_of
from tests.services.notices_flights import desk_store

PUBLIC = Serving(proof=Proof.PROXY, public="https://crew.example")
BUTTON = re.compile(r"mailto:m\.+okafor@hospital\.example\?subject=([\w%-]+)")
BEFORE = START - timedelta(days=3)


def briefed(store: Store) -> tuple[str, dict[str, str]]:
    """Announced, its board on, the crew brief sent; and what its buttons write, by `7 done`."""
    flight = store.run(make_flight, State.ANNOUNCED)
    store.run(note_served, PUBLIC)
    store.run(switch_on, flight)
    text = store.read(compose, flight, NoticeKind.CREW_BRIEF).html.replace("&amp;", "&")
    store.run(record_sent, flight, NoticeKind.CREW_BRIEF, BEFORE)
    subjects = [unquote(found) for found in BUTTON.findall(text)]
    reports = [report for each in subjects if (report := report_in(each)) is not None]
    return flight, {report.words: report.subject for report in reports}


def flying(store: Store, flight: str) -> None:
    store.run(set_state, flight, State.GO_NO_GO)
    done_before(store, flight)
    clock_of(store).set(START + timedelta(minutes=20))
    store.run(set_state, flight, State.IN_PROGRESS)


def mail(subject: str, text: str = "", number: int = 1) -> Arrived:
    at, sender = START + timedelta(minutes=12), Address("kai@home.example", "K")
    name = f"<m{number}@home.example>"
    return Arrived(f"m{number}", name, f"c{number}", subject, sender, text, at)


def card(store: Store, flight: str, code: str) -> Card:
    return next(each for each in store.read(board, flight).cards if each.code == code)


@pytest.fixture
def desk(tmp_path: Path) -> Store:
    return desk_store(tmp_path, BEFORE)


def test_the_brief_gives_each_their_own_link_and_buttons_only_while_the_board_is_on(
    desk: Store,
) -> None:
    off = desk.run(make_flight, State.ANNOUNCED, title="Another")
    assert "crew board" not in desk.read(compose, off, NoticeKind.CREW_BRIEF).text
    flight, buttons = briefed(desk)
    told = desk.read(compose, flight, NoticeKind.CREW_BRIEF).messages
    paths = {row.name: row.path for row in desk.read(crew_links, flight).rows}
    for message in told:
        (reader,) = message.recipients
        links = [path for path in paths.values() if path in message.rendered.html]
        assert links == [paths[reader.name]]
    assert {"7 done", "7 blocked"} <= set(buttons)


def test_a_report_by_mail_waits_on_the_board_until_one_key_takes_it(desk: Store) -> None:
    flight, buttons = briefed(desk)
    flying(desk, flight)
    written = len(_texts(desk))
    desk.run(take_in, [mail(buttons["7 done"], "Because: all green")])

    shown = card(desk, flight, "7")
    assert shown.mail == "by mail: done, K. Ito" and shown.state is StepState.TODO
    need = next(n for n in desk.read(today).needs if "by mail" in n.words)
    assert need.words == "K. Ito reports by mail: 7 done: all green"
    [row] = desk.read(communication, flight).replies
    assert (row.guess, row.reports, need.about) == ("report", "7 done", row.id)
    desk.run(take_in, [mail(buttons["7 done"].replace(" 7 ", " 99 "), number=0)])
    said, unknown = desk.read(live, flight).said
    assert (unknown.about, unknown.at) == ("step 99", said.at)
    assert (said.who, said.words, said.more, said.reply_id) == (
        "K. Ito", "done", "all green", row.id
    )  # fmt: skip

    inverse = desk.run(sort_reply, row.id, "report", seen=row.version)
    step = desk.read(step_of, flight, "7")
    assert (step.state, step.by, step.via) == (StepState.DONE, "K. Ito", "mail")
    assert step.ended_at == START + timedelta(minutes=12)
    assert not card(desk, flight, "7").mail and desk.read(live, flight).said == (unknown,)
    secret = buttons["7 done"].split()[-1]
    assert not any(secret in text for text in _texts(desk)[written:])
    desk.run(undo, inverse)
    assert card(desk, flight, "7").mail == "by mail: done, K. Ito"


def test_the_crew_s_phones_show_what_a_mail_says_and_observers_do_not(desk: Store) -> None:
    flight, buttons = briefed(desk)
    flying(desk, flight)
    desk.run(take_in, [mail(buttons["7 done"])])
    step = next(s for s in desk.read(phone_board, flight).steps.values() if s["code"] == "7")
    assert step["mail"] == "done, K. Ito"
    assert "mail" not in looked_on(step)


def test_what_the_runbook_refuses_waits_and_what_was_said_meanwhile_is_only_noted(
    desk: Store,
) -> None:
    flight, buttons = briefed(desk)
    flying(desk, flight)
    desk.run(take_in, [mail(buttons["8 done"])])
    [early] = desk.read(communication, flight).replies
    with pytest.raises(NotAllowed):
        desk.run(sort_reply, early.id, "report")
    assert card(desk, flight, "8").by_mail == early.id
    desk.run(take_in, [mail(buttons["7 done"], number=2)])
    do(desk, flight, "7", StepAct.FINISH)
    _, row = desk.read(communication, flight).replies
    desk.run(sort_reply, row.id, "report")
    step = desk.read(step_of, flight, "7")
    assert (step.via, card(desk, flight, "7").mail) == ("M. Okafor", "")


def test_a_mail_that_came_too_late_says_what_came_why_it_is_refused_and_what_to_do(
    desk: Store,
) -> None:
    flight, buttons = briefed(desk)
    flying(desk, flight)
    do(desk, flight, "7", StepAct.FINISH)
    desk.run(take_in, [mail(buttons["7 blocked"], "Because: no cage key")])
    [row] = desk.read(communication, flight).replies
    with pytest.raises(NotAllowed) as refused:
        desk.run(sort_reply, row.id, "report")
    said = refused.value.sentence
    assert said.startswith("K. Ito mailed “7 blocked: no cage key” at 19:12, but 7 ")
    assert "is done since 19:20 (K. Ito, via M. Okafor), so nothing was changed." in said
    assert "Ask K. Ito: if it is blocked all the same, move it to In progress on the Board" in said


def test_a_mail_that_came_too_early_says_what_it_waits_for_and_that_it_is_kept(
    desk: Store,
) -> None:
    flight, buttons = briefed(desk)
    flying(desk, flight)
    desk.run(take_in, [mail(buttons["8 done"])])
    [row] = desk.read(communication, flight).replies
    with pytest.raises(NotAllowed) as refused:
        desk.run(sort_reply, row.id, "report")
    said = refused.value.sentence
    assert said.startswith("K. Ito mailed “8 done” at 19:12, which cannot be taken now. Step 8 ")
    assert "waits for 7 " in said and "take it again once it can be" in said


def test_a_forged_secret_reports_nothing(desk: Store) -> None:
    flight, buttons = briefed(desk)
    flying(desk, flight)
    head, _, _ = buttons["7 done"].rpartition(" ")
    desk.run(take_in, [mail(f"{head} {'a' * 26}")])
    assert desk.read(communication, flight).replies == ()


def test_who_presses_a_button_of_an_old_brief_is_read_and_nothing_is_taken(desk: Store) -> None:
    flight, buttons = briefed(desk)
    flying(desk, flight)
    ito = next(r for r in desk.read(crew_links, flight).rows if r.name == "K. Ito")
    desk.run(renew, ito.link_id)
    desk.run(take_in, [mail(buttons["7 done"])])
    (reply,) = desk.read(communication, flight).replies
    assert (reply.sender, reply.text[:27]) == ("K. Ito", "“7 done”, by a button that ")
    assert not card(desk, flight, "7").mail, "nobody can take it by one key"


def test_after_the_flight_a_secret_reports_nothing(desk: Store) -> None:
    flight, buttons = briefed(desk)
    flying(desk, flight)
    desk.run(set_state, flight, State.COMPLETE)
    clock_of(desk).advance(hours=STAYS[LinkKind.CREW] / timedelta(hours=1))
    desk.run(take_in, [mail(buttons["7 done"])])
    assert desk.read(communication, flight).replies == ()


def test_one_key_takes_the_same_mail_sent_twice_and_undo_brings_both_back(desk: Store) -> None:
    flight, buttons = briefed(desk)
    flying(desk, flight)
    desk.run(take_in, [mail(buttons["7 done"]), mail(buttons["7 done"], number=2)])
    first, second = desk.read(communication, flight).replies
    inverse = desk.run(sort_reply, first.id, "report")
    assert not card(desk, flight, "7").mail
    desk.run(undo, inverse)
    assert card(desk, flight, "7").by_mail in (first.id, second.id)


def test_a_mail_that_is_taken_is_not_taken_again_by_a_second_press(desk: Store) -> None:
    flight, buttons = briefed(desk)
    flying(desk, flight)
    desk.run(take_in, [mail(buttons["7 done"])])
    (reply,) = desk.read(communication, flight).replies
    desk.run(sort_reply, reply.id, "report")
    said = len(_texts(desk))
    with pytest.raises(Stale, match="taken already"):
        desk.run(sort_reply, reply.id, "report")
    assert len(_texts(desk)) == said


def _texts(store: Store) -> list[str]:
    def read(uow: object) -> list[str]:
        return [e.text for e in uow.session.exec(select(LogEntry))]  # type: ignore[attr-defined]

    return store.read(read)

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepKind, StepState
from app.models.tables.outages import Outage
from app.services.bridge.line import open_bridge
from app.services.live.roll_call import answer_roll_call, say_criterion
from app.services.notices.replies import note_reply
from app.services.outages.leading import advance
from app.services.runbook.acting import check_step, complete_acts
from app.services.uow import UnitOfWork
from app.views.live.gate_panel import DECIDE
from app.views.live.page import LivePage
from app.views.page import HeaderAction
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.flights import END, START, do, make_flight, set_state, step_of
from tests.makers import clock_of
from tests.views.flying import Cockpit, cockpit, until
from tests.views.live_scene import (
    before_the_go,
    ctrl_enter,
    fill,
    flying,
    look,
    opened,
    press,
    says,
    sheet,
)


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, quick_fingers: None) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


def test_with_no_flight_today_it_names_the_next_window(seat: Cockpit, qtbot: QtBot) -> None:
    seat.store.run(make_flight, State.ANNOUNCED)
    clock_of(seat.store).set(START - timedelta(days=4))
    page = opened(seat, qtbot)
    assert says(page, "No flight today. The next window is OUT-2025-001 File cluster firmware")
    assert page.head() is None


def test_a_flight_that_ended_and_is_not_filed_is_named_and_one_key_away(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = seat.store.run(make_flight, State.COMPLETE)
    clock_of(seat.store).set(END + timedelta(days=1))
    page = opened(seat, qtbot)
    until(qtbot, lambda: says(page, "File cluster firmware ended yesterday, "))
    assert says(page, "things to file it.")
    press(page, qtbot, "Open what is to be filed")
    until(qtbot, lambda: page.outage_id == flight)


def test_before_the_gate_one_key_opens_the_bridge(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    page = opened(seat, qtbot)
    ctrl_enter(page, qtbot)
    until(qtbot, lambda: (b := look(seat, flight).bridge) is not None and b.open)


def test_the_roll_call_is_answered_by_name(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    page = opened(seat, qtbot)
    assert says(page, "in time, "), "whether it would be, begun now"
    press(page, qtbot, "K. Ito go")
    until(qtbot, lambda: look(seat, flight).answered == 1)
    press(page, qtbot, "R. Ramos no-go")
    asked = sheet(page, qtbot)
    fill(asked, why="the backup is red")
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: [n.name for n in look(seat, flight).noes] == ["R. Ramos"])
    until(qtbot, lambda: says(page, "NO-GO at 18:42: the backup is red"))


def test_go_with_red_criteria_needs_a_reason_for_each(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    seat.store.run(open_bridge, flight)
    page = opened(seat, qtbot)
    press(page, qtbot, "GO with waivers…")
    asked = sheet(page, qtbot)
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    assert asked.isVisible()
    fill(asked, **{row.criterion.value: "known" for row in look(seat, flight).missing})
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: look(seat, flight).state is State.IN_PROGRESS)


def test_one_reason_may_stand_for_all_that_is_waived(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    seat.store.run(open_bridge, flight)
    missing = look(seat, flight).missing
    assert len(missing) > 1
    page = opened(seat, qtbot)
    press(page, qtbot, "GO with waivers…")
    asked = sheet(page, qtbot)
    assert asked.focusWidget() is asked.editor(missing[0].criterion.value)
    fill(asked, **{missing[0].criterion.value: "a first try"})
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: look(seat, flight).state is State.IN_PROGRESS)
    said = [entry.what for entry in look(seat, flight).log if "waived" in entry.what]
    assert len(said) == len(missing)
    assert all(words.endswith(": a first try") for words in said)


def with_an_objection(seat: Cockpit) -> str:
    """At the gate, the bridge open, and Okafor's objection not decided."""
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    seat.store.run(open_bridge, flight)
    seat.store.run(note_reply, flight, "P. Okafor", "That night we move patients.", "objection")
    return flight


def test_the_row_of_the_objections_leads_to_the_replies_by_key(seat: Cockpit, qtbot: QtBot) -> None:
    flight = with_an_objection(seat)
    page = opened(seat, qtbot)
    for name in ("K. Ito", "R. Ramos", "A. Lindqvist"):
        press(page, qtbot, f"{name} go")
    until(qtbot, lambda: look(seat, flight).answered == 3)
    until(qtbot, lambda: says(page, "undecided: P. Okafor") and says(page, "everybody answered"))
    buttons = [b for b in page.findChildren(QPushButton) if b.text() == DECIDE]
    press(page, qtbot, "Show the next one that is not met")
    for _ in range(12):
        if buttons[0].hasFocus():
            break
        QTest.keyClick(page, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert buttons[0].hasFocus()
    with qtbot.waitSignal(page.debtRequested) as asked:
        QTest.keyClick(buttons[0], Qt.Key.Key_Space)
    assert asked.args == [flight, "reply", ""]


def test_one_reason_for_all_does_not_cover_an_undecided_objection(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = with_an_objection(seat)
    page = opened(seat, qtbot)
    press(page, qtbot, "GO with waivers…")
    asked = sheet(page, qtbot)
    first = look(seat, flight).missing[0].criterion.value
    fill(asked, **{first: "a first try"})
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    assert asked.isVisible()
    fill(asked, objections_decided="Okafor was called, and agrees")
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: look(seat, flight).state is State.IN_PROGRESS)
    said = [entry.what for entry in look(seat, flight).log]
    assert any(words.endswith("undecided: P. Okafor") for words in said)


def test_with_all_met_ctrl_enter_is_the_go(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    seat.store.run(open_bridge, flight)
    before_the_go(seat, flight)
    for name in ("K. Ito", "R. Ramos", "A. Lindqvist"):
        seat.store.run(answer_roll_call, flight, name, True)
    for row in look(seat, flight).missing:
        seat.store.run(say_criterion, flight, row.criterion, True, "seen")
    page = opened(seat, qtbot)
    ctrl_enter(page, qtbot)
    until(qtbot, lambda: look(seat, flight).state is State.IN_PROGRESS)


def test_ctrl_enter_starts_and_finishes_the_step_in_hand(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    assert says(page, "7 · Drain clients from node B")
    ctrl_enter(page, qtbot)
    until(qtbot, lambda: seat.store.read(step_of, flight, "7").state is StepState.RUNNING)
    until(qtbot, lambda: says(page, "0 of 10 min"))
    ctrl_enter(page, qtbot)
    until(qtbot, lambda: seat.store.read(step_of, flight, "7").state is StepState.DONE)
    until(qtbot, lambda: says(page, "8 · Flash controller B"))


def test_a_flight_that_ends_stays_though_another_is_flown(seat: Cockpit, qtbot: QtBot) -> None:
    first = flying(seat)
    page = opened(seat, qtbot)
    other = seat.store.run(make_flight, State.GO_NO_GO)
    seat.store.run(set_state, other, State.IN_PROGRESS)
    seat.store.run(set_state, first, State.COMPLETE)
    until(qtbot, lambda: says(page, "The bridge is still open"))


def test_a_flight_filed_before_ones_eyes_stays_and_nothing_is_left_to_do(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    seat.store.run(set_state, flight, State.FILED)
    seat.store.run(make_flight, State.GO_NO_GO, title="Core switch")
    page.refresh()
    until(qtbot, lambda: says(page, "Nothing is left to do."))
    page.refresh()
    until(qtbot, lambda: seat.ops.idle)
    assert page.title == "File cluster firmware"


def test_coming_back_finds_the_flight_whose_bridge_is_open(seat: Cockpit, qtbot: QtBot) -> None:
    first = flying(seat)
    page = opened(seat, qtbot)
    other = seat.store.run(make_flight, State.GO_NO_GO)
    seat.store.run(set_state, other, State.IN_PROGRESS)
    seat.store.run(set_state, first, State.COMPLETE)
    until(qtbot, lambda: says(page, "The bridge is still open"))
    page.activate()
    until(qtbot, lambda: seat.ops.idle)
    assert says(page, "The bridge is still open")


def test_a_bare_enter_does_nothing(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    QTest.keyClick(page, Qt.Key.Key_Return)
    qtbot.wait(50)
    assert seat.store.read(step_of, flight, "7").state is StepState.TODO


def test_an_extension_the_coordinator_may_give_is_given_at_once(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    page.line.extend(look(seat, flight))
    asked = sheet(page, qtbot)
    fill(asked, end="22:15", why="one more check")
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: look(seat, flight).promised_end == END + timedelta(minutes=15))
    until(qtbot, lambda: bool(seat.undos) and seat.undos[-1].label.startswith("extending"))


def test_the_all_clear_is_gated_and_keeps_what_was_typed(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    for code in ("7", "8", "9", "10", "11", "12"):
        do(seat.store, flight, code, StepAct.FINISH)

    def told(uow: UnitOfWork) -> None:
        complete_acts(uow, uow.fetch(Outage, flight), StepKind.NOTICE)

    seat.store.run(told)
    seat.store.run(advance, flight, State.VERIFYING)
    step = seat.store.read(step_of, flight, "13")
    seat.store.run(check_step, step.id, "passed", seen=step.version)
    do(seat.store, flight, "14", StepAct.SKIP)  # nobody saw it pass
    page = opened(seat, qtbot)
    assert says(page, "skipped, so nobody saw it pass")
    page.acts.all_clear(look(seat, flight))
    asked = sheet(page, qtbot)
    fill(asked, check="it opens and saves", loss="none")
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: says_in(asked, "Not verified yet: 14"))
    assert asked.answers()["check"] == "it opens and saves"
    fill(asked, **{"waive 14": "the printer is being replaced"})
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: look(seat, flight).state is State.COMPLETE)
    assert look(seat, flight).user_check == "it opens and saves"


def says_in(asked: Sheet, words: str) -> bool:
    return any(words in label.text() for label in asked.findChildren(QLabel))


def test_a_note_goes_to_the_log_and_the_field_is_free_again(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    field = next(f for f in page.findChildren(QLineEdit) if f.accessibleName() == "Note to the log")
    field.setText("quiet")
    QTest.keyClick(field, Qt.Key.Key_Return)
    until(qtbot, lambda: field.text() == "")
    assert look(seat, flight).log[-1].what == "quiet"


def test_a_note_is_written_with_its_button(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    field = next(f for f in page.findChildren(QLineEdit) if f.accessibleName() == "Note to the log")
    field.setText("quiet")
    note_it = next(b for b in page.findChildren(QPushButton) if b.text() == "Note it")
    QTest.mouseClick(note_it, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: field.text() == "")
    assert look(seat, flight).log[-1].what == "quiet"
    assert field.hasFocus(), "the next note can be typed at once"


def test_the_bridge_closes_with_proof(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    seat.store.run(set_state, flight, State.COMPLETE)
    page = opened(seat, qtbot)
    ctrl_enter(page, qtbot)
    asked = sheet(page, qtbot)
    fill(asked, proof="dialled in again: conference ended")
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: (b := look(seat, flight).bridge) is not None and not b.open)


def test_what_is_owed_leads_to_its_screen(seat: Cockpit, qtbot: QtBot) -> None:
    seat.store.run(make_flight, State.GO_NO_GO)
    page = opened(seat, qtbot)
    with qtbot.waitSignal(page.noticeRequested) as caught:
        made = next(
            b
            for b in page.findChildren(QPushButton)
            if b.accessibleName().startswith("Write it: Planned")
        )
        QTest.mouseClick(made, Qt.MouseButton.LeftButton)
    assert caught.args is not None and caught.args[1] == "planned"


def test_the_header_has_no_second_primary_act(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    page = opened(seat, qtbot)
    parts = page.header_parts()
    assert not any(isinstance(part, HeaderAction) and part.primary for part in parts)
    assert page.alert


def test_every_button_and_field_has_a_name(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    page = opened(seat, qtbot)
    for kind in (QPushButton, QLineEdit):
        shown = [made for made in page.findChildren(kind) if made.isVisibleTo(page)]
        assert shown and all(made.accessibleName() for made in shown)


def test_the_badge_counts_to_the_start(seat: Cockpit, qtbot: QtBot) -> None:
    seat.store.run(make_flight, State.GO_NO_GO)
    page = LivePage(seat.ops, seat.acts, seat.told, seat.store.clock.now, seat.undos.append)
    qtbot.addWidget(page)
    with qtbot.waitSignal(page.badgeChanged) as caught:
        page.activate()
    assert caught.args is not None and caught.args[0] == "T−18m"


def test_the_reason_of_a_block_is_owed_and_given_here(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    do(seat.store, flight, "7", StepAct.BLOCK)
    page = opened(seat, qtbot)
    assert says(page, "blocked: why?")
    press(page, qtbot, "Open: Why is 7 Drain clients from node B blocked?")
    asked = sheet(page, qtbot)
    fill(asked, why="the node hangs")
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: not look(seat, flight).owed)


def test_a_lock_is_said_before_it_is_missed_and_the_late_start_owes_its_reason(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flying(seat)

    def lock(uow: UnitOfWork) -> None:
        step = step_of(uow, flight, "7")
        step.not_after = START + timedelta(minutes=10)
        uow.log("locked", step)

    seat.store.run(lock)
    page = opened(seat, qtbot)
    assert says(page, "not after 19:10")
    clock_of(seat.store).advance(minutes=11)
    page.refresh()
    until(qtbot, lambda: says(page, "too late: not after 19:10"))
    do(seat.store, flight, "7", StepAct.START)
    until(qtbot, lambda: bool(look(seat, flight).running))
    question = "Why did 7 Drain clients from node B begin after 19:10?"
    until(qtbot, lambda: says(page, question))
    press(page, qtbot, f"Open: {question}")
    asked = sheet(page, qtbot)
    fill(asked, why="the vendor came late")
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: question not in [row.sentence for row in look(seat, flight).owed])


def test_a_struck_entry_stays_readable_with_its_correction(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    page.line.note(flight, "node A drained", lambda: None)
    until(qtbot, lambda: look(seat, flight).log[-1].what == "node A drained")
    wrong = look(seat, flight).log[-1]
    page.line.strike(flight, wrong.number, wrong.what)
    editor = next(f for f in page.findChildren(QLineEdit) if f.accessibleName() == "What is right")
    editor.setText("node B drained")
    press(page, qtbot, "Correct it")
    until(qtbot, lambda: look(seat, flight).log[-1].what == "node B drained")
    assert look(seat, flight).log[-2].struck_by == look(seat, flight).log[-1].number

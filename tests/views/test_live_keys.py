"""Where the keyboard goes on Live, and that nothing jumps under the eye."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.crew.taps import TapAct
from app.models.outages.debt import DebtKind
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.services.bridge.line import open_bridge
from app.services.crew.links import switch_on
from app.services.live.roll_call import answer_roll_call, say_criterion
from app.services.live.rows import CriterionRow
from app.views.live.gate_panel import GatePanel
from app.views.live.page import LivePage
from app.views.live.timeline_card import TimelineCard
from app.views.widgets.labels import ElidedLabel
from app.views.widgets.sheet import Sheet
from tests.flights import START, do, make_flight, set_state
from tests.makers import clock_of
from tests.services.crew_flight import LINDQVIST, tap
from tests.views.flying import Cockpit, until
from tests.views.live_scene import before_the_go, ctrl_enter, flying, look, opened, press, says
from tests.views.test_live_page import seat as seat


def test_an_answer_that_comes_in_does_not_take_the_keyboard_from_a_note(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    page = opened(seat, qtbot)
    button = next(b for b in page.findChildren(QPushButton) if b.accessibleName() == "K. Ito go")
    button.setFocus()
    note = next(f for f in page.findChildren(QLineEdit) if f.accessibleName() == "Note to the log")
    note.setFocus()
    QTest.keyClicks(note, "the vendor ")
    seat.store.run(answer_roll_call, flight, "K. Ito", True)
    until(qtbot, lambda: says(page, "go at"))
    assert note.hasFocus()


def test_nothing_below_moves_when_a_step_starts_and_ends(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    page = opened(seat, qtbot)
    below = page.findChild(TimelineCard)
    assert below is not None
    until(qtbot, lambda: says(page, "7 ·"))
    tops = {below.geometry().top()}
    for then in ("0 of 10 min", "8 · Flash"):
        ctrl_enter(page, qtbot)
        until(qtbot, lambda then=then: says(page, then))  # type: ignore[misc]
        qtbot.wait(20)  # Qt lays out what was built when it comes to rest
        tops.add(below.geometry().top())
    assert len(tops) == 1


def test_after_the_go_the_keyboard_is_on_nothing_that_acts(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    seat.store.run(open_bridge, flight)
    before_the_go(seat, flight)
    for name in ("K. Ito", "R. Ramos", "A. Lindqvist"):
        seat.store.run(answer_roll_call, flight, name, True)
    for row in look(seat, flight).missing:
        seat.store.run(say_criterion, flight, row.criterion, True, "seen")
    page = opened(seat, qtbot)
    gate = next(b for b in page.findChildren(QPushButton) if b.accessibleName() == "GO")
    gate.setFocus()
    QTest.keyClick(gate, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: look(seat, flight).state is State.IN_PROGRESS)
    until(qtbot, lambda: not gate.isVisible())
    assert page.hasFocus()


def test_ctrl_o_goes_to_what_is_owed_first(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    page = opened(seat, qtbot)
    first = look(seat, flight).owed[0]
    assert first.notice is not None
    with qtbot.waitSignal(page.noticeRequested) as asked:
        QTest.keyClick(page, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == [flight, first.notice.value]


def test_after_the_end_ctrl_enter_sees_to_what_is_owed_first(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    seat.store.run(set_state, flight, State.COMPLETE)
    page = opened(seat, qtbot)
    page.activate(flight)
    until(qtbot, lambda: says(page, "Complete: not filed yet"))
    first = look(seat, flight).owed[0]
    with qtbot.waitSignal(page.debtRequested) as asked:
        ctrl_enter(page, qtbot)
    assert asked.args == [flight, first.kind.value, first.about_id]


def test_tab_goes_on_from_who_answered_in_the_very_moment_it_is_shown(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    page = opened(seat, qtbot)
    gate = page.findChild(GatePanel)
    assert gate is not None
    next(b for b in page.findChildren(QPushButton) if b.accessibleName() == "K. Ito go").setFocus()
    seat.store.run(answer_roll_call, flight, "K. Ito", True)
    gate.show_rows(look(seat, flight))
    held = page.window().focusWidget()
    assert held is not None
    QTest.keyClick(held, Qt.Key.Key_Tab)
    held = page.window().focusWidget()
    assert held is not None
    assert held.accessibleName() == "K. Ito no-go"
    with qtbot.waitSignal(gate.answered) as said:  # N is the no-go of whose row it is
        QTest.keyClick(held, Qt.Key.Key_N)
    assert said.args == ["K. Ito", False]


def test_a_go_far_too_early_says_so_and_collects_no_waivers(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    seat.store.run(open_bridge, flight)
    clock_of(seat.store).set(START - timedelta(days=20))
    page = opened(seat, qtbot)
    page.activate(flight)
    until(qtbot, lambda: says(page, "a day before the window opens"))
    page.acts.go(look(seat, flight))
    until(qtbot, lambda: bool(seat.told.errors))
    assert seat.told.errors[0].startswith("GO can be given from Thu 9 Jan 19:00 EST")
    assert not page.findChildren(Sheet)


def test_the_rail_opens_what_was_looked_at_last(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    gate = seat.store.run(make_flight, State.GO_NO_GO, title="Core switch")
    looked = [""]
    page = LivePage(seat.ops, seat.acts, seat.told, seat.store.clock.now, seat.undos.append)
    page.looked_at = lambda: looked[0]
    qtbot.addWidget(page)
    page.activate()
    until(qtbot, lambda: page.title == "File cluster firmware")
    looked[0] = gate
    page.activate()
    until(qtbot, lambda: page.title == "Core switch")
    page.refresh()
    until(qtbot, lambda: seat.ops.idle)
    assert page.title == "Core switch"


def test_a_long_name_takes_a_second_line_before_it_is_cut(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    page = opened(seat, qtbot)
    until(qtbot, lambda: page.head() is not None)
    banner = page.head()
    assert banner is not None
    banner.setParent(None)
    qtbot.addWidget(banner)
    banner.show()

    def name(width: int) -> list[str]:
        """Whole, line by line, once it is laid out."""
        banner.resize(width, 90)
        lines = [label for label in banner.findChildren(ElidedLabel) if label.isVisible()]
        named = [label for label in lines if "ends" not in label.text()]
        until(qtbot, lambda: not any("…" in QLabel.text(label) for label in named))
        return [label.text() for label in named]

    assert name(700) == ["File cluster firmware"]
    assert name(220) == ["File cluster", "firmware"]


def button_of(row: CriterionRow) -> str:
    return f"{row.words}: {'not met' if row.is_decided_elsewhere else 'met'}"


def test_one_key_goes_round_the_open_answers_and_criteria(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    page = opened(seat, qtbot)
    rows = look(seat, flight)
    red = [f"{row.name} go" for row in rows.roll_call]
    red += [button_of(row) for row in rows.missing]
    until(qtbot, lambda: says(page, "Criteria"))
    found = []
    for _ in range(len(red) + 1):
        QTest.keyClick(page, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
        focused = page.focusWidget()
        found.append(focused.accessibleName() if focused is not None else "")
    assert found == [*red, red[0]]


def test_ctrl_enter_leads_through_the_roll_call_and_never_gives_a_go_without_it(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    seat.store.run(open_bridge, flight)
    page = opened(seat, qtbot)
    for name in [row.name for row in look(seat, flight).roll_call]:
        ctrl_enter(page, qtbot)
        held = page.window().focusWidget()
        assert held is not None and held.accessibleName() == f"{name} go"
        QTest.keyClick(held, Qt.Key.Key_Space)
        until(qtbot, lambda: seat.ops.idle and says(page, "go at"))
        page.findChildren(GatePanel)[0].show_rows(look(seat, flight))
    ctrl_enter(page, qtbot)
    held = page.window().focusWidget()
    first = look(seat, flight).missing[0]
    assert held is not None and held.accessibleName() == button_of(first)
    assert look(seat, flight).state is State.GO_NO_GO


def test_in_the_roll_call_the_first_go_not_yet_given_is_in_gold(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    seat.store.run(open_bridge, flight)
    page = opened(seat, qtbot)
    gate = page.findChildren(GatePanel)[0]
    for name in [row.name for row in look(seat, flight).roll_call]:
        gate.show_rows(look(seat, flight))
        gold = [b for b in gate.findChildren(QPushButton) if b.property("tone") == "primary"]
        assert [b.accessibleName() for b in gold if not b.isHidden()] == [f"{name} go"]
        seat.store.run(answer_roll_call, flight, name, True)


def test_the_note_is_seen_before_it_is_typed(seat: Cockpit, qtbot: QtBot) -> None:
    seat.store.run(make_flight, State.GO_NO_GO)
    page = opened(seat, qtbot)
    with qtbot.waitSignal(page.partRaised) as raised:
        QTest.keyClick(page, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert raised.args == [page.focusWidget()]


def test_a_key_pressed_twice_does_one_thing_and_blames_nobody(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    until(qtbot, lambda: says(page, "7 ·") and seat.ops.idle)
    for _ in range(2):
        QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: says(page, "0 of 10 min") and seat.ops.idle)
    assert [step.code for step in look(seat, flight).running] == ["7"]
    assert not seat.told.errors


def test_where_nothing_runs_the_key_of_a_block_lets_it_go_on(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    do(seat.store, flight, "7", StepAct.BLOCK)
    page = opened(seat, qtbot)
    QTest.keyClick(page, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: not look(seat, flight).blocked)


def test_where_only_a_notice_is_left_ctrl_enter_goes_and_writes_it(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flying(seat)
    for code in ("7", "8", "9", "10", "11", "12"):
        do(seat.store, flight, code, StepAct.FINISH)
    page = opened(seat, qtbot)
    until(qtbot, lambda: says(page, "It is done by sending it."))
    with qtbot.waitSignal(page.noticeRequested) as asked:
        ctrl_enter(page, qtbot)
    assert asked.args == [flight, "started"]


def test_the_gate_names_what_it_waits_for_and_is_not_done(seat: Cockpit, qtbot: QtBot) -> None:
    seat.store.run(make_flight, State.GO_NO_GO)
    page = opened(seat, qtbot)
    until(qtbot, lambda: says(page, "not done: 1 Brief the service desk, 2 Open"))


def test_what_the_gate_waits_for_is_done_on_the_board(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    page = opened(seat, qtbot)
    with qtbot.waitSignal(page.debtRequested) as asked:
        press(page, qtbot, "Steps before the GO done: not met")
    assert asked.args == [flight, DebtKind.STEP.value, ""]


def test_ctrl_e_is_the_pages_even_while_a_note_is_written(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    page = opened(seat, qtbot)
    note = next(f for f in page.findChildren(QLineEdit) if f.accessibleName() == "Note to the log")
    asked = QKeyEvent(
        QEvent.Type.ShortcutOverride, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier
    )
    asked.setAccepted(True)
    note.event(asked)
    assert not asked.isAccepted()


def test_ctrl_h_answers_who_asks_for_help_first(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    seat.store.run(switch_on, flight)
    do(seat.store, flight, "7", StepAct.START)
    tap(seat.store, flight, "9", TapAct.HELP, name=LINDQVIST)
    page = opened(seat, qtbot)
    until(qtbot, lambda: says(page, "Help: call A. Lindqvist"))
    clock_of(seat.store).advance(minutes=1)
    QTest.keyClick(page, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: not look(seat, flight).said)

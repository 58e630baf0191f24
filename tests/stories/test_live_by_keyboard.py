"""One flight from announced to filed, through the real window, by keys alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import State
from app.models.runbook import StepState
from app.models.tables.notices import Notice
from app.services.changes import changes_of
from app.services.live.reading import live
from app.services.live.rows import LiveRows
from app.services.outages.planning import bridge_of
from tests.makers import clock_of
from tests.services.outages_flights import World, add_steps
from tests.services.outages_flights import world as world
from tests.stories.hands import CONTROL, Hands, at_the_window
from tests.views.conftest import widgets_die_on_the_gui_thread as widgets_die_on_the_gui_thread

EVIDENCE = "seen with my own eyes"


@pytest.fixture
def hands(world: World, qapp: QApplication, qtbot: QtBot, quick_fingers: None) -> Iterator[Hands]:
    """The window, 25 minutes before an announced flight."""
    world.planned()
    world.store.run(add_steps, world)
    world.fly_to(State.ANNOUNCED)
    for kind in (NoticeKind.CREW_BRIEF, NoticeKind.SERVICE_DESK_BRIEF, NoticeKind.REMINDER):
        world.tell(kind)
    clock_of(world.store).set(world.row().start_utc - timedelta(minutes=25))
    with at_the_window(world.store, qapp, qtbot) as made:
        yield made


def rows(world: World) -> LiveRows:
    return world.store.read(live, world.outage)


def sent(world: World, kind: NoticeKind) -> int:
    """How often."""
    notices = world.store.read(lambda uow: uow.all(Notice, Notice.outage_id == world.outage))
    return sum(n.kind is kind and n.state is NoticeState.SENT for n in notices)


def reaches(hands: Hands, world: World, state: State) -> None:
    hands.until(lambda: world.row().state is state, f"the flight is {state.words}")


def test_a_flight_is_flown_and_filed_by_keys_alone(hands: Hands, world: World) -> None:
    hands.go("go to live")
    assert hands.window.shell.current == "live"
    open_the_gate(hands, world)
    give_the_go(hands, world)
    fly(hands, world)
    end(hands, world)
    pay(hands, world)
    hands.until(lambda: hands.offered("File it"), "it can be filed")
    hands.enter()
    reaches(hands, world, State.FILED)


def test_tab_goes_down_the_gate_as_the_eye_does(hands: Hands, world: World) -> None:
    hands.go("go to live")
    open_the_gate(hands, world)
    hands.until(lambda: hands.offered("GO with waivers"), "the roll call is on screen")
    hands.settle()
    names = ["Hold", "GO with waivers", "Kai Ito go", "Backup verified", "Objections", "Copy"]
    walked = hands.walk("Note to the log")
    assert [name for said in walked for name in names if said.startswith(name)] == names


def test_the_focus_stays_on_the_criterion_that_was_answered(hands: Hands, world: World) -> None:
    hands.go("go to live")
    open_the_gate(hands, world)
    hands.press("Backup verified: met")
    hands.answer(EVIDENCE)
    hands.until(lambda: hands.offered("Backup verified: not met"), "it is met")
    assert hands.at.startswith("Backup verified")


def open_the_gate(hands: Hands, world: World) -> None:
    hands.until(lambda: hands.offered("Open bridge"), "the bridge can be opened")
    hands.enter()
    hands.until(lambda: (b := rows(world).bridge) is not None and b.open, "the bridge is open")
    hands.until(lambda: hands.offered("Begin"), "the gate can begin")
    hands.enter()
    reaches(hands, world, State.GO_NO_GO)


def give_the_go(hands: Hands, world: World) -> None:
    for place, person in enumerate(rows(world).roll_call, 1):
        hands.press(f"{person.name} go")
        hands.until(lambda place=place: rows(world).answered == place, "the answer is noted")  # type: ignore[misc]
        hands.settle()
    for row in rows(world).missing:
        hands.press(f"{row.words}: met")
        hands.answer(EVIDENCE)
        hands.until(
            lambda row=row: row.words not in {r.words for r in rows(world).missing},  # type: ignore[misc]
            f"{row.words} is met",
        )
    world.at_start()
    hands.until(lambda: hands.offered("GO"), "the GO can be given")
    hands.enter()
    reaches(hands, world, State.IN_PROGRESS)


def fly(hands: Hands, world: World) -> None:
    tell(hands, world, NoticeKind.STARTED)
    hands.until(lambda: hands.offered("Start"), "step 2 can be started")
    hands.settle()
    hands.enter()
    hands.until(lambda: world.step("2").state is StepState.RUNNING, "step 2 is begun")
    clock_of(world.store).advance(minutes=6)
    report(hands, world)
    hands.enter()
    hands.until(lambda: world.step("2").state is StepState.DONE, "step 2 is done")
    hands.until(lambda: hands.offered("Verify"), "it can be verified")
    hands.enter()
    reaches(hands, world, State.VERIFYING)


def report(hands: Hands, world: World) -> None:
    """Heard by phone, blocked and free again, and a note."""
    hands.until(lambda: hands.offered("Heard by phone"), "the step is on screen")
    hands.key(Qt.Key.Key_H, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    hands.answer("half way")
    hands.until(lambda: said(world, "half way"), "what was heard is in the log")
    hands.settle()
    hands.key(Qt.Key.Key_B, CONTROL)
    hands.answer("the console hangs")
    hands.until(lambda: world.step("2").state is StepState.BLOCKED, "step 2 is blocked")
    hands.press("Unblock")
    hands.until(lambda: world.step("2").state is StepState.RUNNING, "step 2 goes on")
    hands.until(lambda: hands.offered("Heard by phone"), "the step is on screen again")
    hands.key(Qt.Key.Key_L, CONTROL)
    hands.type("the vendor rang back")
    hands.key(Qt.Key.Key_Return)
    hands.until(lambda: said(world, "the vendor rang back"), "the note is in the log")
    hands.settle()


def said(world: World, words: str) -> bool:
    return any(words in entry.what for entry in rows(world).log)


def end(hands: Hands, world: World) -> None:
    hands.until(lambda: hands.offered("Note the outcome"), "the check is next")
    hands.enter()
    hands.answer("Passed")
    hands.until(lambda: world.step("3").state is StepState.DONE, "the check is done")
    hands.until(lambda: hands.offered("All clear"), "the all clear can be given")
    hands.enter()
    hands.answer("I can open my files", "", "none")
    reaches(hands, world, State.COMPLETE)
    assert (world.row().user_check, world.row().data_loss) == ("I can open my files", "none")
    tell(hands, world, NoticeKind.ALL_CLEAR)
    hands.until(lambda: hands.offered("Close"), "the bridge can be closed")
    hands.enter()
    hands.answer("dialled in again: the conference had ended")
    closed = world.store.read(bridge_of, world.outage)
    assert closed is not None and closed.closed_at is not None


def pay(hands: Hands, world: World) -> None:
    review(hands, world)
    tell(hands, world, NoticeKind.CHANGE_SUMMARY)
    tell(hands, world, NoticeKind.SERVICE_DESK_BRIEF)
    assert not rows(world).owed


def tell(hands: Hands, world: World, kind: NoticeKind) -> None:
    """From what is owed on Live to the notice, said to be sent, and back."""
    before = sent(world, kind)
    owed = next(row for row in rows(world).owed if row.notice is kind)
    hands.press(f"Write it: {owed.sentence}")
    hands.until(lambda: hands.window.shell.current == "outages", "the workspace opens")
    hands.press("Sent by me at")
    hands.answer()
    hands.until(lambda: sent(world, kind) == before + 1, f"{kind.words} is sent")
    hands.section("live")


def review(hands: Hands, world: World) -> None:
    hands.press("Review")
    hands.until(lambda: hands.offered("After"), "the review opens")
    for name, said in (
        ("Before", "4.2.1"),
        ("After", "4.3.0"),
        ("Evidence", "version read back"),
        ("Number in", "CHG-1"),
    ):
        hands.tab_to(name)
        hands.type(said)
    hands.enter()
    hands.until(
        lambda: all(row.reviewed for row in world.store.read(changes_of, world.outage)),
        "the change is reviewed",
    )
    hands.section("live")

"""The flight of the full runbook, from Ctrl+N to the filed record, by key events alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.notices.kinds import NoticeKind
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import State
from app.models.runbook import StepState
from app.models.tables.directory import Organisation
from app.services.changes import changes_of
from app.services.outages.brief import brief
from app.services.outages.reading import outages
from app.services.uow import UnitOfWork
from app.views.outages.workspace import Workspace
from tests.makers import make_person
from tests.services.outages_flights import World
from tests.services.outages_flights import world as world
from tests.stories.hands import ALT, CONTROL, Hands, at_the_window
from tests.stories.test_live_by_keyboard import reaches, rows, sent
from tests.views.conftest import widgets_die_on_the_gui_thread as widgets_die_on_the_gui_thread

CREW = ("Storage engineer", "Backup operator", "Storage operator")
CHECKERS = ("User-side checker", "Second checker")
PARTS = ("Node B", "Controller B", "Node A", "Controller A")
BEFORE = ("1", "3", "4")
WINDOW = ("7", "8", "9", "10", "11", "12")
CHECKS = ("13", "14")


@pytest.fixture
def hands(world: World, qapp: QApplication, qtbot: QtBot, quick_fingers: None) -> Iterator[Hands]:
    """The window of a hospital without any flight, Monday 6 January at 09:00 in New York."""
    world.store.run(make_person, "Rosa Quinn")
    world.store.run(say_how_to_object)
    with at_the_window(world.store, qapp, qtbot) as made:
        yield made


def say_how_to_object(uow: UnitOfWork) -> None:
    row = uow.session.get_one(Organisation, uow.organisation_id)
    row.objection_route = "Call 212 555 0100."
    uow.log("said how to notify operations", row)


def test_a_flight_of_seventeen_steps_is_planned_flown_and_filed_by_keys_alone(
    hands: Hands, world: World
) -> None:
    plan(hands, world)
    announce(hands, world)
    do_before(hands, world)
    give_the_go(hands, world)
    fly(hands, world)
    end(hands, world)
    pay(hands, world)
    hands.enter()
    reaches(hands, world, State.FILED)


def plan(hands: Hands, world: World) -> None:
    hands.key(Qt.Key.Key_N, CONTROL)
    hands.until(lambda: hands.at == "Title", "the form opens with its title")
    for name, said in (
        ("Title", "File cluster firmware"),
        ("Impact class", "urg"),
        ("Why urgent", "data was lost elsewhere"),
        ("Approved by", "R. Vance"),
        ("Start", "06jan20250920"),
        ("Services", " "),
        ("Configuration items", " "),
        ("Coordinator", "okafor"),
        ("User-side checker", "Ward 3"),
        ("Their phone", "555 0133"),
        ("Bridge", "555 0199 code 4321"),
        ("Runbook", "storage"),
    ):
        fill(hands, name, said)
    for names, said in ((CREW, "ito"), (CHECKERS, "quinn"), (PARTS, "san-02")):
        for name in names:
            fill(hands, name, said)
    hands.enter()
    hands.until(lambda: hands.offered("Make it planned"), "the outage is there")
    world.outage = world.store.read(outages)[0].id
    hands.settle()
    hands.enter()
    reaches(hands, world, State.PLANNED)


def fill(hands: Hands, name: str, said: str) -> None:
    """One field of the form, left with Tab."""
    hands.tab_to(name)
    if said.strip() and name in ("Coordinator", "Runbook", *CREW, *CHECKERS, *PARTS):
        hands.key(Qt.Key.Key_A, CONTROL)
    hands.type(said)
    hands.key(Qt.Key.Key_Tab)
    hands.back()


def announce(hands: Hands, world: World) -> None:
    """Every notice that is owed, each with Ctrl+Enter, Alt+S, Ctrl+Enter, Alt+1."""
    while on_overview(hands, world) is Errand.NOTICE:
        hands.enter()
        tell(hands, world)
    assert world.row().state is State.ANNOUNCED


def on_overview(hands: Hands, world: World) -> Errand | None:
    """What the Overview offers next, once it shows what is true now."""
    hands.key(Qt.Key.Key_1, ALT)
    hands.settle()
    workspace = hands.window.shell.findChild(Workspace)
    assert workspace is not None
    now = world.store.read(brief, world.outage).next
    hands.until(lambda: workspace.brief is not None and workspace.brief.next == now, now.words)
    return now.errand


def tell(hands: Hands, world: World) -> None:
    """The notice that is open was sent by me."""
    before = told(world)
    hands.until(lambda: hands.offered("Sent by me at"), "the notice is written")
    hands.settle()
    hands.key(Qt.Key.Key_S, ALT)
    hands.answer()
    hands.until(lambda: told(world) == before + 1, "it is told")


def told(world: World) -> int:
    return sum(sent(world, kind) for kind in NoticeKind)


def step_is(hands: Hands, world: World, code: str, state: StepState) -> None:
    hands.until(lambda: world.step(code).state is state, f"{code} is {state.value}")
    hands.settle()


def on_the_board(hands: Hands, world: World, code: str) -> None:
    """S and D on the card that is chosen."""
    hands.key(Qt.Key.Key_S)
    step_is(hands, world, code, StepState.RUNNING)
    hands.key(Qt.Key.Key_D)
    step_is(hands, world, code, StepState.DONE)


def do_before(hands: Hands, world: World) -> None:
    assert on_overview(hands, world) is Errand.GATE
    hands.enter()
    reaches(hands, world, State.GO_NO_GO)
    assert on_overview(hands, world) is Errand.ROLL_CALL
    hands.enter()
    hands.until(lambda: hands.offered("Open bridge"), "Live is in front")
    hands.enter()
    step_is(hands, world, "2", StepState.DONE)
    hands.section("outages")
    hands.key(Qt.Key.Key_2, ALT)
    hands.until(lambda: hands.at == "Board of steps", "the board has the keyboard")
    hands.settle()
    for code in BEFORE:
        on_the_board(hands, world, code)
    hands.section("live")


def give_the_go(hands: Hands, world: World) -> None:
    world.at_start(-20)
    for place, person in enumerate(rows(world).roll_call, 1):
        hands.press(f"{person.name} go")
        hands.until(lambda place=place: rows(world).answered == place, "the answer is noted")  # type: ignore[misc]
        hands.settle()
    for row in rows(world).missing:
        hands.press(f"{row.words}: met")
        hands.answer("seen with my own eyes")
        hands.until(
            lambda row=row: row.words not in {r.words for r in rows(world).missing},  # type: ignore[misc]
            f"{row.words} is met",
        )
    world.at_start()
    hands.until(lambda: hands.offered("GO"), "the GO can be given")
    hands.enter()
    reaches(hands, world, State.IN_PROGRESS)
    hands.settle()


def fly(hands: Hands, world: World) -> None:
    hands.key(Qt.Key.Key_O, CONTROL)
    tell(hands, world)
    step_is(hands, world, "6", StepState.DONE)
    hands.section("live")
    for code in WINDOW:
        act_on_live(hands, world, code)
    hands.until(lambda: hands.offered("Verify"), "it can be verified")
    hands.enter()
    reaches(hands, world, State.VERIFYING)


def act_on_live(hands: Hands, world: World, code: str) -> None:
    """Ctrl+Enter starts and finishes the step under Now."""
    hands.until(lambda: hands.offered("Start"), f"{code} can be started")
    hands.settle()
    hands.enter()
    step_is(hands, world, code, StepState.RUNNING)
    hands.until(lambda: hands.offered("Heard by phone"), f"{code} is on screen")
    hands.enter()
    step_is(hands, world, code, StepState.DONE)


def end(hands: Hands, world: World) -> None:
    for code in CHECKS:
        hands.until(lambda: hands.offered("Note the outcome"), f"{code} can be checked")
        hands.settle()
        hands.enter()
        hands.answer("Passed")
        step_is(hands, world, code, StepState.DONE)
    hands.until(lambda: hands.offered("All clear"), "the all clear can be given")
    hands.enter()
    hands.answer("I can open my files", "", "none")
    reaches(hands, world, State.COMPLETE)
    hands.until(lambda: hands.offered("See to the first"), "everyone is told first")
    hands.settle()
    hands.enter()
    tell(hands, world)
    hands.section("live")
    act_on_live(hands, world, "16")
    hands.until(lambda: hands.offered("Close"), "the bridge can be closed")
    hands.settle()
    hands.enter()
    hands.answer("dialled in again: the conference had ended")
    step_is(hands, world, "17", StepState.DONE)


def pay(hands: Hands, world: World) -> None:
    """Everything owed, one after the other, as the Overview leads to it."""
    hands.section("outages")
    while (errand := on_overview(hands, world)) is not Errand.FILE:
        hands.enter()
        if errand is Errand.NOTICE:
            tell(hands, world)
        else:
            assert errand is Errand.CHANGE
            review(hands, world)


def review(hands: Hands, world: World) -> None:
    """Every change record; after one the keyboard is in the next."""
    for number in range(len(world.store.read(changes_of, world.outage))):
        hands.until(lambda: hands.at == "Before", "the first empty field has the keyboard")
        for name, said in (("Before", "4.2.1"), ("After", "4.3.0"), ("Number in", "CHG-1")):
            hands.tab_to(name)
            hands.type(said)
        hands.enter()
        hands.until(
            lambda number=number: reviewed(world) == number + 1,  # type: ignore[misc]
            "the change is reviewed",
        )
        hands.settle()


def reviewed(world: World) -> int:
    return sum(row.reviewed for row in world.store.read(changes_of, world.outage))

"""The Outages section by keys and buttons, over a real store."""

from __future__ import annotations

from PySide6.QtCore import QDate, QDateTime, Qt, QTime, QTimeZone
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton

from app.models.outages.confirming import Confirmed, Word
from app.models.outages.lifecycle import State
from app.models.tables.directory import ConfigurationItem
from app.services.outages.people import confirm
from app.services.outages.reading import Scope, outages
from app.services.runbook.applying import templates
from app.services.uow import UnitOfWork, undo
from app.views.widgets.panels import Row
from app.views.widgets.sheet import Sheet
from tests.makers import make_outage, make_person, make_step, make_window
from tests.services.outages_flights import flight, world
from tests.views.outages_desk import Desk, Tab, desk

__all__ = ["desk", "flight", "world"]


def wall(day: int, hour: int, minute: int = 0, month: int = 1) -> QDateTime:
    return QDateTime(QDate(2025, month, day), QTime(hour, minute), QTimeZone.utc())


# --- the list ----------------------------------------------------------------------------------


def test_the_list_finds_by_any_word_and_opens_with_enter(desk: Desk) -> None:
    assert [r.title for r in desk.page.list.list.model_rows.rows()] == ["File cluster firmware"]
    desk.page.list.search.setText("okafor san")
    assert desk.page.list.list.model_rows.rows() == ()
    desk.page.list.search.setText("okafor cluster")
    QTest.keyClick(desk.page.list.search, Qt.Key.Key_Return)
    desk.until(lambda: desk.page.title == "File cluster firmware")


def test_home_leads_from_an_outage_back_to_the_list(desk: Desk) -> None:
    desk.open()
    desk.page.home()
    assert desk.page.list.isVisible()
    assert desk.page.title == "Outages"


def test_home_leaves_a_form_that_is_open_with_what_was_typed_before_it_was(desk: Desk) -> None:
    desk.page.plan_new()
    QTest.keyClicks(desk.page.focusWidget(), "Patches")
    desk.settle()
    assert desk.page._form is not None
    assert desk.page._form.fields.lines["title"].text() == "Patches"
    desk.page.home()
    assert desk.page.title == "New outage"


def test_a_filed_outage_is_found_under_filed(desk: Desk) -> None:
    desk.world.go(State.CANCELLED, why="dropped")
    desk.world.go(State.FILED)
    desk.until(lambda: desk.page.list.list.model_rows.rows() == ())
    desk.page.list.scope.setCurrentIndex(list(Scope).index(Scope.FILED))
    desk.until(lambda: len(desk.page.list.list.model_rows.rows()) == 1)


# --- the workspace ------------------------------------------------------------------------------


def test_the_header_leads_to_the_next_act(desk: Desk) -> None:
    desk.open()
    assert desk.page.context == "OUT-2025-001 · Fri 10 Jan 19:00–22:00 EST"
    desk.press("Make it planned")
    desk.settle()
    assert (desk.row().state, len(desk.undos)) == (State.PLANNED, 1)
    desk.until(lambda: desk.page.header_parts()[0].words.startswith("Planned"))
    desk.settle()


def test_a_tab_of_another_feature_is_told_which_outage(desk: Desk) -> None:
    desk.open()
    desk.page.workspace.open_tab("Board")
    board = desk.page.workspace.findChild(Tab)
    assert board is not None
    assert board.text() == desk.world.outage


def test_a_look_again_at_the_overview_does_not_take_the_keyboard(desk: Desk) -> None:
    desk.open()
    desk.page.activateWindow()
    desk.until(desk.page.isActiveWindow)
    overview = desk.page.workspace.overview
    next(b for b in overview.findChildren(QPushButton) if b.isVisible()).setFocus()
    desk.page.workspace.open_tab("Board")
    board = desk.page.workspace.findChild(Tab)
    assert board is not None
    board.setFocus()
    desk.until(board.hasFocus)
    desk.world.go(State.PLANNED)
    desk.until(lambda: desk.page.header_parts()[0].words.startswith("Planned"))
    desk.settle()
    assert board.hasFocus()


def test_cancelling_asks_why_and_refuses_in_place(desk: Desk) -> None:
    desk.open()
    desk.press("Cancel…")
    desk.settle()
    assert desk.sheet().accessibleDescription().startswith("Nobody was told of it yet.")
    assert desk.sheet().yes.text().startswith("Cancel the outage"), "“Cancel” alone could be either"
    desk.answer()
    assert desk.row().state is State.DRAFT
    fate = desk.sheet().editor("fate")
    assert isinstance(fate, QComboBox)
    fate.setCurrentIndex(1)
    desk.write("why", "vendor is late")
    desk.answer()
    desk.until(lambda: desk.row().state is State.CANCELLED)
    said = "postponed, new date by Friday, January 17th 2025: vendor is late"
    assert desk.row().ending_note == said
    desk.world.store.run(undo, desk.undos[-1])
    assert desk.row().state is State.DRAFT


def test_moving_says_how_many_were_told_and_needs_a_reason_then(desk: Desk) -> None:
    desk.world.fly_to(State.ANNOUNCED)
    desk.open()
    desk.press("Move the window…")
    desk.settle()
    sheet = desk.sheet()
    assert sheet.accessibleDescription().startswith("2 people were told of Fri 10 Jan")
    field = sheet.field  # type: ignore[attr-defined]
    field.start.setDateTime(wall(17, 19))
    assert field.end.dateTime().date() == QDate(2025, 1, 17), "the length stays"
    desk.answer()
    assert desk.row().window == make_window()
    desk.write("why", "vendor is late")
    desk.answer()
    desk.until(lambda: desk.row().window == make_window("2025-01-17 19:00", "2025-01-17 22:00"))


def test_a_decision_of_the_card_is_asked_for_and_recorded(desk: Desk) -> None:
    desk.world.fly_to(State.IN_PROGRESS)
    desk.open()
    desk.press("Extend…")
    minutes = desk.sheet().editor("minutes")
    minutes.setValue(60)  # type: ignore[attr-defined]
    desk.write("why", "rebuild is slow")
    first = desk.sheet()
    desk.answer()
    asking = next(s for s in desk.page.findChildren(Sheet) if s.isVisible() and s is not first)
    assert "R. Vance" in asking.accessibleDescription()
    asking.editor("why").setText("go on")  # type: ignore[attr-defined]
    QTest.mouseClick(asking.yes, Qt.MouseButton.LeftButton)
    desk.until(lambda: desk.row().promised_end_utc > desk.row().end_utc)


def test_what_is_refused_stays_in_the_sheet_with_what_was_typed(desk: Desk) -> None:
    desk.world.fly_to(State.VERIFYING)
    desk.open()
    desk.press("All clear…")
    desk.write("check", "works")
    desk.answer()
    sheet = desk.sheet()
    assert any("Not verified yet" in label.text() for label in sheet.findChildren(QLabel))
    assert sheet.answers()["check"] == "works"
    assert desk.row().state is State.VERIFYING


def test_the_overview_tells_what_was_said_to_the_kick_off_and_why(desk: Desk) -> None:
    desk.world.fly_to(State.ANNOUNCED)
    no = Confirmed(Word.NO, "on leave; ask Ward 4")
    desk.world.store.run(confirm, desk.world.outage, "Ward 3", "checker", no)
    desk.open()
    shown = [w.accessibleName() for w in desk.page.workspace.overview.findChildren(Row)]
    assert "Ward 3, checker · on leave; ask Ward 4: says no" in shown


# --- the form -----------------------------------------------------------------------------------


def test_the_form_names_what_is_missing_under_its_field(desk: Desk) -> None:
    desk.page.activate("", "new")
    desk.until(lambda: desk.page._form is not None)
    desk.press("Save")
    form = desk.page._form
    assert form is not None
    assert "needs a title" in form.fields.field("title").error


def test_planning_by_the_form_stores_what_was_typed(desk: Desk) -> None:
    desk.page.activate("", "new")
    desk.until(lambda: desk.page._form is not None)
    form = desk.page._form
    assert form is not None
    form.fields.lines["title"].setText("Badge reader swap")
    form.fields.services.choose((desk.world.service,))
    form.fields.services.changed.emit()
    assert form.fields.audiences.chosen() == (desk.world.audience,), "the services bring them"
    QTest.keyClick(form.fields.lines["title"], Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    QTest.keyClicks(form.fields.runbook, "Storage firm")
    QTest.keyClick(form.fields.runbook, Qt.Key.Key_Tab)
    assert form.parts.tabText(form.parts.currentIndex()) == "How"
    form.fields.roles["storage engineer"].choose(desk.world.technician)
    desk.press("Save")
    desk.until(lambda: desk.page._form is None)
    rows = desk.world.store.read(outages)
    assert "Badge reader swap" in [row.title for row in rows]
    assert "OUT-2025-002 is a draft now: nobody is told yet." in desk.told.said
    desk.settle()


def test_a_role_is_offered_to_who_had_fewest_off_hours_until_somebody_is_picked(
    desk: Desk,
) -> None:
    def fill(uow: UnitOfWork) -> str:
        other = make_person(uow, "Z. Quist").id
        for owner, start in ((other, "2025-01-08 20:00"), (desk.world.technician, "")):
            window = make_window(start or "2025-01-10 18:00", f"{start[:10] or '2025-01-10'} 23:00")
            flown = make_outage(uow, window=window, state=State.PLANNED)
            make_step(uow, flown, role="application engineer", owner_id=owner)
        return other

    other = desk.world.store.run(fill)
    desk.page.activate("", "new 2025-01-24")
    desk.until(lambda: desk.page._form is not None)
    form = desk.page._form
    assert form is not None
    form.fields.runbook.choose("Server restart")
    box = form.fields.roles["application engineer"]
    assert box.chosen() == desk.world.technician, "who had it last, until the load is known"
    desk.until(lambda: "the least of 2" in box.accessibleDescription())
    assert box.chosen() == other
    box.choose(desk.world.technician)
    form.fields.window.changed.emit()
    desk.until(lambda: box.accessibleDescription().startswith("Z. Quist: "))
    assert box.chosen() == desk.world.technician
    desk.settle()


def test_a_form_for_a_day_of_the_calendar_goes_back_there(desk: Desk) -> None:
    asked: list[str] = []
    desk.page.goRequested.connect(lambda section, *_more: asked.append(section))
    for action, back in (("new", []), ("new 2025-01-24", ["calendar"])):
        desk.page.activate("", action)
        desk.until(lambda: desk.page._form is not None)
        desk.press("Cancel")
        assert desk.page._form is None
        assert asked == back
    desk.settle()


def test_an_urgent_outage_asks_why_it_is_urgent(desk: Desk) -> None:
    desk.page.activate("", "new")
    desk.until(lambda: desk.page._form is not None)
    form = desk.page._form
    assert form is not None
    why = form.fields.lines["urgent_reason"]
    assert not why.isVisible()
    form.fields.impact.setFocus()
    QTest.keyClicks(form.fields.impact, "urg")
    assert why.isVisible()
    QTest.keyClick(form.fields.impact, Qt.Key.Key_Tab)
    assert why.hasFocus()
    form.left.emit()


def test_conflicts_are_told_while_typing(desk: Desk) -> None:
    desk.world.go(State.PLANNED)
    desk.page.activate("", "new")
    desk.until(lambda: desk.page._form is not None)
    form = desk.page._form
    assert form is not None
    form.fields.window.set_window(make_window())
    form.fields.services.choose((desk.world.service,))
    form.fields.services.changed.emit()
    desk.until(lambda: any("OUT-2025-001" in label.text() for label in form.findChildren(QLabel)))


def test_a_conflict_leads_to_what_stands_in_its_way(desk: Desk) -> None:
    desk.world.go(State.PLANNED)

    def same_item(uow: UnitOfWork) -> str:
        item = uow.fetch(ConfigurationItem, desk.world.ci)
        return make_outage(uow, "Rack power", state=State.PLANNED, cis=(item,)).id

    other = desk.world.store.run(same_item)
    asked: list[tuple[str, str, str]] = []
    desk.page.goRequested.connect(lambda *where: asked.append(where))
    desk.open()
    rows = desk.page.workspace.overview.findChildren(QPushButton)
    shows = [b for b in rows if b.text() == "Show" and "Rack power" in b.accessibleName()]
    shows[0].click()
    assert asked == [("outages", other, "")]


def test_a_time_that_never_happens_is_refused_in_place(desk: Desk) -> None:
    desk.page.activate("", "new")
    desk.until(lambda: desk.page._form is not None)
    form = desk.page._form
    assert form is not None
    form.fields.window.start.setDateTime(wall(9, 2, 30, month=3))
    assert "does not happen in America/New_York" in form.fields.window.error
    form.fields.lines["title"].setText("x")
    desk.press("Save")
    assert desk.page._form is form


def test_a_time_that_happens_twice_is_asked(desk: Desk) -> None:
    desk.page.activate("", "new")
    desk.until(lambda: desk.page._form is not None)
    form = desk.page._form
    assert form is not None
    window = form.fields.window
    window.start.setDateTime(wall(2, 1, 30, month=11))
    assert "happens twice" in window.error
    combo: QComboBox = window.start_fold
    assert combo.isVisibleTo(form)
    combo.setCurrentIndex(2)
    given = window.window_given()
    assert given is not None
    assert given.start_fold == 1


def test_leaving_the_form_with_something_typed_asks_first(desk: Desk) -> None:
    desk.page.activate("", "new")
    desk.until(lambda: desk.page._form is not None)
    form = desk.page._form
    assert form is not None
    QTest.keyClicks(form.fields.lines["title"], "Badge")
    desk.press("Cancel")
    assert desk.page._form is form
    desk.page.activate("", "new")
    assert desk.page._form is form, "nothing typed is lost by a click elsewhere"


def test_changing_an_announced_plan_keeps_its_window_and_stores_the_rest(desk: Desk) -> None:
    desk.world.fly_to(State.ANNOUNCED)
    desk.open()
    desk.press("Change the plan…")
    desk.until(lambda: desk.page._form is not None)
    form = desk.page._form
    assert form is not None
    assert not form.fields.window.isEnabled()
    form.fields.lines["title"].setText("Array firmware")
    desk.press("Save")
    desk.until(lambda: desk.row().title == "Array firmware")
    assert desk.row().window == make_window()


def test_changing_a_plan_that_has_a_runbook_opens_no_window_of_its_own(desk: Desk) -> None:
    from_book = desk.world.store.read(templates)[0]
    desk.world.planned(title="By the book", runbook=from_book.name)
    desk.open()
    desk.press("Change the plan…")
    desk.until(lambda: desk.page._form is not None)
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == [desk.page]

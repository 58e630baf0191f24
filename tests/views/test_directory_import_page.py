from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton, QWidget

from app.models.calendar.web import parse_address
from app.models.outages.lifecycle import State
from app.models.tables.calendar import CalendarLayer
from app.services.log import log_as_json
from app.services.uow import UnitOfWork, undo
from app.views.directory.file_panel import Stage
from app.views.directory.vendor_panel import VendorPanel
from app.views.rail import NARROW
from app.views.theme import Look, Theme
from app.views.widgets.sheet import Sheet
from tests.makers import make_outage
from tests.services.loopback import Web, send, serve
from tests.views.dropping import drop_files
from tests.views.importing_scene import CALENDARS, GOOD, Importing, importing

__all__ = ["importing"]


@pytest.fixture
def web() -> Iterator[Web]:
    yield from serve()


def test_a_good_list_is_shown_and_taken_whole_on_ctrl_enter(importing: Importing) -> None:
    path = importing.write("people.csv", GOOD)
    panel = importing.lines(path, Stage.READY)
    assert panel.kind.currentText() == "People"
    assert panel.act.text() == "Import 1 person"
    assert importing.people() == []
    QTest.keyClick(
        importing.page.files, Qt.Key.Key_Return, modifier=Qt.KeyboardModifier.ControlModifier
    )
    importing.until(path, Stage.DONE)
    assert panel.said == "1 person added."
    assert importing.people() == ["Kai Ito"]


def test_an_import_is_handed_to_undo(importing: Importing) -> None:
    path = importing.write("people.csv", GOOD)
    importing.lines(path, Stage.READY).begin()
    importing.until(path, Stage.DONE)
    importing.store.run(undo, importing.undos[0])
    assert importing.people() == []


def test_a_bad_line_is_named_with_its_column_and_nothing_can_be_taken(
    importing: Importing,
) -> None:
    path = importing.write("people.csv", GOOD + "Ray Ramos,ray at hospital,technician\n")
    panel = importing.lines(path, Stage.FAULTY)
    assert [(fault.line, fault.column) for fault in panel.faults()] == [(3, "email")]
    assert "Nothing is taken while a line is bad" in panel.said
    assert not panel.act.isEnabled()
    panel.begin()
    assert panel.stage is Stage.FAULTY
    assert importing.people() == []


def test_a_mended_file_is_looked_at_again_on_f5(importing: Importing) -> None:
    path = importing.write("people.csv", GOOD + "Ray Ramos,ray at hospital,technician\n")
    panel = importing.lines(path, Stage.FAULTY)
    importing.write("people.csv", GOOD)
    QTest.keyClick(importing.page.files, Qt.Key.Key_F5)
    importing.until(path, Stage.READY)
    assert panel.faults() == ()


def test_a_list_that_names_what_is_not_there_says_so_in_place_and_can_be_tried_again(
    importing: Importing,
) -> None:
    path = importing.write("services.csv", "name,rests on\nFile cluster,sw-core-1\n")
    panel = importing.lines(path, Stage.READY)
    panel.begin()
    importing.qtbot.waitUntil(lambda: "There is no CI “sw-core-1”" in panel.said)
    assert panel.stage is Stage.READY and panel.act.isEnabled()


def test_an_unreadable_file_is_refused_in_its_own_panel(importing: Importing) -> None:
    path = importing.write("odd.csv", "foo,bar\n1,2\n")
    panel = importing.lines(path, Stage.REFUSED)
    assert "names no columns we know" in panel.said
    assert panel.act.isHidden()


def test_a_big_list_is_read_in_a_child_process_that_can_be_stopped(importing: Importing) -> None:
    lines = "".join(f"Person {n},person{n}@hospital.example\n" for n in range(8_000))
    path = importing.write("everybody.csv", "name,email\n" + lines)
    importing.page.add_files([path])
    QTest.keyClick(importing.page.files, Qt.Key.Key_Escape)
    panel = importing.lines(path, Stage.REFUSED)
    assert "as you asked" in panel.said
    moved: list[int] = []
    panel.work.bar.valueChanged.connect(moved.append)
    importing.lines(path, Stage.READY)
    assert max(moved) > 7_000
    assert panel.table.rows.rowCount() == 200
    assert panel.act.text() == "Import 8,000 people"


def test_the_table_is_a_well_formed_model_that_reads_out_line_and_column(
    importing: Importing,
) -> None:
    panel = importing.lines(importing.write("people.csv", GOOD), Stage.READY)
    QAbstractItemModelTester(panel.table.rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    first = panel.table.rows.index(0, 1)
    spoken = panel.table.rows.data(first, Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Line 2, Email: kai.ito@hospital.example"


def test_steps_ask_for_their_outage_and_after_its_freeze_for_a_reason(
    importing: Importing,
) -> None:
    def two(uow: UnitOfWork) -> None:
        make_outage(uow, "Storage expansion", state=State.ANNOUNCED)
        make_outage(uow, "Flown already", state=State.COMPLETE)

    importing.store.run(two)
    importing.page.activate()
    path = importing.write("steps.csv", "code,title,minutes\n1,Drain node 3,20\n")
    panel = importing.lines(path, Stage.READY)
    importing.qtbot.waitUntil(lambda: panel.outage.count() == 1)
    panel.begin()
    assert panel.stage is Stage.READY and importing.steps() == []
    panel.outage.setCurrentIndex(0)
    panel.begin()
    importing.qtbot.waitUntil(lambda: bool(panel.findChildren(Sheet)))
    assert importing.steps() == []
    (sheet,) = panel.findChildren(Sheet)
    QTest.keyClicks(sheet.editor("why"), "the vendor asks")
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    importing.until(path, Stage.DONE)
    assert importing.steps() == ["Drain node 3"]
    logged = importing.store.read(log_as_json)
    assert logged[-1]["what"].endswith("after the freeze: the vendor asks")


def test_a_calendar_becomes_the_layer_named_and_appears_beside_the_files(
    importing: Importing,
) -> None:
    path = CALENDARS / "recur_instances.ics"
    panel = importing.calendar(path)
    assert panel.layer.text() == "recur_instances"
    panel.layer.setText("Freezes 2026")
    panel.is_freeze.click()
    panel.begin()
    importing.until(path, Stage.DONE)
    assert panel.said.startswith("Freezes 2026: ")
    importing.qtbot.waitUntil(lambda: bool(importing.page.here.list.model_rows.rows()))
    (row,) = importing.page.here.list.model_rows.rows()
    assert (row.title, row.sub) == ("Freezes 2026", "freeze · blocks")


def test_an_import_of_a_calendar_can_be_taken_back_and_says_how(importing: Importing) -> None:
    path = CALENDARS / "recur_instances.ics"
    importing.calendar(path).begin()
    importing.until(path, Stage.DONE)
    assert "Ctrl+Z puts the layer back" in importing.page.panel(path).said
    (inverse,) = importing.undos
    importing.store.run(undo, inverse)
    assert importing.store.read(lambda uow: uow.all(CalendarLayer)) == []


def test_an_import_that_was_taken_back_is_not_said_to_be_there(importing: Importing) -> None:
    paths = (CALENDARS / "recur_instances.ics", importing.write("people.csv", GOOD))
    importing.calendar(paths[0]).begin()
    importing.until(paths[0], Stage.DONE)
    importing.lines(paths[1], Stage.READY).begin()
    importing.until(paths[1], Stage.DONE)
    for path, inverse in zip(paths, importing.undos, strict=True):
        importing.store.run(undo, inverse)
        importing.until(path, Stage.READY)
        assert "Taken back" in importing.page.panel(path).said
    importing.calendar(paths[0]).begin()
    importing.until(paths[0], Stage.DONE)


def test_a_layer_that_is_there_keeps_forbidding_when_its_name_is_typed_again(
    importing: Importing,
) -> None:
    first = importing.calendar(CALENDARS / "recur_instances.ics")
    first.layer.setText("Freezes")
    first.is_freeze.click()
    first.begin()
    importing.until(first.path, Stage.DONE)
    importing.qtbot.waitUntil(lambda: bool(importing.page.here.list.model_rows.rows()))
    second = importing.calendar(CALENDARS / "event_d_rr.ics")
    assert not second.is_freeze.isChecked()
    second.layer.setText("freezes")
    assert second.is_freeze.isChecked()


def many(importing: Importing, count: int, name: str = "long.ics") -> Path:
    """A calendar of so many events."""
    event = (
        "BEGIN:VEVENT\nUID:{0}@hospital.example\nSUMMARY:Audit {0}\n"
        "DTSTART:20250110T090000Z\nDTEND:20250110T100000Z\nEND:VEVENT\n"
    )
    text = "".join(event.format(number) for number in range(count))
    return importing.write(name, f"BEGIN:VCALENDAR\nVERSION:2.0\n{text}END:VCALENDAR\n")


def test_the_events_of_a_calendar_are_shown_before_any_is_taken(importing: Importing) -> None:
    panel = importing.calendar(many(importing, 300))
    assert panel.said == "300 events, Fri 10 Jan 2025."
    importing.qtbot.waitUntil(lambda: panel.table.rows.rowCount() == 200)
    titles = [panel.table.rows.headerData(at, Qt.Orientation.Horizontal) for at in range(2)]
    assert titles == ["When", "Title"]
    assert panel.table.rows.data(panel.table.rows.index(0, 0)) == "Fri 10 Jan 2025 09:00–10:00 UTC"
    assert importing.store.read(lambda uow: uow.all(CalendarLayer)) == []


def test_what_an_import_would_change_is_said_beforehand(importing: Importing) -> None:
    path = many(importing, 3)
    importing.calendar(path).begin()
    importing.until(path, Stage.DONE)
    importing.qtbot.waitUntil(lambda: bool(importing.page.here.list.model_rows.rows()))
    newer = importing.calendar(many(importing, 2, "newer.ics"))
    newer.layer.setText("long")
    importing.qtbot.waitUntil(
        lambda: newer.meaning.endswith("Importing makes it: 1 taken out, 2 as before.")
    )


def test_a_cancelled_reading_takes_nothing_and_can_begin_again(importing: Importing) -> None:
    path = many(importing, 20_000)
    panel = importing.calendar(path, Stage.READING)
    importing.qtbot.waitUntil(lambda: panel.bar.maximum() > 0, timeout=30_000)
    QTest.keyClick(importing.page.files, Qt.Key.Key_Escape)
    importing.until(path, Stage.REFUSED)
    assert "as you cancelled; nothing changed" in panel.said
    many(importing, 3)
    panel.look_again()
    importing.until(path, Stage.READY)


def test_a_cancelled_import_changes_nothing_and_can_begin_again(importing: Importing) -> None:
    path = many(importing, 5_000)
    panel = importing.calendar(path)
    panel.begin()
    assert panel.stage is Stage.IMPORTING
    QTest.keyClick(importing.page.files, Qt.Key.Key_Escape)
    importing.until(path, Stage.READY)
    assert "nothing was changed" in panel.said
    assert importing.page.here.list.model_rows.rows() == ()
    assert panel.act.isEnabled()


def test_a_calendar_that_is_none_is_refused_in_place(importing: Importing) -> None:
    path = importing.write("letter.ics", "Dear all,\n")
    panel = importing.calendar(path, Stage.REFUSED)
    assert "Nothing was imported" in panel.said


def test_an_empty_layer_name_is_refused_in_place(importing: Importing) -> None:
    panel = importing.calendar(CALENDARS / "event_d_rr.ics")
    panel.layer.setText("  ")
    panel.begin()
    assert panel.stage is Stage.READY
    assert panel.layer.accessibleDescription().startswith("Give the layer a name")


def test_what_was_typed_for_a_file_stays_while_another_is_shown(importing: Importing) -> None:
    panel = importing.calendar(CALENDARS / "event_d_rr.ics")
    panel.layer.setText("Month ends")
    importing.lines(importing.write("people.csv", GOOD), Stage.READY)
    importing.page.files.choose(str(panel.path))
    assert panel.isVisible() and panel.layer.text() == "Month ends"


def test_files_are_dropped_and_others_are_turned_away_in_words(importing: Importing) -> None:
    paths = [importing.write("people.csv", GOOD), importing.write("photo.png", "")]
    drop_files(importing.page, paths)
    importing.until(paths[0], Stage.READY)
    assert len(importing.page.files.model_rows.rows()) == 1
    assert importing.told.sentences == [
        "photo.png is neither .csv nor .ics nor .eml, so nothing was read. Save it as one of them."
    ]


def test_delete_takes_a_file_off_the_list_and_leaves_it_on_disk(importing: Importing) -> None:
    path = importing.write("people.csv", GOOD)
    importing.lines(path, Stage.READY)
    importing.page.files.setFocus()
    QTest.keyClick(importing.page.files, Qt.Key.Key_Delete)
    assert importing.page.files.model_rows.rows() == ()
    assert path.exists()


@pytest.mark.parametrize(("look", "percent"), [(Look.DARK, 100), (Look.LIGHT, 200)])
def test_every_control_has_a_name_and_the_page_fits_the_smallest_window(
    importing: Importing, theme: Theme, look: Look, percent: int
) -> None:
    theme.choose(look, percent)
    rail = 200 if percent == 100 else NARROW * percent // 100  # short of room it is narrow
    importing.page.resize(1180 - rail, 600)
    importing.lines(importing.write("people.csv", GOOD + "Ray,x,y\n"), Stage.FAULTY)
    importing.calendar(CALENDARS / "event_d_rr.ics")
    unnamed = [
        part
        for part in importing.page.findChildren(QWidget)
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not part.accessibleName()
        and not (isinstance(part, QPushButton) and part.text())
        and not part.objectName().startswith("qt_")
        and part.window() is importing.page  # not the lists that combo boxes drop down
    ]
    assert unnamed == []
    assert importing.page.minimumSizeHint().width() <= 1180 - rail


def test_a_vendors_notice_says_its_circuit_is_no_items_and_is_taken(importing: Importing) -> None:
    path = CALENDARS.parent / "maintnote" / "ical1.ics"
    importing.page.add_files([path])
    importing.until(path, Stage.READY)
    panel = importing.page.panel(path)
    assert isinstance(panel, VendorPanel)
    (row,) = panel.notices.model_rows.rows()
    assert "No item has the circuit id “acme-widgets-as-a-service”" in row.sub
    panel.begin()
    importing.until(path, Stage.DONE)
    assert panel.said == "Vendor maintenance: 1 new. Ctrl+Z puts the calendar back as it was."


def test_a_calendar_from_an_address_is_looked_at_and_refreshed(
    importing: Importing, web: Web
) -> None:
    page = importing.page
    event = (
        b"BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Payroll\r\nDTSTART:20250110T190000Z\r\nEND:VEVENT\r\n"
    )
    web.answers["/year.ics"] = send(200, b"BEGIN:VCALENDAR\r\n" + event + b"END:VCALENDAR\r\n")
    address = parse_address(web.url + "/year.ics")
    page.add_address(address)
    panel = page.panel(address.url)
    importing.qtbot.waitUntil(lambda: panel.stage is Stage.READY)
    panel.begin()
    importing.qtbot.waitUntil(lambda: bool(page.here.list.model_rows.rows()))
    page.here.list.choose(page.here.list.model_rows.rows()[0].key)
    importing.qtbot.waitUntil(lambda: "From 127.0.0.1/…/year.ics" in page.here.said)
    web.answers["/year.ics"] = send(200, b"<html>", content_type="text/html")
    page.here.again.click()
    importing.qtbot.waitUntil(lambda: "a web page" in page.here.said)

"""The Directory section over a real store, by keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from app.models.directory.facts import AudienceFacts, CiFacts, EntryKind, PersonFacts, ServiceFacts
from app.models.directory.words import Role
from app.services.database import Store
from app.services.directory.absences import absences
from app.services.directory.editing import save_entry
from app.services.directory.entries import archived, entry
from app.services.directory.reading import people
from app.services.events import EventBus
from app.services.uow import Undo, undo
from app.views.bridge import Bridge
from app.views.directory.entries_tab import EntriesTab
from app.views.directory.page import DirectoryPage
from app.views.ops import Ops
from app.views.theme import Theme
from app.views.widgets.choosers import ManyOf
from app.views.widgets.sheet import Sheet
from tests.makers import make_store
from tests.views.flying import Told


@dataclass
class Desk:
    store: Store
    page: DirectoryPage
    told: Told
    ops: Ops
    undos: list[Undo]
    qtbot: QtBot

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.ops.idle and not self.page._settle.isActive())

    def open(self, kind: EntryKind, entry_id: str = "", *more: str) -> EntriesTab:
        self.page.activate(kind.value, entry_id, *more)
        self.settle()
        return self.page.tab(kind)

    def line(self, tab: EntriesTab, name: str) -> QLineEdit:
        found = tab.form.editors[name]
        assert isinstance(found, QLineEdit)
        return found

    def save(self, tab: EntriesTab) -> None:
        tab.form.begin()
        QTest.keyClick(
            tab.form.editors["name"], Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
        )
        self.settle()

    def names(self, tab: EntriesTab) -> list[str]:
        return [row.title for row in tab.list.list.model_rows.rows()]


@pytest.fixture
def bus() -> EventBus:
    return EventBus()


@pytest.fixture
def store(tmp_path: Path, bus: EventBus) -> Iterator[Store]:
    made = make_store(tmp_path, bus=bus)
    for name, role in (("Ada Brook", Role.TECHNICIAN), ("Bo Lind", Role.LEADER)):
        email = f"{name.split()[0].casefold()}@hospital.example"
        made.run(save_entry, None, PersonFacts(name, email, roles=(role,)), None)
    ups = made.run(save_entry, None, CiFacts("UPS-A"), None)
    switch = made.run(save_entry, None, CiFacts("SW-1", depends_on=(ups.id,)), None)
    made.run(save_entry, None, CiFacts("HOST-1", depends_on=(switch.id,)), None)
    made.run(save_entry, None, ServiceFacts("Wiki", cis=(switch.id,)), None)
    yield made
    made.close()


@pytest.fixture
def desk(store: Store, bus: EventBus, qtbot: QtBot, theme: Theme) -> Iterator[Desk]:
    told, undos = Told(), list[Undo]()
    ops = Ops(store, told, lambda: None)
    page = DirectoryPage(ops, told, undos.append)
    bridge = Bridge(bus, page)
    bridge.happened.connect(page.apply)
    qtbot.addWidget(page)
    page.resize(1000, 660)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    made = Desk(store, page, told, ops, undos, qtbot)
    yield made
    qtbot.waitUntil(lambda: ops.idle)


def ci_id(desk: Desk, name: str) -> str:
    tab = desk.open(EntryKind.CIS)
    return next(row.key for row in tab.list.list.model_rows.rows() if row.title == name)


def test_the_section_opens_on_the_people_with_counts_on_all_tabs(desk: Desk) -> None:
    desk.page.activate()
    desk.settle()
    assert desk.page.title == "Directory"
    assert desk.page.tab(EntryKind.PEOPLE).isVisible()
    words = [desk.page.tabs.tabText(n) for n in range(desk.page.tabs.count())]
    assert words == [
        "People 2",
        "Departments 0",
        "Services 1",
        "CIs 3",
        "Vendors 0",
        "Audiences 0",
    ]


def test_search_and_filter_narrow_the_list(desk: Desk) -> None:
    tab = desk.open(EntryKind.PEOPLE)
    assert desk.names(tab) == ["Ada Brook", "Bo Lind"]
    tab.list.search.setText("bo@")
    assert desk.names(tab) == ["Bo Lind"]
    assert tab.list.count.text() == "1 of 2"
    tab.list.search.clear()
    roles = tab.list.filters[0]
    roles.setCurrentIndex(roles.findData("technician"))
    assert desk.names(tab) == ["Ada Brook"]


def test_a_person_is_added_by_keys_and_undone(desk: Desk) -> None:
    tab = desk.open(EntryKind.PEOPLE)
    desk.page.new()
    QTest.keyClicks(desk.line(tab, "name"), "Cy Dove")
    QTest.keyClicks(desk.line(tab, "email"), "cy@hospital.example")
    desk.save(tab)
    assert desk.names(tab) == ["Ada Brook", "Bo Lind", "Cy Dove"]
    assert [row.name for row in desk.store.read(people)][-1] == "Cy Dove"
    current = tab.list.list.current()
    assert current is not None and current.title == "Cy Dove"
    desk.store.run(undo, desk.undos[0])
    desk.qtbot.waitUntil(lambda: desk.names(tab) == ["Ada Brook", "Bo Lind"])


def test_what_is_wrong_stands_under_its_field_and_nothing_is_lost(desk: Desk) -> None:
    tab = desk.open(EntryKind.PEOPLE)
    desk.page.new()
    QTest.keyClicks(desk.line(tab, "name"), "Di Fox")
    QTest.keyClicks(desk.line(tab, "email"), "di at work")
    QTest.keyClicks(desk.line(tab, "zone"), "Mars")
    desk.save(tab)
    assert "no mail address" in tab.form.fields["email"].error
    assert "Mars" in tab.form.fields["zone"].error
    assert desk.line(tab, "name").text() == "Di Fox"
    desk.line(tab, "email").setText("ada@hospital.example")
    desk.line(tab, "zone").clear()
    desk.save(tab)
    assert "Ada Brook has this mail address" in tab.form.fields["email"].error


def test_what_was_typed_waits_while_another_entry_is_looked_at(desk: Desk) -> None:
    tab = desk.open(EntryKind.PEOPLE)
    ada, bo = (row.key for row in tab.list.list.model_rows.rows())
    tab.show_entry(ada)
    desk.settle()
    desk.line(tab, "phone").setText("555 0199")
    tab.show_entry(bo)
    desk.settle()
    assert desk.line(tab, "name").text() == "Bo Lind"
    assert not tab.form.dirty
    tab.show_entry(ada)
    desk.settle()
    assert desk.line(tab, "phone").text() == "555 0199"
    assert tab.form.dirty


def test_a_stale_form_keeps_what_was_typed_and_shows_the_rest_fresh(desk: Desk) -> None:
    tab = desk.open(EntryKind.PEOPLE)
    ada = tab.list.list.model_rows.row(0).key
    tab.show_entry(ada)
    desk.settle()
    desk.line(tab, "phone").setText("555 0111")
    was = desk.store.read(entry, EntryKind.PEOPLE, ada)
    elsewhere = PersonFacts("Ada Brook", "ada@hospital.example", site="North")
    desk.undos.append(desk.store.run(save_entry, ada, elsewhere, was.version).undo)
    desk.settle()
    desk.save(tab)
    assert "still here" in tab.form._refusal.text()
    assert desk.line(tab, "phone").text() == "555 0111"
    assert desk.line(tab, "site").text() == "North"
    desk.save(tab)
    facts = desk.store.read(entry, EntryKind.PEOPLE, ada).facts
    assert isinstance(facts, PersonFacts)
    assert (facts.phone, facts.site) == ("555 0111", "North")


def test_archiving_asks_when_others_hold_it_and_it_can_be_restored(desk: Desk) -> None:
    wanted = ci_id(desk, "SW-1")
    tab = desk.open(EntryKind.CIS, wanted)
    assert "HOST-1 rests on it" in tab.form.uses.text()
    QTest.mouseClick(tab.form.archive, Qt.MouseButton.LeftButton)
    desk.settle()
    asking = desk.page.findChildren(QDialog)[-1]
    yes = next(b for b in asking.findChildren(QPushButton) if b.text() == "Archive it")
    QTest.mouseClick(yes, Qt.MouseButton.LeftButton)
    desk.settle()
    assert "SW-1" not in desk.names(tab)
    tab.list.which.setCurrentIndex(1)
    desk.settle()
    assert desk.names(tab) == ["SW-1"]
    tab.show_entry(wanted)
    desk.settle()
    assert tab.form.restore.isVisible() and not tab.form.save.isVisible()
    QTest.mouseClick(tab.form.restore, Qt.MouseButton.LeftButton)
    desk.settle()
    assert wanted not in {row.id for row in desk.store.read(archived, EntryKind.CIS)}


def test_a_ring_is_named_under_rests_on(desk: Desk) -> None:
    ups = ci_id(desk, "UPS-A")
    tab = desk.open(EntryKind.CIS, ups)
    below = tab.form.editors["depends_on"]
    assert isinstance(below, ManyOf)
    below.add([ci_id(desk, "HOST-1")])
    below.changed.emit()
    desk.save(tab)
    assert "in a ring" in tab.form.fields["depends_on"].error


def test_a_service_nobody_is_told_about_shows_it_as_a_fault(desk: Desk) -> None:
    tab = desk.open(EntryKind.SERVICES)
    assert "nobody is told" in tab.list.list.model_rows.row(0).sub
    tab.show_entry(tab.list.list.model_rows.row(0).key)
    desk.qtbot.waitUntil(lambda: "Nobody is told" in tab.form.note.text())


def test_an_audience_says_how_many_it_reaches_while_it_is_made(desk: Desk) -> None:
    tab = desk.open(EntryKind.AUDIENCES)
    desk.page.new()
    QTest.keyClicks(desk.line(tab, "list_address"), "all@hospital.example")
    desk.qtbot.waitUntil(lambda: "about 1 on lists" in tab.form.note.text())
    desk.line(tab, "list_address").clear()
    desk.qtbot.waitUntil(lambda: "Reaches nobody" in tab.form.note.text())


def test_a_cis_tree_is_walked_by_keys_and_read_out(desk: Desk) -> None:
    switch = ci_id(desk, "SW-1")
    desk.open(EntryKind.CIS, switch, "tree")
    picture = desk.page.ci.map
    assert [row.node.name for row in picture.nodes.rows()] == ["HOST-1", "SW-1", "UPS-A"]
    assert picture.chosen_id == switch
    QTest.keyClick(picture, Qt.Key.Key_Down)
    assert "SW-1 rests on UPS-A" in picture.accessibleDescription()
    QTest.keyClick(picture, Qt.Key.Key_Up)
    QTest.keyClick(picture, Qt.Key.Key_Up)
    assert "HOST-1 rests on SW-1" in picture.accessibleDescription()
    QTest.keyClick(picture, Qt.Key.Key_Return)
    desk.settle()
    assert desk.page.title == "HOST-1"
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.page.title == "SW-1"
    QTest.keyClick(picture, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.page.title == "Directory"


def test_every_control_has_a_name(desk: Desk) -> None:
    for kind in EntryKind:
        desk.open(kind)
        desk.page.new()
    shown = [
        *desk.page.findChildren(QLineEdit),
        *desk.page.findChildren(QComboBox),
        *desk.page.findChildren(QPushButton),
        *desk.page.findChildren(QAbstractItemView),
    ]
    unnamed = [
        widget
        for widget in shown
        if not widget.accessibleName()
        and not isinstance(widget.parent(), QComboBox | QAbstractSpinBox)
        and widget.window() is desk.page.window()
        and widget.metaObject().className() != "QComboBoxListView"
    ]
    assert [type(widget).__name__ for widget in unnamed] == []
    assert QApplication.activeModalWidget() is None


def test_an_audience_facts_form_keeps_what_it_cannot_show(desk: Desk) -> None:
    tab = desk.open(EntryKind.AUDIENCES)
    desk.page.new()
    assert tab.form.facts == AudienceFacts("")


def test_an_empty_template_is_saved_where_it_was_asked_for(desk: Desk, tmp_path: Path) -> None:
    desk.open(EntryKind.SERVICES)
    dialogue = desk.page.save_template()
    target = tmp_path / "to-fill.csv"
    dialogue.fileSelected.emit(str(target))
    dialogue.close()
    assert target.read_text().startswith("name,plain name,owner,")
    assert "to-fill.csv is saved" in desk.told.infos[-1]


def test_what_cannot_be_imported_offers_no_csv(desk: Desk) -> None:
    desk.open(EntryKind.VENDORS)
    assert [part.words for part in desk.page.header_parts()] == ["New vendor"]
    desk.open(EntryKind.CIS)
    assert [part.words for part in desk.page.header_parts()] == ["CSV", "New CI"]


def test_an_absence_is_added_by_keys_refused_in_place_and_removed(desk: Desk) -> None:
    bo = next(row.id for row in desk.store.read(people) if row.name == "Bo Lind")
    tab = desk.open(EntryKind.PEOPLE, bo)
    QTest.keyClick(tab, Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    [sheet] = tab.findChildren(Sheet)
    desk.qtbot.waitUntil(sheet.isActiveWindow)
    begins = sheet.editor("begins")
    assert isinstance(begins, QLineEdit)
    begins.setText("noon")
    sheet.yes.click()
    assert sheet.refused == "“noon” is no time; write it like 13:00."
    begins.clear()
    sheet.yes.click()
    desk.settle()
    [row] = desk.store.read(absences)
    assert row.sentence == "Bo Lind is away Mon 6 Jan 2025 (leave)."
    made = {button.accessibleName(): button for button in tab.form.findChildren(QPushButton)}
    made[f"Remove {row.sentence}"].click()
    desk.settle()
    assert desk.store.read(absences) == ()

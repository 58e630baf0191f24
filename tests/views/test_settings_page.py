"""The Settings page: facts, declaration, look, backups and the look over the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from app import __version__
from app.models.outages.lifecycle import ImpactClass
from app.services.database import Store
from app.services.settings.backups import backups, make_backup
from app.services.settings.closing_days import closing_days
from app.services.settings.policy import change_organisation, declare_system_of_record
from app.services.settings.policy_days import BUILT_IN, policy_days
from app.services.settings.reading import settings
from app.services.settings.restore import Ready
from app.services.settings.rota import rota
from app.services.uow import Undo, undo
from app.views.notify import Action
from app.views.notify_desktop import DesktopNotices
from app.views.ops import Beside, Ops
from app.views.settings.appearance import LOOK_KEY, PERCENT_KEY
from app.views.settings.page import Keeping, Part, SettingsPage
from app.views.theme import Look, Theme
from app.views.widgets.moments import ClockEdit, DayEdit
from app.views.widgets.sheet import Sheet
from tests.makers import NOW, clock_of, make_person, make_store
from tests.served import on_postgresql


class Told:
    def __init__(self) -> None:
        self.infos: list[str] = []
        self.errors: list[str] = []
        self.actions: list[Action] = []

    def info(self, sentence: str, /, *, action: Action | None = None) -> None:
        self.infos.append(sentence)
        self.actions += [action] if action else []

    def remark(self, sentence: str, /, *, action: Action | None = None, warn: bool = False) -> None:
        self.infos.append(sentence)
        self.actions += [action] if action else []

    def error(self, sentence: str, /, *, action: Action | None = None) -> None:
        self.errors.append(sentence)


class Room:
    """The page with a store of its own, one backup of a file in it, and what it told and asked."""

    def __init__(self, store: Store, theme: Theme, beside: Beside) -> None:
        self.store = store
        self.told = Told()
        self.undos: list[Undo] = []
        self.restored: list[Ready] = []
        self.look_file = store.folder / "window.ini"
        self.holder = QWidget()
        self.ops = Ops(store, self.told, lambda: None, self.holder)
        self.beside = Ops(beside, self.told, lambda: None, self.holder)
        keeping = Keeping(store.folder, store.clock.now, self.restored.append, self.look_file)
        self.page = SettingsPage(
            self.ops, self.beside, self.told, theme, keeping, on_undo=self.undos.append
        )

    @property
    def idle(self) -> bool:
        return self.ops.idle and self.beside.idle


@pytest.fixture
def room(theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    store = make_store(tmp_path)
    if not on_postgresql():  # a server has backups of its own
        make_backup(store.path, NOW)
    clock_of(store).advance(hours=5)
    beside = Beside()
    made = Room(store, theme, beside)
    qtbot.addWidget(made.page)
    qtbot.addWidget(made.holder)
    made.page.resize(1240, 760)
    made.page.show()
    made.page.activate()
    qtbot.waitUntil(lambda: made.idle)
    yield made
    beside.close()
    store.close()


def press(within: QWidget, words: str) -> None:
    made = next(each for each in within.findChildren(QPushButton) if each.text() == words)
    assert made.isVisible()
    assert made.isEnabled()
    QTest.mouseClick(made, Qt.MouseButton.LeftButton)


def type_into(room: Room, name: str, text: str) -> None:
    editor = room.page.organisation.editor(name)
    editor.selectAll()
    QTest.keyClicks(editor, text)


def settled(room: Room, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: room.idle)


def test_the_facts_of_the_organisation_are_shown(room: Room) -> None:
    card = room.page.organisation
    assert card.typed == room.store.read(settings).facts
    assert not card.save.isEnabled()


def test_a_changed_fact_is_saved_and_can_be_undone(room: Room, qtbot: QtBot) -> None:
    type_into(room, "objection_route", "Call 555 0100")
    press(room.page, "Save")
    settled(room, qtbot)
    assert room.store.read(settings).facts.objection_route == "Call 555 0100"
    room.page.refresh()
    settled(room, qtbot)
    assert "Ctrl+Z" in room.told.infos[-1]
    room.store.run(undo, room.undos.pop())
    settled(room, qtbot)
    assert room.store.read(settings).facts.objection_route == ""


def test_what_is_wrong_is_said_under_its_field_and_stays_typed(room: Room, qtbot: QtBot) -> None:
    type_into(room, "zone", "Mars/Olympus")
    press(room.page, "Save")
    settled(room, qtbot)
    field = room.page.organisation.fields["zone"]
    assert "Mars/Olympus" in field.error
    assert room.page.organisation.editor("zone").text() == "Mars/Olympus"
    assert room.page.organisation.save.isEnabled()


def test_what_is_typed_survives_a_change_made_elsewhere(room: Room, qtbot: QtBot) -> None:
    type_into(room, "name", "Half typed")
    now = room.store.read(settings)
    room.store.run(declare_system_of_record, True, seen=now.version)
    room.page.refresh()
    settled(room, qtbot)
    assert room.page.organisation.editor("name").text() == "Half typed"
    assert room.page.record.declared.isChecked()


def test_put_back_what_was_forgets_what_is_typed(room: Room) -> None:
    type_into(room, "name", "Half typed")
    press(room.page.organisation, "Put back what was")
    assert room.page.organisation.editor("name").text() == "Harbour Hospital"


def test_the_declaration_takes_effect_at_once(room: Room, qtbot: QtBot) -> None:
    QTest.keyClick(room.page.record.declared, Qt.Key.Key_Space)
    settled(room, qtbot)
    assert room.store.read(settings).system_of_record
    room.store.run(undo, room.undos.pop())
    assert not room.store.read(settings).system_of_record


def test_a_declaration_refused_shows_what_is_so(room: Room, qtbot: QtBot) -> None:
    now = room.store.read(settings)
    another = settings_with_another_name(room)
    assert another > now.version
    room.page.record.declared.toggle()
    settled(room, qtbot)
    assert not room.page.record.declared.isChecked()
    assert "a moment ago" in room.told.errors[0]


def settings_with_another_name(room: Room) -> int:
    """Changed behind the page's back; returns the new version."""
    now = room.store.read(settings)
    room.store.run(change_organisation, replace(now.facts, name="Other"), seen=now.version)
    return room.store.read(settings).version


def test_the_look_switches_at_once_and_is_remembered(room: Room, theme: Theme) -> None:
    room.page.appearance.looks[Look.LIGHT].click()
    box = room.page.appearance.percent
    box.setCurrentIndex(box.findData(125))
    box.activated.emit(box.currentIndex())
    assert (theme.look, theme.percent) == (Look.LIGHT, 125)
    kept = QSettings(str(room.look_file), QSettings.Format.IniFormat)
    assert kept.value(LOOK_KEY) == "light"
    assert int(str(kept.value(PERCENT_KEY))) == 125


def test_backups_are_listed_with_their_age(room: Room) -> None:
    (row,) = room.page.backups.list.model_rows.rows()
    assert row.sub.startswith("5 h old")


def test_a_backup_can_be_made_now(room: Room, qtbot: QtBot) -> None:
    room.page.open_part(Part.STORE)
    press(room.page, "Back up now")
    settled(room, qtbot)
    assert len(backups(room.store.folder)) == 2
    assert room.told.infos[0].startswith("Backed up and verified")
    assert len(room.page.backups.list.model_rows.rows()) == 2
    qtbot.waitUntil(lambda: any(line.startswith("2 of 14") for line in room.page.doctor.said))


def test_restoring_asks_once_and_names_the_consequence(room: Room, qtbot: QtBot) -> None:
    room.page.open_part(Part.STORE)
    (kept,) = backups(room.store.folder)
    room.page.backups.list.choose(str(kept.path))
    press(room.page, "Restore the chosen one…")
    qtbot.waitUntil(lambda: bool(room.page.findChildren(QDialog)))
    dialogue = room.page.findChildren(QDialog)[-1]
    assert "written after it is not in it" in dialogue.accessibleDescription()
    assert room.restored == []
    press(dialogue, "Put it back")
    settled(room, qtbot)
    (ready,) = room.restored
    assert ready.backup == kept.path.name
    ready.drop()


def test_a_restore_that_is_cancelled_changes_nothing_and_says_so(room: Room, qtbot: QtBot) -> None:
    room.page.open_part(Part.STORE)
    (kept,) = backups(room.store.folder)
    card = room.page.backups
    card.ask_to_restore(kept.path)
    press(room.page.findChildren(QDialog)[-1], "Put it back")
    assert not card.other.isEnabled()
    card.work.cancel.click()
    settled(room, qtbot)
    assert room.restored == []
    assert room.told.infos == [
        "Restoring was cancelled; the store and its backups are as they were."
    ]
    assert card.other.isEnabled()
    assert not list(room.store.folder.glob(".restoring-*"))


def test_a_file_that_is_no_backup_is_refused_before_anything_is_asked(
    room: Room, qtbot: QtBot, tmp_path: Path
) -> None:
    wrong = tmp_path / "holiday.sqlite"
    wrong.write_text("not a store")
    room.page.backups.choose_file().fileSelected.emit(str(wrong))
    settled(room, qtbot)
    assert "holiday.sqlite" in room.told.errors[0]
    assert room.restored == []


def test_the_store_is_looked_over_and_what_is_wrong_comes_first(room: Room, qtbot: QtBot) -> None:
    room.page.open_part(Part.STORE)
    room.store.run(lambda uow: uow.log("a note"))
    room.store.raw(lambda link: link.execute("UPDATE log_entry SET who = 'somebody else'"))
    press(room.page, "Look it over again")
    settled(room, qtbot)
    lines = room.page.doctor.said
    assert lines[0].startswith("Entry")
    assert any(line.startswith("The store is whole") for line in lines)


def test_every_part_of_the_page_has_a_name_for_screen_readers(room: Room) -> None:
    fields = room.page.organisation.fields.values()
    assert all(field.editor.accessibleName() for field in fields)
    assert room.page.record.declared.accessibleName()
    assert all(each.accessibleName() for each in room.page.appearance.looks.values())


def test_a_changed_policy_is_saved_and_can_be_undone(room: Room, qtbot: QtBot) -> None:
    room.page.open_part(Part.POLICY)
    card = room.page.policy
    kick_off = card.editors[ImpactClass.ORDINARY, "kick_off_days"]
    assert isinstance(kick_off, QSpinBox)
    kick_off.setValue(28)
    hour = card.editors[ImpactClass.ORDINARY, "sending_hour"]
    assert isinstance(hour, ClockEdit)
    line = hour.findChild(QLineEdit)
    assert line is not None and line.width() > line.fontMetrics().horizontalAdvance("00:00")
    hour.setFocus()
    QTest.keyClicks(hour, "0730")
    press(room.page, "Save the policy")
    settled(room, qtbot)
    changed = room.store.read(policy_days).days[ImpactClass.ORDINARY]
    assert (changed.kick_off_days, changed.sending_hour) == (28, time(7, 30))
    room.page.refresh()
    settled(room, qtbot)
    room.store.run(undo, room.undos.pop())
    settled(room, qtbot)
    assert room.store.read(policy_days).days == BUILT_IN


def test_days_that_make_no_sense_are_refused_where_they_were_typed(
    room: Room, qtbot: QtBot
) -> None:
    room.page.open_part(Part.POLICY)
    card = room.page.policy
    reminders = card.editors[ImpactClass.CRITICAL, "reminder_days"]
    assert isinstance(reminders, QLineEdit)
    reminders.selectAll()
    QTest.keyClicks(reminders, "soon")
    press(room.page, "Save the policy")
    settled(room, qtbot)
    assert "Critical" in card.refusal.text()
    assert reminders.text() == "soon"
    press(card, "Put back what was")
    assert reminders.text() == "1"
    assert card.refusal.isHidden()


def test_the_next_public_holidays_stand_beside_the_country(room: Room) -> None:
    assert room.page.holidays.list.model_rows.rows()[0].title == "Martin Luther King Jr. Day"


def test_a_closing_day_is_added_and_taken_out_and_each_is_undone(room: Room, qtbot: QtBot) -> None:
    card = room.page.closing
    press(card, "Add…")
    sheet = card.findChild(Sheet)
    assert sheet is not None
    name, first, last = (sheet.editor(key) for key in ("name", "first", "last"))
    assert isinstance(name, QLineEdit)
    assert isinstance(first, DayEdit) and isinstance(last, DayEdit)
    name.setText("Stocktaking")
    first.set_day(date(2025, 2, 3))
    assert last.day() == date(2025, 2, 3), "the last day is never before the first"
    QTest.mouseClick(sheet.yes, Qt.MouseButton.LeftButton)
    settled(room, qtbot)
    assert [row.title for row in card.list.model_rows.rows()] == ["Stocktaking"]
    card.list.choose(card.list.model_rows.rows()[0].key)
    press(card, "Take out")
    settled(room, qtbot)
    assert room.store.read(closing_days).closings == ()
    room.store.run(undo, room.undos.pop())
    assert [closed.name for closed in room.store.read(closing_days).closings] == ["Stocktaking"]
    assert len(room.undos) == 1, "adding it can be taken back as well"


def test_a_month_of_the_rota_is_chosen_by_keys(room: Room, qtbot: QtBot) -> None:
    ito = room.store.run(make_person, "Kai Ito")
    room.page.refresh()
    settled(room, qtbot)
    QTest.keyClick(room.page.rota.choices[1], Qt.Key.Key_Down)
    settled(room, qtbot)
    assert room.store.read(rota).months[1].person_id == ito.id
    assert room.page.rota.choices[1].currentText() == "Kai Ito"


def test_about_says_the_version_and_where_things_lie(room: Room) -> None:
    said = [label.text() for label in room.page.about.findChildren(QLabel)]
    assert {__version__, str(room.store.folder)} <= set(said)


def test_the_switch_for_the_desktop_is_remembered(room: Room) -> None:
    room.page.desktop.tells.setChecked(False)
    assert not DesktopNotices(room.look_file).on


def test_every_part_of_the_settings_is_reached_by_keys(room: Room) -> None:
    room.page.organisation.editor("name").setFocus()
    QTest.keyClick(room.page, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    assert room.page.appearance.isVisible()

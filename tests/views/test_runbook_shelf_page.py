"""The runbooks in the window: looked at, compared, exported, imported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.models.runbook import TemplateStep
from app.services.runbook.files import find_runbook, runbook_text
from app.services.runbook.shelf import runbook_shelf
from app.services.uow import undo
from app.views.ops import Beside, Ops
from app.views.runbook.import_sheet import ImportSheet
from app.views.runbook.shelf_page import RunbooksPage
from app.views.runbook.template_rows import step_row
from app.views.theme import Theme
from tests.views.flying import Cockpit, cockpit, until

NAME = "Storage firmware"


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def page(seat: Cockpit, qtbot: QtBot) -> Iterator[RunbooksPage]:
    threads = Beside()
    beside = Ops(threads, seat.told, lambda: None)
    made = RunbooksPage(seat.ops, beside, seat.told, seat.undos.append)
    qtbot.addWidget(made)
    seat.bridge.happened.connect(made.on_event)
    made.resize(1200, 800)
    made.show()
    made.activate(NAME)
    until(qtbot, lambda: bool(made.steps.model_rows.rows()))
    yield made
    threads.close()


@pytest.fixture
def changed(seat: Cockpit, tmp_path: Path) -> Path:
    """The runbook's CSV, step 7 two minutes longer."""
    found = seat.store.read(find_runbook, NAME)
    steps = tuple(replace(s, minutes=12) if s.code == "7" else s for s in found.steps)
    path = tmp_path / "storage.csv"
    path.write_text(runbook_text(replace(found, steps=steps), path), "utf-8")
    return path


def ready(sheet: ImportSheet, qtbot: QtBot) -> None:
    until(qtbot, lambda: bool(sheet.list.model_rows.rows()))


def test_an_import_shows_what_it_would_change_before_it_does(
    page: RunbooksPage, seat: Cockpit, changed: Path, qtbot: QtBot
) -> None:
    sheet = page.look_at(changed)
    ready(sheet, qtbot)
    assert [row.sub for row in sheet.list.model_rows.rows()] == ["Minutes 10 → 12"]
    assert len(seat.store.read(runbook_shelf)[0].revisions) == 1


def test_ctrl_enter_imports_it_as_the_next_revision_with_one_undo(
    page: RunbooksPage, seat: Cockpit, changed: Path, qtbot: QtBot
) -> None:
    sheet = page.look_at(changed)
    ready(sheet, qtbot)
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: len(page.changes.model_rows.rows()) == 1)
    assert page.revision.currentData() == 2
    seat.store.run(undo, seat.undos[0])
    until(qtbot, lambda: page.revision.currentData() == 1)


def test_every_bad_line_is_named_and_nothing_can_be_imported(
    page: RunbooksPage, changed: Path, qtbot: QtBot
) -> None:
    text = changed.read_text("utf-8").replace(",12,", ",soon,").replace(",before,", ",befor,", 1)
    changed.write_text(text, "utf-8")
    sheet = page.look_at(changed)
    ready(sheet, qtbot)
    rows = sheet.list.model_rows.rows()
    assert all(row.lead.startswith("line ") for row in rows)
    assert any("“minutes” must be a whole number" in row.title for row in rows)
    assert any("“phase”" in row.title for row in rows)
    assert not sheet.yes.isEnabled()


def test_a_mended_file_is_looked_at_again(page: RunbooksPage, changed: Path, qtbot: QtBot) -> None:
    good = changed.read_text("utf-8")
    changed.write_text(good.replace(",12,", ",soon,"), "utf-8")
    sheet = page.look_at(changed)
    ready(sheet, qtbot)
    changed.write_text(good, "utf-8")
    QTest.keyClick(sheet, Qt.Key.Key_F5)
    until(qtbot, sheet.yes.isEnabled)


def test_the_shown_revision_is_exported_in_the_form_of_the_ending(
    page: RunbooksPage, seat: Cockpit, tmp_path: Path
) -> None:
    dialog = page.export()
    assert isinstance(dialog, QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "out.md"))
    dialog.reject()
    assert (tmp_path / "out.md").read_text("utf-8").startswith("# Runbook: Storage firmware")
    assert "out.md" in seat.told.infos[0]


def test_a_step_says_what_it_changes_and_how_it_is_bound() -> None:
    step = TemplateStep(
        "8", "Flash", 30, ci="controller B", setting="firmware", no_return=True,
        do_not_disturb=True, not_before=-30, not_after=90,
    )  # fmt: skip
    assert step_row(step).sub == (
        "30 min · controller B: firmware · cannot be undone · do not disturb · "
        "not before T−00:30 · not after T+01:30"
    )

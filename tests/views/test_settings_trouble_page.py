from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.errors import BadInput, StoreTrouble
from app.services.folder import FILE_NAME
from app.services.settings.backups import make_backup
from app.services.settings.restore import Restored
from app.services.working import Work
from app.views.settings.trouble_page import TroublePage
from app.views.theme import Theme
from tests.makers import NOW, make_person, make_store

DAMAGED = StoreTrouble("The store is damaged. It was left as it is.", trouble="damaged")


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A folder whose store is no database any more, with one good backup."""
    store = make_store(tmp_path)
    store.run(make_person, "Kai Ito")
    store.close()
    make_backup(tmp_path / FILE_NAME, NOW)
    (tmp_path / FILE_NAME).write_bytes(b"not a database at all" * 500)
    return tmp_path


def shown(page: TroublePage, qtbot: QtBot) -> TroublePage:
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    page.activate()
    return page


def press(within: QWidget, words: str) -> None:
    made = next(each for each in within.findChildren(QPushButton) if each.text() == words)
    assert made.isEnabled()
    QTest.mouseClick(made, Qt.MouseButton.LeftButton)


def answer(page: TroublePage, words: str) -> None:
    press(page.findChildren(QDialog)[-1], words)


def words_of(page: TroublePage) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(each.text() for each in page.findChildren(QLabel) if each.isVisibleTo(page))


def test_the_page_says_what_happened_and_lists_the_backups(
    theme: Theme, qtbot: QtBot, damaged: Path
) -> None:
    page = shown(TroublePage(DAMAGED, damaged, lambda folder: None), qtbot)
    assert "The store is damaged. It was left as it is." in words_of(page)
    assert len(page.list.model_rows.rows()) == 1


def test_a_backup_put_back_keeps_the_damaged_file_and_opens_the_store(
    theme: Theme, qtbot: QtBot, damaged: Path
) -> None:
    opened: list[Path] = []
    page = shown(TroublePage(DAMAGED, damaged, opened.append), qtbot)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    answer(page, "Put it back")
    qtbot.waitUntil(lambda: bool(opened), timeout=20_000)
    assert opened == [damaged]
    assert "The store of before is kept as flight-console-kept-" in words_of(page)
    kept = next(damaged.glob("flight-console-kept-*.sqlite"))
    assert kept.read_bytes().startswith(b"not a database")
    store = make_store(damaged)
    assert store.organisation_id
    store.close()


def test_restoring_asks_once_and_enter_means_no(theme: Theme, qtbot: QtBot, damaged: Path) -> None:
    page = shown(TroublePage(DAMAGED, damaged, lambda folder: None), qtbot)
    QTest.keyClick(page.list, Qt.Key.Key_Return)
    QTest.keyClick(page.findChildren(QDialog)[-1], Qt.Key.Key_Return)
    assert not list(damaged.glob("flight-console-kept-*"))
    assert (damaged / FILE_NAME).read_bytes().startswith(b"not a database")


def test_a_refused_restore_says_why_in_place_and_can_be_tried_again(
    theme: Theme, qtbot: QtBot, damaged: Path
) -> None:
    threads: list[int] = []

    def refuse(folder: Path, backup: Path, work: Work) -> Restored:
        threads.append(threading.get_ident())
        raise BadInput("That file is not a whole store; nothing was changed.")

    page = shown(TroublePage(DAMAGED, damaged, lambda folder: None, refuse), qtbot)
    press(page, "Put the chosen one back…")
    answer(page, "Put it back")
    qtbot.waitUntil(lambda: "not a whole store" in words_of(page))
    assert threads != [threading.get_ident()]
    press(page, "Put the chosen one back…")


def test_restoring_shows_how_far_it_is_and_can_be_stopped(
    theme: Theme, qtbot: QtBot, damaged: Path
) -> None:
    opened: list[Path] = []
    page = shown(TroublePage(DAMAGED, damaged, opened.append, until_stopped), qtbot)
    press(page, "Put the chosen one back…")
    answer(page, "Put it back")
    qtbot.waitUntil(lambda: page.work.isVisible())
    page.work.cancel.click()
    qtbot.waitUntil(lambda: "Restoring was cancelled" in words_of(page))
    assert not page.work.isVisible()
    press(page, "Try again")
    assert opened == [damaged]


def until_stopped(folder: Path, backup: Path, work: Work) -> Restored:
    work.stop.wait(20)
    work.at()
    raise AssertionError("it went on")


def test_trying_again_goes_back_to_the_same_folder(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    opened: list[Path] = []
    busy = StoreTrouble("The store is busy. Try again in a moment.", trouble="busy")
    page = shown(TroublePage(busy, tmp_path, opened.append), qtbot)
    assert "There is no backup in this folder" in words_of(page)
    press(page, "Try again")
    assert opened == [tmp_path]
    page.show_trouble(busy, tmp_path)
    press(page, "Try again")
    assert opened == [tmp_path, tmp_path]


def test_a_database_that_lets_nobody_in_offers_no_backup_of_a_file(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    outside = StoreTrouble("The database server did not let this console in.", trouble="refused")
    page = shown(TroublePage(outside, tmp_path, lambda folder: None), qtbot)
    assert "The database cannot be used" in words_of(page)
    assert not page.saved.isVisibleTo(page)


def test_another_folder_can_be_opened(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    opened: list[Path] = []
    page = shown(TroublePage(DAMAGED, tmp_path / "here", opened.append), qtbot)
    dialogue = page.choose_folder()
    dialogue.fileSelected.emit(str(tmp_path / "there"))
    dialogue.reject()
    assert opened == [tmp_path / "there"]


def test_the_page_is_shown_without_loading_storage() -> None:
    code = (
        "import sys; import app.views.settings.trouble_page; "
        "sys.exit(any(m in sys.modules for m in ('sqlmodel', 'sqlalchemy', 'alembic')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

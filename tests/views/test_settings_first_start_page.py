from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.models.errors import StoreTrouble
from app.services.database import Store, organisation
from app.services.working import Work
from app.views.ops import Beside, Ops
from app.views.settings.first_start_page import FirstStartPage
from app.views.settings.take_over_card import TakeOverCard
from app.views.theme import Theme
from tests.makers import make_organisation, make_store


class Told:
    def info(self, sentence: str, /, *, action: object = None) -> None: ...

    def remark(self, sentence: str, /, *, action: object = None, warn: bool = False) -> None: ...

    def error(self, sentence: str, /, *, action: object = None) -> None:
        raise AssertionError(sentence)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path, organisation=False)
    yield made
    made.close()


class Start:
    """The page on an empty store, and where it led."""

    def __init__(self, store: Store, qtbot: QtBot) -> None:
        self.went: list[str] = []
        self.sampled_on: list[int] = []
        self.release = threading.Event()
        self.page = FirstStartPage(
            Ops(store, Told(), lambda: None),
            Ops(Beside(), Told(), lambda: None),
            lambda work: self._sample(store, work),
            lambda: self.went.append("today"),
            lambda: self.went.append("import"),
        )
        self.refusal: StoreTrouble | None = None
        qtbot.addWidget(self.page)
        self.page.resize(1000, 700)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.page.activate()

    def _sample(self, store: Store, work: Work) -> None:
        self.sampled_on.append(threading.get_ident())
        while not self.release.wait(0.01):
            work.at(1, 3)
        if self.refusal is not None:
            raise self.refusal
        store.run(make_organisation, "Sample Hospital")


def words_of(page: QWidget) -> str:
    return "\n".join(each.text() for each in page.findChildren(QLabel) if each.isVisibleTo(page))


def test_the_sample_is_made_off_the_gui_thread_with_progress_and_leads_to_today(
    theme: Theme, qtbot: QtBot, store: Store
) -> None:
    start = Start(store, qtbot)
    QTest.keyClick(start.page.try_sample, Qt.Key.Key_Return)
    assert not start.page.start.isEnabled()
    qtbot.waitUntil(lambda: start.page.work.isVisible() and start.page.work.bar.maximum() == 3)
    start.release.set()
    qtbot.waitUntil(lambda: start.went == ["today"])
    assert start.sampled_on != [threading.get_ident()]
    assert store.read(lambda uow: organisation(uow).name) == "Sample Hospital"


def test_a_sample_that_fails_says_so_in_place_and_can_be_tried_again(
    theme: Theme, qtbot: QtBot, store: Store
) -> None:
    start = Start(store, qtbot)
    start.refusal = StoreTrouble("The disk is full, so this was not written.")
    start.release.set()
    start.page.try_sample.click()
    qtbot.waitUntil(lambda: "The disk is full" in words_of(start.page))
    assert start.page.try_sample.isEnabled() and not start.page.work.isVisible()
    assert start.went == []


def test_a_sample_that_is_cancelled_leaves_the_choice_as_it_was(
    theme: Theme, qtbot: QtBot, store: Store
) -> None:
    start = Start(store, qtbot)
    start.page.try_sample.click()
    qtbot.waitUntil(start.page.work.isVisible)
    start.page.work.cancel.click()
    qtbot.waitUntil(start.page.try_sample.isEnabled)
    assert "nothing was changed" in words_of(start.page)
    assert not start.page.work.isVisible()
    assert start.went == []


def test_an_organisation_is_set_up_by_keyboard_and_import_is_offered(
    theme: Theme, qtbot: QtBot, store: Store
) -> None:
    start = Start(store, qtbot)
    page = start.page
    QTest.keyClicks(page.name, "Harbour  Hospital")
    page.zone.setCurrentText("America/New_York")
    page.country.setText("us")
    page.subdivision.setText("ny")
    QTest.keyClick(page.name, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "Harbour Hospital is set up." in words_of(page))
    made = store.read(organisation)
    assert (made.name, made.zone, made.country, made.subdivision) == (
        "Harbour Hospital",
        "America/New_York",
        "US",
        "NY",
    )
    page.to_import.click()
    page.to_today.click()
    assert start.went == ["import", "today"]


def test_empty_lists_to_fill_in_are_saved_and_none_is_overwritten(
    theme: Theme, qtbot: QtBot, store: Store, tmp_path: Path
) -> None:
    page = Start(store, qtbot).page
    page.name.setText("Harbour Hospital")
    page.start_mine()
    qtbot.waitUntil(page.to_templates.isVisible)
    (tmp_path / "people.csv").write_text("mine")
    page.save_templates(tmp_path)
    qtbot.waitUntil(lambda: "services.csv" in words_of(page))
    assert (tmp_path / "people.csv").read_text() == "mine"
    assert "name" in (tmp_path / "cis.csv").read_text()


@pytest.mark.parametrize(
    ("name", "zone", "country", "field", "sentence"),
    [
        ("", "Europe/London", "GB", "_name_field", "What is your organisation called?"),
        ("Harbour", "Europe/Londin", "GB", "_zone_field", "is not a time zone we know"),
        ("Harbour", "Europe/London", "G", "_country_field", "Write the country as its two"),
    ],
)
def test_what_is_wrong_is_said_under_its_field_and_nothing_typed_is_lost(
    theme: Theme,
    qtbot: QtBot,
    store: Store,
    name: str,
    zone: str,
    country: str,
    field: str,
    sentence: str,
) -> None:
    page = Start(store, qtbot).page
    page.name.setText(name)
    page.zone.setCurrentText(zone)
    page.country.setText(country)
    page.start.click()
    qtbot.waitUntil(lambda: sentence in getattr(page, field).error)
    assert (page.name.text(), page.zone.currentText(), page.country.text()) == (name, zone, country)
    assert page.start.isEnabled()
    assert not store.organisation_id


def test_the_zone_is_found_by_any_part_of_its_name(
    theme: Theme, qtbot: QtBot, store: Store
) -> None:
    finder = Start(store, qtbot).page.zone.completer()
    assert finder is not None
    finder.setCompletionPrefix("london")
    assert finder.currentCompletion() == "Europe/London"


@pytest.mark.parametrize(
    ("typed", "becomes"),
    [("london", "Europe/London"), ("New york", "America/New_York"), ("indiana", "indiana")],
)
def test_a_city_typed_chooses_its_zone_and_what_several_hold_stays(
    theme: Theme, qtbot: QtBot, store: Store, typed: str, becomes: str
) -> None:
    zone = Start(store, qtbot).page.zone
    zone.setFocus()
    line = zone.lineEdit()
    assert line is not None
    line.selectAll()
    QTest.keyClicks(line, typed)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert zone.currentText() == becomes


@pytest.mark.parametrize("percent", [100, 150, 175])
def test_the_page_fits_the_smallest_window(
    theme: Theme, qtbot: QtBot, store: Store, percent: int
) -> None:
    theme.choose(percent=percent)
    tell, beside = Told(), Ops(Beside(), Told(), lambda: None)
    taking = TakeOverCard(beside, tell, store.folder, lambda *_given: None)
    begun = FirstStartPage(
        Ops(store, tell, lambda: None), beside, lambda _w: None, lambda: None, lambda: None, taking
    )
    qtbot.addWidget(begun)
    begun.resize(880, 700)
    begun.show()
    assert begun.minimumSizeHint().width() <= 1180 - 300

"""Printing, saving and opening an outage's reports from the window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtPrintSupport import QPrintPreviewDialog
from PySide6.QtWidgets import QFileDialog, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from app.models.errors import ConsoleError, StoreTrouble
from app.models.outages.lifecycle import State
from app.models.reports.packet import Paper
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.uow import UnitOfWork
from app.views.notify import Action
from app.views.ops import Ops
from app.views.reports.actions import PDFS, ReportActions
from app.views.theme import Theme
from app.views.widgets.printed import NoPrinter, Printed
from app.views.widgets.sheet import Sheet
from tests.flights import START, flight_store, make_flight


class Told:
    """What the user was told, with the acts offered."""

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
        self.actions += [action] if action else []


class Desk:
    """A window with the report actions of one flight."""

    def __init__(self, store: Store, window: QWidget, folder: Path) -> None:
        self.store = store
        self.window = window
        self.told = Told()
        self.opened: list[Path] = []
        self.opens = True
        self.paper = Paper.A4
        self.sent_to_paper: bool | ConsoleError = True
        self.ops = Ops(store, self.told, lambda: None, window)
        self.actions = ReportActions(
            self.ops,
            self.told,
            window,
            open_file=self._open,
            print_dialog=self._print,
            folder=folder,
            paper=lambda: self.paper,
        )
        self.flight = store.run(make_flight, State.ANNOUNCED)

    def _open(self, path: Path) -> bool:
        self.opened.append(path)
        return self.opens

    def _print(self, printed: Printed, parent: QWidget) -> bool:
        if isinstance(self.sent_to_paper, ConsoleError):
            raise self.sent_to_paper
        return self.sent_to_paper

    @property
    def printed(self) -> bool:
        outage = self.store.read(lambda uow: uow.fetch(Outage, self.flight))
        return outage.packet_printed_at is not None

    @property
    def revision(self) -> int:
        """That of the printed packet."""
        return self.store.read(lambda uow: uow.fetch(Outage, self.flight).packet_revision)


@pytest.fixture
def desk(theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    store = flight_store(tmp_path / "data", START - timedelta(hours=4))
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    yield Desk(store, window, tmp_path)
    store.close()


def file_dialog(desk: Desk, qtbot: QtBot) -> QFileDialog:
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(QFileDialog)))
    return desk.window.findChildren(QFileDialog)[0]


def settled(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desk.ops.idle)


def test_a_saved_packet_is_a_pdf_with_a_sensible_name_and_opens(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.actions.save_pdf(desk.flight)
    dialog = file_dialog(desk, qtbot)
    assert Path(dialog.selectedFiles()[0]).name == (
        "OUT-2025-001-File-cluster-firmware-packet-r1.pdf"
    )
    dialog.accept()
    saved = tmp_path / "OUT-2025-001-File-cluster-firmware-packet-r1.pdf"
    assert saved.read_bytes().startswith(b"%PDF")
    assert desk.opened == [saved]
    assert desk.told.infos[0].startswith(f"The packet of OUT-2025-001 is saved as {saved.name}")


def test_a_packet_can_be_saved_for_letter_paper(desk: Desk, qtbot: QtBot) -> None:
    desk.actions.save_pdf(desk.flight)
    dialog = file_dialog(desk, qtbot)
    assert set(dialog.nameFilters()) == set(PDFS.values())
    dialog.selectNameFilter(PDFS[Paper.LETTER])
    dialog.accept()
    assert b"/MediaBox [0 0 612.0" in desk.opened[0].read_bytes()


def test_the_paper_of_the_country_is_offered_first(desk: Desk, qtbot: QtBot) -> None:
    desk.paper = Paper.LETTER
    desk.actions.save_pdf(desk.flight)
    assert file_dialog(desk, qtbot).nameFilters()[0] == PDFS[Paper.LETTER]


def test_a_saved_packet_counts_as_printed_only_when_the_user_says_so(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.actions.save_pdf(desk.flight)
    file_dialog(desk, qtbot).accept()
    assert not desk.printed
    words, printed = desk.told.actions[0]
    assert words == "I printed it"
    printed()
    settled(desk, qtbot)
    assert desk.printed


def change_the_runbook(desk: Desk) -> None:
    def use(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, desk.flight)
        outage.runbook_revision += 1
        uow.log("changed the runbook", outage)

    desk.store.run(use)


def test_what_was_printed_is_noted_though_the_runbook_changed_since(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.actions.save_pdf(desk.flight)
    file_dialog(desk, qtbot).accept()
    change_the_runbook(desk)
    desk.actions.say_printed(desk.flight)
    qtbot.waitUntil(lambda: len(desk.told.infos) == 2)
    assert desk.told.infos[1] == "Noted: the packet is printed, revision 1."
    assert desk.revision == 1


def test_of_several_revisions_it_asks_which_is_on_paper(desk: Desk, qtbot: QtBot) -> None:
    change_the_runbook(desk)
    desk.actions.say_printed(desk.flight)
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(Sheet)))
    (sheet,) = desk.window.findChildren(Sheet)
    number = sheet.editor("revision")
    assert isinstance(number, QSpinBox)
    assert number.text() == "2"
    number.setValue(1)
    sheet.yes.click()
    settled(desk, qtbot)
    assert desk.revision == 1


def test_a_place_that_cannot_be_written_is_said_and_nothing_is_left(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.actions.save_pdf(desk.flight)
    dialog = file_dialog(desk, qtbot)
    dialog.fileSelected.emit(str(tmp_path / "gone" / "packet.pdf"))
    dialog.reject()
    assert "There is no folder" in desk.told.errors[0]
    assert desk.opened == []


def test_printing_marks_the_packet_as_printed(desk: Desk, qtbot: QtBot) -> None:
    desk.actions.print(desk.flight)
    qtbot.waitUntil(lambda: bool(desk.told.infos))
    assert desk.told.infos == ["Noted: the packet is printed, revision 1."]
    assert desk.printed


def test_a_cancelled_print_dialogue_marks_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.sent_to_paper = False
    desk.actions.print(desk.flight)
    settled(desk, qtbot)
    assert not desk.printed


def test_a_printer_that_refuses_is_told_and_marks_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk.sent_to_paper = StoreTrouble("The printer did not accept the packet.")
    desk.actions.print(desk.flight)
    qtbot.waitUntil(lambda: bool(desk.told.errors))
    assert desk.told.errors == ["The printer did not accept the packet."]
    assert not desk.printed


def test_where_no_printer_is_a_pdf_is_offered(desk: Desk, qtbot: QtBot) -> None:
    desk.sent_to_paper = NoPrinter()
    desk.actions.print(desk.flight)
    qtbot.waitUntil(lambda: bool(desk.told.errors))
    assert "No printer is set up" in desk.told.errors[0]
    assert desk.told.actions[0][0] == "Save as PDF…"
    assert not desk.printed


def preview(desk: Desk, qtbot: QtBot) -> QPrintPreviewDialog:
    desk.actions.preview(desk.flight)
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(QPrintPreviewDialog)))
    return desk.window.findChildren(QPrintPreviewDialog)[0]


def test_looking_at_the_preview_marks_nothing(desk: Desk, qtbot: QtBot) -> None:
    dialog = preview(desk, qtbot)
    assert dialog.windowTitle() == "Packet of OUT-2025-001"
    dialog.reject()
    settled(desk, qtbot)
    assert not desk.printed


def test_printing_from_the_preview_counts_as_printed_and_a_file_is_said_to_be_one(
    desk: Desk, qtbot: QtBot
) -> None:
    written = preview(desk, qtbot)
    written.printer().setOutputFileName("packet.pdf")
    written.accept()
    qtbot.waitUntil(lambda: bool(desk.told.infos))
    assert desk.told.infos.pop() == (
        "The packet of OUT-2025-001 is saved as packet.pdf; nothing was printed."
    )
    assert not desk.printed
    qtbot.waitUntil(lambda: not desk.window.findChildren(QPrintPreviewDialog))
    preview(desk, qtbot).accept()
    qtbot.waitUntil(lambda: bool(desk.told.infos))
    assert desk.printed


def test_the_after_action_report_is_saved_and_opened(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    desk.actions.save_report(desk.flight)
    file_dialog(desk, qtbot).accept()
    saved = tmp_path / "OUT-2025-001-File-cluster-firmware-report.html"
    qtbot.waitUntil(lambda: desk.opened == [saved])
    assert "File cluster firmware" in saved.read_text(encoding="utf-8")


def test_the_report_is_written_in_the_form_of_its_ending(
    desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    for ending, begins in (("pdf", b"%PDF"), ("md", b"# File cluster firmware")):
        desk.actions.save_report(desk.flight)
        dialog = file_dialog(desk, qtbot)
        target = tmp_path / f"report.{ending}"
        dialog.fileSelected.emit(str(target))
        dialog.close()
        dialog.setParent(None)
        assert desk.opened[-1] == target
        assert target.read_bytes().startswith(begins)


def test_the_report_is_looked_at_before_it_is_printed(desk: Desk, qtbot: QtBot) -> None:
    desk.actions.preview_report(desk.flight)
    qtbot.waitUntil(lambda: bool(desk.window.findChildren(QPrintPreviewDialog)))
    assert desk.window.findChildren(QPrintPreviewDialog)[0].windowTitle() == "File cluster firmware"


def test_a_file_that_nothing_opens_is_said_to_be_saved_all_the_same(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.opens = False
    desk.actions.save_report(desk.flight)
    file_dialog(desk, qtbot).accept()
    qtbot.waitUntil(lambda: bool(desk.told.errors))
    assert "no program here opens it" in desk.told.errors[0]


def test_an_outage_that_is_gone_is_told_in_a_sentence(desk: Desk, qtbot: QtBot) -> None:
    desk.actions.save_pdf("not-there")
    qtbot.waitUntil(lambda: bool(desk.told.errors))
    assert "no longer there" in desk.told.errors[0]

"""A print preview on a small screen, with everything large."""

from __future__ import annotations

from PySide6.QtPrintSupport import QPrintPreviewDialog
from PySide6.QtWidgets import QToolBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.views.theme import Theme
from app.views.widgets.previews import fit_preview


def buttons(dialog: QPrintPreviewDialog) -> list[QWidget]:
    (bar,) = dialog.findChildren(QToolBar)
    found = [bar.widgetForAction(each) for each in bar.actions() if not each.isSeparator()]
    return [each for each in found if each is not None]


def test_a_preview_is_no_larger_than_its_screen_and_can_print(theme: Theme, qtbot: QtBot) -> None:
    theme.choose(percent=200)
    dialog = QPrintPreviewDialog()
    qtbot.addWidget(dialog)
    fit_preview(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    screen = dialog.screen().availableSize()
    assert dialog.width() <= screen.width()
    assert dialog.height() <= screen.height()
    assert not buttons(dialog)[-1].isVisible(), "not everything has room"
    printing = buttons(dialog)[0]
    assert isinstance(printing, QToolButton)
    assert printing.text() == "Print"
    assert printing.isVisible()
    assert dialog.rect().contains(printing.mapTo(dialog, printing.rect().bottomRight()))

"""The system's print preview, made to fit."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtPrintSupport import QPrintPreviewDialog
from PySide6.QtWidgets import QGraphicsView, QToolBar

from app.views.theme import px

WISHED = (1120, 820)
FRAME = 40
"""The window's own title and edges, which Qt does not know before it is shown."""


def fit_preview(dialog: QPrintPreviewDialog) -> None:
    """No larger than its screen, however large everything is shown; what its bar then has no
    room for is never the print button, which Qt puts last. The keys turn its pages."""
    screen = dialog.screen().availableSize()
    room = QSize(screen.width() - FRAME // 2, screen.height() - FRAME)
    dialog.resize(QSize(*map(px, WISHED)).boundedTo(room))
    for bar in dialog.findChildren(QToolBar):
        actions = [action for action in bar.actions() if not action.isSeparator()]
        first = bar.actions()[0]
        for action in actions[-1:-3:-1]:  # print, then the page
            bar.insertAction(first, action)
        bar.insertSeparator(first)
    pages = dialog.findChild(QGraphicsView)
    if isinstance(pages, QGraphicsView):
        pages.setFocus()

"""A walk over what can be reached by keyboard or mouse on a screen, as a screen reader sees it."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)

from app.views.theme import px

HIT = 28
"""Design pixels: the least height of what is clicked."""
_CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDateTimeEdit,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QTextEdit,
)
_WITH_PARTS = (QAbstractSpinBox, QComboBox, QTabBar)
"""Their inner line or arrows are spoken and sized as the whole."""
MOST = 400
MOST_KEPT = 60


def controls(root: QWidget) -> Iterator[QWidget]:
    """What can be used on `root` now: each control that shows, and whatever takes the focus."""
    for widget in root.findChildren(QWidget):
        if not widget.isVisible() or not widget.isEnabled() or widget.window() is not root.window():
            continue
        if isinstance(widget, QScrollBar) or isinstance(widget.parentWidget(), _WITH_PARTS):
            continue
        if isinstance(widget, _CONTROLS) or by_tab(widget):
            yield widget


def by_tab(widget: QWidget) -> bool:
    """Tab should come here. In a group of one choice it comes to the chosen one only."""
    if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or widget.focusProxy() is not None:
        return False
    if isinstance(widget, QAbstractButton):
        group = widget.group()
        if group is not None and group.exclusive() and group.checkedButton() is not None:
            return group.checkedButton() is widget
    return True


def spoken(widget: QWidget) -> str:
    """The name a screen reader says."""
    known = QAccessible.queryAccessibleInterface(widget)
    return known.text(QAccessible.Text.Name).strip() if known is not None else ""


def unnamed(root: QWidget) -> list[str]:
    return [told(widget) for widget in controls(root) if not spoken(widget)]


def too_low(root: QWidget) -> list[str]:
    """Buttons that are hard to hit."""
    return [
        f"{told(widget)} is {widget.height()} high"
        for widget in controls(root)
        if isinstance(widget, QPushButton | QToolButton) and widget.height() < px(HIT)
    ]


def without_size(root: QWidget) -> list[str]:
    return [told(w) for w in controls(root) if by_tab(w) and (w.width() < 2 or w.height() < 2)]


def round_by_tab(root: QWidget) -> tuple[set[QWidget], bool]:
    """What Tab came to from where the focus is, and whether it came round.

    A month or a date keeps Tab for its own parts a while.
    """
    first = QApplication.focusWidget()
    order = [first] if first is not None else []
    kept = 0
    while order and len(order) < MOST and kept < MOST_KEPT:
        QTest.keyClick(order[-1], Qt.Key.Key_Tab)
        here = QApplication.focusWidget()
        if here is None or here.window() is not root.window():
            break
        if here is order[-1]:
            kept += 1
        elif here in order:
            # the start may be something that Tab itself passes over, such as the page
            return set(order), here in order[:2]
        else:
            order.append(here)
            kept = 0
    return set(order), len(order) == 1


def told(widget: QWidget) -> str:
    """Enough to find it."""
    chain: list[str] = []
    at: QWidget | None = widget
    while at is not None and len(chain) < 4:
        chain.append(type(at).__name__)
        at = at.parentWidget()
    return f"{' < '.join(chain)} “{spoken(widget)}”"

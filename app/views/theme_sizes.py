"""What was laid out at one size, laid out at another while it is shown.

Margins, gaps and fixed sizes are numbers that Qt keeps; nothing announces that they were meant as
design pixels. So each is brought back to its design pixels and forth to the new size, which comes
out exactly, as no size is below 100 %. Fonts and style sheets follow by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QMargins, QSize
from PySide6.QtWidgets import (
    QAbstractButton,
    QGridLayout,
    QLayout,
    QMainWindow,
    QSplitter,
    QStackedLayout,
    QWidget,
)

NO_LIMIT = 500_000
"""Qt writes "as large as you like" as 16,777,215, and as 524,287 where it computes with it."""
HAIRLINE = 1
"""A line's width, at every size."""
PLAIN_ICON = 16
"""The style's own size, which was never given in design pixels."""

Scale = Callable[[int], int]


def rescale(windows: Iterable[QWidget], old: float, new: float) -> None:
    """Everything within `windows`, from the scale `old` to `new`; windows keep their own size.
    Call it before the fonts change: what is then measured anew has the last word."""

    def scaled(size: int) -> int:
        return max(1, round(round(size / old) * new)) if size > HAIRLINE else size

    for window in windows:
        # the inner ones first: one without a gap of its own has that of the layout around it
        for layout in reversed(window.findChildren(QLayout)):
            if not isinstance(layout, QStackedLayout) and not isinstance(
                layout.parent(), QMainWindow
            ):
                _lay_out(layout, scaled)
        for widget in window.findChildren(QWidget):
            if not widget.isWindow():
                _resize(widget, scaled)


def _lay_out(layout: QLayout, scaled: Scale) -> None:
    margins = layout.contentsMargins()
    layout.setContentsMargins(
        QMargins(
            scaled(margins.left()),
            scaled(margins.top()),
            scaled(margins.right()),
            scaled(margins.bottom()),
        )
    )
    if isinstance(layout, QGridLayout):
        layout.setHorizontalSpacing(scaled(layout.horizontalSpacing()))
        layout.setVerticalSpacing(scaled(layout.verticalSpacing()))
        for column in range(layout.columnCount()):
            layout.setColumnMinimumWidth(column, scaled(layout.columnMinimumWidth(column)))
        for row in range(layout.rowCount()):
            layout.setRowMinimumHeight(row, scaled(layout.rowMinimumHeight(row)))
    elif layout.spacing() >= 0:
        layout.setSpacing(scaled(layout.spacing()))
    for place in range(layout.count()):
        item = layout.itemAt(place)
        spacer = item.spacerItem() if item is not None else None
        if spacer is not None and not spacer.sizeHint().isNull():
            size, policy = spacer.sizeHint(), spacer.sizePolicy()
            spacer.changeSize(
                scaled(size.width()),
                scaled(size.height()),
                policy.horizontalPolicy(),
                policy.verticalPolicy(),
            )
    layout.invalidate()


def _resize(widget: QWidget, scaled: Scale) -> None:
    """Leaves alone what a style sheet set: it is set anew with the sheet."""
    least, most = widget.minimumSize(), widget.maximumSize()
    if least.width() and widget.property("_q_stylesheet_minw") is None:
        widget.setMinimumWidth(scaled(least.width()))
    if least.height() and widget.property("_q_stylesheet_minh") is None:
        widget.setMinimumHeight(scaled(least.height()))
    if most.width() < NO_LIMIT and widget.property("_q_stylesheet_maxw") is None:
        widget.setMaximumWidth(scaled(most.width()))
    if most.height() < NO_LIMIT and widget.property("_q_stylesheet_maxh") is None:
        widget.setMaximumHeight(scaled(most.height()))
    if isinstance(widget, QSplitter):
        widget.setHandleWidth(scaled(widget.handleWidth()))
    elif isinstance(widget, QAbstractButton) and widget.iconSize().width() != PLAIN_ICON:
        icon = widget.iconSize()
        widget.setIconSize(QSize(scaled(icon.width()), scaled(icon.height())))

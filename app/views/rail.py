"""The rail at the left: sections with counts, and at its foot the store and who is on duty."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
)

from app.views.icons import app_icon, check_icon, paint_icon
from app.views.theme import Token, color, font, px
from app.views.widgets.labels import Dot, ElidedLabel, Words, paint_badge, plain_tip
from app.views.widgets.tone import Tone, set_part

WIDTH = 196
NARROW = 84
"""Short of room (large print, a small window) the words stand under the icons."""


class RailButton(QAbstractButton):
    """Icon, label and perhaps a count; painted, checkable, named for screen readers."""

    def __init__(
        self, icon_name: str, label: str, shortcut: str, worded: Callable[[], bool]
    ) -> None:
        """`worded`: whether the rail has the height for words under its icons."""
        super().__init__()
        self._worded = worded
        self._icon = check_icon(icon_name)
        self._count = ""
        self._narrow = False
        self.setText(label)
        self.setCheckable(True)
        self.setAccessibleName(label)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(f"{label} ({shortcut})" if shortcut else label)

    @property
    def count(self) -> str:
        return self._count

    def set_count(self, text: str, spoken: str) -> None:
        self._count = text
        self.setAccessibleName(f"{self.text()}, {spoken or text}" if text else self.text())
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        if self._narrow:
            return QSize(px(NARROW - 12), px(28) + QFontMetrics(font(11)).height())
        return QSize(px(WIDTH - 20), max(px(35), QFontMetrics(font()).height() + px(16)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(28), px(32)) if self._narrow else self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        on = self.isChecked()
        if on or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(Token.RAISED if on else Token.LINE))
            painter.setOpacity(1.0 if on else 0.4)
            painter.drawRoundedRect(box, px(6), px(6))
            painter.setOpacity(1.0)
        if on:
            painter.save()
            painter.setClipRect(QRectF(0, 0, px(3), box.height()))
            painter.setBrush(color(Token.ACCENT))
            painter.drawRoundedRect(box, px(6), px(6))
            painter.restore()
        if self.hasFocus():
            painter.setPen(color(Token.ACCENT))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), px(6), px(6))
        text = color(Token.TEXT if on else Token.MUTED)
        if self._narrow:
            self._paint_under(painter, text)
        else:
            self._paint_beside(painter, text)

    def _paint_under(self, painter: QPainter, text: QColor) -> None:
        """The word under the icon, the count at its shoulder; lower than both need, no word. A
        clock is too long for that and stands in the icon's place."""
        side, line = px(16), QFontMetrics(font(11)).height()
        worded = self._worded()
        top = (self.height() - side - (line + px(4) if worded else 0)) // 2
        left = (self.width() - side) // 2
        metrics = QFontMetrics(font(11, bold=True))
        count = self._count
        width = metrics.horizontalAdvance(count) + 2 * px(5)
        if width > self.width() - side:  # the hours of a clock, without its minutes
            count = count.partition(" ")[0]
            width = metrics.horizontalAdvance(count) + 2 * px(5)
        height = metrics.height() + px(1)
        at_shoulder = left + side - px(2) + width <= self.width()
        if at_shoulder or not count:
            paint_icon(painter, QRectF(left, top, side, side), self._icon, text)
        if count and at_shoulder:
            place = QRectF(left + side - px(2), max(1, top - px(6)), width, height)
            paint_badge(painter, place, count)
        elif count:
            place = QRectF((self.width() - width) / 2, top + (side - height) / 2, width, height)
            paint_badge(painter, place, count)
        if worded:
            self._paint_word(painter, text, top + side + px(4))

    def _paint_word(self, painter: QPainter, text: QColor, top: int) -> None:
        painter.setFont(font(11))
        painter.setPen(text)
        metrics = QFontMetrics(font(11))
        room = QRect(0, top, self.width(), metrics.height())
        words = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width() - px(4))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_beside(self, painter: QPainter, text: QColor) -> None:
        box = QRectF(self.rect())
        side = px(16)
        mark = QRectF(px(10), (box.height() - side) / 2, side, side)
        paint_icon(painter, mark, self._icon, text)
        end = self.width() - px(10)
        if self._count:
            metrics = QFontMetrics(font(11, bold=True))
            width = max(px(20), metrics.horizontalAdvance(self._count) + 2 * px(7))
            height = metrics.height() + px(4)
            badge = QRectF(end - width, (box.height() - height) / 2, width, height)
            paint_badge(painter, badge, self._count)
            end -= width + px(6)
        painter.setFont(font())
        painter.setPen(text)
        room = QRect(px(36), 0, int(end) - px(36), self.height())
        words = QFontMetrics(font()).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


class Rail(QFrame):
    """Emits `chosen(key)` when a section is clicked or pressed."""

    chosen = Signal(str)

    def __init__(self, product: str) -> None:
        super().__init__()
        set_part(self, "rail")
        self._narrow = False
        self.setFixedWidth(px(WIDTH))
        self.setAccessibleName("Sections")
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        box = QVBoxLayout(self)
        box.setSpacing(px(2))
        self._brand = QHBoxLayout()
        self._brand.setSpacing(px(8))
        self._mark = QLabel()
        self._mark.setPixmap(app_icon().pixmap(QSize(px(20), px(20))))
        self._mark.setToolTip(product)
        self._name = Words(product, "brand")
        self._brand.addWidget(self._mark)
        self._brand.addWidget(self._name, 1)
        box.addLayout(self._brand)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(px(2))
        box.addLayout(self._sections)
        box.addStretch(1)
        box.addLayout(self._foot())
        self._place()

    def _foot(self) -> QVBoxLayout:
        foot = self._foot_box = QVBoxLayout()
        foot.setSpacing(px(2))
        line = QHBoxLayout()
        line.setSpacing(px(6))
        self._state_dot = Dot(Tone.PLAIN)
        self._state = ElidedLabel("", "small")
        line.addWidget(self._state_dot)
        line.addWidget(self._state, 1)
        foot.addLayout(line)
        self._waiting = ElidedLabel("", "small")
        second = QHBoxLayout()
        second.setSpacing(px(6))
        self._second_dot = Dot(Tone.PLAIN)
        self._second = ElidedLabel("", "small")
        second.addWidget(self._second_dot)
        second.addWidget(self._second, 1)
        self._duty = ElidedLabel("", "small")
        self._short = Words("", "small", wrap=True)
        self._short.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom)
        foot.addWidget(self._waiting)
        foot.addLayout(second)
        foot.addWidget(self._duty)
        foot.addWidget(self._short)
        self._said = ""
        for part in (self._state_dot, self._waiting, self._second_dot, self._second):
            part.hide()
        self._short.hide()
        return foot

    @property
    def narrow(self) -> bool:
        return self._narrow

    def set_narrow(self, narrow: bool) -> None:
        """The words under the icons, or beside them."""
        if narrow != self._narrow:
            self._narrow = narrow
            for made in self._buttons.values():
                made.set_narrow(narrow)
            self._place()

    def _worded(self) -> bool:
        """All of them or none: one without its word among others would look broken."""
        least = px(16) + QFontMetrics(font(11)).height() + px(6)
        return all(made.height() >= least for made in self._buttons.values())

    def _place(self) -> None:
        narrow = self._narrow
        self.setFixedWidth(px(NARROW if narrow else WIDTH))
        side = px(6 if narrow else 10)
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(side, px(14), side, px(10))
        self._brand.setContentsMargins(px(26 if narrow else 8), 0, 0, px(12))
        self._foot_box.setContentsMargins(0 if narrow else px(10), 0, 0, px(4))
        self._name.setVisible(not narrow)
        self._show_foot()

    def _show_foot(self) -> None:
        """In full, or in few words that wrap."""
        narrow = self._narrow
        self._state.setVisible(not narrow)
        self._state_dot.setVisible(not narrow and bool(self._state.text()))
        self._waiting.setVisible(not narrow and bool(self._waiting.text()))
        for part in (self._second_dot, self._second):
            part.setVisible(not narrow and bool(self._second.text()))
        self._duty.setVisible(not narrow)
        lines = (self._state, self._waiting, self._second, self._duty)
        parts = [line.text() for line in lines]
        self._short.setText("\n".join(part for part in parts if part))
        self._short.setVisible(narrow)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._place()
            self._mark.setPixmap(app_icon().pixmap(QSize(px(20), px(20))))

    def add(self, key: str, label: str, icon_name: str, shortcut: str) -> None:
        made = RailButton(icon_name, label, shortcut, self._worded)
        made.set_narrow(self._narrow)
        made.clicked.connect(lambda: self.chosen.emit(key))
        self._buttons[key] = made
        self._group.addButton(made)
        self._sections.addWidget(made)

    def remove(self, key: str) -> None:
        gone = self._buttons.pop(key)
        self._group.removeButton(gone)
        self._sections.removeWidget(gone)
        gone.deleteLater()

    def mark(self, key: str) -> None:
        """Show which section is open. Tab comes to it; arrows go on to the others."""
        self._buttons[key].setChecked(True)
        for each, made in self._buttons.items():
            by_tab = each == key
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus if by_tab else Qt.FocusPolicy.ClickFocus)

    def button(self, key: str) -> RailButton:
        return self._buttons[key]

    def set_state(self, words: str, tone: Tone, waiting: str = "", why: str = "") -> None:
        """The store or sync line (“Saved on this laptop”) and why it is so, and what waits to
        leave."""
        self._state.setToolTip(plain_tip(why or words))
        self._state.setAccessibleDescription(why)
        self._said = words
        self._state.setText(words)
        self._state_dot.show_as("", tone)
        self._waiting.setText(waiting)
        self._show_foot()

    def set_second(self, words: str, tone: Tone, why: str = "") -> None:
        """How the second folder stands; no words, no line."""
        self._second.setText(words)
        self._second.setToolTip(plain_tip(why or words))
        self._second.setAccessibleDescription(why)
        self._second_dot.show_as("", tone)
        self._show_foot()

    def show_busy(self, busy: bool, words: str = "Working…") -> None:
        """Said here, where nothing moves for it: not the sections over a foot of fewer lines."""
        self._short.setMinimumHeight(self._short.height() if busy else 0)
        self._state.setText(words if busy else self._said)
        self._show_foot()

    def set_duty(self, name: str, until: str = "") -> None:
        words = f"On duty: {name}" if name else "Nobody is on duty"
        self._duty.setText(f"{words} · {until}" if until else words)
        self._show_foot()

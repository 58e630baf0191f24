"""The rail at the left: sections with counts, and at its foot the store and who is on duty."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
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
from app.views.widgets.labels import Dot, ElidedLabel, Words, paint_badge
from app.views.widgets.tone import Tone, set_part

WIDTH = 196


class RailButton(QAbstractButton):
    """Icon, label and perhaps a count; painted, checkable, named for screen readers."""

    def __init__(self, icon_name: str, label: str, shortcut: str) -> None:
        super().__init__()
        self._icon = check_icon(icon_name)
        self._count = ""
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

    def sizeHint(self) -> QSize:
        return QSize(px(WIDTH - 20), max(px(35), QFontMetrics(font()).height() + px(16)))

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
        self.setFixedWidth(px(WIDTH))
        self.setAccessibleName("Sections")
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(10), px(14), px(10), px(10))
        box.setSpacing(px(2))
        brand = QHBoxLayout()
        brand.setContentsMargins(px(8), px(0), 0, px(12))
        brand.setSpacing(px(8))
        self._mark = QLabel()
        self._mark.setPixmap(app_icon().pixmap(QSize(px(20), px(20))))
        brand.addWidget(self._mark)
        brand.addWidget(Words(product, "brand"), 1)
        box.addLayout(brand)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(px(2))
        box.addLayout(self._sections)
        box.addStretch(1)
        box.addLayout(self._foot())

    def _foot(self) -> QVBoxLayout:
        foot = QVBoxLayout()
        foot.setContentsMargins(px(10), 0, 0, px(4))
        foot.setSpacing(px(2))
        line = QHBoxLayout()
        line.setSpacing(px(6))
        self._state_dot = Dot(Tone.PLAIN)
        self._state = ElidedLabel("", "small")
        line.addWidget(self._state_dot)
        line.addWidget(self._state, 1)
        foot.addLayout(line)
        self._waiting = ElidedLabel("", "small")
        self._duty = ElidedLabel("", "small")
        foot.addWidget(self._waiting)
        foot.addWidget(self._duty)
        self._state_dot.hide()
        self._waiting.hide()
        return foot

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFixedWidth(px(WIDTH))
            self._mark.setPixmap(app_icon().pixmap(QSize(px(20), px(20))))

    def add(self, key: str, label: str, icon_name: str, shortcut: str) -> None:
        made = RailButton(icon_name, label, shortcut)
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

    def set_state(self, words: str, tone: Tone, waiting: str = "") -> None:
        """The store or sync line (“Saved on this laptop”), and what waits to leave."""
        self._state.setText(words)
        self._state_dot.show_as("", tone)
        self._state_dot.setVisible(bool(words))
        self._waiting.setText(waiting)
        self._waiting.setVisible(bool(waiting))

    def set_duty(self, name: str, until: str = "") -> None:
        words = f"On duty: {name}" if name else "Nobody is on duty"
        self._duty.setText(f"{words} · {until}" if until else words)

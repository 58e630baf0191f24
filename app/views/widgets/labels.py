"""Small painted labels: dot, pill, badge, initials, elided text and the big clock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.views.theme import Token, color, font, px
from app.views.widgets.tone import Tone, ink, set_part

_FIXED = QSizePolicy.Policy.Fixed


def plain_tip(words: str) -> str:
    """What a tooltip is given so that it shows `words` as they are: Qt takes what looks like HTML
    for HTML, and would draw the picture that a name points to."""
    if "<" not in words and "&" not in words:
        return words
    plain = words.replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    return f"<span>{plain}</span>"


class Words(QLabel):
    """A label of plain text: whatever a person typed is shown, never rendered."""

    def __init__(
        self, text: str = "", part: str = "", tone: Tone | None = None, *, wrap: bool = False
    ) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        set_part(self, part, tone)


class _Painted(QLabel):
    """A label that paints itself; its text is still what a screen reader says."""

    def __init__(self, text: str, tone: Tone, spoken: str = "") -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(_FIXED, _FIXED)
        self._tone = tone
        if spoken:
            self.setAccessibleName(spoken)

    @property
    def tone(self) -> Tone:
        return self._tone

    def show_as(self, text: str, tone: Tone | None = None) -> None:
        """New words, and a new tone when given."""
        self.setText(text)
        self._tone = tone or self._tone
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()


class Dot(_Painted):
    """9 px of colour beside words that say the same."""

    def __init__(self, tone: Tone = Tone.PLAIN, spoken: str = "") -> None:
        super().__init__("", tone, spoken)

    def sizeHint(self) -> QSize:
        return QSize(px(9), px(9))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(ink(self._tone)))
        side = float(px(9))
        painter.drawEllipse(
            QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        )


class Pill(_Painted):
    """A state word in an outlined capsule."""

    def __init__(self, text: str, tone: Tone = Tone.PLAIN, spoken: str = "") -> None:
        super().__init__(text, tone, spoken)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font(12))
        return QSize(
            metrics.horizontalAdvance(self.text()) + 2 * px(11) + 2, metrics.height() + px(8)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plain = self._tone is Tone.PLAIN
        painter.setPen(QPen(color(Token.LINE if plain else ink(self._tone)), 1))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setFont(font(12))
        painter.setPen(color(Token.TEXT if plain else ink(self._tone)))
        room = QFontMetrics(font(12)).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() - px(14)
        )
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, room)


class HeaderPill(Pill):
    """The pill of the header, as high as the buttons beside it."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(28))


class Badge(_Painted):
    """A count (or a few characters) on a filled capsule."""

    def __init__(self, text: str, spoken: str = "") -> None:
        super().__init__(text, Tone.PLAIN, spoken)

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font(11, bold=True))
        height = metrics.height() + px(4)
        return QSize(max(height, metrics.horizontalAdvance(self.text()) + 2 * px(7)), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_badge(QPainter(self), QRectF(self.rect()), self.text())


def paint_bar(painter: QPainter, box: QRect, token: Token) -> None:
    """A filled line. Not `fillRect`: to choose among its forms PySide makes the 180 names of the
    gradients Qt knows, the first time, before the first picture is there."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(token))
    painter.drawRect(box)


def paint_badge(painter: QPainter, box: QRectF, text: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(Token.LINE))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setPen(color(Token.TEXT))
    painter.setFont(font(11, bold=True))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class Avatar(_Painted):
    """A person's initials in a circle; the screen reader hears the whole name."""

    def __init__(self, initials: str, name: str) -> None:
        super().__init__(initials, Tone.PLAIN, name)
        self.setToolTip(plain_tip(name))

    def show_person(self, initials: str, name: str) -> None:
        self.show_as(initials)
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(name))

    def sizeHint(self) -> QSize:
        return QSize(px(22), px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_initials(QPainter(self), QRectF(self.rect()), self.text())


def paint_initials(painter: QPainter, box: QRectF, text: str) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color(Token.LINE))
    painter.drawEllipse(box)
    painter.setPen(color(Token.TEXT))
    painter.setFont(font(10, bold=True))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def initials_of(name: str) -> str:
    """“K. Ito” → KI, “Mona Lisa Okafor” → MO, “Operations” → OP, nobody → empty."""
    words = [word for word in name.replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return ""
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


class ElidedLabel(QLabel):
    """One line that ends in … when there is no room; the whole is in the tooltip."""

    def __init__(self, text: str = "", part: str = "", tone: Tone | None = None) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        set_part(self, part, tone)
        self._whole = ""
        self.setText(text)

    def text(self) -> str:
        return self._whole

    def setText(self, text: str) -> None:
        self._whole = " ".join(text.split())
        self.setAccessibleName(self._whole)
        self.updateGeometry()
        self._fit()

    def sizeHint(self) -> QSize:
        self.ensurePolished()
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._whole) + 2, metrics.height() + px(3))

    def minimumSizeHint(self) -> QSize:
        self.ensurePolished()
        return QSize(self.fontMetrics().horizontalAdvance("…"), self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()
            self._fit()

    def _wish(self) -> str:
        """What to show, as far as there is room."""
        return self._whole

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(
            self._wish(), Qt.TextElideMode.ElideRight, self.width()
        )
        super().setText(shown)
        self.setToolTip(plain_tip(self._whole) if shown != self._whole else "")


class ContextLabel(ElidedLabel):
    """Parts with a dot between them: short of room the first ones are left out, as the last one,
    a window or a date, tells most."""

    def _wish(self) -> str:
        parts = self._whole.split(" · ")
        metrics = self.fontMetrics()
        while len(parts) > 1 and metrics.horizontalAdvance(" · ".join(parts)) > self.width():
            del parts[0]
        return " · ".join(parts)


class Wrapped(Words):
    """Words that keep the height of all their lines: beside buttons, in a column that is short of
    height, a layout would take it from them."""

    def __init__(self, text: str = "", part: str = "", tone: Tone | None = None) -> None:
        super().__init__(text, part, tone, wrap=True)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._keep()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._keep()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._keep()

    def _keep(self) -> None:
        if self.isVisible():  # before, it has no width of its own yet
            self.setMinimumHeight(0)  # or it would be counted in
            self.setMinimumHeight(max(0, self.heightForWidth(self.width())))


class BigClock(QLabel):
    """The one number that matters, 44 px high, toned by what it means."""

    def __init__(
        self, text: str = "", spoken: str = "", design: int = 44, parent: QWidget | None = None
    ) -> None:
        super().__init__(text, parent)
        self._design = design
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("part", "big")
        self.setAccessibleName(spoken or text)
        self._tone: Tone | None = None
        self._dress()

    def show_as(self, text: str, tone: Tone | None = None, spoken: str = "") -> None:
        self.setText(text)
        self.setAccessibleName(spoken or text)
        if tone is not self._tone:
            self._tone = tone
            self._dress()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._dress()

    def showEvent(self, event: QShowEvent) -> None:
        """The size of everything may have changed while it was put away."""
        super().showEvent(event)
        self._dress()

    def _dress(self) -> None:
        # a style sheet of its own, because the application's would win over setFont
        face = font(self._design, bold=True, mono=True)
        tint = color(ink(self._tone) if self._tone else Token.TEXT).name()
        sheet = (
            f'font-family: "{face.family()}"; font-size: {face.pixelSize()}px;'
            f" font-weight: 700; color: {tint};"
        )
        if sheet != self.styleSheet():
            self.setStyleSheet(sheet)


def addresses(count: int) -> str:
    """`1 address`, `1,240 addresses`: a list counts once, its members are not known."""
    return "1 address" if count == 1 else f"{count:,} addresses"

"""The notice as it is written: to whom, subject, text, what is still asked, and the checks."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.notices.mending import mended
from app.models.notices.reading import Finding
from app.services.notices.audiences import Recipient
from app.services.notices.composing import OWN_WORDS, Composed
from app.views.notices.checks import Checks
from app.views.notices.typed_fields import TypedFields
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Pill, Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, button, rule
from app.views.widgets.tone import Tone

SEEN_MS = 250
KEPT_MS = 1_500
"""The preview follows quickly; the draft is kept when typing pauses, and on leaving it."""
CHIPS = 5


class ComposerCard(Card):
    """`edited` when the preview should follow, `paused` when the draft should be kept;
    `backWanted`: to the template's words; `waiveWanted`: a late notice let go by name."""

    edited = Signal()
    paused = Signal()
    backWanted = Signal()
    waiveWanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.composed: Composed | None = None
        self.dirty = False
        self._template = ("", "")
        self._build()
        self._soon, self._later = QTimer(self), QTimer(self)
        for timer, pause, signal in (
            (self._soon, SEEN_MS, self.edited),
            (self._later, KEPT_MS, self.paused),
        ):
            timer.setSingleShot(True)
            timer.setInterval(pause)
            timer.timeout.connect(signal)

    def _build(self) -> None:
        self.body.setSpacing(px(8))
        to = QHBoxLayout()
        to.setSpacing(px(12))
        label = Words("To", "muted")
        label.setFixedWidth(px(56))
        to.addWidget(label)
        self._chips = QWidget()
        self._chip_line = FlowLayout(self._chips, 6)
        to.addWidget(self._chips, 1)
        self.why = button("why?", self._on_why, tone="link", spoken="Who receives this, and why")
        to.addWidget(self.why)
        self.body.addLayout(to)
        self.body.addWidget(rule())
        line = QHBoxLayout()
        line.setSpacing(px(12))
        label = Words("Subject", "muted")
        label.setFixedWidth(px(56))
        line.addWidget(label)
        self.subject = QLineEdit()
        self.subject.setAccessibleName("Subject")
        self.subject.setMinimumHeight(px(28))
        self.subject.textEdited.connect(self._on_edit)
        line.addWidget(self.subject, 1)
        self.body.addLayout(line)
        self.fields = TypedFields()
        self.fields.changed.connect(self._on_edit)
        self.body.addWidget(self.fields)
        head = QHBoxLayout()
        self.hint = Words("", "small", wrap=True)
        head.addWidget(self.hint, 1)
        self.back = button("Back to the template", self.backWanted.emit, tone="link")
        head.addWidget(self.back)
        self.body.addLayout(head)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Text of the notice")
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(px(120))
        self.text.textChanged.connect(self._on_edit)
        self.body.addWidget(self.text, 1)
        self.checks = Checks()
        self.checks.mend.connect(self._on_mend)
        self.checks.waive.connect(self.waiveWanted)
        self.body.addWidget(self.checks)

    def show_composed(self, composed: Composed, *, words: bool = True) -> None:
        """With `words` False what is being typed stays; only who and the checks follow."""
        self.composed = composed
        editable = composed.state is NoticeState.DRAFT
        own = composed.kind in OWN_WORDS
        message = composed.messages[0]
        if words:
            self._show_words(
                message.rendered.subject, message.body if editable else message.rendered.text
            )
            self.fields.show_for(composed, enabled=editable)
            if not composed.edited:
                self._template = (message.rendered.subject, message.body)
            self.dirty = False
        forwards = composed.kind is NoticeKind.REMINDER  # under the original's subject
        self.subject.setReadOnly(not editable or own or forwards)
        self.text.setReadOnly(not editable or own)
        self.back.setVisible(composed.edited and editable)
        self.hint.setText(_hint(composed))
        self._show_recipients(composed)
        self.checks.setVisible(composed.state is not NoticeState.SENT)
        self.checks.show_composed(composed, enabled=editable)

    def typed(self) -> tuple[str, str]:
        """Subject and body; empty where they are the template's, so that they follow the facts."""
        subject, body = self.subject.text(), self.text.toPlainText()
        if self.composed is not None and self.composed.kind in OWN_WORDS:
            return "", ""
        kept = self.composed is not None and self.composed.edited
        return (
            "" if not kept and subject == self._template[0] else subject,
            "" if not kept and body == self._template[1] else body,
        )

    def take(self) -> bool:
        """Was something typed since? From now on it counts as kept."""
        was, self.dirty = self.dirty, False
        self._later.stop()
        return was

    def show_reader(self, index: int) -> None:
        """The text of one of several readers, of kinds where each has their own."""
        if self.composed is not None and self.composed.kind in OWN_WORDS:
            message = self.composed.messages[index]
            self._show_words(message.rendered.subject, message.body)

    def _show_words(self, subject: str, body: str) -> None:
        self.subject.setText(subject)
        self.subject.setCursorPosition(0)
        if self.text.toPlainText() != body:
            self.text.blockSignals(True)
            self.text.setPlainText(body)
            self.text.blockSignals(False)

    def _show_recipients(self, composed: Composed) -> None:
        while (item := self._chip_line.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        words = chips(composed.recipients)
        for word in words[:CHIPS]:
            self._chip_line.addWidget(Pill(word))
        if len(words) > CHIPS:
            self._chip_line.addWidget(Pill(f"{len(words) - CHIPS} more"))
        if not words:
            self._chip_line.addWidget(Pill("nobody", Tone.WARN))
        self.why.setVisible(bool(words))
        self._chips.setAccessibleName("To " + ", ".join(words or ["nobody"]))

    def _on_edit(self) -> None:
        self.dirty = True
        self._soon.start()
        self._later.start()

    def _on_mend(self, finding: object) -> None:
        if self.composed is None or not isinstance(finding, Finding):
            return
        was = self.composed.messages[0].rendered
        made = mended(finding, self.subject.text(), was.text, self.text.toPlainText())
        if made is None:
            return
        self.subject.setText(made[0])
        cursor = self.text.textCursor()  # through the cursor, so that Ctrl+Z in the text works
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(made[1])
        self.text.setTextCursor(cursor)
        self.text.setFocus()
        self._on_edit()

    def _on_why(self) -> None:
        if self.composed is not None:
            WhyDialog(self, self.composed).open()


class WhyDialog(QDialog):
    """Each recipient and the reason they receive it."""

    def __init__(self, parent: QWidget, composed: Composed) -> None:
        super().__init__(parent)
        self.setWindowTitle("Who receives this, and why")
        self.resize(px(560), px(420))
        box = QVBoxLayout(self)
        box.addWidget(Words(f"{composed.reach:,} people, as far as known", "head"))
        rows = ListView("Recipients")
        rows.model_rows.apply(
            [
                ListRow(
                    r.key or r.name,
                    r.name,
                    f"{r.email} · {r.why}",
                    pill=f"list of {r.size:,}" if r.is_list and r.size else "",
                )
                for r in composed.recipients
            ]
        )
        box.addWidget(rows, 1)
        box.addWidget(button("Close", self.accept))


def chips(recipients: tuple[Recipient, ...]) -> list[str]:
    """Lists by name; people by the reason they share, or by name when they are few."""
    lists = [
        f"{r.name} · {r.size:,}" if r.size else f"{r.name} · list" for r in recipients if r.is_list
    ]
    people = [r for r in recipients if not r.is_list]
    if len(people) <= CHIPS - len(lists):
        return [*lists, *(r.name for r in people)]
    reasons = Counter(r.why for r in people)
    return [*lists, *(f"{_group(why)} · {count:,}" for why, count in reasons.most_common())]


_GROUPS = {
    "because you are one of ": "",
    "because you use ": "users of ",
    "because you lead ": "head of ",
}


def _group(why: str) -> str:
    for start, instead in _GROUPS.items():
        if why.startswith(start):
            return instead + why.removeprefix(start)
    return why


def _hint(composed: Composed) -> str:
    if composed.state is NoticeState.QUEUED:
        return "It waits to leave as it stands here. Take it back to change it."
    if composed.state is NoticeState.SENT:
        return f"This is what left, sent by {composed.sent_by}."
    if composed.kind in OWN_WORDS:
        return "Each reads their own text; choose the reader in the preview."
    if composed.kind is NoticeKind.REMINDER:
        return "The note on top, at most 25 words; the original follows it as it was sent."
    if composed.edited:
        return "Changed by hand: it no longer follows the plan. The checks compare it."
    return "**bold**, *italic*, - list. It follows the plan until you change a word."

"""Numbers and links to read out, copy or open, and how they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Dot, ElidedLabel, Words, plain_tip
from app.views.widgets.panels import button
from app.views.widgets.tone import Tone

Line = tuple[str, str, bool]
"""Label, text, whether it is a link."""
Act = tuple[str, Callable[[], object]]


def ways_in(lines: Sequence[Line], sentence: str, tone: Tone, acts: Sequence[Act]) -> QWidget:
    """A line each with what copies it; below them how it stands, and what can be done."""
    made = QWidget()
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(px(8))
    for line in lines:
        box.addWidget(_line(*line))
    if sentence:
        said = QWidget()
        row = QHBoxLayout(said)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(10))
        row.addWidget(Dot(tone), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(Words(sentence, wrap=True), 1)
        box.addWidget(said)
    if acts:
        foot = QWidget()
        flow = FlowLayout(foot, 8)
        for words, act in acts:
            flow.addWidget(button(words, act))
        box.addWidget(foot)
    return made


def _line(label: str, text: str, is_link: bool) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(8))
    name = Words(label, "muted")
    name.setMinimumWidth(px(64))
    row.addWidget(name)
    if is_link:
        words: QWidget = ElidedLabel(text, "mono")
        words.setToolTip(plain_tip(text))
    else:  # what is dialled or read out is there to its last digit
        words = Words(text, "mono", wrap=True)
    row.addWidget(words, 1)
    if is_link:
        row.addWidget(
            button(
                "Open", lambda: QDesktopServices.openUrl(QUrl(text)), tone="link",
                spoken=f"Open {label}",
            )
        )  # fmt: skip
    copy = button("Copy", tone="link", spoken=f"Copy {label}")

    def copied() -> None:
        QGuiApplication.clipboard().setText(text)
        copy.setText("Copied")

    copy.clicked.connect(copied)
    row.addWidget(copy)
    return made

"""Where the form that plans an outage is about to stand: its title can be typed already."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.views.theme import px
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card


class PlanWaiting(QWidget):
    """What is typed while the form is read would go to the page it was asked for on."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        card = Card("New outage")
        card.body.addWidget(Field("Title", self.line))
        card.body.addWidget(Words("Reading…", "muted"))
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(16), px(16))
        box.addWidget(card)
        box.addStretch(1)
        self.setFocusProxy(self.line)

"""Which calendar of Outlook outages live in, and which are followed as layers of events."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout

from app.services.calendar.outlook_layers import Followed
from app.services.calendar.owed import Chosen
from app.services.ports.calendars import RemoteCalendar
from app.views.theme import px
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words, plain_tip
from app.views.widgets.panels import Card, SentenceRow, button, clear


class CalendarsCard(Card):
    """Emits `chosen(Chosen)`, `followWanted(RemoteCalendar)`, and `lookWanted` to ask again."""

    chosen = Signal(object)
    followWanted = Signal(object)
    lookWanted = Signal()

    def __init__(self) -> None:
        super().__init__("Calendars of Outlook")
        self.body.setSpacing(px(10))
        self._found: tuple[RemoteCalendar, ...] = ()
        self._kept = Chosen()
        self._followed: tuple[Followed, ...] = ()
        self.choice = QComboBox()
        self.choice.activated.connect(self._on_chosen)
        self.field = Field(
            "Outages live in",
            self.choice,
            "Created, moved and cancelled there; what is edited there is asked about here.",
        )
        self.body.addWidget(self.field)
        self._words = Words("", "small", wrap=True)
        self.body.addWidget(self._words)
        self._others = QVBoxLayout()
        self._others.setSpacing(0)
        self.body.addLayout(self._others)
        again = button("Look again", self.lookWanted.emit, tone="link")
        self.body.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)

    def show_found(self, found: Sequence[RemoteCalendar]) -> None:
        self._found = tuple(found)
        self._show()

    def show_kept(self, kept: Chosen, followed: Sequence[Followed]) -> None:
        self._kept, self._followed = kept, tuple(followed)
        self._show()

    def say(self, words: str) -> None:
        """Why there is nothing to choose from."""
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def _show(self) -> None:
        own = next((each.owner for each in self._found if each.is_default), "")
        with QSignalBlocker(self.choice):
            self.choice.clear()
            self.choice.addItem("no calendar", "")
            for each in self._found:
                if each.can_edit:
                    self.choice.addItem(_named(each, own), each.id)
            if self._kept.id and self.choice.findData(self._kept.id) < 0:
                of = f" ({self._kept.owner})" if self._kept.owner not in ("", own) else ""
                self.choice.addItem(self._kept.name + of, self._kept.id)
            self.choice.setCurrentIndex(max(0, self.choice.findData(self._kept.id)))
            self.choice.setToolTip(plain_tip(self.choice.currentText()))
        clear(self._others)
        names = {each.calendar_id: each.name for each in self._followed}
        others = [each for each in self._found if each.id != self._kept.id]
        for place, each in enumerate(others):
            if each.id in names:
                follow = None
                sub = f"followed as the layer “{names[each.id]}”"
            else:
                follow = button(
                    "Follow…",
                    lambda each=each: self.followWanted.emit(each),  # type: ignore[misc]
                    spoken=f"Follow {each.name}",
                )
                sub = "its events can warn of conflicts, as a layer"
            self._others.addWidget(SentenceRow(_named(each, own), sub, None, follow, place > 0))

    def _on_chosen(self, place: int) -> None:
        calendar_id = str(self.choice.itemData(place) or "")
        if calendar_id != self._kept.id:
            name = next((each.name for each in self._found if each.id == calendar_id), "")
            self.chosen.emit(Chosen(calendar_id, name))


def _named(calendar: RemoteCalendar, own: str) -> str:
    """Of somebody else’s, whose it is: two may be called “Calendar”."""
    return calendar.name if calendar.owner in ("", own) else f"{calendar.name} ({calendar.owner})"

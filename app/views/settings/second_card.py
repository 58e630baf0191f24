"""The second folder: where else the store is kept, and how that stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.models.times import speak_moment
from app.services.events import SecondFolderChanged
from app.services.settings.second_folder import Place, choose_second_folder, place_of
from app.services.settings.second_writing import SecondState
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.settings.own_zone import own_zone
from app.views.settings.parts import line
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import Tone

NAME = "Second folder"
_WHAT = (
    "A share or a stick on which every change is, too, within five seconds. From it a deputy’s "
    "console takes the flight over when this laptop is gone. Whoever can read the folder can read "
    "everything in it."
)
Standing = Callable[[], SecondFolderChanged | None]
"""How it stood last, when the console keeps it already."""


class SecondCard(Card):
    """`beside` runs on a thread of its own: a share may take its time to answer."""

    def __init__(
        self, beside: Ops, tell: Telling, data: Path, standing: Standing = lambda: None
    ) -> None:
        super().__init__(NAME)
        self._beside, self._tell, self._data = beside, tell, data
        self._standing = standing
        self._place: Place | None = None
        self._zone = own_zone()
        self.body.setSpacing(px(10))
        self.body.addWidget(Words(_WHAT, "muted", wrap=True))
        self.where = Words("", wrap=True)
        self.state = Words("", "sub", wrap=True)
        self.body.addWidget(self.where)
        self.body.addWidget(self.state)
        self.choose = button("Choose a folder…", self.choose_folder)
        self.forget = button("Stop using it", lambda: self.set_folder(None))
        self.forget.hide()
        self.body.addLayout(line(self.choose, self.forget))

    def refresh(self) -> None:
        self._beside.read(place_of, self._data, then=self._show, owner=self)

    def on_event(self, event: object) -> None:
        if isinstance(event, SecondFolderChanged):
            self._show_state()

    def choose_folder(self) -> QFileDialog:
        dialogue = QFileDialog(self, "Where should the store be kept, too?")
        dialogue.setFileMode(QFileDialog.FileMode.Directory)
        dialogue.setOption(QFileDialog.Option.ShowDirsOnly)
        dialogue.fileSelected.connect(lambda name: self.set_folder(Path(name)))
        dialogue.open()
        return dialogue

    def set_folder(self, folder: Path | None) -> None:
        self._beside.run(choose_second_folder, self._data, folder, then=self._on_chosen, owner=self)

    def _on_chosen(self, place: Place) -> None:
        if place.folder is None:
            self._tell.info("The store is no longer kept in a second folder. Its copy stays there.")
        else:
            self._tell.info(f"From now on every change is in {place.folder}, too.")
        self._show(place)

    def _show(self, place: Place) -> None:
        self._place = place
        self.forget.setVisible(place.folder is not None)
        self.choose.setText("Choose another…" if place.folder else "Choose a folder…")
        self._show_state()

    def _show_state(self) -> None:
        if self._place is None:
            return
        if self._place.folder is None:
            self.where.setText("None is chosen. The store is on this laptop alone.")
            self.state.hide()
            self.show_as(NAME, "not set")
            return
        self.where.setText(str(self._place.folder))
        words, tone, trailing = self._words()
        self.state.setText(words)
        self.state.setVisible(bool(words))
        self.show_as(NAME, trailing, tone)

    def _words(self) -> tuple[str, Tone, str]:
        last = self._standing()
        if last is None or last.state == SecondState.NONE:
            return "The first copy is being made.", Tone.PLAIN, ""
        state = SecondState(last.state)
        if state is SecondState.CURRENT:
            return "Everything is there.", Tone.PLAIN, "current"
        if state is SecondState.TAKEN:
            return last.why, Tone.BAD, "taken over"
        upto = datetime.fromisoformat(last.upto) if last.upto else None
        known = f" It knows everything up to {speak_moment(upto, self._zone)}." if upto else ""
        return f"{last.why}{known}", Tone.WARN, "behind"

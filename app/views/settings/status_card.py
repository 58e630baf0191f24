"""The status page: in which folder it is kept, where people open it, and how that stands."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QLineEdit

from app.models.errors import ConsoleError
from app.models.status import PAGE
from app.services.events import StatusPageChanged
from app.services.status.place import StatusPlace, choose_status_folder, place_of
from app.services.status.writing import StatusState
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.settings.parts import line
from app.views.theme import px
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import Tone

NAME = "Status page"
_WHAT = (
    "A page that says what people were told of outages to come, in progress and of the last 90 "
    "days, with feeds beside it. Whoever can open the folder can read it: no draft, no title, no "
    "name of a person or a machine is on it. It is written while this console runs."
)


class Publishing(Protocol):
    """What keeps the page: how it stood last, and a look at which folder is chosen."""

    last: StatusPageChanged | None

    def look(self) -> None: ...


class StatusCard(Card):
    """`beside` runs on a thread of its own: a share may take its time to answer."""

    def __init__(
        self, beside: Ops, tell: Telling, data: Path, publishing: Publishing | None = None
    ) -> None:
        super().__init__(NAME)
        self._beside, self._tell, self._data = beside, tell, data
        self._publishing = publishing
        self._place: StatusPlace | None = None
        self.body.setSpacing(px(10))
        self.body.addWidget(Words(_WHAT, "muted", wrap=True))
        self.where = Words("", wrap=True)
        self.state = Words("", "sub", wrap=True)
        self.body.addWidget(self.where)
        self.body.addWidget(self.state)
        self.address = QLineEdit()
        self.field = Field(
            "Where people open it",
            self.address,
            "For the links in the feeds: https://status.example/",
        )
        self.address.editingFinished.connect(self._on_address)
        self.body.addWidget(self.field)
        self.choose = button("Choose a folder…", self.choose_folder)
        self.open = button("Open the page", self.open_page)
        self.forget = button("Stop writing it", lambda: self.set_folder(None))
        self.body.addLayout(line(self.choose, self.open, self.forget))
        for part in (self.field, self.open, self.forget):
            part.hide()

    def refresh(self) -> None:
        self._beside.read(place_of, self._data, then=self._show, owner=self)

    def on_event(self, event: object) -> None:
        if isinstance(event, StatusPageChanged):
            self._show_state()

    def choose_folder(self) -> QFileDialog:
        dialogue = QFileDialog(self, "Where should the status page be written?")
        dialogue.setFileMode(QFileDialog.FileMode.Directory)
        dialogue.setOption(QFileDialog.Option.ShowDirsOnly)
        dialogue.fileSelected.connect(lambda name: self.set_folder(Path(name)))
        dialogue.open()
        return dialogue

    def set_folder(self, folder: Path | None) -> None:
        self._choose(folder, self._place.address if self._place is not None and folder else "")

    def open_page(self) -> None:
        if self._place is not None and self._place.folder is not None:
            page = self._place.folder / PAGE
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))

    def _on_address(self) -> None:
        place = self._place
        if place is not None and place.folder and self.address.text().strip() != place.address:
            self._choose(place.folder, self.address.text())

    def _choose(self, folder: Path | None, address: str) -> None:
        self.field.accept()
        self._beside.run(
            choose_status_folder,
            self._data,
            folder,
            address,
            then=self._on_chosen,
            failed=self._on_refused,
            owner=self,
        )

    def _on_refused(self, refusal: ConsoleError) -> None:
        if self.address.text().strip() != (self._place.address if self._place else ""):
            self.field.refuse(refusal.sentence)
        else:
            self._tell.error(refusal.sentence)

    def _on_chosen(self, place: StatusPlace) -> None:
        before, self._place = self._place, place
        if place.folder is None:
            self._tell.info("The status page is no longer written. What lies there stays.")
        elif before is None or before.folder != place.folder:
            self._tell.info(f"From now on {place.folder} says what people were told.")
        else:
            self._tell.info("The feeds link to where people open the page.")
        self._show(place)
        self.address.setText(place.address)
        if self._publishing is not None:
            self._publishing.look()

    def _show(self, place: StatusPlace) -> None:
        self._place = place
        chosen = place.folder is not None
        for part in (self.field, self.open, self.forget):
            part.setVisible(chosen)
        self.choose.setText("Choose another…" if chosen else "Choose a folder…")
        if not self.address.hasFocus():
            self.address.setText(place.address)
        self._show_state()

    def _show_state(self) -> None:
        if self._place is None:
            return
        if self._place.folder is None:
            self.where.setText("No folder is chosen. No page is written.")
            self.state.hide()
            self.show_as(NAME, "not set")
            return
        self.where.setText(str(self._place.folder))
        words, tone, trailing = self._words()
        self.state.setText(words)
        self.state.setVisible(bool(words))
        self.show_as(NAME, trailing, tone)

    def _words(self) -> tuple[str, Tone, str]:
        last = self._publishing.last if self._publishing is not None else None
        if last is None or last.state == StatusState.NONE:
            return "It is about to be written.", Tone.PLAIN, ""
        if last.state == StatusState.BEHIND:
            return last.why, Tone.WARN, "not written"
        return "It says what people were told.", Tone.PLAIN, "current"

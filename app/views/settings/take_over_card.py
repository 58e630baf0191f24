"""Take a flight over from another console's second folder, and what that console recorded later."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QFileDialog

from app.models.errors import ConsoleError
from app.models.times import speak_moment
from app.services.settings.second_reading import Known, LaterEntry, look_into
from app.services.settings.taking_over import (
    ReadyToTake,
    later_entries,
    make_ready_to_take,
    say_typed_in,
    still_heard,
)
from app.services.working import Stopped
from app.views.notify import Telling, ask
from app.views.ops import Ops
from app.views.settings.own_zone import own_zone
from app.views.settings.parts import line
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import Tone
from app.views.widgets.working import WorkBar

NAME = "Take over"
_WHAT = (
    "The laptop that leads the flight is gone, or you are relieved: go on from its second folder. "
    "You are told up to which minute it knows. Nothing leaves by itself until you release it."
)
_LATER = (
    "Recorded by {host} after it was taken over. It is not merged: type in here what matters, in "
    "the log or on the board."
)
OnReady = Callable[[ReadyToTake], object]
"""Closes the store, puts what is ready in its place and opens it again."""


class TakeOverCard(Card):
    """`beside` runs on a thread of its own: a share may take its time to answer."""

    def __init__(
        self,
        beside: Ops,
        tell: Telling,
        data: Path,
        on_ready: OnReady,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        super().__init__(NAME)
        self._beside, self._tell, self._data = beside, tell, data
        self._on_ready, self._now = on_ready, now
        self._zone = own_zone()
        self._entries: Sequence[LaterEntry] = ()
        self.body.setSpacing(px(10))
        self.body.addWidget(Words(_WHAT, "muted", wrap=True))
        self.choose = button("Take over from a folder…", self.choose_folder)
        self.body.addLayout(line(self.choose))
        self.work = WorkBar("Taking over")
        self.body.addWidget(self.work)
        self.later = Words("", wrap=True)
        self.list = ListView("Recorded elsewhere later")
        self.list.setMinimumHeight(px(120))
        self.typed = button("All of this is typed in", self._on_typed)
        self.body.addWidget(self.later)
        self.body.addWidget(self.list)
        self.body.addLayout(line(self.typed))
        for part in (self.later, self.list, self.typed):
            part.hide()

    def refresh(self) -> None:
        """What the other console recorded later; a share that does not answer is no news."""
        self._beside.read(
            later_entries,
            self._data,
            then=self._show_later,
            failed=lambda _refusal: None,
            owner=self,
        )

    def choose_folder(self) -> QFileDialog:
        dialogue = QFileDialog(self, "The second folder of the console to take over from")
        dialogue.setFileMode(QFileDialog.FileMode.Directory)
        dialogue.setOption(QFileDialog.Option.ShowDirsOnly)
        dialogue.fileSelected.connect(lambda name: self.look_at(Path(name)))
        dialogue.open()
        return dialogue

    def look_at(self, folder: Path) -> None:
        """A folder without a copy is refused before anything is asked."""
        self._beside.read(
            look_into, folder, then=lambda known: self._ask(folder, known), owner=self
        )

    def _ask(self, folder: Path, known: Known) -> None:
        writer = known.writer
        warning = still_heard(known, self._now())
        ask(
            self,
            f"Take over from {writer.host}?",
            f"{writer.organisation}, led by {writer.who or 'nobody known'}. The copy knows "
            f"everything up to {speak_moment(known.upto, self._zone)}. It becomes the store here; "
            "what is here now is kept beside it, and what waits to leave is held."
            + (f"\n\n{warning}" if warning else ""),
            "Take over",
            lambda: self._make_ready(folder),
            no_words="Not now",
        )

    def _make_ready(self, folder: Path) -> None:
        self.choose.setEnabled(False)
        self._beside.run(
            make_ready_to_take,
            self._data,
            folder,
            self.work.begin("Taking over"),
            then=self._on_made,
            failed=self._on_failed,
            owner=self,
        )

    def _on_made(self, made: ReadyToTake) -> None:
        self._end()
        self._on_ready(made)

    def _on_failed(self, refusal: ConsoleError) -> None:
        self._end()
        if isinstance(refusal, Stopped):
            self._tell.remark("Nothing was taken over; the store is as it was.")
        else:
            self._tell.error(refusal.sentence)

    def _end(self) -> None:
        self.work.end()
        self.choose.setEnabled(True)

    def _show_later(self, entries: Sequence[LaterEntry]) -> None:
        self._entries = entries
        for part in (self.later, self.list, self.typed):
            part.setVisible(bool(entries))
        many = len(entries)
        self.show_as(
            NAME,
            f"{many} to be typed in" if many else "",
            Tone.WARN if many else Tone.PLAIN,
        )
        if entries:
            self.later.setText(_LATER.format(host=entries[0].host))
        self.list.model_rows.apply([self._row(each) for each in entries])

    def _row(self, entry: LaterEntry) -> ListRow:
        return ListRow(
            key=f"{entry.organisation_id}:{entry.number}",
            title=entry.what,
            sub=" · ".join(
                part
                for part in (speak_moment(entry.at, self._zone), entry.flight, entry.who)
                if part
            ),
            trailing=str(entry.number),
        )

    def _on_typed(self) -> None:
        self._beside.run(
            say_typed_in,
            self._data,
            list(self._entries),
            then=lambda _place: self.refresh(),
            owner=self,
        )

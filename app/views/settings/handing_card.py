"""Hand the whole store over in one sealed file, open such a file, take a hand-over back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QLineEdit

from app.models.errors import ConsoleError
from app.services.database import Store
from app.services.settings.handed import handed
from app.services.settings.handing_over import (
    ENDING,
    HandedOver,
    ReadyToOpen,
    hand_over,
    make_ready_to_open,
)
from app.services.settings.sealed_file import SHORTEST
from app.services.working import Stopped, Work
from app.views.notify import Telling, ask
from app.views.ops import Ops
from app.views.settings.parts import line
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button
from app.views.widgets.saving import SavePlace
from app.views.widgets.sheet import Answers, Ask, Sheet
from app.views.widgets.tone import Tone
from app.views.widgets.working import WorkBar

NAME = "Hand over"
_WHAT = (
    "To another laptop everything goes in one file that only its passphrase opens. This copy is "
    "for reading then; where the file is opened, nothing leaves until a person releases it."
)
_OPEN = (
    "The leaving coordinator handed you a file and told you its passphrase: everything in it is "
    "here then, and nothing leaves until you release it."
)
TAKE_BACK = (
    "If the file was opened elsewhere, there are two stores, and what each records is not in the "
    "other. Take it back only when {to} does not go on with it. What waits to leave here goes on."
)


@dataclass(frozen=True, slots=True)
class HandingDesk:
    """What the window does for it. `store` None: there is nothing to hand over yet.

    `with_incoming(then)` gives the name of whose turn comes next; `stop_sending` comes before a
    hand-over and `go_on_sending` after one that came to nothing; `start_anew(sentence)` opens the
    window again on a store that is for reading now; `put_in_place(ready)` and `take_back` close the
    store first."""

    store: Store | None = None
    with_incoming: Callable[[Callable[[str], object]], object] = lambda then: then("")
    stop_sending: Callable[[], object] = lambda: None
    go_on_sending: Callable[[], object] = lambda: None
    start_anew: Callable[[str], object] = lambda _sentence: None
    put_in_place: Callable[[ReadyToOpen], object] = lambda made: made.drop()
    take_back: Callable[[], object] = lambda: None


class HandingCard(Card):
    """`beside` runs on a thread of its own, as sealing takes as long as the disk."""

    def __init__(
        self,
        beside: Ops,
        tell: Telling,
        data: Path,
        desk: HandingDesk = HandingDesk(),
    ) -> None:
        super().__init__(NAME)
        self._beside, self._tell, self._data, self._desk = beside, tell, data, desk
        self._place = SavePlace()
        self.body.setSpacing(px(10))
        self.said = Words(_WHAT, "muted", wrap=True)
        self.body.addWidget(self.said)
        self.give = button("Hand over…", self.ask_to_give)
        self.open = button("Open a hand-over…", self.choose_file)
        self.back = button("Take it back…", self.ask_to_take_back)
        self.body.addLayout(line(self.give, self.open, self.back))
        self.work = WorkBar(NAME)
        self.body.addWidget(self.work)
        self.refresh()

    def refresh(self) -> None:
        try:
            found = handed(self._data)
        except ConsoleError as refusal:
            self.said.setText(refusal.sentence)
            return
        gone = found is not None and found.done
        what = _WHAT if self._desk.store is not None else _OPEN
        self.said.setText(found.sentence if found is not None and gone else what)
        self.give.setVisible(not gone and self._desk.store is not None)
        self.back.setVisible(gone)
        name = NAME if self._desk.store is not None else "Open a hand-over"
        self.show_as(name, "for reading" if gone else "", Tone.WARN if gone else Tone.PLAIN)

    # --- giving ------------------------------------------------------------------------------

    def ask_to_give(self) -> None:
        self._desk.with_incoming(self.ask_to_give_to)

    def ask_to_give_to(self, incoming: str) -> Sheet:
        asks = [
            Ask("to", "To whom", value=incoming, needed="Say to whom it goes."),
            Ask("words", "Passphrase", needed="Without one it is not sealed.",
                hint=f"at least {SHORTEST} characters; tell it by phone, never with the file"),
            Ask("again", "The same again", needed="Type it once more."),
        ]  # fmt: skip
        words = (
            "Nothing can be changed here afterwards, and nothing leaves: the file goes on. Nobody "
            "can open it without the passphrase; it is kept nowhere."
        )
        sheet = Sheet(self, "Hand the store over", words, asks, "Choose the file…")
        for key in ("words", "again"):
            _hide(sheet, key)

        def answered(answers: Answers) -> None:
            if answers["words"] != answers["again"]:
                sheet.refuse("The two passphrases differ.")
            elif len(answers["words"]) < SHORTEST:
                sheet.refuse(f"A passphrase has at least {SHORTEST} characters.")
            else:
                sheet.accept()
                self._choose_where(answers["to"], answers["words"])

        sheet.answered.connect(answered)
        sheet.open()
        return sheet

    def _choose_where(self, to: str, words: str) -> QFileDialog:
        kinds = [("Sealed hand-over", ENDING)]
        return self._place.ask(
            self, f"flight-console-{to}", kinds, lambda path: self.give_now(path, to, words)
        )

    def give_now(self, file: Path, to: str, words: str) -> None:
        """What sends is stopped first; it starts again with the window, whatever comes of it."""
        assert self._desk.store is not None
        self._busy(True)
        self._desk.stop_sending()
        self._beside.run(
            hand_over, self._desk.store, file, to, words, self._begin("Handing over"),
            then=self._on_given, failed=self._on_not_given, owner=self,
        )  # fmt: skip

    def _on_given(self, done: HandedOver) -> None:
        self._end()
        self._desk.start_anew(done.sentence)

    def _on_not_given(self, refusal: ConsoleError) -> None:
        self._end()
        self._desk.go_on_sending()
        if isinstance(refusal, Stopped):
            self._tell.remark("Nothing was handed over; the store is in use as before.")
        else:
            self._tell.error(refusal.sentence)

    # --- opening -----------------------------------------------------------------------------

    def choose_file(self) -> QFileDialog:
        dialogue = QFileDialog(self, "The file that was handed over")
        dialogue.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialogue.setNameFilter(f"Hand-overs (*{ENDING})")
        dialogue.fileSelected.connect(lambda name: self.ask_to_open(Path(name)))
        dialogue.open()
        return dialogue

    def ask_to_open(self, file: Path) -> Sheet:
        words = (
            f"{file.name} becomes the store here; what is here now is kept beside it. What waits "
            "to leave is held until you release it."
        )
        asks = [Ask("words", "Passphrase", needed="Type the passphrase you were told.")]
        sheet = Sheet(self, "Open a hand-over", words, asks, "Open")
        _hide(sheet, "words")

        def made(ready: ReadyToOpen) -> None:
            self._end()
            sheet.accept()
            self._desk.put_in_place(ready)

        def failed(refusal: ConsoleError) -> None:
            self._end()
            sheet.refuse(refusal.sentence)

        def answered(answers: Answers) -> None:
            self._busy(True)
            self._beside.run(
                make_ready_to_open, self._data, file, answers["words"],
                self._begin("Opening a hand-over"), then=made, failed=failed, owner=sheet,
            )  # fmt: skip

        sheet.answered.connect(answered)
        sheet.open()
        return sheet

    # --- taking back -------------------------------------------------------------------------

    def ask_to_take_back(self) -> None:
        found = handed(self._data)
        if found is None:
            self.refresh()
            return
        ask(
            self,
            f"Take the store back from {found.to}?",
            f"{found.sentence} {TAKE_BACK.format(to=found.to)}",
            "Take it back",
            self._desk.take_back,
            no_words="Leave it handed over",
        )

    # --- while it works ------------------------------------------------------------------------

    def _begin(self, name: str) -> Work:
        return self.work.begin(name)

    def _end(self) -> None:
        self.work.end()
        self._busy(False)

    def _busy(self, yes: bool) -> None:
        for part in (self.give, self.open, self.back):
            part.setEnabled(not yes)


def _hide(sheet: Sheet, key: str) -> None:
    editor = sheet.editor(key)
    assert isinstance(editor, QLineEdit)
    editor.setEchoMode(QLineEdit.EchoMode.Password)

"""Import: files are looked at first, then taken whole; what is there already is beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from app.models.calendar.web import WebAddress
from app.models.directory.lines import LineKind
from app.services.calendar.importing import Imported
from app.services.calendar.layers import LayerRow, layers
from app.services.calendar.vendor_reading import is_vendor_notice
from app.services.directory.csv_columns import COLUMNS, REQUIRED
from app.services.events import CalendarChanged, ChangedElsewhere, OutageChanged, TakenBack
from app.services.outages.reading import OutageRow, Scope, outages
from app.services.uow import Undo
from app.views.directory.calendar_panel import CalendarPanel
from app.views.directory.file_panel import FilePanel, Stage
from app.views.directory.importing_job import Cancel, FileReading
from app.views.directory.layers_card import LayersCard
from app.views.directory.lines_panel import KIND_WORDS, LinesPanel
from app.views.directory.vendor_panel import VendorPanel
from app.views.directory.web_import import WebPanel, ask_for_address
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import HeaderAction, Page
from app.views.theme import px
from app.views.widgets.dropping import FileDrops
from app.views.widgets.folders import documents
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListView
from app.views.widgets.panels import Card, EmptyState, button, rule
from app.views.widgets.sheet import Sheet

SUFFIXES = (".csv", ".ics", ".eml")
SIDE = 320
NARROW = 760
ANY = 16_777_215  # as wide as Qt lets a widget be


class ImportPage(Page):
    """`reading` looks into files (`ImportJob`); `push_undo` gets what takes an import back.

    Give committed events to `apply`.
    """

    def __init__(
        self,
        ops: Ops,
        telling: Telling,
        reading: FileReading,
        push_undo: Callable[[Undo | None], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ops = ops
        self._telling = telling
        self._reading = reading
        self._push_undo = push_undo
        self._panels: dict[str, FilePanel] = {}
        self._layer_rows: Sequence[LayerRow] = ()
        self._outage_rows: Sequence[OutageRow] = ()
        self._stop_asking: Cancel = _nothing
        FileDrops(self).dropped.connect(self.add_files)
        whole = self._whole = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        whole.setContentsMargins(px(22), px(18), px(22), px(18))
        whole.setSpacing(px(16))
        whole.addLayout(self._side())
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty())
        whole.addWidget(self._stack, 1)
        self._bind()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Short of room what is listed stands above what is looked at."""
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        direction = way.TopToBottom if self.width() < px(NARROW) else way.LeftToRight
        if direction != self._whole.direction():
            self._whole.setDirection(direction)
            for card in self._side_cards:
                card.setMinimumWidth(0 if direction is way.TopToBottom else px(SIDE))
                card.setMaximumWidth(ANY if direction is way.TopToBottom else px(SIDE))

    @property
    def title(self) -> str:
        return "Import"

    @property
    def context(self) -> str:
        return "nothing is taken before you have seen it"

    def header_parts(self) -> tuple[HeaderAction, ...]:
        return (
            HeaderAction("From an address…", self.choose_address, key="Ctrl+Shift+O"),
            HeaderAction(
                "Choose files…", self.choose_files, primary=not self._panels, key="Ctrl+O"
            ),
        )

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Ctrl+O", "choose files"),
            ("Ctrl+Shift+O", "a calendar from an address"),
            ("Ctrl+Enter", "import the file shown"),
            ("F5", "look at the file again"),
            ("Esc", "cancel its import"),
            ("Ctrl+R", "ask for the calendar chosen again (one from an address)"),
            ("Delete", "take it off the list (nothing is deleted)"),
        )

    def activate(self, *args: object) -> None:
        """`args` may be files to look at."""
        self._refresh()
        self.add_files([each for each in args if isinstance(each, Path)])
        self._focus()

    def apply(self, event: object) -> None:
        """A committed event, on the GUI thread."""
        if isinstance(event, CalendarChanged | OutageChanged | ChangedElsewhere):
            self._refresh()
        elif isinstance(event, TakenBack):
            for panel in self._panels.values():
                panel.on_taken_back(event.rows)

    def choose_files(self) -> QFileDialog:
        dialogue = QFileDialog(self, "Files to import", str(documents()))
        dialogue.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialogue.setNameFilter(
            "Lists, calendars and vendors’ notices (*.csv *.ics *.eml *.CSV *.ICS *.EML)"
        )
        dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialogue.filesSelected.connect(lambda names: self.add_files([Path(n) for n in names]))
        dialogue.open()
        return dialogue

    def add_files(self, paths: Sequence[Path]) -> None:
        """Look at each; one that is here already is looked at again."""
        strangers = [path.name for path in paths if path.suffix.lower() not in SUFFIXES]
        if strangers:
            self._telling.error(
                f"{', '.join(strangers[:3])} {'is' if len(strangers) == 1 else 'are'} neither "
                ".csv nor .ics nor .eml, so nothing was read. Save it as one of them."
            )
        taken = [path for path in paths if path.suffix.lower() in SUFFIXES]
        for path in taken:
            key = str(path)
            if key in self._panels:
                self._panels[key].look_again()
            else:
                self._add(key, path)
        if taken:
            self._show_rows()
            self.files.choose(str(taken[0]))
            self._focus()
            self.headerChanged.emit()

    def choose_address(self) -> Sheet:
        return ask_for_address(self, self.add_address)

    def add_address(self, address: WebAddress) -> None:
        """Look at a calendar on the web; one that is here already is looked at again."""
        if address.url in self._panels:
            self._panels[address.url].look_again()
        else:
            made = WebPanel(address, self._reading, self._push_undo)
            made.show_layers(self._layer_rows)
            self._put(address.url, made)
        self._show_rows()
        self.files.choose(address.url)
        self._focus()
        self.headerChanged.emit()

    def panel(self, path: Path | str) -> FilePanel:
        """The panel of a file, or of an address, that is on the list."""
        return self._panels[str(path)]

    def _add(self, key: str, path: Path) -> None:
        made: FilePanel
        if is_vendor_notice(path):
            made = VendorPanel(path, self._reading, self._ops, self._push_undo)
        elif path.suffix.lower() == ".ics":
            calendar = CalendarPanel(path, self._reading, self._push_undo)
            calendar.show_layers(self._layer_rows)
            made = calendar
        else:
            lines = LinesPanel(path, self._reading, self._ops, self._push_undo)
            lines.show_outages(self._outage_rows)
            made = lines
        self._put(key, made)

    def _put(self, key: str, made: FilePanel) -> None:
        made.key = key
        made.changed.connect(self._show_rows)
        made.imported.connect(lambda sentence: self._on_imported(made, sentence))
        self._panels[key] = made
        self._stack.addWidget(made)

    def _on_imported(self, panel: FilePanel, sentence: str) -> None:
        """Its panel says so too; elsewhere than there it is told."""
        if not panel.isVisible():
            self._telling.info(sentence)

    def _remove(self) -> None:
        row = self.files.current()
        if row is None:
            return
        panel = self._panels[row.key]
        if panel.stage is Stage.IMPORTING:
            self._telling.error(f"{row.title} is being imported; cancel that first.")
            return
        del self._panels[row.key]
        self._stack.removeWidget(panel)
        panel.deleteLater()
        self._show_rows()
        self._show_chosen()
        self._focus()
        self.headerChanged.emit()

    def _focus(self) -> None:
        """Where the keys are worth most: on the list, or on the act that fills it."""
        (self.files if self._panels else self._choose).setFocus()

    def _show_rows(self) -> None:
        self.files.model_rows.apply([panel.row() for panel in self._panels.values()])
        self._no_files.setVisible(not self._panels)
        self.files.setVisible(bool(self._panels))
        self._take_off.setVisible(bool(self._panels))

    def _show_chosen(self) -> None:
        row = self.files.current()
        if row is not None and row.key in self._panels:
            self._stack.setCurrentWidget(self._panels[row.key])
        elif not self._panels:
            self._stack.setCurrentIndex(0)

    def _chosen(self) -> FilePanel | None:
        row = self.files.current()
        return self._panels.get(row.key) if row is not None else None

    def _refresh(self) -> None:
        self._ops.read(layers, then=self._on_layers)
        self._ops.read(outages, Scope.OPEN, then=self._on_outages)

    def _on_layers(self, rows: Sequence[LayerRow]) -> None:
        self._layer_rows = rows
        self.here.show_rows(rows)
        for panel in self._panels.values():
            if isinstance(panel, CalendarPanel):
                panel.show_layers(rows)

    def _on_outages(self, rows: Sequence[OutageRow]) -> None:
        self._outage_rows = rows
        for panel in self._panels.values():
            if isinstance(panel, LinesPanel):
                panel.show_outages(rows)

    def _bind(self) -> None:
        def on(keys: str, act: Callable[[FilePanel], object]) -> None:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

            def pressed() -> None:
                panel = self._chosen()
                if panel is not None:
                    act(panel)

            shortcut.activated.connect(pressed)

        on("Ctrl+Return", lambda panel: panel.begin())
        on("Ctrl+Enter", lambda panel: panel.begin())
        on("F5", lambda panel: panel.look_again())
        on("Esc", lambda panel: panel.let_go())
        again = QShortcut(QKeySequence("Ctrl+R"), self)
        again.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        again.activated.connect(self.here.again.click)
        delete = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.files)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._remove)

    def _ask_again(self, layer_id: str) -> None:
        """The web is asked for a layer; a refusal stands on it, too."""

        def over(say: Callable[[], object]) -> None:
            self.here.show_asking("")
            self._stop_asking = _nothing
            say()

        def done(taken: Imported | None) -> None:
            if taken is not None:
                self._push_undo(taken.undo)
            said = taken.sentence if taken is not None else "Nothing is new there."
            over(lambda: self._telling.info(said))

        self._stop_asking = self._reading.refresh(
            self,
            layer_id,
            then=done,
            failed=lambda refusal: over(lambda: self._telling.remark(refusal.sentence, warn=True)),
        )
        self.here.show_asking(layer_id)

    def _side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(px(16))
        files = Card("Files", "looked at first", bleed=True)
        self.files = ListView("Files to import")
        self.files.chosen.connect(lambda _key: self._show_chosen())
        self._no_files = EmptyState("No file is chosen yet.")
        self._take_off = button("Take off the list", self._remove, tone="link", tip="Delete")
        self._take_off.hide()
        self.files.hide()
        files.body.addWidget(self.files, 1)
        files.body.addWidget(self._no_files, 1)
        files.body.addWidget(self._take_off, 0, Qt.AlignmentFlag.AlignLeft)
        here = self.here = LayersCard()
        here.refreshRequested.connect(self._ask_again)
        here.stopRequested.connect(lambda: self._stop_asking())
        self._side_cards = (files, here)
        for card in self._side_cards:
            card.setFixedWidth(px(SIDE))
            column.addWidget(card, 1)
        return column

    def _empty(self) -> QWidget:
        card = Card(
            "Choose or drop files", "CSV lists, .ics calendars, vendors’ notices as .ics or .eml"
        )
        card.body.setSpacing(px(4))
        card.body.addWidget(
            Words(
                "The first line of a CSV names its columns; their order is free, and only those "
                "before the semicolon are needed. Import people first, then items, audiences and "
                "services, which name them.",
                "muted",
                wrap=True,
            )
        )
        for kind, words in KIND_WORDS.items():
            needed = REQUIRED[kind]
            more = [_column(name) for name in COLUMNS[kind] if name not in needed]
            if kind is not LineKind.PEOPLE:
                card.body.addWidget(rule())
            card.body.addSpacing(px(4))
            card.body.addWidget(Words(words[0].upper() + words[1:]))
            columns = f"{', '.join(needed)}; {', '.join(more)}"
            card.body.addWidget(Words(columns, "sub", wrap=True))
            card.body.addSpacing(px(4))
        card.body.addSpacing(px(12))
        self._choose = button("Choose files…", self.choose_files, tip="Ctrl+O")
        card.body.addWidget(self._choose, 0, Qt.AlignmentFlag.AlignLeft)
        card.body.addStretch(1)
        return card


def _nothing() -> None:
    """Nothing is asked of the web."""


def _column(name: str) -> str:
    return name.replace("_", " ")

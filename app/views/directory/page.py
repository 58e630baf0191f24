"""The Directory section: people, departments, services, CIs, vendors and audiences."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.models.directory.facts import EntryKind
from app.models.directory.lines import LineKind
from app.models.errors import ConsoleError
from app.services.directory.csv_template import save_csv_template
from app.services.directory.entries import Offers, offers
from app.services.events import (
    CalendarChanged,
    ChangedElsewhere,
    ChangesReviewed,
    DirectoryChanged,
    OutageChanged,
)
from app.services.uow import Undo
from app.views.directory.ci_view import CiView
from app.views.directory.entries_tab import EntriesTab
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import HeaderAction, Page
from app.views.theme import px
from app.views.widgets.folders import documents
from app.views.widgets.tabs import Tabs
from app.views.widgets.tone import set_part

SETTLE_MS = 150
_AROUND_CI = (CalendarChanged, ChangesReviewed, OutageChanged)
IMPORTED = {
    EntryKind.PEOPLE: LineKind.PEOPLE,
    EntryKind.SERVICES: LineKind.SERVICES,
    EntryKind.CIS: LineKind.CIS,
    EntryKind.AUDIENCES: LineKind.AUDIENCES,
}


class DirectoryPage(Page):
    """`activate(kind, id)` opens a tab, and an entry; for a CI `activate("cis", id, "tree")` its
    page, for a person their absences. `importRequested()`; `leads(section, id)` to a window."""

    importRequested = Signal()
    leads = Signal(str, str)

    def __init__(self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object]) -> None:
        super().__init__()
        self._ops, self._tell, self._on_undo = ops, tell, on_undo
        self._offers: Offers | None = None
        self._made: dict[EntryKind, EntriesTab] = {}
        self._old: set[EntryKind] = set()
        self._on_ci = False
        self.tabs = Tabs("Kinds of entries")
        for kind in EntryKind:
            self.tabs.addTab(kind.words)
        self._stack = _Stack()
        self.ci = CiView(ops, tell)
        self.ci.changed.connect(self.headerChanged)
        self.ci.gone.connect(self.leave_ci)
        self.ci.leads.connect(self.leads)
        self._around_ci = _scrolling(self.ci)
        self._stack.addWidget(self._around_ci)
        self.tabs.currentChanged.connect(lambda _n: self._on_tab())
        self.tabs.tabBarClicked.connect(lambda _n: self._show_tab())
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        line = QVBoxLayout()
        line.setContentsMargins(px(22), 0, px(22), 0)
        line.addWidget(self.tabs)
        box.addLayout(line)
        box.addWidget(self._stack, 1)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self._refresh)
        for number in range(self.tabs.count()):
            self._bind(f"Alt+{number + 1}", partial(self.tabs.setCurrentIndex, number))
        self._bind("Esc", self._on_escape)

    def _bind(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: act())

    # --- the header ---------------------------------------------------------------------------

    @property
    def kind(self) -> EntryKind:
        return list(EntryKind)[self.tabs.currentIndex()]

    @property
    def on_ci(self) -> bool:
        return self._on_ci

    @property
    def title(self) -> str:
        if self.on_ci and self.ci.page is not None:
            return self.ci.page.name
        return "Directory"

    @property
    def context(self) -> str:
        page = self.ci.page
        if self.on_ci and page is not None:
            kind = page.kind.value.replace("_", " ")
            rest = "rests" if page.above == 1 else "rest"
            many = f"{page.above:,} {rest} on it · it rests on {page.below:,}"
            return f"{kind}, {page.environment.value} · {many}"
        return "whom and what an outage touches"

    def header_parts(self) -> tuple[HeaderAction, ...]:
        if self.on_ci:
            return (
                HeaderAction("Back", self._on_escape, tip="Esc"),
                HeaderAction("Edit", self.edit_ci, primary=True, key="Ctrl+E"),
            )
        parts = [HeaderAction(f"New {self.kind.one}", self.new, primary=True, key="Ctrl+N")]
        if self.kind in IMPORTED:
            csv = (
                HeaderAction("Import a CSV file…", self.importRequested.emit),
                HeaderAction("Save an empty template…", self.save_template),
            )
            parts.insert(0, HeaderAction("CSV", choices=csv, tip="Import, or save a template"))
        return tuple(parts)

    def keys(self) -> tuple[tuple[str, str], ...]:
        if self.on_ci:
            return (
                ("Arrows", "move in the picture; the way is shown"),
                ("Enter", "go to the CI chosen"),
                ("Ctrl+E", "edit this CI"),
                ("Esc", "back"),
            )
        return (
            ("Alt+1 … 6", "the kinds of entries"),
            ("Ctrl+F", "search"),
            ("Enter", "edit the one chosen (a CI: its page)"),
            ("Ctrl+N", "a new one"),
            ("Ctrl+Enter", "save"),
            ("Ctrl+Delete", "archive"),
            ("Ctrl+T", "a CI’s tree, history and windows"),
            ("Alt+A", "a person’s absence"),
            ("Esc", "from the form back to the list"),
        )

    # --- what the frame asks --------------------------------------------------------------------

    def activate(self, *args: object) -> None:
        """See the class."""
        named = [str(arg) for arg in args]
        if named and named[0] in {kind.value for kind in EntryKind}:
            kind = EntryKind(named[0])
            self.tabs.setCurrentIndex(list(EntryKind).index(kind))
            self._show_tab()
            if len(named) > 2 and kind is EntryKind.CIS:
                self.show_ci(named[1])
            elif len(named) > 1 and named[1]:
                self.tab(kind).show_entry(named[1], away=len(named) > 2)
        elif not self.on_ci:
            self._show_tab()
        self._focus()

    def apply(self, event: object) -> None:
        """A committed event, on the GUI thread."""
        if isinstance(event, DirectoryChanged | ChangedElsewhere):
            self._old = set(self._made)
            self._offers = None
            self._settle.start()
        elif isinstance(event, _AROUND_CI) and self.on_ci:
            self._settle.start()

    def tab(self, kind: EntryKind) -> EntriesTab:
        """Made the first time it is asked for."""
        if kind not in self._made:
            made = EntriesTab(kind, self._ops, self._tell, self._on_undo)
            made.pictureRequested.connect(self.show_ci)
            made.counted.connect(lambda count: self._on_counted(kind, count))
            self._made[kind] = made
            if self._offers is not None:
                made.show_offers(self._offers)
            self._old.add(kind)
            self._stack.addWidget(made)
        return self._made[kind]

    def home(self) -> None:
        """Out of a CI's page."""
        if self.on_ci:
            self.leave_ci()

    # --- moving about -------------------------------------------------------------------------

    def new(self) -> None:
        self.tab(self.kind).new()

    def show_ci(self, ci_id: str) -> None:
        """The page of a CI."""
        self._on_ci = True
        self.ci.begin(ci_id)
        self._stack.setCurrentWidget(self._around_ci)
        self.ci.setFocus()
        self.headerChanged.emit()

    def leave_ci(self) -> None:
        self._show_tab()
        self._focus()

    def edit_ci(self) -> None:
        ci_id = self.ci.ci_id
        self._show_tab()
        tab = self.tab(EntryKind.CIS)
        tab.show_entry(ci_id)
        tab.form.begin()

    def save_template(self) -> QFileDialog:
        kind = IMPORTED[self.kind]
        dialogue = QFileDialog(self, "Save an empty template", str(documents()))
        dialogue.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialogue.setNameFilter("Tables (*.csv)")
        dialogue.setDefaultSuffix("csv")
        dialogue.selectFile(f"{kind.value}.csv")
        dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialogue.fileSelected.connect(lambda name: self._write_template(kind, Path(name)))
        dialogue.open()
        return dialogue

    def _write_template(self, kind: LineKind, path: Path) -> None:
        try:
            save_csv_template(kind, path)
        except ConsoleError as trouble:
            self._tell.error(trouble.sentence)
        else:
            self._tell.info(f"{path.name} is saved: fill it in, then import it.")

    def _on_escape(self) -> None:
        if self.on_ci:
            if not self.ci.back():
                self.leave_ci()
        else:
            self.tab(self.kind).list.list.setFocus()

    def _focus(self) -> None:
        if self.on_ci:
            self.ci.setFocus()
        else:
            self.tab(self.kind).begin()

    def _on_tab(self) -> None:
        self._show_tab()
        if not self.tabs.hasFocus():
            self._focus()

    def _show_tab(self) -> None:
        self._on_ci = False
        tab = self.tab(self.kind)
        self._stack.setCurrentWidget(tab)
        self.headerChanged.emit()
        if self._offers is None:
            self._ops.read(offers, then=self._on_offers)
        if self.kind in self._old:
            self._old.discard(self.kind)
            tab.refresh()

    def _refresh(self) -> None:
        if self.on_ci:
            self.ci.refresh()
        elif self._made:
            self._show_tab()

    def _on_offers(self, found: Offers) -> None:
        self._offers = found
        for tab in self._made.values():
            tab.show_offers(found)
        for kind in EntryKind:
            self._on_counted(kind, len(getattr(found, kind.value)))

    def _on_counted(self, kind: EntryKind, count: int) -> None:
        self.tabs.show_count(list(EntryKind).index(kind), kind.words, f"{count:,}")


class _Stack(QStackedWidget):
    """Takes the height it is given: words that wrap would ask for what its lists would like."""

    def hasHeightForWidth(self) -> bool:
        return False


def _scrolling(inner: QWidget) -> QScrollArea:
    """At 200 % the columns of a CI's page stand one under the other; the lists need no scroll."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    set_part(inner, "scroll")
    area.setWidget(inner)
    return area

"""One kind of entry: its list on the left, the form of the chosen one on the right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QWidget

from app.models.directory.facts import AudienceFacts, EntryKind, Facts, ServiceFacts
from app.models.errors import ConsoleError, Stale
from app.services.directory.archiving import archive_entry, restore_entry
from app.services.directory.editing import Saved, save_entry
from app.services.directory.entries import EntryDetail, Offers, Reach, entry, reach_of
from app.services.uow import Undo
from app.views.absences import AbsencePanel
from app.views.directory.entry_form import Draft, EntryForm
from app.views.directory.entry_list import EntryList
from app.views.directory.rows import Line, load, load_archived
from app.views.notify import Telling, ask
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.panels import Card, EmptyState

FORM = 430
NARROW = 600
ANY = 16_777_215  # as wide as Qt lets a widget be
RESTORED = "restored; what let go of it must choose it again"


class EntriesTab(QWidget):
    """`counted(shown in the list)`; `pictureRequested(ci id)` for the page of a CI."""

    counted = Signal(int)
    pictureRequested = Signal(str)

    def __init__(
        self, kind: EntryKind, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object]
    ) -> None:
        super().__init__()
        self.kind = kind
        self._ops, self._tell, self._on_undo = ops, tell, on_undo
        self._zone = "UTC"
        self._wanted = self._to_away = ""
        self._offered: Offers | None = None
        self._waiting: EntryDetail | None = None
        self._drafts: dict[str, Draft] = {}
        self.total = 0
        self.list = EntryList(kind, self.new)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(self._on_opened)
        self.list.archiveShown.connect(lambda _on: self.refresh())
        self.form = EntryForm(kind)
        self.form.saveRequested.connect(self._on_save)
        self.form.archiveRequested.connect(self._on_archive)
        self.form.restoreRequested.connect(self._on_restore)
        self.form.settled.connect(self._on_settled)
        self.form.pictureRequested.connect(self._on_picture)
        self.away: AbsencePanel | None = None
        if kind is EntryKind.PEOPLE:
            self.away = AbsencePanel(ops, tell, on_undo)
            self.form.add_below("Absences", self.away)
            self.away.shown.connect(self._on_away_shown)
        nothing = Card()
        nothing.body.addWidget(
            EmptyState("Choose one of the list to see and change it, or add one.")
        )
        self._side = QStackedWidget()
        self._side.addWidget(nothing)
        self._side.addWidget(self.form)
        self._side.setMinimumWidth(px(FORM - 110))
        self._side.setMaximumWidth(px(FORM))
        line = self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        line.setContentsMargins(px(22), px(16), px(22), px(16))
        line.setSpacing(px(16))
        line.addWidget(self.list, 1)
        line.addWidget(self._side, 1)
        self.setFocusProxy(self.list)
        self._bind("Ctrl+F", self.list.search.setFocus)
        self._bind("Ctrl+Del", self._on_archive)
        if kind is EntryKind.CIS:
            self._bind("Ctrl+T", self._on_picture)
        if self.away is not None:
            self._bind("Alt+A", self._on_away)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Short of room the form stands under its list."""
        super().resizeEvent(event)
        way = QBoxLayout.Direction
        stacked = self.width() < px(NARROW)
        if stacked != (self._line.direction() == way.TopToBottom):
            self._line.setDirection(way.TopToBottom if stacked else way.LeftToRight)
            self._side.setMaximumWidth(ANY if stacked else px(FORM))
            self.list.setMinimumHeight(px(260) if stacked else 0)

    def _bind(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(lambda: act())

    # --- what the page asks -------------------------------------------------------------------

    def show_offers(self, offers: Offers) -> None:
        self._offered = offers
        self._zone = offers.home_zone
        self.form.offer(offers)
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self._on_entry(waiting)

    def refresh(self) -> None:
        """Read list and entry again; what is being typed stays."""
        if self.list.shows_archived:
            self._ops.read(load_archived, self.kind, self._zone, then=self._on_lines)
        else:
            self._ops.read(load, self.kind, then=self._on_lines)
        if self.form.entry_id and not self.form.dirty:
            self._read(self.form.entry_id)
        elif self.away is not None:
            self.away.refresh()

    def new(self) -> None:
        """A blank form (or the one begun before), with the cursor in the name."""
        self._hold()
        self._wanted = ""
        self._side.setCurrentWidget(self.form)
        if self.form.entry_id or not self.form.dirty:
            self.form.show_new()
            self._resume("")
        self.form.begin()

    def begin(self) -> None:
        """Where the keyboard goes: into the form while something is typed there."""
        if self.form.dirty:
            self.form.begin()
        else:
            self.list.setFocus()

    def show_entry(self, entry_id: str, *, away: bool = False) -> None:
        """Select an entry, now or as soon as the list is here; `away`: for a person's absences."""
        self._wanted, self._to_away = entry_id, entry_id if away else ""
        if self.list.choose(entry_id):
            self._on_chosen(entry_id)

    # --- following ----------------------------------------------------------------------------

    def _on_lines(self, lines: tuple[Line, ...]) -> None:
        self.list.show_lines(lines)
        if not self.list.shows_archived:
            self.total = len(lines)
            self.counted.emit(self.total)
        if self._wanted and self.list.choose(self._wanted):
            self._wanted = ""

    def _on_chosen(self, key: str) -> None:
        if key != self.form.entry_id or self._side.currentWidget() is not self.form:
            self._hold()
            self._read(key)

    def _read(self, key: str) -> None:
        self._ops.read(entry, self.kind, key, then=self._on_entry, failed=self._on_gone)

    def _on_gone(self, error: ConsoleError) -> None:
        self._tell.error(error.sentence)
        self.refresh()

    def _on_entry(self, detail: EntryDetail) -> None:
        if self._offered is None:  # its choices have no names yet
            self._waiting = detail
            return
        current = self.list.list.current()
        ours = detail.id == self.form.entry_id
        if not ours and (current is None or current.key != detail.id):
            return  # another was chosen meanwhile
        if ours and self.form.dirty:
            return
        self._side.setCurrentWidget(self.form)
        self.form.show_entry(detail)
        self._resume(detail.id)
        if self.away is not None and detail.archived_at is None:
            self.away.show_people(((detail.id, detail.facts.name),))

    def _hold(self) -> None:
        draft = self.form.held()
        if draft is not None:
            self._drafts[draft.entry_id] = draft
            name = str(draft.typed["name"]).strip() or f"the new {self.kind.one}"
            self._tell.remark(f"What you typed for {name} is kept; it is not saved yet.")

    def _resume(self, entry_id: str) -> None:
        draft = self._drafts.pop(entry_id, None)
        if draft is not None:
            self.form.resume(draft)

    def _on_opened(self, key: str) -> None:
        if key != self.form.entry_id:
            self._on_chosen(key)
        if self.kind is EntryKind.CIS and not self.list.shows_archived:
            self.pictureRequested.emit(key)
        else:
            self.form.begin()

    def _on_picture(self) -> None:
        if self.form.entry_id:
            self.pictureRequested.emit(self.form.entry_id)

    def _on_away_shown(self) -> None:
        if self._to_away and self._to_away == self.form.entry_id:
            self._to_away = ""
            self.form.turn_to_below()

    def _on_away(self) -> None:
        if self.away is not None and self.away.isVisible():
            self.away.add()

    # --- acting -------------------------------------------------------------------------------

    def _on_save(self, facts: Facts) -> None:
        entry_id, seen = self.form.entry_id, self.form.version

        def done(saved: Saved) -> None:
            self._on_undo(saved.undo)
            self._tell.info(f"{saved.name} is saved. Ctrl+Z takes it back.")
            if self.form.entry_id == entry_id:
                self.form.saved()
                self._wanted = saved.id
                self.refresh()
                if not entry_id:
                    self.form.show_new()

        def failed(error: ConsoleError) -> None:
            if self.form.entry_id != entry_id:
                self._tell.error(error.sentence)
            elif isinstance(error, Stale):
                self._ops.read(
                    entry, self.kind, entry_id, then=lambda d: self._on_stale(d, error), owner=self
                )
            else:
                self.form.refuse(error)

        self._ops.run(
            save_entry, entry_id or None, facts, seen if entry_id else None,
            then=done, failed=failed, owner=self,
        )  # fmt: skip

    def _on_stale(self, detail: EntryDetail, error: Stale) -> None:
        self.form.merge(detail)
        self.form.refuse(error)

    def _on_archive(self) -> None:
        if self.form.entry_id and self.form.archive.isVisible():
            self._archive(self.form.entry_id, self.form.version, let_go=False)

    def _archive(self, entry_id: str, seen: int, *, let_go: bool) -> None:
        name = str(self.form.values["name"])

        def failed(error: ConsoleError) -> None:
            held = error.about.get("entries")
            if not isinstance(held, tuple):
                self.form.refuse(error)
                return
            ask(
                self,
                f"Archive {name}?",
                f"It is in use: {self.form.uses_words}. Archiving takes it out there, too. It "
                "leaves all lists and pickers; its history stays, and Ctrl+Z puts all of it back.",
                "Archive it",
                lambda: self._archive(entry_id, seen, let_go=True),
            )

        self._ops.run(
            archive_entry, self.kind, entry_id, seen, let_go=let_go,
            then=lambda saved: self._on_moved(saved, "archived"), failed=failed, owner=self,
        )  # fmt: skip

    def _on_restore(self) -> None:
        self._ops.run(
            restore_entry, self.kind, self.form.entry_id, self.form.version,
            then=lambda saved: self._on_moved(saved, RESTORED),
            failed=self.form.refuse, owner=self,
        )  # fmt: skip

    def _on_moved(self, saved: Saved, how: str) -> None:
        self._on_undo(saved.undo)
        self._tell.info(f"{saved.name} is {how}. Ctrl+Z takes it back.")
        self._drafts.pop(saved.id, None)
        self.form.show_new()
        self._side.setCurrentIndex(0)
        self.list.setFocus()
        self.refresh()

    def _on_settled(self, facts: Facts) -> None:
        match facts:
            case ServiceFacts():
                nobody = self.form.entry_id and not facts.audiences
                words = "Nobody is told about this service: choose who is." if nobody else ""
                self.form.say(words, bad=True)
            case AudienceFacts():
                self._ops.read(reach_of, facts, self.form.entry_id, then=self._on_reach)

    def _on_reach(self, reach: Reach) -> None:
        if not reach.total:
            self.form.say("Reaches nobody: it has nobody in it who can be told.", bad=True)
            return
        people = f"{reach.people:,} {'person' if reach.people == 1 else 'people'}"
        lists = f" and about {reach.lists:,} on lists" if reach.lists else ""
        self.form.say(f"Reaches {people}{lists}.")

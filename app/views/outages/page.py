"""The Outages section: the list, one outage's workspace, or the form that plans it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout

from app.models.calendar.slot import Slot
from app.models.errors import ConsoleError
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import CLOSED, FLYING
from app.services.outages.brief import Brief
from app.services.outages.plan_form import PlanForm, plan_form
from app.services.outages.reading import OutageRow, outages
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.outages.acts import OutageActs
from app.views.outages.list_view import OutageList
from app.views.outages.plan_page import PlanPage
from app.views.outages.plan_waiting import PlanWaiting
from app.views.outages.series_dialog import SeriesDialog
from app.views.outages.workspace import TabFactory, Workspace
from app.views.page import HeaderAction, HeaderNote, HeaderPart, Page
from app.views.tones import state_tone
from app.views.widgets.stack import Stack

SETTLE_MS = 200


class OutagesPage(Page):
    """`activate()` the list · `activate(outage_id, errand, about)` an outage ·
    `activate("", "new 2025-01-10T22:00")` the form; `new` alone, `series` the dialogue.

    `goRequested(section, outage_id, action)` for Live, the packet, and back to the calendar;
    `looked(outage_id)` when one is opened."""

    goRequested = Signal(str, str, str)
    looked = Signal(str)
    undoWanted = Signal()

    def __init__(
        self,
        ops: Ops,
        notify: Telling,
        now: Callable[[], datetime],
        on_undo: Callable[[Undo], object],
        tab_factories: Mapping[str, TabFactory],
    ) -> None:
        super().__init__()
        self._ops = ops
        self._notify = notify
        self._now = now
        self._on_undo = on_undo
        self._form: PlanPage | None = None
        self._waiting: PlanWaiting | None = None
        self._from_calendar = False
        self.list = OutageList(self.plan_new)
        self.list.opened.connect(self.open_outage)
        self.list.scopeChanged.connect(lambda _scope: self.refresh())
        self.acts = OutageActs(ops, notify, on_undo, self)
        self.acts.liveRequested.connect(lambda i: self._elsewhere("live", Errand.ROLL_CALL.value))
        self.acts.editRequested.connect(self.edit)
        self.acts.planned.connect(self.open_outage)
        self.acts.replayRequested.connect(lambda _i: self._elsewhere("replay", ""))
        self.acts.lessonsRequested.connect(lambda _i: self._elsewhere("lessons", ""))
        self.acts.rehearseRequested.connect(lambda _i: self._elsewhere("rehearse", ""))
        self.workspace = Workspace(ops, notify, self.acts, tab_factories)
        self.workspace.changed.connect(self.headerChanged)
        self.workspace.gone.connect(self.show_list)
        self.workspace.seriesRequested.connect(self.show_series)
        self.workspace.elsewhere.connect(self._elsewhere)
        self.workspace.leads.connect(lambda where, about: self.goRequested.emit(where, about, ""))
        self._stack = Stack()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.workspace)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        QShortcut(QKeySequence("Esc"), self).activated.connect(self.back)
        # the list's own Ctrl+N is a button of its header, which the workspace does not have
        anew = QShortcut(QKeySequence("Ctrl+N"), self.workspace)
        anew.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        anew.activated.connect(self.plan_new)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self._on_search)
        QShortcut(QKeySequence("Ctrl+E"), self).activated.connect(self._on_edit)

    # --- what the shell asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        if self._form is not None or self._waiting is not None:
            return self._form.title if self._form is not None else "New outage"
        brief = self._brief
        return brief.title if brief is not None else "Outages"

    @property
    def context(self) -> str:
        if self._form is not None:
            return self._form.context
        brief = self._brief
        return f"{brief.code} · {brief.window_words}" if brief is not None else ""

    @property
    def alert(self) -> bool:
        brief = self._brief
        return self._form is None and brief is not None and brief.state in FLYING

    def header_parts(self) -> Sequence[HeaderPart]:
        if self._form is not None:
            return (
                HeaderAction("Cancel", self._form.leave, tip="Esc"),
                HeaderAction("Save", self._form.save, primary=True, key="Ctrl+Return"),
            )
        if self._waiting is not None:
            return (HeaderAction("Cancel", self.back, tip="Esc"),)
        brief = self._brief
        if brief is None:
            return (
                HeaderAction(
                    "Series", lambda: self.show_series(), tip="What recurs, and its dates"
                ),
                HeaderAction("Runbooks", self._to_runbooks, tip="Import, export, compare"),
                HeaderAction("Reports", self._to_numbers, tip="A period of outages in numbers"),
                HeaderAction("New outage", self.plan_new, primary=True, key="Ctrl+N"),
            )
        parts: list[HeaderPart] = [HeaderNote(_words(brief), state_tone(brief.state))]
        parts.append(HeaderAction("Actions", choices=self.acts.menu(brief)))
        parts.append(HeaderAction("Print", choices=self._papers()))
        following = brief.next
        if following.errand is not None:
            token, about = following.errand.value, following.about
            parts.append(
                HeaderAction(
                    following.errand.words,
                    lambda: self.workspace.do(token, about),
                    # in ten seconds another act stands here: waiting is not in gold
                    primary=not self.workspace.tab_leads and following.errand is not Errand.OUTBOX,
                    # the other tabs have acts of their own on this key, and pass it on
                    key="Ctrl+Return" if self.workspace.on_overview else "",
                    tip=following.words,
                )
            )
        return parts

    def _papers(self) -> tuple[HeaderAction, ...]:
        """What can be had on paper or as a file; made on another page."""
        papers = (
            ("Preview the packet", "packet"),
            ("Print the packet…", "packet_print"),
            ("Save the packet as PDF…", "packet_pdf"),
            ("The packet is printed", "packet_printed"),
            ("Enter paper…", "paper"),
            ("Preview the after-action report", "report_preview"),
            ("Save the after-action report…", "report"),
        )
        return tuple(
            HeaderAction(words, lambda section=section: self._elsewhere(section, ""))  # type: ignore[misc]
            for words, section in papers
        )

    @property
    def help_topic(self) -> str:
        """A tab has words of its own."""
        if self._brief is None or self.workspace.on_overview:
            return ""
        return self.workspace.tab.casefold()

    def keys(self) -> Sequence[tuple[str, str]]:
        if self._form is not None:
            return (
                ("Ctrl+Enter", "save"),
                ("Alt+1 …", "the parts of the form"),
                ("Alt+F", "find a free window"),
                ("Esc", "leave the form"),
                ("Space", "tick a choice"),
            )
        if self._brief is not None:
            on_overview = (("Ctrl+Enter", "the next act"),)  # a tab has its own
            return (
                *self.workspace.tab_keys,
                *(on_overview if self.workspace.on_overview else ()),
                ("Ctrl+E", "change the plan"),
                ("Ctrl+N", "plan a new outage"),
                ("Alt+1 …", "the tabs"),
                ("Esc", "back to the list"),
            )
        return (
            ("Ctrl+N", "plan a new outage"),
            ("Ctrl+F", "search"),
            ("Enter", "open the chosen outage"),
        )

    def activate(self, *args: object) -> None:
        wanted = [str(arg) for arg in args]
        outage_id, action, about = (*wanted, "", "", "")[:3]
        action, _, within = action.partition(" ")
        about = about or within
        if self._form is not None and (outage_id or action):
            if self._form.edited:
                self._notify.remark("The form is still open: save it, or leave it with Esc.")
                return
            self._close_form()
        if args and action != "new":
            self._end_waiting()
        if action == "new":
            self.plan_new(about)
        elif action == "series":
            self.show_list()
            self.show_series()
        elif outage_id:
            self.open_outage(outage_id, action, about)
        elif not args:
            self._in_front()
            self.refresh()
        else:
            self.show_list()

    def _in_front(self) -> None:
        """The keyboard goes to where the eye is."""
        if front := self._form or self._waiting:
            front.setFocus()
        elif self._stack.currentWidget() is self.workspace:
            self.workspace.tabs.setFocus()
        else:
            self.list.list.setFocus()

    # --- going about -------------------------------------------------------------------------

    def open_outage(self, outage_id: str, action: str = "", about: str = "") -> None:
        self._stack.setCurrentWidget(self.workspace)
        self.workspace.show_outage(outage_id, action, about)
        self.workspace.tabs.setFocus()
        self.headerChanged.emit()
        self.looked.emit(outage_id)

    def show_list(self) -> None:
        self._stack.setCurrentWidget(self.list)
        self.list.list.setFocus()
        self.refresh()
        self.headerChanged.emit()

    def home(self) -> None:
        """Out of the workspace; a form that is open stays."""
        if self._form is None and self._stack.currentWidget() is self.workspace:
            self.back()

    def back(self) -> None:
        """Esc: out of the form, out of the workspace, out of the search."""
        if self._form is not None:
            self._form.leave()
        elif self._waiting is not None:
            self._end_waiting()
            self._to_list()
        elif self._stack.currentWidget() is self.workspace:
            self.list.list.choose(self.workspace.outage_id)
            self.show_list()
        else:
            self.list.search.clear()

    def plan_new(self, slot: str = "") -> None:
        """`slot` (as a `Slot` is written) is where its window lies, when one was chosen already."""
        at = Slot.of(slot) if slot else None
        if self._form is not None or self._waiting is not None:
            return
        self._waiting = waiting = PlanWaiting()
        self._from_calendar = at is not None
        self._stack.addWidget(waiting)
        self._stack.setCurrentWidget(waiting)
        waiting.setFocus()
        self.headerChanged.emit()

        def ready(form: PlanForm) -> None:
            if waiting is self._waiting:
                self._show_form(form, at, waiting.line.text())
                self._end_waiting()

        def failed(refusal: ConsoleError) -> None:
            self._notify.error(refusal.sentence)
            if waiting is self._waiting:
                self.back()

        self._ops.read(plan_form, then=ready, failed=failed, owner=self)

    def _end_waiting(self) -> None:
        if self._waiting is not None:
            self._stack.removeWidget(self._waiting)
            self._waiting.deleteLater()
            self._waiting = None

    def show_series(self, series_id: str = "") -> SeriesDialog:
        """All of them; with `series_id` that one is chosen, and the date of the flight in front."""
        flight = self.workspace.outage_id if series_id else ""
        dialogue = SeriesDialog(self._ops, self._notify, self._on_undo, self, series_id, flight)
        dialogue.opened.connect(self.open_outage)
        dialogue.undoWanted.connect(self.undoWanted)
        dialogue.open()
        return dialogue

    def edit(self, outage_id: str) -> None:
        self._ops.read(plan_form, outage_id, then=self._show_form, owner=self)

    def refresh(self) -> None:
        self._ops.read(outages, self.list.scope_chosen, owed=True, then=self._show_rows, owner=self)

    def on_event(self, event: object) -> None:
        """Everything committed, from the bridge."""
        if self.list.isVisible():  # else it is read when it comes to the front
            self._settle.start()
        self.workspace.on_event(event)

    def _show_rows(self, rows: Sequence[OutageRow]) -> None:
        self.list.show_rows(rows)

    def _show_form(self, form: PlanForm, slot: Slot | None = None, title: str = "") -> None:
        """`title` was typed before it stood."""
        if self._form is not None:
            return
        self._form = PlanPage(self._ops, self._notify, self._on_undo, form, self._now, slot)
        self._from_calendar = slot is not None
        self._form.saved.connect(self._on_saved)
        self._form.left.connect(self._on_left)
        self._stack.addWidget(self._form)
        self._stack.setCurrentWidget(self._form)
        line = self._form.fields.lines["title"]
        line.setFocus()
        if title:
            line.insert(title)
            line.textEdited.emit(line.text())  # it is lost to nobody who leaves, as if typed here
        self.headerChanged.emit()

    def _close_form(self) -> None:
        if self._form is not None:
            self._stack.removeWidget(self._form)
            self._form.deleteLater()
            self._form = None

    def _on_saved(self, outage_id: str) -> None:
        self._close_form()
        if outage_id:
            self.open_outage(outage_id)
        else:  # of a series all of whose dates are left out
            self.show_list()

    def _on_left(self) -> None:
        was = self.workspace.outage_id if self._was_workspace() else ""
        self._close_form()
        if was:
            self.open_outage(was)
        else:
            self._to_list()

    def _to_list(self) -> None:
        self.show_list()
        if self._from_calendar:  # back to the day it was asked for on
            self.goRequested.emit("calendar", "", "")

    def _was_workspace(self) -> bool:
        return self._form is not None and bool(self._form.fields.form.outage_id)

    def _elsewhere(self, section: str, action: str) -> None:
        self.goRequested.emit(section, self.workspace.outage_id, action)

    def _to_runbooks(self) -> None:
        self.goRequested.emit("runbooks", "", "")

    def _to_numbers(self) -> None:
        self.goRequested.emit("numbers", "", "")

    def _on_search(self) -> None:
        if self._form is None and self._stack.currentWidget() is self.list:
            self.list.search.setFocus()
            self.list.search.selectAll()
        elif self._form is None and self._waiting is None:
            self.workspace.begin_search()

    def _on_edit(self) -> None:
        brief = self._brief
        if self._form is None and brief is not None and brief.state not in CLOSED:
            self.edit(brief.id)

    @property
    def _brief(self) -> Brief | None:
        in_front = self._stack.currentWidget() is self.workspace
        return self.workspace.brief if in_front else None


def _words(brief: Brief) -> str:
    """`Announced · owes 2`."""
    owed = len(brief.debts)
    return f"{brief.state.words} · owes {owed}" if owed else brief.state.words

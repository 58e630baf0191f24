"""The workspace of one outage: its tabs under the header. Other features supply their tabs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.directory.facts import EntryKind
from app.models.errors import ConsoleError, StoreTrouble
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import State
from app.services.outages.brief import Brief, ConflictRow, brief
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.outages.acts import OutageActs
from app.views.outages.overview import Overview
from app.views.theme import px
from app.views.widgets.panels import is_pressed
from app.views.widgets.stack import Stack
from app.views.widgets.tabs import Tabs

TabFactory = Callable[[], QWidget]
"""Makes a widget that also has `show_outage(outage_id)`; `Listens` and `Focuses` if it wants."""

SETTLE_MS = 120
_TAB_OF = {
    Errand.NOTICE: "Communication",
    Errand.REPLY: "Communication",
    Errand.PEOPLE: "People",
    Errand.CREW: "Crew board",
    Errand.STEP: "Board",
    Errand.CHANGE: "Changes",
}


@runtime_checkable
class ShowsOutage(Protocol):
    def show_outage(self, outage_id: str) -> None: ...


@runtime_checkable
class Listens(Protocol):
    """Told of everything committed."""

    def on_event(self, event: object, /) -> None: ...


@runtime_checkable
class Focuses(Protocol):
    """Can go to one thing: a reply, a change record, a notice kind."""

    def focus_on(self, about: str, /) -> None: ...


@runtime_checkable
class HasKeys(Protocol):
    """Tells its keys for the help on `?`."""

    def keys(self) -> Sequence[tuple[str, str]]: ...


@runtime_checkable
class Leads(Protocol):
    """Has now and then a leading act of its own, and says so when that changes."""

    leadsChanged: SignalInstance

    @property
    def leads(self) -> bool: ...


@runtime_checkable
class PassesOn(Protocol):
    """Ctrl+Enter found nothing to do there: it is meant for the act in gold in the header."""

    passedOn: SignalInstance


@runtime_checkable
class Searches(Protocol):
    """Has a line to search in, reached by Ctrl+F."""

    def begin_search(self) -> None: ...


_LEADS = {
    "outage": "outages",
    "ci": EntryKind.CIS.value,
    "person": EntryKind.PEOPLE.value,
    "rota": "rota",
    "service": EntryKind.SERVICES.value,
}


class Workspace(QWidget):
    """`changed` when the header should be read again; `elsewhere(section, errand)` for what is
    done on another page; `leads(section, id)` to what stands in the way."""

    changed = Signal()
    elsewhere = Signal(str, str)
    leads = Signal(str, str)
    seriesRequested = Signal(str)
    gone = Signal()

    def __init__(
        self,
        ops: Ops,
        notify: Telling,
        acts: OutageActs,
        tab_factories: Mapping[str, TabFactory],
    ) -> None:
        super().__init__()
        self._ops = ops
        self._notify = notify
        self.acts = acts
        self.brief: Brief | None = None
        self._outage_id = ""
        self._factories = dict(tab_factories)
        self._made: dict[str, QWidget] = {}
        self._shown: dict[str, str] = {}
        self.overview = Overview()
        self.overview.errand.connect(self._on_errand)
        self.overview.peopleRequested.connect(lambda name: self.open_tab("People", name))
        self.overview.seriesRequested.connect(self.seriesRequested)
        self.overview.acceptRequested.connect(self._on_accept)
        self.overview.causeRequested.connect(self._on_cause)
        self.overview.outlook.answered.connect(acts.outlook.answer)
        self.overview.bridge.meetingWanted.connect(lambda: acts.bridge.make(self._outage_id))
        self.overview.bridge.lineWanted.connect(lambda: acts.bridge.use_line(self._outage_id))
        self.tabs = Tabs("Parts of this outage")
        self._stack = Stack()
        self._stack.addWidget(self.overview)
        for name in ("Overview", *self._factories):
            self.tabs.addTab(name)
        self.tabs.currentChanged.connect(self._on_tab)
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
        self._settle.timeout.connect(self.refresh)
        for number in range(self.tabs.count()):
            shortcut = QShortcut(QKeySequence(f"Alt+{number + 1}"), self)
            shortcut.activated.connect(lambda number=number: self._go_to(number))

    @property
    def outage_id(self) -> str:
        return self._outage_id

    @property
    def tab(self) -> str:
        """The name of the tab in front."""
        return self.tabs.tabText(self.tabs.currentIndex())

    @property
    def tab_keys(self) -> tuple[tuple[str, str], ...]:
        """The keys of the tab in front, as it tells them."""
        made = self._made.get(self.tab)
        return tuple(made.keys()) if isinstance(made, HasKeys) else ()

    def begin_search(self) -> None:
        """In the tab in front, when it has something to search."""
        made = self._made.get(self.tab)
        if isinstance(made, Searches):
            made.begin_search()

    @property
    def tab_leads(self) -> bool:
        """The tab in front has a leading act of its own just now."""
        made = self._made.get(self.tab)
        return isinstance(made, Leads) and made.leads

    @property
    def on_overview(self) -> bool:
        return self.tabs.currentIndex() == 0

    def show_outage(self, outage_id: str, action: str = "", about: str = "") -> None:
        """Open an outage, and (with an `Errand` token) what should be done with it."""
        if outage_id != self._outage_id:
            self._outage_id = outage_id
            self.brief = None
            self._shown.clear()
            self.tabs.setCurrentIndex(0)
        self.refresh(lambda: self.do(action, about) if action else None)
        self._show_tab()

    def refresh(self, after: Callable[[], object] | None = None) -> None:
        wanted = self._outage_id
        if not wanted:
            return

        def show(found: Brief) -> None:
            if after is None and is_pressed(self.overview):
                self._settle.start()  # the click is meant for what it shows
            elif found.id == self._outage_id:
                self.brief = found
                self.overview.show_brief(found)
                self.changed.emit()
                if after is not None:
                    after()

        def failed(error: ConsoleError) -> None:
            """What was read last stays while the store cannot be read."""
            self._notify.error(error.sentence)
            if self.brief is None or not isinstance(error, StoreTrouble):
                self.gone.emit()

        self._ops.read(brief, wanted, then=show, failed=failed, owner=self)

    def on_event(self, event: object) -> None:
        about = getattr(event, "outage_id", "")
        if self._outage_id and about in ("", self._outage_id):
            self._settle.start()
        for made in self._made.values():
            if isinstance(made, Listens):
                made.on_event(event)

    def do(self, action: str, about: str = "") -> None:
        """What an `Errand` token asks for: a tab, a sheet, another page."""
        errand = Errand(action)
        found = self.brief
        if found is None or errand is Errand.OPEN:
            return
        if errand in _TAB_OF:
            self.open_tab(_TAB_OF[errand], about)
        elif errand.on_live and not (errand is Errand.GATE and found.state is State.ANNOUNCED):
            self.elsewhere.emit("live", errand.value)
        elif errand is Errand.GATE:
            self.acts.go(found, State.GO_NO_GO)
        elif errand is Errand.PLAN:
            self.acts.go(found, State.PLANNED)
        elif errand is Errand.FILE:
            self.acts.go(found, State.FILED)
        elif errand is Errand.FLY_AGAIN:
            self.acts.fly_again(found)
        elif errand is Errand.USER_CHECK:
            self.acts.after.user_check(found)
        elif errand is Errand.CALL:
            self.acts.after.called(about)
        elif errand is Errand.DECISION:
            self.acts.after.warranted(about)
        elif errand is Errand.NEW_DATE:
            self.acts.after.new_date(found, about)
        elif errand is Errand.OUTBOX:
            self.elsewhere.emit("outbox", about)
        elif errand is Errand.PACKET:
            self.elsewhere.emit("packet", errand.value)

    def open_tab(self, name: str, about: str = "") -> None:
        """By its name; a tab nobody supplied leaves us where we are."""
        for number in range(self.tabs.count()):
            if self.tabs.tabText(number) == name:
                self._go_to(number)
                made = self._made.get(name)
                if about and isinstance(made, Focuses):
                    made.focus_on(about)

    def _go_to(self, number: int) -> None:
        """The keyboard goes along, so that the tab's own keys act at once."""
        self.tabs.setCurrentIndex(number)
        (self._made.get(self.tab) or self.tabs).setFocus()

    def _on_errand(self, token: str, about: str) -> None:
        self.do(token, about)

    def _on_passed(self) -> None:
        following = self.brief.next if self.brief is not None else None
        if self.tab_leads or following is None:
            return
        if (
            following.errand is None or following.errand is Errand.OUTBOX
        ):  # what leaves in ten seconds is not in gold
            self._notify.remark("Nothing else is to be done now.")
        else:
            self.do(following.errand.value, following.about)

    def _on_accept(self, conflict: object) -> None:
        if self.brief is not None and isinstance(conflict, ConflictRow):
            self.acts.accept(self.brief, conflict)

    def _on_cause(self, kind: str, about: str) -> None:
        """The other outage, an event’s day, the rota; the entry of an item, person or service."""
        if kind == "event" and self.brief is not None:
            self.leads.emit("calendar", self.brief.window.start.date().isoformat())
        else:
            self.leads.emit(_LEADS[kind], about)

    def _on_tab(self, number: int) -> None:
        name = self.tabs.tabText(number)
        if number and name not in self._made:
            made = self._factories[name]()
            self._made[name] = made
            self._stack.addWidget(made)
            if isinstance(made, Leads):
                made.leadsChanged.connect(self.changed)
            if isinstance(made, PassesOn):
                made.passedOn.connect(self._on_passed)
        self._stack.setCurrentWidget(self._made.get(name, self.overview))
        self._show_tab()
        self.changed.emit()

    def _show_tab(self) -> None:
        """Tell the tab in front which outage it is about, once."""
        name = self.tabs.tabText(self.tabs.currentIndex())
        made = self._made.get(name)
        if made is None or self._shown.get(name) == self._outage_id or not self._outage_id:
            return
        self._shown[name] = self._outage_id
        if isinstance(made, ShowsOutage):
            made.show_outage(self._outage_id)

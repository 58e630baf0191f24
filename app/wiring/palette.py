"""Where the command palette leads: things of the store, and everything the window can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.models.directory.facts import EntryKind
from app.models.outages.errands import Errand
from app.services.events import (
    CalendarChanged,
    ChangedElsewhere,
    DirectoryChanged,
    OutageChanged,
)
from app.services.search import Found, Index, Item, find
from app.services.search_rows import search_index
from app.views.page import HeaderAction
from app.views.palette import Palette
from app.views.settings.appearance import keep_look
from app.views.theme import SCALES, Look

if TYPE_CHECKING:
    from app.wiring.window import Window

Act = Callable[[], object]
_CHANGED = (OutageChanged, DirectoryChanged, CalendarChanged, ChangedElsewhere)
_LISTS = {
    Found.PERSON: EntryKind.PEOPLE,
    Found.SERVICE: EntryKind.SERVICES,
    Found.CI: EntryKind.CIS,
    Found.AUDIENCE: EntryKind.AUDIENCES,
}
_LOOKS = {
    Look.DARK: ("Dark", "the dark theme, for the night"),
    Look.LIGHT: ("Light", "the light theme"),
    Look.SYSTEM: ("As the desktop", "the theme follows the system"),
}


class Going:
    """`open` shows the palette. What the store holds is read when it is first opened, and again
    when it changed since; meanwhile the last reading is searched."""

    def __init__(self, window: Window, go: Callable[[str, str, str], object]) -> None:
        assert window.ops is not None and window.bridge is not None
        self._window = window
        self._shell = window.shell
        self._ops = window.ops
        self._go = go
        self._index = Index(())
        self._stale = True
        self._acts: dict[str, Act] = {}
        self._shown: Palette | None = None
        self._extra: list[tuple[str, str, Act, Callable[[], bool]]] = []
        window.bridge.happened.connect(self._on_event)
        self._shell.searchRequested.connect(self.open)
        self._shell.offer_search()

    def offer(
        self, title: str, sub: str, act: Act, *, when: Callable[[], bool] = lambda: True
    ) -> None:
        """One more thing to do, beside those of the frame, offered while `when` says so."""
        self._extra.append((title, sub, act, when))

    def open(self) -> None:
        if self._shown is not None:
            return
        actions = self._actions()
        self._shown = Palette(self._shell, lambda typed: find(typed, (actions, self._index)))
        self._shown.chosen.connect(self.follow)
        self._shown.finished.connect(self._on_closed)
        self._shown.open()
        if self._stale:
            self._ops.read(search_index, then=self._on_read, owner=self._shell)

    def follow(self, item: Item) -> None:
        """Go where `item` leads."""
        match item.kind:
            case Found.ACTION:
                self._acts[item.key]()
            case Found.OUTAGE:
                self._go("outages", item.key, Errand.OPEN.value)
            case Found.FLIGHT:
                self._go(*item.key.split(" "))
            case Found.PACKET:
                self._go("packet", item.key, "")
            case _ if self._shell.has_section("directory"):
                self._shell.goto("directory", _LISTS[item.kind].value, item.key)
            case _:
                self._shell.goto("outages", "", "")

    def _on_read(self, index: Index) -> None:
        self._index, self._stale = index, False
        if self._shown is not None:
            self._shown.refresh()

    def _on_closed(self) -> None:
        self._shown = None

    def _on_event(self, event: object) -> None:
        if isinstance(event, _CHANGED):
            self._stale = True

    # --- what can be done -----------------------------------------------------------------------

    def _actions(self) -> Index:
        self._acts = {}
        items = []
        for title, sub, act in self._things_to_do():
            if title not in self._acts:  # the page's own way of doing it comes first
                self._acts[title] = act
                items.append(Item(Found.ACTION, title, title, sub))
        return Index(items)

    def _things_to_do(self) -> Iterator[tuple[str, str, Act]]:
        yield from self._of_this_page()
        for place, section in enumerate(self._shell.sections, 1):
            keys = f"Ctrl+{place % 10}" if place <= 10 else ""  # as the keys lie
            yield f"Go to {section.label}", keys, lambda key=section.key: self._shell.goto(key)  # type: ignore[misc]
        if self._shell.has_section("directory"):
            for kind in EntryKind:
                yield (
                    f"Go to {kind.words}",
                    "a list of the directory",
                    lambda kind=kind: self._shell.goto("directory", kind.value),  # type: ignore[misc]
                )
        if self._shell.has_section("outages"):
            yield "New outage", "plan one", lambda: self._go("outages", "", "new")
            series = "skip a date, change this and following"
            yield "Series: recurring maintenance", series, lambda: self._go("outages", "", "series")
        if self._shell.has_section("calendar"):
            asking = "what must not be disturbed in a year or a quarter"
            yield "Ask department heads", asking, lambda: self._go("calendar", "", "outreach")
        yield "How this screen works, and its keys", "?", self._shell.show_keys
        yield "Full screen, and back", "F11", self._shell.toggle_alone
        for look, (words, meaning) in _LOOKS.items():
            yield f"Colours: {words}", meaning, lambda look=look: self._dress(look=look)  # type: ignore[misc]
        for percent in SCALES:
            yield (
                f"Size of everything: {percent} %",
                "zoom, larger or smaller print",
                lambda percent=percent: self._dress(percent=percent),  # type: ignore[misc]
            )
        yield "Open the log file of faults", "", self._window.open_log
        yield from ((title, sub, act) for title, sub, act, when in self._extra if when())

    def _of_this_page(self) -> Iterator[tuple[str, str, Act]]:
        page = self._shell.front
        for part in page.header_parts() if page is not None else ():
            if not isinstance(part, HeaderAction) or not part.enabled:
                continue
            here = "on this page"  # not by its title: whoever types an outage's wants the outage
            if not part.choices:
                yield part.words, " · ".join(w for w in (here, part.key) if w), part.act
            for choice in part.choices:
                if choice.enabled:
                    yield f"{part.words}: {choice.words}", here, choice.act

    def _dress(self, *, look: Look | None = None, percent: int | None = None) -> None:
        self._window.theme.choose(look, percent)
        keep_look(self._window.theme, self._window.settings)

"""The rota's screen, reached from the calendar, Today and the palette."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.models.outages.errands import Errand
from app.models.reports.document import Document
from app.services.uow import Undo
from app.views.ops import Ops
from app.views.reports.document_acts import DocumentActs
from app.views.rota.page import RotaPage
from app.views.settings.page import Part
from app.views.shell import Section

if TYPE_CHECKING:
    from app.models.reports.packet import Paper
    from app.wiring.palette import Going
    from app.wiring.window import Window

ROTA = Errand.ROTA.value


class _Papers:
    """The pack on the paper people use here, which is known once the store was read."""

    def __init__(self, window: Window, paper: Callable[[], Paper]) -> None:
        self._window, self._paper = window, paper
        self._made: dict[Paper, DocumentActs] = {}

    @property
    def _acts(self) -> DocumentActs:
        paper = self._paper()
        if paper not in self._made:
            shell = self._window.shell
            self._made[paper] = DocumentActs(shell.notify, shell, paper)
        return self._made[paper]

    def preview(self, document: Document) -> object:
        return self._acts.preview(document)

    def save_pdf(self, document: Document, name: str) -> None:
        self._acts.save_pdf(document, name)


class RotaSide:
    def __init__(
        self,
        window: Window,
        ops: Ops,
        on_undo: Callable[[Undo], object],
        paper: Callable[[], Paper],
    ) -> None:
        assert window.bridge is not None
        self._window, self._shell, self._ops = window, window.shell, ops
        self._happened = window.bridge.happened
        self._on_undo, self._papers = on_undo, _Papers(window, paper)

    def sections(self) -> tuple[Section, ...]:
        return (Section(ROTA, "Rota", "users-three", self._page, within="calendar"),)

    def _page(self) -> RotaPage:
        page = RotaPage(self._ops, self._shell.notify, self._on_undo, self._papers)
        page.storeRequested.connect(lambda: self._shell.goto("settings", Part.STORE.value))
        self._happened.connect(page.on_event)
        return page

    def offer(self, going: Going) -> None:
        """In the palette."""
        going.offer(
            "Rota: who coordinates when",
            "turns, swap, cover, hand-over pack",
            lambda: self._shell.goto(ROTA),
            when=lambda: self._shell.has_section(ROTA),
        )
        going.offer(
            "Hand the whole store over to another laptop",
            "one sealed file, passphrase",
            lambda: self._shell.goto("settings", Part.STORE.value),
            when=lambda: self._shell.has_section("settings"),
        )

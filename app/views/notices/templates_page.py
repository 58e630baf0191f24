"""The templates of every kind of notice, tried on any outage."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from app.models.notices.kinds import NoticeKind
from app.services.events import ChangedElsewhere, NoticesChanged, OutageChanged
from app.services.notices.composing import Composed
from app.services.notices.template_shelf import KindRow, TemplateShelf, template_shelf
from app.services.uow import Undo
from app.views.notices.preview_card import PreviewCard
from app.views.notices.template_card import TemplateCard
from app.views.ops import Ops
from app.views.page import Page
from app.views.theme import px
from app.views.widgets.choosers import OneOf
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card
from app.views.widgets.settling import settling
from app.views.widgets.tone import Tone

SETTLE_MS = 300
BEST = "the latest that fits"


class TemplatesPage(Page):
    """`activate(kind)` shows that kind of notice."""

    def __init__(self, ops: Ops, on_undo: Callable[[Undo], object]) -> None:
        super().__init__()
        self._ops = ops
        self._shelf: TemplateShelf | None = None
        self._wanted = self._picked = ""
        self.kinds = ListView("Kinds of notice", wraps=True)
        self.card = TemplateCard(ops, on_undo)
        self.outage = OneOf("Tried on", (), BEST)
        self.preview = PreviewCard()
        self.preview.browser_link.hide()
        self._settle = settling(self, SETTLE_MS, self._read)
        self._build()
        self.kinds.chosen.connect(lambda _key: self._on_chosen())
        self.outage.currentIndexChanged.connect(lambda _at: self._on_picked())
        self.card.tried.connect(self._on_tried)
        self.card.saved.connect(self._read)

    @property
    def title(self) -> str:
        return "Templates"

    @property
    def context(self) -> str:
        return "the words that new notices begin with"

    @property
    def help_topic(self) -> str:
        return "templates"

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("↑ ↓", "choose a kind of notice"),
            ("Ctrl+Space", "insert a field, in the source"),
            ("Ctrl+S", "save, in the source"),
            ("Ctrl+Z", "take back what was saved, outside of the source"),
        )

    def activate(self, *args: object) -> None:
        self._wanted = str(args[0]) if args else self._wanted
        self._read()
        self.kinds.setFocus()

    def on_event(self, event: object) -> None:
        """Connect to the bridge."""
        if self.isVisible() and isinstance(
            event, NoticesChanged | OutageChanged | ChangedElsewhere
        ):
            self._settle.start()

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        shelf = Card("Kinds of notice", bleed=True)
        shelf.body.addWidget(self.kinds)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        line = QHBoxLayout()
        line.setSpacing(px(8))
        line.addWidget(Words("Tried on", "sub"))
        line.addWidget(self.outage, 1)
        column.addLayout(line)
        self._none = Words(
            "There is no outage yet. Plan one, and its own data is seen here.", "sub", wrap=True
        )
        self._none.hide()
        column.addWidget(self._none)
        column.addWidget(self.preview, 1)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setHandleWidth(px(16))
        self.split.setChildrenCollapsible(False)
        self.split.setStyleSheet("QSplitter::handle { background: transparent; }")
        for number, (part, least, stretch) in enumerate(
            ((shelf, 190, 0), (self.card, 320, 12), (right, 280, 10))
        ):
            part.setMinimumWidth(px(least))
            self.split.addWidget(part)
            self.split.setStretchFactor(number, stretch)
        self.split.setSizes([px(230), px(520), px(420)])
        box.addWidget(self.split)

    def _read(self) -> None:
        self._ops.read(template_shelf, then=self._show)

    def _show(self, shelf: TemplateShelf) -> None:
        known = self._shelf.outages if self._shelf is not None else ()
        self._shelf = shelf
        chosen = self._wanted or self._kind() or shelf.kinds[0].kind.value
        self._wanted = ""
        held = self.kinds.blockSignals(True)
        self.kinds.model_rows.apply([_row(row) for row in shelf.kinds])
        self.kinds.choose(chosen)
        self.kinds.blockSignals(held)
        if shelf.outages != known:  # else what is typed into it stands
            held = self.outage.blockSignals(True)
            self.outage.offer(shelf.outages)
            self.outage.blockSignals(held)
        self.outage.setVisible(bool(shelf.outages))
        self._none.setVisible(not shelf.outages)
        self._on_chosen()

    def _kind(self) -> str:
        row = self.kinds.current()
        return row.key if row is not None else ""

    def _on_chosen(self) -> None:
        shelf, key = self._shelf, self._kind()
        if shelf is None or not key:
            return
        kind = NoticeKind(key)
        outage_id = self._picked if self._picked in shelf.fits else shelf.outage_for(kind)
        held = self.outage.blockSignals(True)
        self.outage.choose(outage_id)
        self.outage.blockSignals(held)
        self.card.show_kind(kind, outage_id)

    def _on_picked(self) -> None:
        """It stays for every kind, until the latest that fits is wanted again."""
        self._picked = self.outage.chosen()
        self._on_chosen()

    def _on_tried(self, made: Composed) -> None:
        self.preview.show_composed(made)
        self.preview.browser_link.hide()


def _row(row: KindRow) -> ListRow:
    said = "built in"
    if row.refused:
        said = "yours is not allowed any more, so the built-in is used: open it to see why"
    elif row.own:
        said = f"revision {row.revision} · {row.saved_by}"
    if row.services:
        said += " · one service has its own"
        if row.services > 1:
            said = said.replace("one service has its", f"{row.services} services have their")
    return ListRow(
        row.kind.value,
        row.kind.words,
        said,
        tone=Tone.BAD if row.refused else None,
        pill="ours" if row.own else "",
        spoken=f"{row.kind.words}: {said}",
    )

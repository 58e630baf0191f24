"""The rota: who coordinates when, where nobody does, and the hand-over at the end of a turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout

from app.models.reports.document import markdown
from app.models.rota.pack import PackData, pack_document
from app.models.rota.turns import say_days
from app.services.events import CalendarChanged, ChangedElsewhere, DirectoryChanged, TakenBack
from app.services.rota.looking import HandoverRows, handover_rows
from app.services.rota.pack import pack_data
from app.services.rota.reading import NO_ONE, RotaRows, TroubleRow, TurnRow, rota_rows
from app.services.uow import Undo
from app.views.absences import AbsencePanel
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import HeaderAction, HeaderPart, Page
from app.views.rota.acts import RotaActs
from app.views.rota.handover_card import HandoverCard, Papers
from app.views.rota.load_card import LoadCard
from app.views.theme import px
from app.views.widgets.columns import Columns
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, SentenceRow, button, clear, tab_here
from app.views.widgets.tone import Tone

MOST_TROUBLES = 8
_AROUND = (CalendarChanged, ChangedElsewhere, DirectoryChanged, TakenBack)


class RotaPage(Page):
    """`storeRequested`: hand the whole store over."""

    storeRequested = Signal()

    def __init__(
        self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object], papers: Papers
    ) -> None:
        super().__init__()
        self._ops, self._tell = ops, tell
        self._rows: RotaRows | None = None
        self._over: HandoverRows | None = None
        self._looked = False
        self.acts = RotaActs(ops, tell, on_undo, self)
        self.list = ListView("Turns", lead_width=230)
        self.list.opened.connect(self._on_opened)
        self.handover = HandoverCard(
            ops, papers, self._acknowledge, lambda: self.storeRequested.emit()
        )
        self.load = LoadCard(ops, tell, on_undo)
        self.away = AbsencePanel(ops, tell, on_undo)
        self._build()

    def _build(self) -> None:
        whole = QHBoxLayout(self)
        whole.setContentsMargins(px(22), px(16), px(22), px(16))
        columns = Columns(1, 1)
        whole.addWidget(columns)
        self._turns = QStackedWidget()
        card = Card("Turns", "Enter: somebody covers days of it", bleed=True)
        card.body.addWidget(self.list)
        self.list.setMinimumHeight(px(180))
        nobody = Card("Turns")
        nobody.body.addWidget(
            EmptyState(NO_ONE, button("Set the rota…", self._set, tone="primary"))
        )
        self._turns.addWidget(card)
        self._turns.addWidget(nobody)
        columns.left.addWidget(self._turns, 3)
        columns.left.addWidget(self.load, 2)
        self._wrong = Card("Days to see to")
        self._days = QVBoxLayout()
        self._wrong.body.addLayout(self._days)
        columns.right.addWidget(self._wrong)
        self._away = Card("Who is away")
        self._away.body.addWidget(self.away)
        columns.right.addWidget(self._away)
        columns.right.addWidget(self.handover, 1)
        self.right = columns.right

    # --- what the shell asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        return "Rota"

    @property
    def context(self) -> str:
        rows = self._rows
        if rows is None or not rows.rule:
            return "who coordinates when"
        until = f" · turns up to {say_days(rows.until, rows.until)}" if rows.until else ""
        return f"{', '.join(name for _, name in rows.order)}: {rows.rule}{until}"

    @property
    def help_topic(self) -> str:
        return "rota"

    def header_parts(self) -> Sequence[HeaderPart]:
        return (
            HeaderAction("Cover days…", self._cover, key="Alt+C"),
            HeaderAction("Swap…", self._swap, key="Alt+S"),
            HeaderAction("Add absence…", self._add_absence, key="Alt+A"),
            HeaderAction("Set the rota…", self._set, key="Alt+R"),
        )

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("Enter", "somebody covers days of the chosen turn"),
            ("Alt+C", "cover some days"),
            ("Alt+S", "swap two turns"),
            ("Alt+A", "somebody is away"),
            ("Alt+R", "set who takes turns"),
            ("Ctrl+Z", "take the last change back"),
        )

    def activate(self, *args: object) -> None:
        self._looked = True
        self.refresh()

    def refresh(self) -> None:
        self._ops.read(rota_rows, then=self.show_rows)
        self._ops.read(handover_rows, then=self.show_handover)
        self.load.refresh()

    def on_event(self, event: object) -> None:
        """Connect to Bridge.happened."""
        if self._looked and isinstance(event, _AROUND):
            self.refresh()

    # --- showing -----------------------------------------------------------------------------

    def show_rows(self, rows: RotaRows) -> None:
        self._rows = rows
        self.list.model_rows.apply([_turn(turn) for turn in rows.turns])
        if rows.turns and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.list.model_rows.index(0))
        self._turns.setCurrentIndex(1 if rows.empty else 0)
        clear(self._days)
        for number, trouble in enumerate(rows.troubles[:MOST_TROUBLES]):
            self._days.addWidget(self._row(trouble, separated=number > 0))
        left = len(rows.troubles) - MOST_TROUBLES
        if left > 0:
            self._days.addWidget(SentenceRow(f"{left} more, later."))
        if not rows.troubles:
            said = "Every day has one coordinator" if rows.turns else "No turn is to come"
            reach = f", up to {say_days(rows.until, rows.until)}" if rows.until else ""
            self._days.addWidget(SentenceRow(f"{said}{reach}."))
        many = len(rows.troubles)
        self._wrong.show_as("Days to see to", str(many or ""), Tone.WARN if many else Tone.PLAIN)
        tab_here(self._wrong)
        turns = {turn.person_id: turn.name for turn in rows.turns}
        self._away.setVisible(bool(rows.people))
        self.away.show_people(tuple({**dict(rows.people), **turns}.items()))
        self.headerChanged.emit()

    def _row(self, trouble: TroubleRow, *, separated: bool) -> SentenceRow:
        act = button(
            "Cover…",
            lambda: self._cover_days(trouble),
            spoken=f"Cover: {trouble.sentence}",
        )
        return SentenceRow(trouble.sentence, act=act, separated=separated)

    def show_handover(self, rows: HandoverRows) -> None:
        self._over = rows
        self.handover.show_rows(rows)

    # --- acting ------------------------------------------------------------------------------

    def _chosen(self) -> TurnRow | None:
        row = self.list.current()
        turns = self._rows.turns if self._rows is not None else ()
        return next((t for t in turns if row is not None and t.id == row.key), None)

    def _on_opened(self, _key: str) -> None:
        self._cover()

    def _cover(self) -> None:
        rows, turn = self._rows, self._chosen()
        if rows is not None:
            first = max(rows.today, turn.starts) if turn is not None else rows.today
            self.acts.cover(rows, first, first)

    def _cover_days(self, trouble: TroubleRow) -> None:
        if self._rows is not None:
            self.acts.cover(self._rows, trouble.first, trouble.last)

    def _swap(self) -> None:
        turn = self._chosen()
        if self._rows is not None:
            self.acts.swap(self._rows, turn.id if turn is not None else "")

    def _add_absence(self) -> None:
        turn = self._chosen()
        asked = self.away.add(turn.person_id, turn.starts) if turn else self.away.add()
        if asked is None:
            self._tell.remark("There is nobody in the directory yet who could be away.")

    def _set(self) -> None:
        if self._rows is not None:
            self.acts.set(self._rows)

    def _acknowledge(self) -> None:
        """With the pack as it stands now, notes included."""

        def ask(data: PackData) -> None:
            if self._rows is not None and self._over is not None:
                pack = markdown(pack_document(data))
                self.acts.acknowledge(self._rows, self._over.over, pack)

        def read() -> None:
            self._ops.read(pack_data, then=ask, owner=self)

        if not self.handover.notes.keep(read):
            read()


def _turn(turn: TurnRow) -> ListRow:
    days = (turn.ends - turn.starts).days + 1
    return ListRow(
        key=turn.id,
        title=turn.name,
        sub=f"{days} day{'s' if days != 1 else ''}",
        lead=turn.days,
        pill=turn.trouble or ("now" if turn.now else ""),
        pill_tone=Tone.WARN if turn.trouble else Tone.INFO,
        tone=Tone.WARN if turn.trouble else Tone.PLAIN,
    )

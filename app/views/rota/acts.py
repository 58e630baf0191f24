"""What can be done with the rota, each asked in a sheet: set, swap, cover, acknowledge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.models.errors import ConsoleError
from app.services.rota.handover import Turnover, acknowledge
from app.services.rota.reading import RotaRows
from app.services.rota.turns import Changed, cover, set_rota, swap
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.widgets.sheet import ANY, Answers, Ask, Kind, Sheet

MOST = 40
"""People who take turns: so many months are more than three years."""


class RotaActs(QObject):
    def __init__(
        self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object], over: QWidget
    ) -> None:
        super().__init__(over)
        self._ops, self._tell, self._on_undo, self._over = ops, tell, on_undo, over

    def set(self, rows: RotaRows) -> Sheet:
        nobody = ("", "nobody")
        order = [key for key, _ in rows.order]
        most = max(min(MOST, len(rows.people)), len(order) + 1)
        asks = [
            Ask(
                "rule",
                "They change",
                value=rows.rule or "every month",
                hint="every month, every 2 weeks on Monday, or an RRULE",
            ),
            Ask("starts", "From", Kind.DAY, _next_day(rows).isoformat()),
            *(
                Ask(
                    f"person{number}",
                    "First" if not number else f"Then, {number + 1}",
                    Kind.FOUND,
                    value=order[number] if number < len(order) else "",
                    choices=(nobody, *rows.people),
                    only_with=(f"person{number - 1}", ANY) if number else None,
                )
                for number in range(most)
            ),
        ]
        words = (
            "People take turns in this order, again and again, a year ahead. What was agreed for "
            "days from then on gives way."
        )
        sheet = Sheet(self._over, "Set the rota", words, asks, "Set it")

        def answered(answers: Answers) -> None:
            people = [answers[f"person{n}"] for n in range(most) if answers[f"person{n}"]]
            starts = date.fromisoformat(answers["starts"])
            self._run(sheet, set_rota, answers["rule"], starts, people)

        sheet.answered.connect(answered)
        sheet.open()
        return sheet

    def cover(self, rows: RotaRows, first: date, last: date, person: str = "") -> Sheet:
        first = max(first, rows.today)
        asks = [
            Ask("person", "Who covers", Kind.FOUND, value=person, choices=rows.people,
                needed="Choose who it is; typing finds a name."),
            Ask("first", "First day", Kind.DAY, first.isoformat()),
            Ask("last", "Last day", Kind.DAY, max(first, last).isoformat()),
        ]  # fmt: skip
        words = "They are on duty on these days, both included, whoever was."
        sheet = Sheet(self._over, "Cover some days", words, asks, "Cover")

        def answered(answers: Answers) -> None:
            days = (date.fromisoformat(answers[key]) for key in ("first", "last"))
            self._run(sheet, cover, answers["person"], *days)

        sheet.answered.connect(answered)
        sheet.open()
        return sheet

    def swap(self, rows: RotaRows, chosen: str = "") -> Sheet | None:
        """None: there are no two turns of two people."""
        if len({turn.person_id for turn in rows.turns}) < 2:
            self._tell.remark("Two people need a turn each before they can swap.")
            return None
        turns = list(rows.turns)
        one = next((turn for turn in turns if turn.id == chosen), turns[0])
        at = turns.index(one)
        others = (*turns[at:], *reversed(turns[:at]))
        other = next(turn for turn in others if turn.person_id != one.person_id)
        choices = tuple((turn.id, f"{turn.days} · {turn.name}") for turn in turns)
        asks = [
            Ask("one", "This turn", Kind.CHOICE, value=one.id, choices=choices),
            Ask("other", "With this one", Kind.CHOICE, value=other.id, choices=choices),
        ]
        words = "The two turns change hands. Of a turn under way, what is past stays as it was."
        sheet = Sheet(self._over, "Swap two turns", words, asks, "Swap")
        sheet.answered.connect(lambda a: self._run(sheet, swap, a["one"], a["other"]))
        sheet.open()
        return sheet

    def acknowledge(self, rows: RotaRows, over: Turnover, pack: str) -> Sheet:
        people = tuple((key, name) for key, name in rows.people if key != over.leaving_id)
        asks = [
            Ask("person", "Who takes over", Kind.FOUND, value=over.incoming_id, choices=people,
                needed="Choose who it is; typing finds a name."),
        ]  # fmt: skip
        words = (
            f"They have read the pack of {over.leaving}, with the notes, and take over. Name and "
            "time go into the log, with the pack as it is now."
        )
        sheet = Sheet(self._over, "Acknowledge the hand-over", words, asks, "Acknowledge")

        def done(undo: Undo) -> None:
            sheet.accept()
            self._on_undo(undo)
            self._tell.info("The hand-over is acknowledged; Ctrl+Z takes it back.")

        sheet.answered.connect(
            lambda answers: self._ops.run(
                acknowledge, over, answers["person"], pack,
                then=done, failed=lambda refusal: sheet.refuse(refusal.sentence), owner=sheet,
            )
        )  # fmt: skip
        sheet.open()
        return sheet

    def _run(self, sheet: Sheet, use_case: Callable[..., Changed], *args: object) -> None:
        def done(changed: Changed) -> None:
            sheet.accept()
            self._on_undo(changed.undo)
            self._tell.info(f"{changed.sentence} Ctrl+Z takes it back.")

        def failed(refusal: ConsoleError) -> None:
            sheet.refuse(refusal.sentence)

        self._ops.run(use_case, *args, then=done, failed=failed, owner=sheet)


def _next_day(rows: RotaRows) -> date:
    """The first of the coming month, as turns mostly change then; with nobody, today."""
    if rows.empty:
        return rows.today
    return (rows.today.replace(day=28) + (date(2000, 1, 5) - date(2000, 1, 1))).replace(day=1)

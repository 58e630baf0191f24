"""The decision card as Live shows it: who decides, and what was decided already. Read only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlmodel import col

from app.models.directory.words import in_one
from app.models.outages.decisions import Act, CardLine, card_from
from app.models.tables.live import Decision
from app.models.tables.outages import Outage
from app.models.times import speak_time, to_wall
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class CardRow:
    """`decided` are the decisions taken by this line, oldest first: `20:52 H. Brandt: extend …`."""

    act: Act
    title: str
    then: str
    decided: tuple[str, ...] = ()

    @property
    def sub(self) -> str:
        """What was decided, then what to do when nobody answers."""
        return " · ".join(part for part in (*self.decided, self.then) if part)


def card_rows(uow: UnitOfWork, outage_id: str) -> tuple[CardRow, ...]:
    """A query. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    taken: dict[str, list[str]] = {}
    order = (col(Decision.number),)
    for decision in uow.all(Decision, col(Decision.outage_id) == outage_id, order=order):
        at = decision.answered_at or decision.asked_at
        clock = f"{speak_time(to_wall(at, outage.zone))} " if at is not None else ""
        said = f"{clock}{decision.answered_by}: {decision.answer}"
        taken.setdefault(decision.act, []).append(said)
    return tuple(
        _row(line, tuple(taken.get(line.act.value, ()))) for line in card_from(outage.decision_card)
    )


def _row(line: CardLine, decided: tuple[str, ...]) -> CardRow:
    shown = replace(line, phone=in_one(line.phone), deputy_phone=in_one(line.deputy_phone))
    then = f"wait {line.wait} min, then {line.then}" if line.who and line.then else line.then
    return CardRow(line.act, f"{line.words}: {shown.reach}", then, decided)

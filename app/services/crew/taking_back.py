"""A tap taken back on the phone that made it: the step is as it was before, by the rules of the
console's own undo; the log keeps both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from textwrap import shorten
from typing import Any, get_args

from sqlmodel import col, select

from app.models.crew.links import LinkKind
from app.models.crew.taps import BACK_WITHIN, TapAct, begun_after, happened_at, require_tap_id
from app.models.errors import NotAllowed, Stale
from app.models.ids import StepId
from app.models.outages.lifecycle import State
from app.models.runbook import SETTLED, Phase, StepKind, StepState, columns, in_play
from app.models.runbook import Step as Known
from app.models.tables.crew import CrewLink, CrewTap
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.crew.asking import asking_help
from app.services.crew.board import Plain, step_news
from app.services.crew.links import Scope, scope_of
from app.services.crew.taps import (
    BY_PHONE,
    NoScope,
    Tap,
    known_tap,
    own_step,
    remember,
    take_tap,
)
from app.services.events import StepsChanged
from app.services.inverses import RowBefore, Undo
from app.services.runbook.board import TURNED_BACK
from app.services.runbook.loading import Loaded, load_steps
from app.services.runbook.turned_back import require_not_undone_since
from app.services.uow import UnitOfWork, put_back

MOST_SAID = 80
"""Characters of what came since that a refusal repeats."""
GATES = (StepKind.GATE, StepKind.ALL_CLEAR)
_MOMENTS = frozenset(
    name for name, each in Step.model_fields.items() if datetime in get_args(each.annotation)
)
_TELL = "Tell the coordinator, who can put it right in the console."


def tap_with(uow: UnitOfWork, token: str, tap: Tap) -> Plain | None:
    """What `take_tap` or `take_back` does, by the token alone: whether the link still stands is
    asked in the same transaction. Raises NoScope, and what they do."""
    scope = scope_of(uow, LinkKind.CREW, token)
    if scope is None:
        raise NoScope("This link opens nothing.")
    return take_back(uow, scope, tap) if tap.act is TapAct.BACK else take_tap(uow, scope, tap)


def take_back(uow: UnitOfWork, scope: Scope, tap: Tap) -> Plain | None:
    """The step is as it was before `tap.of`: what is new of it (see `step_news`); None when that
    tap never came or is taken back already. Raises BadInput; NotFound; NotAllowed when others went
    on by it, or it is too long ago; Stale when somebody did something to the step since."""
    require_tap_id(tap.of)
    if known_tap(uow, scope, tap.id):
        return None
    at = happened_at(tap.at, uow.now) or uow.now
    row = own_step(uow, scope, tap.step_id)
    made = _counted(uow, scope, tap)
    if made is None:
        return None
    outage, loaded = uow.fetch(Outage, row.outage_id), load_steps(uow, row.outage_id)
    step = loaded.step[StepId(row.id)]
    _require_in_time(uow, outage, step, made, at)
    inverse = _inverse(uow, row, made)
    if made.act.moves:
        _require_nothing_on_it(outage, loaded, step, made, inverse)
    said = f"took back “{made.act.words}” of {step.label}"
    put_back(uow, inverse)
    require_not_undone_since(uow, row.id)
    made.archived_at = uow.now
    again = f", which is {row.state.words} again" if made.act.moves else ""
    uow.log(f"{said}{again}", row, who=scope.name, via=BY_PHONE, kind="taken_back", at=at)
    uow.emit(StepsChanged(outage.id, tuple(StepId(each.id) for each in inverse.rows)))
    remember(uow, scope, tap, made.act.words, at)
    uow.session.flush()
    return _news(uow, outage, row)


def _counted(uow: UnitOfWork, scope: Scope, tap: Tap) -> CrewTap | None:
    """The tap that is meant, if it came and stands. Raises NotAllowed for what is no such tap."""
    query = (
        select(CrewTap)
        .join(CrewLink, col(CrewLink.id) == col(CrewTap.link_id))
        .where(CrewTap.tap == tap.of, CrewTap.step_id == tap.step_id)
        .where(CrewLink.person_id == scope.person_id, col(CrewTap.archived_at).is_(None))
    )
    made = uow.session.exec(query).first()
    if made is not None and not made.act.goes_back:
        raise NotAllowed(
            f"{made.act.words.capitalize()} stays as it is; send a note that puts it right."
        )
    return made


def _require_in_time(
    uow: UnitOfWork, outage: Outage, step: Known, made: CrewTap, at: datetime
) -> None:
    if outage.state in (State.FILED, State.CANCELLED):
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}; nothing was changed.")
    counted = made.created_at or made.at
    if at > counted + BACK_WITHIN * uow.speed:
        minutes = int(BACK_WITHIN.total_seconds() // 60)
        raise NotAllowed(
            f"“{made.act.words}” of {step.label} came more than {minutes} minutes before, so it "
            f"stands. {_TELL}"
        )


def _inverse(uow: UnitOfWork, row: Step, made: CrewTap) -> Undo:
    """As the log entry of the tap tells it. Raises Stale, saying who did what since."""
    query = (
        select(LogEntry)
        .where(LogEntry.outage_id == row.outage_id, LogEntry.about_id == row.id)
        .order_by(col(LogEntry.number).desc())
        .limit(1)
    )
    entry = uow.session.exec(query).one()
    told = json.loads(entry.text).get("data", {})
    if told.get("mark") != made.tap:
        label = f"{row.code} {row.title}"
        since = entry.what.removeprefix(f"{label}: ").replace(label, "it")
        raise Stale(
            f"{label} changed since you tapped “{made.act.words}” ({entry.who}: "
            f"{shorten(since, MOST_SAID, placeholder=' …')}), so that stands. This is how it is "
            f"now. {_TELL}"
        )
    return Undo(made.act.words, row.outage_id, tuple(map(_row_before, told["before"])))


def _row_before(told: Mapping[str, Any]) -> RowBefore:
    """Of a step: a tap changes no other rows of the runbook."""
    values: dict[str, Any] = {
        name: datetime.fromisoformat(kept) if kept and name in _MOMENTS else kept
        for name, kept in told.items()
        if name not in ("table", "id", "after")
    }
    if "state" in values:
        values["state"] = StepState(values["state"])
    return RowBefore(told["table"], told["id"], told["after"], values)


def _require_nothing_on_it(
    outage: Outage, loaded: Loaded, step: Known, made: CrewTap, inverse: Undo
) -> None:
    """Others went on because of it. Raises NotAllowed, naming what did."""
    counted = made.created_at or made.at
    passed = next(
        (
            each
            for each in loaded.known
            if each.kind in GATES and each.ended_at is not None and each.ended_at >= counted
        ),
        None,
    )
    if passed is not None:
        raise NotAllowed(
            f"{passed.label} was passed since, and went by what you had tapped, so that stands. "
            f"{_TELL}"
        )
    begun = outage.started_at is not None and outage.started_at >= counted
    ended = outage.ended_at is not None and outage.ended_at >= counted
    if ended or (begun and step.phase is Phase.BEFORE):
        raise NotAllowed(
            f"{outage.code} has {'ended' if ended else 'begun'} since, and went by what you had "
            f"tapped, so that stands. {_TELL}"
        )
    was = next((row.values or {} for row in inverse.rows if row.id == step.id), {})
    if step.state not in SETTLED or was.get("state", step.state) in SETTLED:
        return
    playing = in_play(loaded.known, backing_out=outage.state in TURNED_BACK)
    on_it = begun_after(playing, step.id)
    if on_it is not None:
        mine = on_it.owner == step.owner and on_it.owner is not None
        then = f"If that is wrong, too, take {on_it.code} back first." if mine else _TELL
        raise NotAllowed(
            f"{on_it.label} is {on_it.state.words} already, as {step.label} was done, so that "
            f"stands. {then}"
        )


def _news(uow: UnitOfWork, outage: Outage, row: Step) -> Plain:
    loaded = load_steps(uow, outage.id)
    playing = in_play(loaded.known, backing_out=outage.state in TURNED_BACK)
    step = next(each for each in playing if each.id == row.id)
    helping = StepId(row.id) in asking_help(uow, outage.id, loaded)
    news = step_news(row, step, TapAct.NOTE)
    return {**news, "column": columns(playing)[step.id].value, "help": helping, "back": None}

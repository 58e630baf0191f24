"""A tap on a phone: the use cases of the board and Live, once each, by whose link it is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from app.models.crew.taps import (
    NOTE_LENGTH,
    TapAct,
    act_for,
    happened_at,
    require_tap_id,
    taps_for,
)
from app.models.errors import BadInput, NotAllowed, NotFound, Stale
from app.models.ids import StepId
from app.models.runbook import Step as Known
from app.models.runbook import StepAct, StepKind, begins
from app.models.tables.crew import CrewLink, CrewTap
from app.models.tables.directory import Person
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.crew.asked import steps_asked
from app.services.crew.board import Plain, back_offer, step_news
from app.services.crew.links import Scope, note_opened
from app.services.events import CrewChanged
from app.services.runbook.acting import Report, do_act, hear, needs_decision
from app.services.runbook.loading import Loaded
from app.services.uow import UnitOfWork

BY_PHONE = "the crew board"
"""Stands as `via` beside the name of whoever tapped."""
LOOKED_BACK = 30
ACTS = frozenset(StepKind) - {StepKind.WORK, StepKind.CHECK}


class NoScope(NotFound):
    """The link opens nothing (any more)."""


@dataclass(frozen=True, slots=True)
class Tap:
    """`seen` is the step's version the phone showed; `at` when it was tapped if that was not now;
    `until` is what a block waits for; `of` the id of the tap that is taken back."""

    id: str
    step_id: str
    act: TapAct
    seen: int
    at: datetime | None = None
    note: str = ""
    until: datetime | None = None
    of: str = ""


def take_tap(uow: UnitOfWork, scope: Scope, tap: Tap) -> Plain | None:
    """What is new of the step, for the other phones (see `step_news`); None when it was taken
    before, and nothing was changed. Raises BadInput; NotFound; NotAllowed for a step of somebody
    else's, an act, and what the runbook's rules refuse; Stale when the step is no longer as the
    phone showed it."""
    if known_tap(uow, scope, tap.id):
        return None
    if tap.act in (TapAct.PHOTO, TapAct.BACK):
        raise BadInput(f"{tap.act.words.capitalize()} is sent by itself; nothing was changed.")
    note = _note(tap)
    at = happened_at(tap.at, uow.now)
    row = own_step(uow, scope, tap.step_id)
    outage = uow.fetch(Outage, row.outage_id)
    loaded = steps_asked(uow, outage, row, tap.act)
    step = loaded.step[StepId(row.id)]
    if tap.act.moves and tap.seen != row.version and not _only_words(uow, scope, row, tap.seen):
        raise Stale(
            f"{step.label} changed before your tap came, so nothing was overwritten. This is how "
            "it stands now; tap again if it is still right."
        )
    if tap.act not in taps_for(step):
        raise NotAllowed(f"{step.label} is {step.state.words}; nothing was changed.")
    until = tap.until if tap.until is None or tap.until > uow.now else None  # over meanwhile
    report = Report(by=scope.name, via=BY_PHONE, note=note, until=until, at=at)
    act = act_for(step, tap.act)
    if act is not None:
        _require_undecided(outage, loaded, step, act, at or uow.now)
        step = do_act(uow, outage, loaded, row, act, report).step[step.id]
    else:
        hear(uow, row.id, report, seen=row.version)
    if tap.act.goes_back:
        uow.tell_before(tap.id)
    remember(uow, scope, tap, note, at or uow.now)
    uow.session.flush()  # its version rises with it
    new = tap.act.goes_back and row.updated_at == uow.now
    back = back_offer(uow, tap.id, tap.act, uow.now) if new else None
    return {**step_news(row, step, tap.act), "back": back}


def known_tap(uow: UnitOfWork, scope: Scope, tap_id: str) -> bool:
    """Whether it was taken already. Raises BadInput for what is no id."""
    require_tap_id(tap_id)
    query = select(CrewTap).where(CrewTap.link_id == scope.link_id, CrewTap.tap == tap_id)
    return uow.session.exec(query).first() is not None


def own_step(uow: UnitOfWork, scope: Scope, step_id: str) -> Step:
    """A step that this person may report on. Raises NotFound, NotAllowed."""
    row = uow.fetch(Step, step_id)
    if row.outage_id != scope.outage_id:
        raise NotFound("That step is not of this flight; nothing was changed.")
    if row.kind in ACTS:
        raise NotAllowed(
            f"{row.code} {row.title} is done in the console, by the coordinator; here it is only "
            "shown."
        )
    _require_own(uow, scope, row)
    return row


def _note(tap: Tap) -> str:
    note = tap.note.strip()
    if len(note) > NOTE_LENGTH:
        raise BadInput(f"That is over {NOTE_LENGTH:,} characters; nothing was written. Shorten it.")
    if tap.act is TapAct.NOTE and not note:
        raise BadInput("The note is empty; nothing was written.")
    if tap.act is TapAct.HELP:
        return f"needs help: {note}" if note else "needs help"
    return "" if tap.act is TapAct.STILL else note


def _require_undecided(
    outage: Outage, loaded: Loaded, step: Known, act: StepAct, at: datetime
) -> None:
    """What needs a named decision is begun where it is recorded, not by a tap."""
    why = needs_decision(outage, loaded, step, at) if begins(step, act) else ""
    if why:
        raise NotAllowed(
            f"To {why}: that is a decision. Ask the coordinator, who begins it in the console; "
            "nothing was changed."
        )


def _require_own(uow: UnitOfWork, scope: Scope, row: Step) -> None:
    """A step that nobody owns is anybody's of the crew."""
    if row.owner_id in (None, scope.person_id):
        return
    owner = uow.find(Person, row.owner_id or "")
    raise NotAllowed(
        f"{row.code} {row.title} is {owner.name if owner else 'somebody else'}’s; nothing was "
        "changed. Tell them, or the coordinator."
    )


def _only_words(uow: UnitOfWork, scope: Scope, row: Step, seen: int) -> bool:
    """Since the version that was `seen` nobody else did anything to the step but say that they
    heard of it, and what this person tapped themselves is no news to them."""
    if not 0 < seen < row.version:
        return False
    query = (
        select(LogEntry)
        .where(LogEntry.outage_id == row.outage_id, LogEntry.about_id == row.id)
        .order_by(col(LogEntry.number).desc())
        .limit(LOOKED_BACK)
    )
    explained = set()
    for entry in uow.session.exec(query):
        own = (entry.who, entry.via) == (scope.name, BY_PHONE)
        if own or entry.kind == "heard":
            for kept in json.loads(entry.text)["rows"]:
                if kept.get("id") == row.id:
                    explained.add(kept["version"])
    return all(version in explained for version in range(seen + 1, row.version + 1))


def remember(uow: UnitOfWork, scope: Scope, tap: Tap, note: str, at: datetime) -> None:
    """It counted, and is the last that was heard of this person. A taking back is kept only so
    that it counts once: as if it were archived, it says nothing of the step."""
    link = uow.fetch(CrewLink, scope.link_id)
    link.heard_at = uow.now
    if link.opened_at is None:
        note_opened(uow, link.id)
    uow.add(
        CrewTap(
            organisation_id=uow.organisation_id,
            outage_id=scope.outage_id,
            link_id=scope.link_id,
            step_id=tap.step_id,
            tap=tap.id,
            act=tap.act,
            at=at,
            note=note,
            archived_at=uow.now if tap.act is TapAct.BACK else None,
        )
    )
    uow.emit(CrewChanged(scope.outage_id))

"""The board of one outage as a phone shows it: plain values, made once for all who look on.

Moments are whole seconds since 1970 (UTC), None where there is none; the phone speaks them in the
window's zone and counts the minutes itself, so that what did not change is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col

from app.models.crew.taps import BACK_WITHIN, TapAct, begun_after, taps_for
from app.models.ids import StepId
from app.models.outages.lifecycle import BEFORE_START, FLYING, State
from app.models.runbook import Step as Known
from app.models.runbook import (
    by_id,
    column_of,
    is_act,
    waits_for,
)
from app.models.tables.crew import CrewTap
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.bridge.joining import how_to_join
from app.services.crew.asking import MORE
from app.services.crew.links import standing_links
from app.services.outages.planning import bridge_of
from app.services.reports.packet_people import call_list
from app.services.reports.packet_steps import Flown
from app.services.runbook.board import BoardRows, Card, look_at
from app.services.runbook.loading import Loaded
from app.services.runbook.opening import has_its_turn
from app.services.uow import UnitOfWork

Plain = dict[str, Any]
OF_THE_CREW = frozenset({"how", "words", "note", "taps", "who", "mail", "back"})
"""Of a step: what whoever only looks on is not shown."""


class GaveWay(Exception):
    """The board was not made to its end, as something more urgent waits for the database."""


@dataclass(frozen=True, slots=True)
class PhoneBoard:
    """`head` is the flight, `steps` by id in the runbook's order. `bridge` is for the crew alone.
    `standing` are the ids of the links that open it."""

    head: Plain
    bridge: Plain | None
    steps: dict[str, Plain]
    standing: frozenset[str]


def phone_board(
    uow: UnitOfWork, outage_id: str, gives_way: Callable[[], bool] = lambda: False
) -> PhoneBoard:
    """A query. Raises NotFound; GaveWay when between two of its parts `gives_way` says so."""

    def look_up() -> None:
        if gives_way():
            raise GaveWay

    look_up()
    seen = look_at(uow, outage_id, look_up)
    look_up()
    outage, loaded, expected, rows = seen.outage, seen.loaded, seen.expected, seen.rows
    index = by_id(seen.playing)
    owners = {row.id: row.owner_id or "" for row in loaded.rows}
    names = {card.step_id: card.owner for card in rows.cards}
    backs = _backs(uow, outage_id, loaded, seen.playing)
    begun = outage.state in FLYING
    steps: dict[str, Plain] = {}
    for card in rows.cards:
        step = index[card.step_id]  # on the way back it waits for other steps
        times = expected.steps.get(card.step_id)
        waits = [index[other.id] for other in waits_for(step, index)]
        steps[card.step_id] = without_empty(
            {
                **_card(card, loaded, owners[card.step_id]),
                "waits": [[w.code, w.title, names.get(w.id, "")] for w in waits],
                "taps": _taps(outage, step),
                "from": _s(step.started_at or (times.start if times else None)),
                "to": _s(step.ended_at or (times.end if times else None)),
                "late": bool(begun and times and times.late),
                "help": card.asks_help,
                "mail": card.mailed,
                "back": backs.get(card.step_id),
            }
        )
    bridge = bridge_of(uow, outage_id)
    way_in = how_to_join(bridge)
    return PhoneBoard(
        head=_head(rows, outage, uow),
        bridge={
            "line": way_in,
            "link": bridge.join_link if bridge.closed_at is None else "",
            "open": bridge.opened_at is not None and bridge.closed_at is None,
        }
        if bridge is not None and way_in
        else None,
        steps=steps,
        standing=standing_links(uow, outage_id),
    )


def step_news(row: Step, step: Known, tapped: TapAct) -> Plain:
    """What a tap changed of its step, at once and without the rest of the board, which follows:
    what it does to the forecast and to other steps takes ten times as long to work out."""
    news: Plain = {
        "v": row.version,
        "state": step.state.value,
        "said": step.state.words,
        "column": column_of(step.state, ready=True).value,
        "taps": list(taps_for(step)),
        "note": row.note,
        "started": _s(step.started_at),
        "ended": _s(step.ended_at),
        "until": _s(row.blocked_until),
    }
    return news if tapped in MORE else {**news, "help": tapped is TapAct.HELP}


def back_offer(uow: UnitOfWork, tap_id: str, act: TapAct, at: datetime) -> Plain:
    """What of a step can be taken back on the phone, by the phone's own id of it, and how long: it
    counted `at`, and nothing came since."""
    until = at + BACK_WITHIN * uow.speed
    return {"tap": tap_id, "act": act.value, "until": _s(until)}


def _backs(
    uow: UnitOfWork, outage_id: str, loaded: Loaded, playing: Sequence[Known]
) -> dict[str, Plain]:
    """By the step's id: its last tap, where nobody did anything to the step since, nor went on by
    it. Tap and step were written at one moment; of a night's thousands only those are read."""
    lately = uow.now - BACK_WITHIN * uow.speed
    moments = {row.id: at for row in loaded.rows if (at := row.updated_at) and at > lately}
    if not moments:
        return {}
    mine = col(CrewTap.outage_id) == outage_id
    taps = uow.all(CrewTap, mine, col(CrewTap.created_at).in_(set(moments.values())))
    return {
        tap.step_id: back_offer(uow, tap.tap, tap.act, moments[tap.step_id])
        for tap in sorted(taps, key=lambda each: each.id)
        if tap.act.goes_back
        and moments.get(tap.step_id) == tap.created_at
        and not (tap.act is TapAct.DONE and begun_after(playing, StepId(tap.step_id)))
    }


def without_empty(said: Plain) -> Plain:
    """What is empty is left out: of 150 steps that is a third."""
    return {name: value for name, value in said.items() if _says(value)}


def looked_on(step: Plain) -> Plain:
    """The step as an observer sees it: where it stands and when, without what the crew says."""
    return {name: value for name, value in step.items() if name not in OF_THE_CREW}


def phone_calls(uow: UnitOfWork, outage_id: str) -> list[Plain]:
    """A query: whom to reach in the night, as on the packet. Raises NotFound."""
    contacts = call_list(uow, Flown.of(uow, uow.fetch(Outage, outage_id)))
    return [{"name": c.name, "phone": c.phone, "role": c.role} for c in contacts]


def _card(card: Card, loaded: Loaded, owner_id: str) -> Plain:
    row, step = loaded.row[card.step_id], loaded.step[card.step_id]
    said = (row.note, row.blocked_reason)
    return {
        "id": card.step_id,
        "v": card.version,
        "code": card.code,
        "title": card.title,
        "how": row.how,
        "column": card.column.value,
        "state": card.state.value,
        "said": card.state.words,
        "kind": "" if card.kind == "work" else card.kind.value.replace("_", " "),
        "act": is_act(step),
        "who": owner_id,
        "owner": card.owner or row.role,
        "minutes": card.minutes,
        "words": [fact for fact in card.facts if fact and fact in said],
        "facts": [fact for fact in card.facts if fact and fact not in said],
        "undo": card.undo,
        "critical": card.critical,
        "note": row.note,
        "started": _s(step.started_at),
        "ended": _s(step.ended_at),
        "until": _s(row.blocked_until),
        "quiet": step.do_not_disturb,
    }


def _head(rows: BoardRows, outage: Outage, uow: UnitOfWork) -> Plain:
    lead = uow.find(Person, outage.coordinator_id) if outage.coordinator_id else None
    return {
        "code": rows.code,
        "title": rows.title,
        "state": rows.state.value,
        "said": rows.state.words,
        "flying": rows.state in FLYING,
        "before": rows.state in BEFORE_START,
        "turned": rows.turned_back,
        "zone": rows.zone,
        "start": _s(rows.start),
        "end": _s(rows.promised_end),
        "ended": _s(outage.ended_at),
        "likely": _s(rows.foot.forecast_end),
        "back": _s(rows.foot.way_back),
        "slack": rows.foot.slack.value,
        "no_return": rows.foot.past_return is not None,
        "steps": rows.foot.steps,
        "done": rows.foot.done,
        "lead": lead.name if lead else "",
    }


def _says(value: object) -> bool:
    return value is not None and value is not False and value not in ("", [])


def _taps(outage: Outage, step: Known) -> list[TapAct]:
    """What the rules would refuse whatever else happens is not offered."""
    if outage.state in (State.DRAFT, State.FILED, State.CANCELLED):
        return []
    taps = taps_for(step)
    if not has_its_turn(outage.state, step.phase):
        taps = tuple(tap for tap in taps if tap not in (TapAct.START, TapAct.DONE))
    return list(taps)


def _s(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())

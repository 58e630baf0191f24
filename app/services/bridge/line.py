"""The conference line: opened and closed by name, closed with proof."""

from __future__ import annotations

from app.models.bridge import Provider
from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.outages.lifecycle import ENDINGS, FLYING, State
from app.models.runbook import StepKind
from app.models.tables.bridge import Bridge
from app.models.tables.outages import Outage
from app.services.bridge.joining import how_to_join
from app.services.calendar.owed import owe_event
from app.services.events import LiveChanged
from app.services.outages.planning import bridge_of
from app.services.runbook.acting import complete_acts
from app.services.uow import Undo, UnitOfWork


def open_bridge(uow: UnitOfWork, outage_id: str, by: str = "", line: str = "") -> Undo:
    """Say that the line is open; does the bridge step with it. `line` is noted first, for a
    flight planned without one. A meeting that was closed is not opened again: the line is, or a
    new meeting is asked for first. Raises NotAllowed, BadInput."""
    outage, bridge = _both(uow, outage_id)
    if bridge.opened_at is not None and bridge.closed_at is None:
        raise NotAllowed("The bridge is open already; nothing was changed.")
    if outage.state in (State.DRAFT, State.FILED, State.CANCELLED):
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}; it needs no bridge now.")
    stood = how_to_join(bridge)
    bridge.line = line.strip() or bridge.line
    if not how_to_join(bridge):
        raise BadInput("This flight has no conference line yet; note number and code first.")
    if bridge.closed_at is not None:
        bridge.provider = Provider.LINE
    bridge.opened_at, bridge.opened_by = uow.now, by or uow.actor.name
    bridge.closed_at, bridge.closed_by, bridge.proof = None, "", ""
    bridge.closing = []
    uow.log(f"bridge open: {how_to_join(bridge)}", bridge, who=by)
    complete_acts(uow, outage, StepKind.BRIDGE, "open", by)
    if how_to_join(bridge) != stood:
        owe_event(uow, outage)
    uow.emit(LiveChanged(outage_id))
    return uow.undo("opening the bridge", outage_id)


def close_bridge(uow: UnitOfWork, outage_id: str, proof: str, by: str = "") -> Undo:
    """Close the line. `proof` says how that was seen (“dialled in again: conference ended”). Its
    step is done with it once the flight has begun: before, it was a trial."""
    outage, bridge = _both(uow, outage_id)
    if bridge.opened_at is None or bridge.closed_at is not None:
        raise NotAllowed("The bridge is not open; nothing was changed.")
    if not proof.strip():
        raise BadInput(
            "Say how you saw that the line is closed, such as “dialled in again, conference ended”."
        )
    bridge.closed_at, bridge.closed_by, bridge.proof = uow.now, by or uow.actor.name, proof.strip()
    uow.log(f"bridge closed: {bridge.proof}", bridge, who=by)
    if outage.state in FLYING | ENDINGS:
        complete_acts(uow, outage, StepKind.BRIDGE, "close", by)
    if bridge.provider == Provider.TEAMS:
        owe_event(uow, outage)  # its link is named nowhere any more
    uow.emit(LiveChanged(outage_id))
    return uow.undo("closing the bridge", outage_id)


def _both(uow: UnitOfWork, outage_id: str) -> tuple[Outage, Bridge]:
    outage = uow.fetch(Outage, outage_id)
    bridge = bridge_of(uow, outage_id)
    if bridge is None:
        raise NotFound(f"{outage.code} has no bridge noted.")
    return outage, bridge

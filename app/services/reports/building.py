"""Reports from the store: the paper packet and the after-action report of one outage."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sqlmodel import col

from app.models.errors import BadInput
from app.models.live.words import SayFacts
from app.models.notices.policy import Moment
from app.models.reports.clock import clock
from app.models.reports.packet import Contact, PacketData, Paper, paper_of
from app.models.runbook import Phase, StepKind
from app.models.tables.directory import Service
from app.models.tables.outages import Outage
from app.services.bridge.joining import how_to_join
from app.services.crew.serving import board_links
from app.services.database import organisation
from app.services.events import LiveChanged, OutageChanged
from app.services.log import chain_head
from app.services.notices.planning import plan_for
from app.services.outages.planning import bridge_of, service_ids
from app.services.reports.after_action import write_after_action
from app.services.reports.after_building import after_action_data
from app.services.reports.packet_marks import marks_since_print
from app.services.reports.packet_notices import notices_to_come
from app.services.reports.packet_people import call_list, contact, decision_rows
from app.services.reports.packet_steps import Flown, sections, way_back
from app.services.schema import HEAD
from app.services.uow import UnitOfWork

__all__ = ["after_action_data", "leave_after_action", "mark_printed", "packet_data", "revision_now"]


def packet_data(uow: UnitOfWork, outage_id: str, printed_at: datetime | None = None) -> PacketData:
    """Everything needed to finish the flight by phone, as it stands now. `printed_at` is UTC,
    now unless given. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    flown = Flown.of(uow, outage)
    bridge = bridge_of(uow, outage.id)
    moment, words = way_back(flown, uow.now)
    number, digest = chain_head(uow)
    coordinator = contact(uow, outage.coordinator_id)
    deputy = contact(uow, outage.deputy_id)
    opens = bridge.opens_at if bridge else None
    marks = marks_since_print(uow, outage)
    return PacketData(
        title=outage.title,
        code=outage.code,
        revision=outage.runbook_revision,
        printed_at=printed_at or uow.now,
        window=outage.window,
        bridge=how_to_join(bridge),
        bridge_opens=opens or _bridge_opens(uow, outage),
        coordinator=coordinator or Contact("no coordinator named"),
        deputy=deputy,
        decisions=decision_rows(outage),
        sections=sections(
            flown,
            _say_facts(uow, flown, moment, coordinator),
            marks.steps,
            vendor=bool(outage.vendor_id),
        ),
        back_out_moment=moment,
        back_out_words=words,
        calls=call_list(uow, flown),
        notices=notices_to_come(uow, outage_id),
        log_number=number,
        log_hash=digest,
        store_revision=HEAD,
        printed_before=outage.packet_printed_at,
        differs=marks.facts,
        gone=marks.gone,
        links=board_links(uow, outage_id),
    )


def paper_here(uow: UnitOfWork) -> Paper:
    """The paper of the organisation’s country, unless somebody says otherwise."""
    return paper_of(organisation(uow).country)


def revision_now(uow: UnitOfWork, outage_id: str) -> int:
    """Of the outage's runbook, as a packet made now would bear it. Raises NotFound."""
    return uow.fetch(Outage, outage_id).runbook_revision


def mark_printed(uow: UnitOfWork, outage_id: str, revision: int | None = None) -> None:
    """The packet is on paper, of this `revision` of the runbook (as it is now, unless given).
    What was printed cannot be taken back, so there is no undo; a later revision of the runbook
    makes the packet stale. Raises BadInput for a revision that never was."""
    outage = uow.fetch(Outage, outage_id)
    printed = outage.runbook_revision if revision is None else revision
    if not 1 <= printed <= outage.runbook_revision:
        raise BadInput(
            f"There is no revision {printed} of this runbook; it is at {outage.runbook_revision}."
        )
    outage.packet_printed_at = uow.now
    outage.packet_revision = printed
    uow.log(f"packet printed, revision {printed}", outage, kind="packet")
    uow.emit(OutageChanged(outage.id))
    uow.emit(LiveChanged(outage.id))


def leave_after_action(uow: UnitOfWork, outage_id: str, path: Path) -> Path:
    """The after-action report as an HTML file; errors as `leave_file`."""
    write_after_action(after_action_data(uow, outage_id), path)
    return path


def _bridge_opens(uow: UnitOfWork, outage: Outage) -> datetime | None:
    plan = plan_for(uow, outage)
    return next((item.due for item in plan if item.moment is Moment.BRIDGE), None)


def _say_facts(
    uow: UnitOfWork, flown: Flown, moment: datetime | None, coordinator: Contact | None
) -> SayFacts:
    """The facts of the words that a gate offers, as they are known before the window."""
    outage, window = flown.outage, flown.outage.window
    first = next(
        (s for s in flown.order if s.phase is Phase.WINDOW and s.kind is StepKind.WORK), None
    )
    ids = service_ids(uow, outage.id)
    named = {s.id: s.plain_name or s.name for s in uow.all(Service, col(Service.id).in_(ids))}
    return SayFacts(
        coordinator=coordinator.name if coordinator else "the coordinator",
        title=outage.title,
        services=", ".join(named[i] for i in ids if i in named),
        start=clock(outage.start_utc, window),
        end=clock(outage.promised_end_utc, window),
        way_back=clock(moment, window) if moment else "",
        next_step=f"step {first.code}, {first.title}" if first else "",
        next_owner=flown.who(flown.rows[first.id]) if first else "",
    )

"""What one of the crew is told: own steps and times, the way to the crew board, what to confirm."""

from __future__ import annotations

from dataclasses import replace

from app.models.errors import BadInput
from app.models.ids import PersonId
from app.models.notices.facts import NoticeFacts
from app.models.notices.policy import Moment
from app.models.runbook import Phase, StepKind
from app.models.runbook.forecast import PersonTimes, plan
from app.services.notices.gathering import Known
from app.services.notices.recipients import Group


def crew_facts(known: Known, facts: NoticeFacts, group: Group) -> NoticeFacts:
    times = _times(known, group.person_id)
    own = [
        row
        for row in known.steps.rows
        if row.owner_id == group.person_id and row.phase is not Phase.BACK_OUT
    ]
    told = replace(
        facts,
        recipient=group.recipients[0].name if group.recipients else "",
        role=group.role,
        crew_steps=tuple(f"{row.code} {row.title}, {row.minutes} min" for row in own),
        be_ready=times.be_ready if times else None,
        release=times.release if times else None,
    )
    board = known.on_board.get(group.person_id)
    if board is None:
        return told
    ticked = (StepKind.WORK, StepKind.CHECK)  # an act is the console’s
    return replace(
        told,
        crew_link=board.link,
        report_mark=board.mark,
        report_codes=tuple(row.code for row in own if row.kind in ticked),
        confirm_to=_answers_to(known),
    )


def _answers_to(known: Known) -> str:
    """The address that answers of the crew go to."""
    person = known.coordinator
    kept = str(known.organisation.policy.get("confirm_to", "")).strip()
    return kept or (person.email if person else "")


def _times(known: Known, person_id: str) -> PersonTimes | None:
    """Planned; None where the runbook cannot be laid out (it says so elsewhere)."""
    try:
        laid = plan(known.steps.known, known.outage.start_utc)
    except BadInput:
        return None
    return laid.people.get(PersonId(person_id))


def kick_off_facts(known: Known, facts: NoticeFacts, group: Group) -> NoticeFacts:
    """Confirmed by the moment the planned notice is due, which a late answer endangers."""
    planned = next((i for i in known.plan if i.moment is Moment.PLANNED), None)
    by = known.outage.start_utc
    if planned is not None:
        ahead = [m for m in (planned.due, planned.last_possible) if m > known.now]
        by = ahead[0] if ahead else by
    return replace(
        crew_facts(known, facts, group),
        confirm_by=by,
        confirm_to=_answers_to(known),
        endangers="the planned notice" if planned and by <= planned.last_possible else "",
    )

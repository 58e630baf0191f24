"""Change records: drafted from the steps really done, reviewed by a person, filed per CI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import reduce

from sqlmodel import col

from app.models.changes_evidence import Kept, files_in, with_file
from app.models.crew.taps import TapAct
from app.models.errors import BadInput
from app.models.outages.lifecycle import CLOSED
from app.models.runbook import Phase, StepState
from app.models.runbook import Step as KnownStep
from app.models.runbook.backout import is_changing, stays_changed
from app.models.tables.changes import ChangeRecord
from app.models.tables.crew import CrewTap
from app.models.tables.directory import ConfigurationItem, ServiceCi
from app.models.tables.outages import Outage, OutageCi, OutageService
from app.models.tables.runbook import Step
from app.services.events import ChangesReviewed, StepsChanged
from app.services.runbook.loading import Loaded, load_steps, touched
from app.services.uow import Undo, UnitOfWork


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change record as people see it; `step` is `8 Flash controller B`, `setting` what
    it sets on the CI, where the runbook says so."""

    id: str
    version: int
    outage_code: str
    number: int
    ci_id: str
    ci: str
    step: str
    setting: str
    what: str
    before: str
    after: str
    people_notice: str
    evidence: str
    by: str
    at: datetime
    external_number: str
    reviewed: bool


def draft_changes(uow: UnitOfWork, outage: Outage) -> int:
    """A record for each changing step done on a CI that has none yet. Returns how many."""
    loaded = load_steps(uow, outage.id)
    photos = photos_of(uow, outage.id)
    records = uow.all(ChangeRecord, col(ChangeRecord.outage_id) == outage.id)
    recorded = {record.step_id for record in records}
    number = len(records)
    for step in loaded.known:
        row = loaded.row[step.id]
        done = step.state is StepState.DONE and step.phase is not Phase.BACK_OUT
        if not done or not is_changing(step) or step.id in recorded or row.ci_id is None:
            continue
        number += 1
        uow.add(
            ChangeRecord(
                organisation_id=uow.organisation_id,
                outage_id=outage.id,
                ci_id=row.ci_id,
                step_id=row.id,
                number=number,
                what=row.title,
                before=row.before_value,
                after=row.after_value,
                people_notice=row.people_notice,
                evidence=reduce(with_file, photos.get(row.id, ()), row.note),
                by=row.by,
                at=row.ended_at or uow.now,
            )
        )
    drafted = number - len(records)
    if drafted:
        word = "record" if drafted == 1 else "records"
        uow.log(f"{drafted} change {word} drafted from the steps done", outage)
        uow.emit(ChangesReviewed(outage.id))
    return drafted


def photos_of(uow: UnitOfWork, outage_id: str) -> dict[str, list[Kept]]:
    """What the crew sent in as evidence, by step."""
    found: dict[str, list[Kept]] = {}
    where = (col(CrewTap.outage_id) == outage_id, col(CrewTap.act) == TapAct.PHOTO)
    for tap in uow.all(CrewTap, *where, order=(col(CrewTap.id),)):
        found.setdefault(tap.step_id, []).extend(files_in(tap.note))
    return found


def draft_missing(uow: UnitOfWork, outage_id: str) -> int:
    """Draft what is missing, for instance after a CI was noted on a step."""
    return draft_changes(uow, uow.fetch(Outage, outage_id))


def note_ci(uow: UnitOfWork, step_id: str, ci_id: str, *, seen: int) -> Undo:
    """Which CI a step changed; its record is drafted when the step is done."""
    row = uow.fetch(Step, step_id, seen)
    ci = uow.fetch(ConfigurationItem, ci_id)
    row.ci_id = ci.id
    uow.log(f"{row.code} {row.title} changed {ci.name}", row)
    uow.session.flush()
    draft_changes(uow, uow.fetch(Outage, row.outage_id))
    uow.emit(StepsChanged(row.outage_id, (row.id,)))
    return uow.undo(f"the CI of {row.code}", row.outage_id)


def review_change(
    uow: UnitOfWork,
    change_id: str,
    *,
    seen: int,
    before: str,
    after: str,
    evidence: str,
    external_number: str = "",
    people_notice: str = "",
    by: str = "",
) -> Undo:
    """A person confirms what was really done: before, after and the proof. Raises BadInput."""
    record = uow.fetch(ChangeRecord, change_id, seen)
    if not after.strip():
        raise BadInput(f"Change {record.number}: say what it is now (after); nothing was changed.")
    record.before, record.after = before.strip(), after.strip()
    record.evidence, record.people_notice = evidence.strip(), _noticed(people_notice)
    record.external_number = external_number.strip()
    record.reviewed_at, record.reviewed_by = uow.now, by or uow.actor.name
    uow.log(f"reviewed change record {record.number}: {record.what}", record, who=by)
    uow.emit(ChangesReviewed(record.outage_id))
    return uow.undo(f"reviewing change {record.number}", record.outage_id)


def _noticed(typed: str) -> str:
    """“Nothing” is nothing: else everybody would be written to in order to hear it."""
    plain = typed.strip()
    return "" if plain.rstrip(".!").casefold() in ("nothing", "none", "n/a", "-") else plain


def nothing_recorded(uow: UnitOfWork, outage_id: str) -> str:
    """Why an outage has no change record, in sentences. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    if outage.state not in CLOSED:
        return (
            "No change records yet. They are drafted from the steps really done when the flight "
            "ends, one for each CI changed."
        )
    steps = load_steps(uow, outage_id).known
    if stays := ", ".join(step.label for step in stays_changed(steps)):
        return f"Stays changed, with no record yet: {stays}. Say which CI it changed."
    undone = ", ".join(step.label for step in steps if step.state is StepState.UNDONE)
    if undone:
        return (
            f"Nothing is left changed, so there is nothing to record. Undone: {undone}. A flight "
            "that was backed out records what stays changed; the log keeps the rest."
        )
    return "No step that changes a CI was done, so there is nothing to record."


def changes_of(uow: UnitOfWork, outage_id: str) -> list[ChangeRow]:
    return _rows(uow, col(ChangeRecord.outage_id) == outage_id)


def history_of(uow: UnitOfWork, ci_id: str) -> list[ChangeRow]:
    """Everything ever changed on a CI, newest first."""
    return sorted(_rows(uow, col(ChangeRecord.ci_id) == ci_id), key=lambda r: r.at, reverse=True)


def _rows(uow: UnitOfWork, where: object) -> list[ChangeRow]:
    records = uow.all(ChangeRecord, where, order=(col(ChangeRecord.number),))
    cis = {r.ci_id: uow.find(ConfigurationItem, r.ci_id) for r in records}
    outages = {r.outage_id: uow.find(Outage, r.outage_id) for r in records}
    rows = []
    for r in records:
        step = uow.find(Step, r.step_id) if r.step_id else None
        ci, outage = cis[r.ci_id], outages[r.outage_id]
        rows.append(
            ChangeRow(
                id=r.id,
                version=r.version,
                outage_code=outage.code if outage else "",
                number=r.number,
                ci_id=r.ci_id,
                ci=ci.name if ci else "",
                step=f"{step.code} {step.title}" if step else "",
                setting=step.setting if step else "",
                what=r.what,
                before=r.before,
                after=r.after,
                people_notice=r.people_notice,
                evidence=r.evidence,
                by=r.by,
                at=r.at,
                external_number=r.external_number,
                reviewed=r.reviewed_at is not None,
            )
        )
    return rows


@dataclass(frozen=True, slots=True)
class WithoutCi:
    """A changing step that is done and names no CI; `what` are the runbook's own words for what it
    changed. `choices` are (id, name), the outage's own first, then what its services rest on."""

    step_id: str
    version: int
    words: str
    what: str
    choices: tuple[tuple[str, str], ...]


def nameless(loaded: Loaded) -> list[KnownStep]:
    """The changing steps that are done and name no CI: none of them has a change record."""
    return [
        step
        for step in loaded.known
        if step.state is StepState.DONE
        and step.phase is not Phase.BACK_OUT
        and is_changing(step)
        and loaded.row[step.id].ci_id is None
    ]


def without_ci(uow: UnitOfWork, outage_id: str) -> list[WithoutCi]:
    """What cannot become a change record until somebody says which CI it changed."""
    loaded = load_steps(uow, outage_id)
    open_steps = nameless(loaded)
    if not open_steps:
        return []
    own = {link.ci_id for link in uow.all(OutageCi, col(OutageCi.outage_id) == outage_id)}
    cis = uow.all(ConfigurationItem, order=(col(ConfigurationItem.name),))
    services = [
        s.service_id for s in uow.all(OutageService, col(OutageService.outage_id) == outage_id)
    ]
    under = {link.ci_id for link in uow.all(ServiceCi, col(ServiceCi.service_id).in_(services))}
    cis.sort(key=lambda ci: (ci.id not in own, ci.id not in under))
    choices = tuple((ci.id, ci.name) for ci in cis)
    return [
        WithoutCi(
            step.id,
            loaded.row[step.id].version,
            step.label,
            touched(loaded.row[step.id], {}),
            choices,
        )
        for step in open_steps
    ]

"""Lay a runbook template out as the steps of a flight, and edit those steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache

from sqlmodel import col

from app.models.errors import NotAllowed, NotFound
from app.models.ids import key_of, new_id
from app.models.runbook import StepKind, StepState
from app.models.runbook.template_files import parse_template
from app.models.runbook.template_reading import template_from_mapping
from app.models.runbook.templates import (
    CHECKER_ROLE,
    RunbookTemplate,
    TemplateStep,
    named_parts,
)
from app.models.tables.directory import ConfigurationItem, Person
from app.models.tables.outages import Outage, OutageCi
from app.models.tables.runbook import SavedRunbook, Step, StepDependency, StepUndo
from app.resources import resource
from app.services.events import StepsChanged
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork


@cache
def built_in() -> tuple[RunbookTemplate, ...]:
    """The runbooks that come with the console, by name."""
    files = sorted(resource("runbooks").glob("*.yaml"))
    found = [parse_template(path.read_text(encoding="utf-8")) for path in files]
    return tuple(sorted(found, key=lambda template: template.name))


def find_template(name: str) -> RunbookTemplate:
    """By name in any case, or by its file's name. Raises NotFound naming those there are."""
    wanted = name.strip().casefold().replace("-", " ")
    for template in built_in():
        if template.name.casefold() == wanted:
            return template
    names = ", ".join(template.name for template in built_in())
    raise NotFound(f"There is no runbook “{name}”. There are: {names}.")


def own_templates(uow: UnitOfWork) -> tuple[RunbookTemplate, ...]:
    """The organisation's own, each in its highest revision."""
    latest: dict[str, SavedRunbook] = {}
    for row in uow.all(SavedRunbook, order=(col(SavedRunbook.revision),)):
        latest[row.key] = row
    return tuple(template_from_mapping(row.content, top=row.name) for row in latest.values())


def templates(uow: UnitOfWork) -> tuple[RunbookTemplate, ...]:
    """All there are to choose from, by name; one of our own stands in for a built-in."""
    found = {key_of(template.name): template for template in (*built_in(), *own_templates(uow))}
    return tuple(sorted(found.values(), key=lambda template: template.name.casefold()))


def template_called(uow: UnitOfWork, name: str) -> RunbookTemplate:
    """One of our own stands in for a built-in. Raises NotFound naming those there are."""
    wanted = key_of(name)
    own = (each for each in own_templates(uow) if key_of(each.name) == wanted)
    return next(own, None) or find_template(name)


def apply_runbook(
    uow: UnitOfWork,
    outage: Outage,
    name: str,
    owners: Mapping[str, str],
    step_cis: Mapping[str, str],
) -> None:
    """Add the template's steps to an outage that has none. Roles in `owners` get their person
    (the coordinator's role falls to the outage's own), parts in `step_cis` their CI; a part
    nobody chose goes to the outage's CI of that name, or its only one."""
    template = template_called(uow, name)
    if load_steps(uow, outage.id).rows:
        raise NotAllowed(f"{outage.code} has steps already; take them away before choosing anew.")
    people = {role: person for role, person in owners.items() if person}
    if outage.coordinator_id:
        people.setdefault("coordinator", outage.coordinator_id)
    if checker := people.get(CHECKER_ROLE):
        name_checker(outage, uow.fetch(Person, checker))
    parts = {**guess_cis(uow, outage, template), **step_cis}
    ids = {step.code: new_id() for step in template.steps}
    for position, step in enumerate(template.steps):
        uow.add(row_of(uow, outage, step, ids[step.code], position, people, parts))
    uow.session.flush()
    for step in template.steps:
        for code in step.after:
            uow.add(
                StepDependency(
                    organisation_id=uow.organisation_id,
                    outage_id=outage.id,
                    step_id=ids[step.code],
                    after_id=ids[code],
                )
            )
        for code in step.undone_by:
            uow.add(
                StepUndo(
                    organisation_id=uow.organisation_id,
                    outage_id=outage.id,
                    step_id=ids[step.code],
                    back_out_id=ids[code],
                )
            )
    outage.runbook, outage.runbook_revision = template.name, template.revision
    uow.emit(StepsChanged(outage.id))


def name_checker(outage: Outage, person: Person) -> None:
    """Who plays the checker's role is the checker, where nobody was named for it."""
    if not outage.checker:
        outage.checker = person.name
    if outage.checker == person.name and not outage.checker_phone:
        outage.checker_phone = person.phone


def row_of(
    uow: UnitOfWork,
    outage: Outage,
    step: TemplateStep,
    step_id: str,
    position: int,
    people: Mapping[str, str],
    parts: Mapping[str, str],
) -> Step:
    return Step(
        id=step_id,
        organisation_id=uow.organisation_id,
        outage_id=outage.id,
        code=step.code,
        position=position,
        title=step.title,
        how=step.how,
        phase=step.phase,
        kind=step.kind,
        role=step.role,
        owner_id=people.get(step.role),
        minutes=step.minutes,
        ci_id=parts.get(step.ci) if step.ci else None,
        ci_role=step.ci,
        setting=step.setting,
        notice_kind=step.notice,
        bridge_act=step.bridge.value if step.bridge else "",
        no_return=step.no_return,
        do_not_disturb=step.do_not_disturb,
        people_notice=step.people_notice,
        not_before=_moment(outage, step.not_before),
        not_after=_moment(outage, step.not_after),
    )


def _moment(outage: Outage, minutes: int | None) -> datetime | None:
    return None if minutes is None else outage.start_utc + timedelta(minutes=minutes)


def shift_locks(uow: UnitOfWork, outage: Outage, by: timedelta) -> None:
    """The window moved, and what is locked to a moment of it moves along."""
    for row in load_steps(uow, outage.id).rows:
        if row.not_before is not None:
            row.not_before += by
        if row.not_after is not None:
            row.not_after += by


def guess_cis(uow: UnitOfWork, outage: Outage, template: RunbookTemplate) -> dict[str, str]:
    """A part's CI is the one of that very name, else the outage's CI whose name holds it, or its
    only one."""
    known = {ci.key: ci.id for ci in uow.all(ConfigurationItem)} if template.ci_roles else {}
    named = {part: known[key_of(part)] for part in template.ci_roles if key_of(part) in known}
    others = [part for part in template.ci_roles if part not in named]
    links = uow.all(OutageCi, col(OutageCi.outage_id) == outage.id)
    cis = (uow.fetch(ConfigurationItem, link.ci_id) for link in links)
    return named | named_parts(others, {ci.name: ci.id for ci in cis})


def copy_steps(uow: UnitOfWork, from_outage: str, to: Outage) -> None:
    """The same steps, not begun, on another outage."""
    old = load_steps(uow, from_outage)
    ids = {row.id: new_id() for row in old.rows}
    kept = [
        "code",
        "position",
        "title",
        "how",
        "phase",
        "kind",
        "role",
        "owner_id",
        "minutes",
        "ci_id",
        "ci_role",
        "notice_kind",
        "bridge_act",
        "setting",
        "no_return",
        "do_not_disturb",
        "people_notice",
    ]
    by = to.start_utc - uow.fetch(Outage, from_outage).start_utc
    for row in old.rows:
        values = {name: getattr(row, name) for name in kept}
        values["not_before"] = row.not_before and row.not_before + by
        values["not_after"] = row.not_after and row.not_after + by
        uow.add(
            Step(
                id=ids[row.id],
                organisation_id=uow.organisation_id,
                outage_id=to.id,
                state=StepState.TODO,
                **values,
            )
        )
    uow.session.flush()
    for step in old.known:
        owner = {"outage_id": to.id, "step_id": ids[step.id]}
        uow.set_links(StepDependency, _at(owner), "after_id", [ids[i] for i in step.after])
        uow.set_links(StepUndo, _at(owner), "back_out_id", [ids[i] for i in step.undone_by])
    uow.emit(StepsChanged(to.id))


def _at(owner: Mapping[str, str]) -> dict[str, str]:
    """The step first: `set_links` finds what is there by the first column."""
    return {"step_id": owner["step_id"], "outage_id": owner["outage_id"]}


def act_rows(uow: UnitOfWork, outage_id: str, kind: StepKind, part: str = "") -> list[Step]:
    """The open act steps of a kind; `part` is the notice kind or bridge act they do."""
    rows = uow.all(
        Step,
        col(Step.outage_id) == outage_id,
        col(Step.kind) == kind,
        order=(col(Step.position),),
    )
    open_states = (StepState.TODO, StepState.RUNNING, StepState.BLOCKED, StepState.CHECK)
    return [r for r in rows if r.state in open_states and part in ("", r.notice_kind, r.bridge_act)]

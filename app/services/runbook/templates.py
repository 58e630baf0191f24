"""The runbooks to choose from, and a flight's steps saved as one of the organisation's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.errors import BadInput, NotAllowed
from app.models.ids import key_of
from app.models.outages.lifecycle import BEFORE_START
from app.models.runbook import (
    BridgeAct,
    Phase,
    RunbookTemplate,
    TemplateStep,
    template_from_mapping,
)
from app.models.runbook.template_saving import mapping_of
from app.models.tables.directory import ConfigurationItem, Person
from app.models.tables.outages import Outage, OutageCi
from app.models.tables.runbook import SavedRunbook, Step
from app.services.events import OutageChanged, RunbooksChanged
from app.services.runbook.applying import (
    apply_runbook,
    built_in,
    guess_cis,
    own_templates,
    templates,
)
from app.services.runbook.loading import load_steps
from app.services.uow import Undo, UnitOfWork


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something to choose by name; `sub` tells two of the same name apart."""

    id: str
    name: str
    sub: str = ""


@dataclass(frozen=True, slots=True)
class TemplateChoice:
    """A template to look at before choosing it. `own`: saved by this organisation, not built in.
    `cis` are the CIs that its parts would get unasked, by part."""

    template: RunbookTemplate
    own: bool
    cis: Mapping[str, str]

    @property
    def minutes(self) -> int:
        """All steps one after the other, the way back aside."""
        return sum(step.minutes for step in self.template.steps if step.phase is not Phase.BACK_OUT)


@dataclass(frozen=True, slots=True)
class TemplateChoices:
    outage_id: str
    version: int
    coordinator_id: str
    templates: tuple[TemplateChoice, ...]
    people: tuple[Named, ...]
    cis: tuple[Named, ...]


def template_choices(uow: UnitOfWork, outage_id: str) -> TemplateChoices:
    """The organisation's own first. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    own = {template.name for template in own_templates(uow)}
    linked = {link.ci_id for link in uow.all(OutageCi, col(OutageCi.outage_id) == outage_id)}
    cis = uow.all(ConfigurationItem, order=(col(ConfigurationItem.key),))
    return TemplateChoices(
        outage_id,
        outage.version,
        outage.coordinator_id or "",
        tuple(
            TemplateChoice(template, template.name in own, guess_cis(uow, outage, template))
            for template in sorted(templates(uow), key=lambda t: (t.name not in own, t.name))
        ),
        tuple(
            Named(p.id, p.name, ", ".join(p.roles))
            for p in uow.all(Person, order=(col(Person.key),))
        ),
        tuple(Named(ci.id, ci.name) for ci in sorted(cis, key=lambda ci: ci.id not in linked)),
    )


def choose_runbook(
    uow: UnitOfWork,
    outage_id: str,
    name: str,
    owners: Mapping[str, str],
    step_cis: Mapping[str, str],
    *,
    seen: int,
) -> Undo:
    """Lay a template out on an outage that has no steps yet: roles in `owners` get their person,
    parts in `step_cis` their CI. Raises NotAllowed, NotFound."""
    outage = uow.fetch(Outage, outage_id, seen)
    if outage.state not in BEFORE_START:
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}: its runbook stays.")
    apply_runbook(uow, outage, name, owners, {part: ci for part, ci in step_cis.items() if ci})
    uow.log(f"chose the runbook “{outage.runbook}” for {outage.code}", outage)
    uow.emit(OutageChanged(outage_id))
    return uow.undo(f"the runbook of {outage.code}", outage_id)


def save_template(uow: UnitOfWork, outage_id: str, name: str, summary: str = "") -> Undo:
    """The steps of an outage as a further revision of the organisation's runbook of that name;
    people become their roles, CIs the parts they play. Raises BadInput."""
    outage = uow.fetch(Outage, outage_id)
    if not name.strip():
        raise BadInput("A runbook needs a name, by which it is found again.")
    made = replace(
        _with_roles(uow, outage, template_of(uow, outage)),
        name=name.strip(),
        summary=summary.strip(),
    )
    saved = keep_template(uow, made)
    uow.log(
        f"saved the steps of {outage.code} as the runbook “{saved.name}”, revision "
        f"{saved.revision}",
        saved,
        outage_id=outage_id,
    )
    return uow.undo(f"saving the runbook “{saved.name}”", outage_id)


def template_of(uow: UnitOfWork, outage: Outage) -> RunbookTemplate:
    """An outage's steps as a template. Raises BadInput when it has none."""
    loaded = load_steps(uow, outage.id)
    if not loaded.rows:
        raise BadInput(f"{outage.code} has no steps yet; there is nothing to save.")
    codes = {step.id: step.code for step in loaded.known}
    names = {ci.id: ci.name for ci in uow.all(ConfigurationItem)}
    steps = []
    for row, known in zip(loaded.rows, loaded.known, strict=True):
        after = [codes[step.id] for step in loaded.known if step.id in known.after]
        undone_by = [codes[i] for i in known.undone_by if i in codes]
        steps.append(_template_step(row, tuple(after), tuple(undone_by), names, outage.start_utc))
    return RunbookTemplate(outage.runbook or outage.title, outage.runbook_revision, "", "",
                           tuple(steps))  # fmt: skip


def _with_roles(uow: UnitOfWork, outage: Outage, template: RunbookTemplate) -> RunbookTemplate:
    """Steps that have an owner and no role get one, alike for the steps of one person, so that the
    next flight asks who does them."""
    owners = {row.code: row.owner_id for row in load_steps(uow, outage.id).rows if not row.role}
    people = dict.fromkeys(owner for owner in owners.values() if owner)
    others = [person for person in people if person != outage.coordinator_id]
    one = len(others) == 1
    roles = {who: "technician" if one else f"technician {n}" for n, who in enumerate(others, 1)}
    if outage.coordinator_id in people:
        roles[outage.coordinator_id] = "coordinator"
    steps = tuple(
        replace(step, role=step.role or roles.get(owners.get(step.code) or "", ""))
        for step in template.steps
    )
    return replace(template, steps=steps)


def keep_template(uow: UnitOfWork, template: RunbookTemplate) -> SavedRunbook:
    """Stored as the next revision of its name, not yet logged. Raises BadInput."""
    before = [t.revision for t in revisions_of(uow, template.name)]
    made = replace(template, revision=max(before, default=0) + 1)
    checked = template_from_mapping(mapping_of(made), top="This runbook")
    uow.emit(RunbooksChanged())
    return uow.add(
        SavedRunbook(
            organisation_id=uow.organisation_id,
            name=checked.name,
            key=key_of(checked.name),
            revision=checked.revision,
            content=mapping_of(checked),
            saved_by=uow.actor.name,
        )
    )


def revisions_of(uow: UnitOfWork, name: str) -> tuple[RunbookTemplate, ...]:
    """Every revision of a runbook, oldest first; the built-in one of that name among them."""
    wanted = key_of(name)
    built = [each for each in built_in() if key_of(each.name) == wanted]
    rows = uow.all(
        SavedRunbook, col(SavedRunbook.key) == wanted, order=(col(SavedRunbook.revision),)
    )
    own = [template_from_mapping(row.content, top=row.name) for row in rows]
    return (*built, *own)


def _template_step(
    row: Step,
    after: tuple[str, ...],
    undone_by: tuple[str, ...],
    names: Mapping[str, str],
    start: datetime,
) -> TemplateStep:
    plain = TemplateStep(row.code, row.title, row.minutes)
    return replace(
        plain,
        how=row.how,
        phase=row.phase,
        kind=row.kind,
        role=row.role,
        after=after,
        undone_by=() if row.no_return else undone_by,
        no_return=row.no_return,
        ci=row.ci_role or names.get(row.ci_id or "", ""),
        setting=row.setting,
        people_notice=row.people_notice,
        do_not_disturb=row.do_not_disturb,
        notice=row.notice_kind,
        bridge=BridgeAct(row.bridge_act) if row.bridge_act else None,
        not_before=_minutes(row.not_before, start),
        not_after=_minutes(row.not_after, start),
    )


def _minutes(lock: datetime | None, start: datetime) -> int | None:
    return None if lock is None else round((lock - start) / timedelta(minutes=1))

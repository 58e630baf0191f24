"""Runbook templates: roles instead of names, the same step codes on every flight."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.models.ids import PersonId, StepId
from app.models.runbook.steps import Phase, Step, StepKind

CHECKER_ROLE = "user-side checker"
"""Who plays it is the outage's checker, unless another was named."""


class BridgeAct(StrEnum):
    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """`after` and `undone_by` hold codes. `ci` is the role a configuration item plays ("node B"),
    chosen per flight, `setting` what is changed on it. `notice` is the kind a notice step sends,
    `bridge` what a bridge step does. `not_before` and `not_after` lock its start, in minutes from
    the window's.
    """

    code: str
    title: str
    minutes: int
    how: str = ""
    phase: Phase = Phase.WINDOW
    kind: StepKind = StepKind.WORK
    role: str = ""
    after: tuple[str, ...] = ()
    undone_by: tuple[str, ...] = ()
    no_return: bool = False
    ci: str = ""
    setting: str = ""
    people_notice: str = ""
    do_not_disturb: bool = False
    notice: str = ""
    bridge: BridgeAct | None = None
    not_before: int | None = None
    not_after: int | None = None


@dataclass(frozen=True, slots=True)
class RunbookTemplate:
    """Identified by name and revision; the steps stand in the order of the board."""

    name: str
    revision: int
    service_kind: str = ""
    summary: str = ""
    steps: tuple[TemplateStep, ...] = ()

    @property
    def roles(self) -> tuple[str, ...]:
        """Each role once, in the order of first need."""
        return tuple(dict.fromkeys(step.role for step in self.steps if step.role))

    @property
    def ci_roles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(step.ci for step in self.steps if step.ci))


def to_steps(
    template: RunbookTemplate, owners: Mapping[str, PersonId], make_id: Callable[[], StepId]
) -> tuple[Step, ...]:
    """The template's steps as they begin a flight, in its order; roles not in `owners` stay
    without an owner."""
    ids = {step.code: make_id() for step in template.steps}
    return tuple(
        Step(
            id=ids[step.code],
            code=step.code,
            title=step.title,
            phase=step.phase,
            kind=step.kind,
            minutes=step.minutes,
            owner=owners.get(step.role),
            after=frozenset(ids[code] for code in step.after),
            undone_by=tuple(ids[code] for code in step.undone_by),
            no_return=step.no_return,
            changes=bool(step.ci or step.setting),
            do_not_disturb=step.do_not_disturb,
        )
        for step in template.steps
    )


def named_parts(parts: Iterable[str], cis: Mapping[str, str]) -> dict[str, str]:
    """Which CI plays which part, by its name alone: the only one there is, or one whose name holds
    the part's. `cis` is name → id; parts nothing was found for are left out."""
    if len(cis) == 1:
        return dict.fromkeys(parts, next(iter(cis.values())))
    return {
        part: ci for part in parts for name, ci in cis.items() if part.casefold() in name.casefold()
    }

"""Runbook templates: roles instead of names, the same step codes on every flight.

A template is read from YAML text (see `resources/runbooks/`) or from plain mappings; every
refusal names the line, so that a person can mend the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from app.models.errors import BadInput
from app.models.ids import PersonId, StepId
from app.models.runbook.graph import in_order
from app.models.runbook.steps import Phase, Step, StepKind

MAX_STEPS = 1_000
MAX_MINUTES = 24 * 60
MAX_LINE = 200
MAX_TEXT = 4_000

_CODE = re.compile(r"[A-Z]{0,2}[0-9]{1,4}[a-z]?")
_TOKEN = re.compile(r"[a-z][a-z_]{1,39}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")

_E = TypeVar("_E", bound=StrEnum)


class BridgeAct(StrEnum):
    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """`after` and `undone_by` hold codes. `ci` is the role a configuration item plays ("node B"),
    chosen per flight. `notice` is the kind a notice step sends, `bridge` what a bridge step does.
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
    people_notice: str = ""
    do_not_disturb: bool = False
    notice: str = ""
    bridge: BridgeAct | None = None


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
            changes=bool(step.ci),
            do_not_disturb=step.do_not_disturb,
        )
        for step in template.steps
    )


@dataclass(frozen=True, slots=True)
class _Fields:
    """One mapping being read: every refusal says where, and what was read is ticked off."""

    where: str
    values: Mapping[object, object]
    read: set[object] = field(default_factory=set)

    def refuse(self, what: str) -> BadInput:
        return BadInput(f"{self.where}: {what} Nothing was taken over.", where=self.where)

    def take(self, name: str) -> object:
        self.read.add(name)
        return self.values.get(name)

    def text(self, name: str, *, longest: int = MAX_LINE, needed: bool = False) -> str:
        value = self.take(name)
        if value is None:
            value = ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)  # an unquoted 7 is a fine code
        if not isinstance(value, str):
            raise self.refuse(f"“{name}” must be text; put it in quotes.")
        value = value.strip()
        if needed and not value:
            raise self.refuse(f"“{name}” is missing.")
        if len(value) > longest:
            raise self.refuse(f"“{name}” is longer than {longest} characters.")
        if _CONTROL.search(value) or (longest == MAX_LINE and "\n" in value):
            raise self.refuse(f"“{name}” must be one line without control characters.")
        return value

    def number(self, name: str, highest: int) -> int:
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse(f"“{name}” must be a whole number.")
        if not 0 < value <= highest:
            raise self.refuse(f"“{name}” must be from 1 to {highest}, not {value}.")
        return value

    def flag(self, name: str) -> bool:
        value = self.take(name)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise self.refuse(f"“{name}” must be true or false.")
        return value

    def choice(self, name: str, kind: type[_E], default: _E) -> _E:
        value = self.text(name)
        if not value:
            return default
        try:
            return kind(value)
        except ValueError:
            known = ", ".join(kind)
            raise self.refuse(f"“{name}” is {value!r}; it must be one of {known}.") from None

    def codes(self, name: str) -> tuple[str, ...]:
        value = self.take(name)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            raise self.refuse(f"“{name}” must be a list of step codes, like [7, B8].")
        codes = []
        for item in value:
            if isinstance(item, bool) or not isinstance(item, str | int):
                raise self.refuse(f"“{name}” must hold step codes only, like [7, B8].")
            codes.append(str(item).strip())
        return tuple(dict.fromkeys(codes))

    def nothing_else(self) -> None:
        unknown = [str(name)[:40] for name in self.values if name not in self.read]
        if unknown:
            raise self.refuse(f"“{unknown[0]}” is not a field we know; check its spelling.")


def template_from_mapping(
    data: object, *, where: Sequence[str] = (), top: str = "The template"
) -> RunbookTemplate:
    """A template from plain mappings and lists, wholly checked.

    `where` names the place of each step ("line 12") for the refusals. Raises BadInput.
    """
    if not isinstance(data, Mapping):
        raise BadInput(f"{top} must hold a name, a revision and steps. Nothing was taken over.")
    fields = _Fields(top, data)
    name = fields.text("name", needed=True)
    revision = fields.number("revision", 1_000_000)
    service_kind = fields.text("service_kind")
    summary = fields.text("summary", longest=MAX_TEXT)
    listed = fields.take("steps")
    fields.nothing_else()
    if not isinstance(listed, list | tuple) or not listed:
        raise fields.refuse("“steps” must be a list with at least one step.")
    if len(listed) > MAX_STEPS:
        raise fields.refuse(f"it has {len(listed)} steps; {MAX_STEPS} is the most we take.")
    places = [where[at] if at < len(where) else f"Step {at + 1}" for at in range(len(listed))]
    steps = tuple(_step(item, place) for item, place in zip(listed, places, strict=True))
    _check_together(steps, places)
    return RunbookTemplate(name, revision, service_kind, summary, steps)


def _step(item: object, place: str) -> TemplateStep:
    if not isinstance(item, Mapping):
        raise BadInput(f"{place}: a step must have a code, a title and minutes.", where=place)
    code = _Fields(place, item).text("code", needed=True)
    fields = _Fields(f"{place}, step {code}", item)
    if not _CODE.fullmatch(code):
        raise fields.refuse("a code is a short number, like 7, 7a or B8.")
    step = TemplateStep(
        code=fields.text("code"),
        title=fields.text("title", needed=True),
        minutes=fields.number("minutes", MAX_MINUTES),
        how=fields.text("how", longest=MAX_TEXT),
        phase=fields.choice("phase", Phase, Phase.WINDOW),
        kind=fields.choice("kind", StepKind, StepKind.WORK),
        role=fields.text("role"),
        after=fields.codes("after"),
        undone_by=fields.codes("undone_by"),
        no_return=fields.flag("no_return"),
        ci=fields.text("ci"),
        people_notice=fields.text("people_notice", longest=MAX_TEXT),
        do_not_disturb=fields.flag("do_not_disturb"),
        notice=fields.text("notice"),
        bridge=fields.choice("bridge", BridgeAct, BridgeAct.OPEN)
        if fields.take("bridge") is not None
        else None,
    )
    fields.nothing_else()
    _check_alone(step, fields)
    return step


def _check_alone(step: TemplateStep, fields: _Fields) -> None:
    if (step.kind is StepKind.NOTICE) != bool(step.notice):
        raise fields.refuse("a notice step, and only that, names its “notice”, like started.")
    if step.notice and not _TOKEN.fullmatch(step.notice):
        raise fields.refuse(f"“{step.notice}” is not a kind of notice; write it like all_clear.")
    if (step.kind is StepKind.BRIDGE) != (step.bridge is not None):
        raise fields.refuse("a bridge step, and only that, says “bridge”: open or close.")
    if step.no_return and step.undone_by:
        raise fields.refuse("it cannot be undone and name back-out steps as well; choose one.")
    if step.phase is Phase.BACK_OUT and (step.undone_by or step.no_return):
        raise fields.refuse("a back-out step is not itself undone; leave that out.")


def _check_together(steps: Sequence[TemplateStep], places: Sequence[str]) -> None:
    """Raises BadInput: a code twice, a code unknown, an undo that is no back-out step, a
    forward step that waits for a back-out step, a circle."""
    seen: dict[str, int] = {}
    for at, step in enumerate(steps):
        first = seen.setdefault(step.code, at)
        if first != at:
            raise BadInput(
                f"{places[at]}: step code {step.code} is already taken ({places[first]}); "
                "give each step its own. Nothing was taken over.",
                where=places[at],
            )
    for step, place in zip(steps, places, strict=True):
        fields = _Fields(f"{place}, step {step.code}", {})
        for code in (*step.after, *step.undone_by):
            if code not in seen:
                raise fields.refuse(f"it names step {code}, which this runbook does not have.")
        for code in step.undone_by:
            if steps[seen[code]].phase is not Phase.BACK_OUT:
                raise fields.refuse(f"it is undone by step {code}, which is not a back-out step.")
        if step.phase is not Phase.BACK_OUT:
            for code in step.after:
                if steps[seen[code]].phase is Phase.BACK_OUT:
                    raise fields.refuse(f"it waits for the back-out step {code}; it never comes.")
    in_order(
        [
            Step(StepId(s.code), s.code, s.title, after=frozenset(map(StepId, s.after)))
            for s in steps
        ]
    )


def named_parts(parts: Iterable[str], cis: Mapping[str, str]) -> dict[str, str]:
    """Which CI plays which part, by its name alone: the only one there is, or one whose name holds
    the part's. `cis` is name → id; parts nothing was found for are left out."""
    if len(cis) == 1:
        return dict.fromkeys(parts, next(iter(cis.values())))
    return {
        part: ci for part in parts for name, ci in cis.items() if part.casefold() in name.casefold()
    }

"""A template out of plain mappings and lists, every line that is wrong named.

The mappings come from YAML, CSV or Markdown text (see `template_files`) or from the store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeVar

from app.models.errors import BadInput
from app.models.ids import StepId
from app.models.runbook.graph import in_order
from app.models.runbook.steps import Phase, Step, StepKind
from app.models.runbook.templates import BridgeAct, RunbookTemplate, TemplateStep

MAX_STEPS = 1_000
MAX_MINUTES = 24 * 60
MAX_LINE = 200
MAX_TEXT = 4_000
MAX_LOCK = 7 * 24 * 60

_CODE = re.compile(r"[A-Z]{0,2}[0-9]{1,4}[a-z]?")
_TOKEN = re.compile(r"[a-z][a-z_]{1,39}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_E = TypeVar("_E", bound=StrEnum)


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
        if value is None or value == "":
            raise self.refuse(f"“{name}” is missing; it is a whole number.")
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.refuse(f"“{name}” must be a whole number.")
        if not 0 < value <= highest:
            raise self.refuse(f"“{name}” must be from 1 to {highest}, not {value}.")
        return value

    def lock(self, name: str) -> int | None:
        """Minutes from the window's start, negative before it."""
        value = self.take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAX_LOCK:
            raise self.refuse(f"“{name}” is a number of minutes from the window's start, like 90.")
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


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: the template, or None and a sentence for each thing wrong with it."""

    template: RunbookTemplate | None
    faults: tuple[str, ...] = ()


def template_from_mapping(
    data: object, *, where: Sequence[str] = (), top: str = "The template"
) -> RunbookTemplate:
    """A template from plain mappings and lists, wholly checked.

    `where` names the place of each step ("line 12") for the refusals. Raises BadInput for the
    first thing wrong.
    """
    made: list[TemplateStep] = []
    faults = _faults(data, where, top, made)
    for fault in faults:
        raise fault
    return _template(data, made, top)


def read_template(data: object, *, where: Sequence[str] = (), top: str = "The template") -> Read:
    """As `template_from_mapping`, with everything that is wrong, for a preview."""
    made: list[TemplateStep] = []
    faults = tuple(
        fault.sentence.removesuffix(" Nothing was taken over.")
        for fault in _faults(data, where, top, made)
    )
    return Read(None, faults) if faults else Read(_template(data, made, top))


def _template(data: object, steps: Sequence[TemplateStep], top: str) -> RunbookTemplate:
    assert isinstance(data, Mapping)
    fields = _Fields(top, data)
    return RunbookTemplate(
        fields.text("name", needed=True),
        # taken over it becomes the next revision, so one written by hand needs none
        fields.number("revision", 1_000_000) if fields.take("revision") is not None else 1,
        fields.text("service_kind"),
        fields.text("summary", longest=MAX_TEXT),
        tuple(steps),
    )


def _faults(
    data: object, where: Sequence[str], top: str, made: list[TemplateStep]
) -> Iterator[BadInput]:
    """Everything wrong, in the file's order; `made` is filled with the steps that are right."""
    if not isinstance(data, Mapping):
        yield BadInput(f"{top} must hold a name, a revision and steps. Nothing was taken over.")
        return
    fields = _Fields(top, data)
    listed = fields.take("steps")
    try:
        _template(data, (), top)
        fields.read.update(("name", "revision", "service_kind", "summary"))
        fields.nothing_else()
    except BadInput as fault:
        yield fault
    if not isinstance(listed, list | tuple) or not listed:
        yield fields.refuse("“steps” must be a list with at least one step.")
        return
    if len(listed) > MAX_STEPS:
        yield fields.refuse(f"it has {len(listed)} steps; {MAX_STEPS} is the most we take.")
        return
    places = [where[at] if at < len(where) else f"Step {at + 1}" for at in range(len(listed))]
    lines: list[_Line] = []
    for item, place in zip(listed, places, strict=True):
        try:
            made.append(_step(item, place))
            lines.append(_Line(place, made[-1]))
        except BadInput as fault:
            yield fault
            lines += _outline(item, place)
    yield from _faults_together(lines)


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
        setting=fields.text("setting"),
        people_notice=fields.text("people_notice", longest=MAX_TEXT),
        do_not_disturb=fields.flag("do_not_disturb"),
        notice=fields.text("notice"),
        bridge=fields.choice("bridge", BridgeAct, BridgeAct.OPEN)
        if fields.take("bridge") is not None
        else None,
        not_before=fields.lock("not_before"),
        not_after=fields.lock("not_after"),
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
    if None not in (step.not_before, step.not_after) and step.not_after < step.not_before:  # type: ignore[operator]
        raise fields.refuse("it may not start before one moment nor after an earlier one.")


@dataclass(frozen=True, slots=True)
class _Line:
    """A step among the others; `phased`: its phase is known."""

    place: str
    step: TemplateStep
    phased: bool = True


def _outline(item: object, place: str) -> list[_Line]:
    """Of a line with a fault of its own what the others are held against, so that one look names
    all that is wrong; empty where not even its code can be read."""
    if not isinstance(item, Mapping):
        return []
    fields = _Fields(place, item)

    def codes(name: str) -> tuple[str, ...]:
        try:
            return fields.codes(name)
        except BadInput:
            return ()

    try:
        step = TemplateStep(
            fields.text("code", needed=True), "", 1, after=codes("after"),
            undone_by=codes("undone_by"),
        )  # fmt: skip
    except BadInput:
        return []
    try:
        phase = fields.choice("phase", Phase, Phase.WINDOW)
    except BadInput:
        return [_Line(place, step, phased=False)]
    return [_Line(place, replace(step, phase=phase))]


def _faults_together(lines: Sequence[_Line]) -> Iterator[BadInput]:
    """A code twice, a code unknown, an undo that is no back-out step, a forward step that waits
    for a back-out step, a circle."""
    seen: dict[str, _Line] = {}
    for line in lines:
        first = seen.setdefault(line.step.code, line)
        if first is not line:
            yield BadInput(
                f"{line.place}: step code {line.step.code} is already taken ({first.place}); "
                "give each step its own. Nothing was taken over.",
                where=line.place,
            )
    back = {code: each.step.phase is Phase.BACK_OUT for code, each in seen.items() if each.phased}
    unknown = False
    for line in lines:
        step, fields = line.step, _Fields(f"{line.place}, step {line.step.code}", {})
        for code in (*step.after, *step.undone_by):
            if code not in seen:
                unknown = True
                yield fields.refuse(f"it names step {code}, which this runbook does not have.")
        for code in step.undone_by:
            if not back.get(code, True):
                yield fields.refuse(f"it is undone by step {code}, which is not a back-out step.")
        if line.phased and step.phase is not Phase.BACK_OUT:
            for code in step.after:
                if back.get(code):
                    yield fields.refuse(f"it waits for the back-out step {code}; it never comes.")
    if unknown or len(seen) < len(lines):
        return
    try:
        in_order(
            [
                Step(StepId(s.code), s.code, s.title, after=frozenset(map(StepId, s.after)))
                for s in (line.step for line in lines)
            ]
        )
    except BadInput as circle:
        yield circle

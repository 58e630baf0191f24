"""What changed between two revisions of a runbook, in words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.models.runbook.templates import RunbookTemplate, TemplateStep

_WORDS = {
    "title": "title",
    "minutes": "minutes",
    "phase": "phase",
    "kind": "kind",
    "role": "role",
    "ci": "CI",
    "setting": "setting",
    "notice": "notice",
    "bridge": "bridge",
    "not_before": "not before",
    "not_after": "not after",
}
_LONG = {"how": "how it is done", "people_notice": "what people will notice"}
_LISTS = {"after": "after", "undone_by": "undone by"}
_FLAGS = {
    "no_return": ("cannot be undone now", "can be undone now"),
    "do_not_disturb": ("is not to be disturbed now", "may be disturbed now"),
}


class ChangeKind(StrEnum):
    RUNBOOK = "runbook"
    ADDED = "added"
    GONE = "taken away"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Change:
    """`about` is a step as `7 Drain clients` (empty: the runbook itself), `how` what is different
    about it."""

    kind: ChangeKind
    about: str
    how: str = ""

    @property
    def sentence(self) -> str:
        match self.kind:
            case ChangeKind.ADDED:
                return f"Added: {self.about}, {self.how}."
            case ChangeKind.GONE:
                return f"Taken away: {self.about}."
            case ChangeKind.MOVED:
                return f"Moved: {self.about}, {self.how}."
            case ChangeKind.CHANGED:
                return f"{self.about}: {self.how}."
            case _:
                return self.how


def changes_between(old: RunbookTemplate, new: RunbookTemplate) -> tuple[Change, ...]:
    """Steps added, taken away, changed, moved; empty when nothing differs but the revision's
    number. A step is the same when its code is."""
    before = {step.code: step for step in old.steps}
    after = {step.code: step for step in new.steps}
    told = [
        Change(
            ChangeKind.RUNBOOK,
            "",
            f"The {words} is “{getattr(new, name)}”, was “{getattr(old, name)}”.",
        )
        for name, words in (("name", "name"), ("service_kind", "kind of service"))
        if getattr(new, name) != getattr(old, name)
    ]
    if new.summary != old.summary:
        told.append(Change(ChangeKind.RUNBOOK, "", "The summary has changed."))
    told += [
        Change(ChangeKind.ADDED, _label(step), f"{step.minutes} min")
        for step in new.steps
        if step.code not in before
    ]
    told += [Change(ChangeKind.GONE, _label(step)) for step in old.steps if step.code not in after]
    for step in new.steps:
        if step.code in before:
            differs = _differences(before[step.code], step)
            if differs:
                told.append(Change(ChangeKind.CHANGED, _label(step), "; ".join(differs)))
    return (*told, *_moved(old, new))


def _label(step: TemplateStep) -> str:
    return f"{step.code} {step.title}"


def _differences(old: TemplateStep, new: TemplateStep) -> list[str]:
    said = []
    for name, words in _WORDS.items():
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            said.append(f"{words} {_plain(was)} → {_plain(now)}")
    for name, words in _LISTS.items():
        was, now = getattr(old, name), getattr(new, name)
        more = [code for code in now if code not in was]
        less = [code for code in was if code not in now]
        if more:
            said.append(f"{words} {', '.join(more)} too")
        if less:
            said.append(f"no longer {words} {', '.join(less)}")
        if was != now and not more and not less:
            said.append(f"{words} in the order {', '.join(now)}")
    for name, (yes, no) in _FLAGS.items():
        if getattr(old, name) != getattr(new, name):
            said.append(yes if getattr(new, name) else no)
    said += [f"{w} has changed" for n, w in _LONG.items() if getattr(old, n) != getattr(new, n)]
    return said


def _plain(value: object) -> str:
    return "none" if value in (None, "") else str(value).replace("_", " ")


def _moved(old: RunbookTemplate, new: RunbookTemplate) -> list[Change]:
    """The fewest steps whose move makes the new order of those there are in both."""
    place = {step.code: at for at, step in enumerate(old.steps)}
    kept = [step.code for step in new.steps if step.code in place]
    rise = _longest_rise([place[code] for code in kept])
    stayed = {kept[at] for at in rise}
    told = []
    for at, step in enumerate(new.steps):
        if step.code not in place or step.code in stayed:
            continue
        where = f"after {_label(new.steps[at - 1])}" if at else "to the front"
        told.append(Change(ChangeKind.MOVED, _label(step), f"now {where}"))
    return told


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The positions of a longest rising run of not necessarily neighbouring numbers."""
    ends: list[int] = []
    holders: list[int] = []
    came_from: list[int] = []
    for at, number in enumerate(numbers):
        length = bisect_left(ends, number)
        came_from.append(holders[length - 1] if length else -1)
        ends[length : length + 1] = [number]
        holders[length : length + 1] = [at]
    found: set[int] = set()
    at = holders[-1] if holders else -1
    while at >= 0:
        found.add(at)
        at = came_from[at]
    return found

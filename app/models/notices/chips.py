"""The text of a notice as a person edits it: words of their own with values of the plan between.

A value (a chip) is one thing: it follows the plan until it is deleted or written over. `Kept` is
a piece of the template that stays whole: a list of entries, or a sentence that is left out as
long as its value is empty and comes back with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.models.notices import wording
from app.models.notices.fields import LABELS, Value

Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote, in the simple mark-up."""

    text: str


@dataclass(frozen=True, slots=True)
class Chip:
    """The value of a field; `filters` as the template writes them, such as `| capital`."""

    field: str
    filters: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """A piece of template `source` about one `field`; `block` when it stands on its own lines."""

    field: str
    source: str
    block: bool = False


Run = Words | Chip | Kept


def source_of(runs: Iterable[Run]) -> str:
    """The runs as a template: what a draft is kept as."""
    return "".join(_source(run) for run in runs)


def _source(run: Run) -> str:
    if isinstance(run, Words):
        return run.text.replace("{", '{{ "{" }}')  # words never become template
    if isinstance(run, Chip):
        return f"{{{{ {run.field}{' ' + run.filters if run.filters else ''} }}}}"
    return run.source


def joined(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Words beside words become one run; empty ones go."""
    made: list[Run] = []
    for run in runs:
        if isinstance(run, Words) and made and isinstance(last := made[-1], Words):
            made[-1] = Words(last.text + run.text)
        elif not isinstance(run, Words) or run.text:
            made.append(run)
    return tuple(made)


def is_empty(run: Chip | Kept, values: Values) -> bool:
    """A value nobody gave: of a chip it must be written, of a kept sentence it is left out."""
    value = values.get(run.field, "")
    return not (value if isinstance(value, bool) else len(value))


def shown(run: Chip | Kept, values: Values) -> str:
    """What stands on the chip: the value on one line, or that it is empty."""
    label = LABELS.get(run.field, run.field)
    if is_empty(run, values):
        return f"left out: {label}" if isinstance(run, Kept) else f"{label} is empty"
    said = in_words(values[run.field])
    if isinstance(run, Chip) and "capital" in run.filters:
        return wording.capital(said)
    return said


def spoken(run: Chip | Kept, values: Values) -> str:
    """For a screen reader: `value: 7:00 pm Friday, January 10th`."""
    said = shown(run, values)
    return said if is_empty(run, values) else f"value: {said}"


def in_words(value: Value) -> str:
    """Any value on one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return wording.clean_line(value if isinstance(value, str) else "; ".join(value))


def plain(runs: Iterable[Run], values: Values) -> str:
    """The words for other programs: each value as it reads, nothing for what is left out."""
    said = []
    for run in runs:
        if isinstance(run, Words):
            said.append(run.text)
        elif not is_empty(run, values):
            said.append(shown(run, values) + ("\n" if isinstance(run, Kept) and run.block else ""))
    return "".join(said)


def written_out(
    runs: Iterable[Run], field: str, opening: str
) -> tuple[tuple[Run, ...], int] | None:
    """The kept sentence about `field` begun by hand, and the run its words go on after; None
    when no such sentence is kept."""
    made = list(runs)
    for number, run in enumerate(made):
        if isinstance(run, Kept) and run.field == field:
            ends = [Words("\n\n" if run.block else "")]
            return (*made[:number], Words(opening), *ends, *made[number + 1 :]), number
    return None


_FIRST = ("start", "end", "service", "the_service", "audience", "duration", "zone_words")
_LINKS = ("confirm_link", "decline_link", "cannot_link")
_NEVER = ("are", "zone_needed", "no_data_loss", "postponed", *_LINKS)
_INSERTED = (*_FIRST, *(n for n in LABELS if n not in _NEVER and n not in _FIRST))


def insertable(
    values: Values, wanted: str = "", *, lists: bool = False
) -> tuple[tuple[str, str, str], ...]:
    """Field, label and present words of the values to insert: those that have one first; only
    those whose label or words hold every word of `wanted`; with `lists` those of several entries,
    too, as a template may list them."""
    parts = wanted.casefold().split()
    seen: set[tuple[str, str]] = set()
    full: list[tuple[str, str, str]] = []
    empty: list[tuple[str, str, str]] = []
    for name in _INSERTED:
        value = values.get(name, "")
        said = in_words(value)
        label = LABELS[name]
        text = isinstance(value, str) or (lists and isinstance(value, tuple))
        if not text or (label, said) in seen:
            continue
        if not all(p in f"{label} {said}".casefold() for p in parts):
            continue
        seen.add((label, said))
        (full if said else empty).append((name, label, said))
    return (*full, *empty)

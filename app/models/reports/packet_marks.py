"""What is different on a packet printed again, from the rows as the last print knew them.

How far a step has got is no difference: the paper in hand shows it, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.models.log_rows import Row, Rows

Columns = tuple[tuple[str, str], ...]

_STEP: Columns = (
    ("title", "title"),
    ("how", "how it is done"),
    ("phase", "phase"),
    ("owner_id", "who"),
    ("role", "who"),
    ("ci_id", "what it changes"),
    ("ci_role", "what it changes"),
    ("setting", "what it changes"),
    ("no_return", "whether it can be undone"),
    ("not_before", "lock"),
    ("not_after", "lock"),
    ("do_not_disturb", "do not disturb"),
)
_OUTAGE: Columns = (
    ("title", "title"),
    ("start_wall", "window"),
    ("end_wall", "window"),
    ("zone", "window"),
    ("promised_end_utc", "promised end"),
    ("coordinator_id", "coordinator"),
    ("deputy_id", "deputy"),
    ("decision_card", "who decides"),
    ("checker", "checker"),
    ("checker_phone", "checker"),
)
_BRIDGE: Columns = (("line", "bridge"), ("join_link", "bridge"), ("dial_in", "bridge"))


@dataclass(frozen=True, slots=True)
class Marks:
    """`steps` says by id what differs (`new`, or `minutes 10 → 15, who`); `facts` and `gone` what
    else does, and which steps are no longer there."""

    steps: Mapping[str, str] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        return bool(self.steps or self.facts or self.gone)


def marks_between(before: Rows, now: Rows, printed_at: str) -> Marks:
    """`printed_at` is written as the rows write moments. What was there by then and is unknown to
    `before` is not called new."""
    old, new = before.of("step"), now.of("step")
    lists = [
        (before.links(table, other), now.links(table, other), words)
        for table, other, words in (
            ("step_dependency", "after_id", "what it comes after"),
            ("step_undo", "back_out_id", "what undoes it"),
        )
    ]
    steps: dict[str, str] = {}
    for step_id, row in new.items():
        if step_id not in old:
            if row["created_at"] > printed_at:
                steps[step_id] = "new"
            continue
        said = _minutes(old[step_id], row) + _differs(_STEP, old[step_id], row)
        said += [
            words
            for was, is_, words in lists
            if was.get(step_id, frozenset()) != is_.get(step_id, frozenset())
        ]
        if said:
            steps[step_id] = ", ".join(said)
    gone = tuple(f"{row['code']} {row['title']}" for key, row in old.items() if key not in new)
    facts = [
        words
        for table, columns in (("outage", _OUTAGE), ("bridge", _BRIDGE))
        for row_id, row in now.of(table).items()
        if row_id in before.of(table) or row["created_at"] > printed_at
        for words in _differs(columns, before.of(table).get(row_id, {}), row)
    ]
    return Marks(steps, tuple(dict.fromkeys(facts)), gone)


def _minutes(old: Row, new: Row) -> list[str]:
    was, now = old.get("minutes"), new.get("minutes")
    return [f"minutes {was} → {now}"] if was != now else []


def _differs(columns: Columns, old: Row, new: Row) -> list[str]:
    return list(dict.fromkeys(words for name, words in columns if old.get(name) != new.get(name)))

"""A past flight along its log: how the board stood after each entry. Nothing is computed anew; the
entries hold the rows as they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.models.log_rows import Row, Rows
from app.models.outages.lifecycle import BEFORE_START, State
from app.models.runbook import Phase, StepState


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the log; `rows` are the flight's that it changed, as they were after it, and
    `strikes` the number of the entry that it corrects."""

    number: int
    at: datetime
    who: str
    via: str
    what: str
    kind: str
    rows: tuple[Row, ...]
    strikes: int | None = None

    def of(self, table: str) -> list[Row]:
        return [row for row in self.rows if row["table"] == table]


@dataclass(frozen=True, slots=True)
class Then:
    """A step as it stood then."""

    id: str
    code: str
    title: str
    phase: Phase
    state: StepState
    owner_id: str
    started_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scene:
    """The flight after an entry; `changed` are the steps which that entry changed, `struck` says
    of the entries that were struck through by then which one corrects them."""

    entry: Entry
    state: State
    start: datetime | None
    promised_end: datetime | None
    steps: tuple[Then, ...]
    changed: frozenset[str]
    struck: Mapping[int, int]

    @property
    def done(self) -> int:
        return sum(step.state is StepState.DONE for step in self.steps)


class Replay:
    """Scenes by their place in the log of one outage, from 0."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def begins(self) -> int:
        """The entry with which the flight left its plan; the first when it never did."""
        for place, entry in enumerate(self.entries):
            for row in entry.of("outage"):
                if State(row["state"]) not in BEFORE_START - {State.GO_NO_GO, State.HOLD}:
                    return place
        return 0

    def at(self, place: int) -> Scene:
        """Folded from the first entry on: what a later one changed is not seen."""
        past = self.entries[: place + 1]
        rows = Rows(row for entry in past for row in entry.rows)
        outage: Row = next(iter(rows.of("outage").values()), {})
        steps = sorted(rows.of("step").values(), key=lambda row: (row["position"], row["code"]))
        last = self.entries[place]
        return Scene(
            last,
            State(outage["state"]) if outage else State.DRAFT,
            _moment(outage.get("start_utc")),
            _moment(outage.get("promised_end_utc")),
            tuple(_then(row) for row in steps),
            frozenset(row["id"] for row in last.of("step")),
            {each.strikes: each.number for each in past if each.strikes is not None},
        )


def _then(row: Row) -> Then:
    return Then(
        row["id"],
        row["code"],
        row["title"],
        Phase(row["phase"]),
        StepState(row["state"]),
        row.get("owner_id") or "",
        _moment(row.get("started_at")),
        _moment(row.get("ended_at")),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None

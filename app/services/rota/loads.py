"""Who had how much of nights, weekends and holidays in a year, flown and planned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import DateTime, func, select, type_coerce
from sqlmodel import col

from app.models.outages.lifecycle import BEFORE_START, CLOSED, FLYING, State
from app.models.rota.load import (
    Hours,
    Weights,
    merged,
    off_hours,
    quarter_of,
    require_weights,
    weights_from,
)
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.times import in_utc, to_utc, to_wall
from app.services.calendar.near_days import named_holidays
from app.services.database import organisation
from app.services.events import ChangedElsewhere
from app.services.uow import Undo, UnitOfWork

POLICY = "off_hours"
Spans = dict[str, list[tuple[datetime, datetime]]]


@dataclass(frozen=True, slots=True)
class LoadRow:
    """Of one person in one year: `hours` and the weighted `quarters` of what was flown; `planned`,
    weighted, of what is still to come in it. `flights` counts both."""

    person_id: str
    name: str
    flights: int
    hours: Hours
    quarters: tuple[float, float, float, float]
    planned: float

    @property
    def year(self) -> float:
        return sum(self.quarters)

    @property
    def all(self) -> float:
        """By this the next one is chosen: what is planned is as good as had."""
        return self.year + self.planned


@dataclass(frozen=True, slots=True)
class LoadRows:
    year: int
    weights: Weights
    rows: tuple[LoadRow, ...]


def weights_of(uow: UnitOfWork) -> Weights:
    return weights_from(organisation(uow).policy.get(POLICY, {}))


def change_weights(uow: UnitOfWork, weights: Weights) -> Undo:
    """Raises BadInput outside 100 to 500 per cent."""
    row, was = organisation(uow), weights_of(uow)
    _keep(uow, require_weights(weights))
    uow.log(
        f"an hour of night counts {weights.night} %, of weekend {weights.weekend} %, of holiday "
        f"{weights.holiday} %",
        row,
        kind="policy",
    )
    return uow.undo("what off-hours count", also=lambda later: _keep(later, was))


def _keep(uow: UnitOfWork, weights: Weights) -> None:
    """The organisation's row is no record, so an undo does not know it."""
    row = organisation(uow)
    kept = {"night": weights.night, "weekend": weights.weekend, "holiday": weights.holiday}
    row.policy = {**row.policy, POLICY: kept}
    uow.emit(ChangedElsewhere())


def loads(uow: UnitOfWork, year: int | None = None) -> LoadRows:
    """The most burdened first; who had nothing is left out. Of a flight that ended counts the time
    from the first own step's start to the last one's end, for whoever led it the whole flight; of
    one to come its window."""
    home = organisation(uow)
    year = year or to_wall(uow.now, home.zone).year
    weights = weights_of(uow)
    first, end = (
        to_utc(datetime.combine(date(each, 1, 1), time()), home.zone) for each in (year, year + 1)
    )
    free = named_holidays(home.country, home.subdivision, year)
    names = {person.id: person.name for person in uow.all(Person)}
    flown: Spans = defaultdict(list)
    coming: Spans = defaultdict(list)
    flights: dict[str, set[str]] = defaultdict(set)
    for who, outage_id, start, finish, is_over in work_of(uow, first, end):
        if who in names and start < finish:
            (flown if is_over else coming)[who].append((start, finish))
            flights[who].add(outage_id)
    rows = []
    for who in flown.keys() | coming.keys():
        quarters = [Hours()] * 4
        for start, finish in merged(flown[who]):
            at = quarter_of(to_wall(start, home.zone).date()) - 1
            quarters[at] += off_hours(start, finish, home.zone, free.__contains__)
        ahead = [off_hours(*span, home.zone, free.__contains__) for span in merged(coming[who])]
        row = LoadRow(
            who,
            names[who],
            len(flights[who]),
            sum(quarters, Hours()),
            (
                quarters[0].weighted(weights),
                quarters[1].weighted(weights),
                quarters[2].weighted(weights),
                quarters[3].weighted(weights),
            ),
            sum(hours.weighted(weights) for hours in ahead),
        )
        if row.all > 0:
            rows.append(row)
    return LoadRows(year, weights, tuple(sorted(rows, key=lambda row: (-row.all, row.name))))


def _until(outage: Outage, now: datetime) -> datetime:
    """Of one whose end nobody noted: it is not worked on for ever."""
    return outage.promised_end_utc if outage.state in CLOSED else now


def work_of(
    uow: UnitOfWork, first: datetime, end: datetime
) -> Iterator[tuple[str, str, datetime, datetime, bool]]:
    """Of the outages that start in [first, end): person, outage, from, to, and whether it was flown
    (else it is to come)."""
    outages = {
        outage.id: outage
        for outage in uow.all(Outage, col(Outage.start_utc) >= first, col(Outage.start_utc) < end)
    }
    open_states = BEFORE_START | FLYING
    for outage in outages.values():
        leader = outage.coordinator_id
        if leader is None:
            continue
        if outage.started_at is not None:
            last = outage.ended_at or _until(outage, uow.now)
            yield leader, outage.id, outage.started_at, last, True
        elif outage.state in open_states and outage.state is not State.DRAFT:
            span = (max(outage.start_utc, uow.now), outage.end_utc)
            yield leader, outage.id, *span, False
    owned = select(
        col(Step.outage_id),
        col(Step.owner_id),
        type_coerce(func.min(col(Step.started_at)), DateTime()),
        type_coerce(func.max(func.coalesce(col(Step.ended_at), col(Step.started_at))), DateTime()),
    ).join(Outage, col(Outage.id) == col(Step.outage_id))
    rows = uow.session.connection().execute(
        owned.where(
            col(Step.organisation_id) == uow.organisation_id,
            col(Step.archived_at).is_(None),
            col(Step.owner_id).is_not(None),
            col(Outage.start_utc) >= first,
            col(Outage.start_utc) < end,
        ).group_by(col(Step.outage_id), col(Step.owner_id))
    )
    for outage_id, owner, began, ended in rows:
        found = outages.get(outage_id)
        if found is None or owner is None:
            continue
        if began is not None:
            yield owner, outage_id, in_utc(began), in_utc(ended), True
        elif found.state in BEFORE_START and found.state is not State.DRAFT:
            yield owner, outage_id, max(found.start_utc, uow.now), found.end_utc, False

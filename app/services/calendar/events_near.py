"""Events near windows: freezes and business events of the layers, that may touch what is asked
about. Of five thousand a year few do; the others are not even read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from app.models.calendar.asked import Asked
from app.models.calendar.facts import CalendarFact, FactKind, Touching
from app.models.calendar.near import Near
from app.models.ids import DepartmentId, ServiceId
from app.models.severity import Severity
from app.services.calendar import near_statements as statements
from app.services.calendar.looking import Look
from app.services.calendar.occurrences import longest_occurrence
from app.services.uow import UnitOfWork

_LAYERS = "layers_near"


class _Layer(NamedTuple):
    kind: FactKind
    severity: Severity
    services: frozenset[ServiceId]
    departments: frozenset[DepartmentId]


class EventsNear(Look):
    """From `start` to `end`, of those that may stand against one of `asked`."""

    def __init__(
        self, uow: UnitOfWork, start: datetime, end: datetime, asked: Sequence[Touching]
    ) -> None:
        super().__init__(uow)
        anything = Touching.any_of(asked)
        self._layers = {
            layer_id: layer
            for layer_id, layer in self._all_layers().items()
            if anything.meets(layer.services, layer.departments)
        }
        of_layers: dict[str, list[CalendarFact]] = {layer_id: [] for layer_id in self._layers}
        of_their_own: list[CalendarFact] = []
        for layer_id, by_layer, fact in self._read(start, end):
            (of_layers[layer_id] if by_layer else of_their_own).append(fact)

        def near(facts: list[CalendarFact]) -> Near[CalendarFact]:
            return Near(((each.start, each.end, each) for each in facts), start, end)

        self._of_layers = {layer_id: near(facts) for layer_id, facts in of_layers.items() if facts}
        self._of_their_own = near(of_their_own)

    def meeting(self, start: datetime, end: datetime, touching: Touching) -> list[CalendarFact]:
        """Those that may stand against it from `start` to `end`, by their begin."""
        found = [
            fact
            for layer_id, near in self._of_layers.items()
            if touching.meets(self._layers[layer_id].services, self._layers[layer_id].departments)
            for fact in near.meeting(start, end)
        ]
        found += (
            fact
            for fact in self._of_their_own.meeting(start, end)
            if touching.meets(fact.services, fact.departments)
        )
        return sorted(found, key=lambda fact: (fact.start, fact.end))

    def _read(self, start: datetime, end: datetime) -> Iterator[tuple[str, bool, CalendarFact]]:
        """(layer, whether it touches what its layer does, event). The longest occurrence there is
        bounds the range on its left side too."""
        rows = self.rows(
            statements.occurrences(),
            layers=sorted(self._layers),
            start=start,
            end=end,
            since=start - longest_occurrence(self.uow),
        )
        known = self._all_layers()
        for event, title, begins, ends, first, last, layer_id, *noted in rows:
            if layer_id not in known:
                continue
            layer = known[layer_id]
            severity, services, departments, responsible, asked_on, asked_by, answer = noted
            by_layer = not (services or departments)  # who names some touches no others
            is_noted = responsible or asked_on or answer  # of half a year's events few are
            fact = CalendarFact(
                kind=layer.kind,
                id=event,
                title=title,
                start=begins,
                end=ends,
                services=layer.services if by_layer else frozenset(map(ServiceId, services)),
                departments=(
                    layer.departments if by_layer else frozenset(map(DepartmentId, departments))
                ),
                severity=severity or layer.severity,
                first_day=first,
                last_day=last,
                asked=Asked(responsible, asked_on, asked_by, answer).within if is_noted else "",
            )
            yield layer_id, by_layer, fact

    def _all_layers(self) -> dict[str, _Layer]:
        """By id; in a query they are read once."""
        return self.uow.once(
            _LAYERS,
            lambda: {
                layer_id: _Layer(
                    FactKind.FREEZE if is_freeze else FactKind.BUSINESS_EVENT,
                    severity,
                    frozenset(map(ServiceId, services)),
                    frozenset(map(DepartmentId, departments)),
                )
                for layer_id, is_freeze, severity, services, departments in self.rows(
                    statements.layers()
                )
            },
        )

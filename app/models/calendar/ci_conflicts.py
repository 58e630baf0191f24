"""Conflicts through configuration items: the same one, or one above or below it, in another
window, be it ours or a vendor's; and what the flight itself needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.models.calendar.facts import Reason
from app.models.calendar.judging import Conflict, Judging
from app.models.directory.graph import Reach
from app.models.ids import CiId
from app.models.severity import Severity


@dataclass(frozen=True, slots=True)
class _Work:
    """What else goes on meanwhile: `told` follows “is worked on …”. `severity` None: policy's."""

    about: tuple[str, str]
    cis: frozenset[CiId]
    told: str
    severity: Severity | None = None


class CiJudging(Judging):
    """Those that come of the tree of items."""

    def _works(self) -> Iterator[_Work]:
        for other in self._meeting:
            yield _Work(("outage", other.id), other.cis, f"in {self._flight(other)}")
        for vendor in self._around.vendors:
            if self._meets(vendor.start, vendor.end):
                span = self._span(vendor.start, vendor.end)
                told = (
                    f"by {vendor.provider}: {vendor.maintenance_id} “{vendor.title}” "
                    f"({vendor.said}; {span})"
                )
                yield _Work(("event", vendor.id), vendor.cis, told, vendor.severity)

    def _ci_conflicts(self) -> Iterator[Conflict]:
        works = list(self._works())
        if not works:
            return
        ours = {ci.id for ci in self._c.cis}
        for ci in self._c.cis:
            above, below = self._around.graph.above(ci.id), self._around.graph.below(ci.id)
            for work in works:
                about = (work.about, ("ci", ci.id))
                if ci.id in work.cis:
                    yield self._say(
                        Reason.SAME_CI,
                        f"{ci.name} is also worked on {work.told}.",
                        *about,
                        as_=work.severity,
                    )
                # a CI that both windows touch is told once, as the same CI
                for hit in self._nearest(above, work.cis - ours):
                    yield self._say(
                        Reason.CI_ABOVE,
                        f"{self._name(hit)} rests on {ci.name}{self._through(above, hit)} and is "
                        f"worked on {work.told}.",
                        *about,
                        ("ci", hit),
                        as_=work.severity,
                    )
                for hit in self._nearest(below, work.cis - ours):
                    yield self._say(
                        Reason.CI_BELOW,
                        f"{ci.name} rests on {self._name(hit)}{self._through(below, hit)}, which "
                        f"is worked on {work.told}.",
                        *about,
                        ("ci", hit),
                        as_=work.severity,
                    )

    def _nearest(self, reach: Reach, wanted: frozenset[CiId] | set[CiId]) -> list[CiId]:
        """One CI per other window and direction is enough to be told: the nearest."""
        hits = [ci for ci in wanted if ci in reach]
        return sorted(hits, key=lambda ci: (len(reach.path(ci)), self._name(ci)))[:1]

    def _through(self, reach: Reach, ci: CiId) -> str:
        between = reach.path(ci)[1:-1]
        return f" (through {', '.join(map(self._name, between))})" if between else ""

    def _needed(self) -> Iterator[Conflict]:
        told: set[CiId] = set()
        needed = self._around.needed | {ci.id for ci in self._c.cis if ci.needed_by_flight}
        if not needed:
            return
        for ci in self._c.cis:
            if ci.id in needed and ci.id not in told:
                told.add(ci.id)
                yield self._say(
                    Reason.TAKES_DOWN_WHAT_FLIGHT_NEEDS,
                    f"The window takes down {ci.name}, which the flight itself needs; "
                    "agree another way beforehand.",
                    ("ci", ci.id),
                )
            above = self._around.graph.above(ci.id)
            for hit in above:
                if hit in needed and hit not in told:
                    told.add(hit)
                    way = self._through(above, hit)
                    yield self._say(
                        Reason.TAKES_DOWN_WHAT_FLIGHT_NEEDS,
                        f"The window takes down {self._name(hit)}, which rests on {ci.name}{way} "
                        "and which the flight itself needs; agree another way beforehand.",
                        ("ci", hit),
                        ("ci", ci.id),
                    )

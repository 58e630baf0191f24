"""Conflicts through configuration items: the same one, or one above or below it, in another
window, be it ours or a vendor's; and what the flight itself needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.models.calendar.facts import Reason
from app.models.calendar.judging import Conflict, Judging, Surroundings, in_words
from app.models.directory.graph import Reach
from app.models.ids import CiId
from app.models.severity import Severity
from app.models.times import Window, overlaps


@dataclass(frozen=True, slots=True)
class _Work:
    """What else goes on meanwhile: `told` follows “is worked on …”. `severity` None: policy's."""

    about: tuple[str, str]
    cis: frozenset[CiId]
    told: str
    severity: Severity | None = None


def is_worked_meanwhile(window: Window, around: Surroundings) -> bool:
    """Something else is worked on meanwhile. Otherwise what our items rest on stands against
    nothing, and need not be known."""
    start, end = window.start_utc, window.end_utc
    return any(
        each.start < end and start < each.end for each in around.outages if not each.over
    ) or any(overlaps(each.start, each.end, start, end) for each in around.vendors)


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
        """One conflict a cause: those of our items that it touches in one way are named together.
        An item that both windows touch is told once, as the same one."""
        works = list(self._works())
        if not works:
            return
        graph, ours = self._around.graph, {ci.id for ci in self._c.cis}
        ups = {ci: graph.above(ci) for ci in ours}
        downs = {ci: graph.below(ci) for ci in ours}
        for work in works:
            same = [ci.id for ci in self._c.cis if ci.id in work.cis]
            above: dict[CiId, list[CiId]] = {}
            below: dict[CiId, list[CiId]] = {}
            for ci in self._c.cis:
                for hit in self._nearest(ups[ci.id], work.cis - ours):
                    above.setdefault(hit, []).append(ci.id)
                for hit in self._nearest(downs[ci.id], work.cis - ours):
                    below.setdefault(hit, []).append(ci.id)
            if same:
                are = "is" if len(same) == 1 else "are"
                said = f"{self._names(same)} {are} also worked on {work.told}."
                yield self._of(work, Reason.SAME_CI, said, same)
            for hit, cis in above.items():
                on = f"{self._name(hit)} rests on {self._names(cis)}{self._way(ups, cis, hit)}"
                yield self._of(
                    work, Reason.CI_ABOVE, f"{on} and is worked on {work.told}.", cis, hit
                )
            for hit, cis in below.items():
                rest = "rests on" if len(cis) == 1 else "rest on"
                on = f"{self._names(cis)} {rest} {self._name(hit)}{self._way(downs, cis, hit)}"
                yield self._of(
                    work, Reason.CI_BELOW, f"{on}, which is worked on {work.told}.", cis, hit
                )

    def _of(self, work: _Work, reason: Reason, said: str, cis: list[CiId], *hit: CiId) -> Conflict:
        about = (work.about, *(("ci", ci) for ci in (*cis, *hit)))
        return self._say(reason, said, *about, as_=work.severity)

    def _names(self, cis: list[CiId]) -> str:
        return in_words([self._name(ci) for ci in cis], "items")

    def _way(self, reach: Mapping[CiId, Reach], cis: list[CiId], hit: CiId) -> str:
        """Through what, of one item; the ways of several would hide what it is about."""
        return self._through(reach[cis[0]], hit) if len(cis) == 1 else ""

    def _nearest(self, reach: Reach, wanted: frozenset[CiId] | set[CiId]) -> list[CiId]:
        """One CI per other window and direction is enough to be told: the nearest."""
        hits = [ci for ci in wanted if ci in reach]
        return sorted(hits, key=lambda ci: (len(reach.path(ci)), self._name(ci)))[:1]

    def _through(self, reach: Reach, ci: CiId) -> str:
        between = reach.path(ci)[1:-1]
        return f" (through {', '.join(map(self._name, between))})" if between else ""

    def _needed(self) -> Iterator[Conflict]:
        """One conflict each, as each needs its own other way; of many on one item, one."""
        told: set[CiId] = set()
        needed = {
            **self._around.needed,
            **{ci.id: ci.needed_by_flight for ci in self._c.cis if ci.needed_by_flight},
        }
        if not needed:
            return
        tail = "which the flight itself needs; agree another way beforehand."
        for ci in self._c.cis:
            if ci.id in needed and ci.id not in told:
                told.add(ci.id)
                yield self._say(
                    Reason.TAKES_DOWN_WHAT_FLIGHT_NEEDS,
                    f"The window takes down {self._needed_for(ci.id, needed)}, {tail}",
                    ("ci", ci.id),
                )
            above = self._around.graph.above(ci.id)
            hits = [hit for hit in above if hit in needed and hit not in told]
            told.update(hits)
            if len(hits) > self._policy.fold_above:
                names = ", ".join(self._needed_for(hit, needed) for hit in hits)
                yield self._say(
                    Reason.TAKES_DOWN_WHAT_FLIGHT_NEEDS,
                    f"{len(hits)} things that the flight itself needs rest on {ci.name} and are "
                    f"taken down with it: {names}; agree other ways beforehand.",
                    *(("ci", i) for i in (ci.id, *hits)),
                )
                continue
            for hit in hits:
                yield self._say(
                    Reason.TAKES_DOWN_WHAT_FLIGHT_NEEDS,
                    f"The window takes down {self._needed_for(hit, needed)}, which rests on "
                    f"{ci.name}{self._through(above, hit)} and {tail}",
                    ("ci", hit),
                    ("ci", ci.id),
                )

    def _needed_for(self, ci: CiId, needed: Mapping[CiId, str]) -> str:
        """With what for, where somebody noted that and not only that it is needed."""
        what = needed[ci]
        return f"{self._name(ci)} ({what})" if what.casefold() != "yes" else self._name(ci)

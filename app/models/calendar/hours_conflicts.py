"""Conflicts through hours of the week: when a service is used, when an item may be worked on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.models.calendar.facts import CiFact, Reason, WeeklySpan
from app.models.calendar.judging import Conflict, Judging, in_words
from app.models.times import first_moment, speak_moment, to_wall


class HoursJudging(Judging):
    """Hours are read off the clocks of their own zone, also on days on which those change."""

    def _hours_of_use(self) -> Iterator[Conflict]:
        """One conflict a service; many fold into one."""
        used = [
            (service, hits[0])
            for service in self._c.services
            if (hits := self._weekly(service.hours, service.zone))
        ]
        fall = "The window falls into the hours when"
        if len(used) > self._policy.fold_above:
            names = in_words([service.name for service, _ in used], "services")
            about = (("service", service.id) for service, _ in used)
            yield self._say(Reason.HOURS_OF_USE, f"{fall} {names} are used.", *about)
            return
        for service, hit in used:
            said = f"{fall} {service.name} is used ({self._span(*hit)})."
            yield self._say(Reason.HOURS_OF_USE, said, ("service", service.id))

    def _ci_hours(self) -> Iterator[Conflict]:
        """One conflict an item; many that have the same hours fold into one."""
        by_hours: dict[tuple[str, str], list[CiFact]] = {}
        for ci in self._c.cis:
            if ci.hours:
                by_hours.setdefault((ci.said, ci.zone), []).append(ci)
        for (said, zone), cis in by_hours.items():
            reached = self._allowed_until(cis[0].hours, zone)
            if reached >= self._end:
                continue
            there = f" in {zone}" if zone not in ("", self._zone) else ""
            since = f"From {speak_moment(reached, self._zone)} on the window is"
            if reached == self._start:
                since = "The window begins"
            many = [cis] if len(cis) > self._policy.fold_above else [[ci] for ci in cis]
            for some in many:
                names = in_words([ci.name for ci in some], "items")
                yield self._say(
                    Reason.CI_HOURS,
                    f"{since} outside the maintenance hours of {names}: {said}{there}.",
                    *(("ci", ci.id) for ci in some),
                )

    def _allowed_until(self, hours: tuple[WeeklySpan, ...], zone: str) -> datetime:
        """When the window first leaves the hours; its end when it does not."""
        reached = self._start
        for start, end in self._weekly(hours, zone):
            if start <= reached:
                reached = max(reached, end)
        return reached

    def _weekly(self, hours: tuple[WeeklySpan, ...], zone: str) -> list[tuple[datetime, datetime]]:
        """The weekly spans that meet the window, as UTC, by start."""
        zone = zone or self._zone
        found = []
        day = to_wall(self._start, zone).date() - timedelta(days=2)
        last = to_wall(self._end, zone).date()
        while day <= last and hours:
            midnight = datetime.combine(day, datetime.min.time())
            for span in hours:
                if span.weekday == day.weekday():
                    start = first_moment(midnight + timedelta(minutes=span.start_minute), zone)
                    end = first_moment(midnight + timedelta(minutes=span.end_minute), zone)
                    if self._meets(start, end):
                        found.append((start, end))
            day += timedelta(days=1)
        return sorted(found)

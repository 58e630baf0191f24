"""The communication plan of one outage: what is due when, and until when it still serves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.models.notices.kinds import NoticeKind
from app.models.notices.leadtime import WorkDays, in_time, last_possible, lead_rule
from app.models.notices.policy import Moment, Policy
from app.models.outages.lifecycle import ImpactClass
from app.models.severity import Severity
from app.models.times import Window, speak_date, speak_moment, speak_span, to_utc, to_wall


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One line of the plan. `kind` is None where the moment is an act and not a notice; any kind
    of `met_by`, sent, meets it. `due` and `last_possible` are UTC; `zone` is for speaking them."""

    moment: Moment
    kind: NoticeKind | None
    due: datetime
    last_possible: datetime
    why: str
    zone: str
    met_by: frozenset[NoticeKind] = frozenset()


class Timing(StrEnum):
    DONE = "done"
    DONE_LATE = "done_late"
    LATER = "later"
    DUE = "due"
    LATE = "late"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an item stands now; `severity` None means nothing to worry about."""

    timing: Timing
    severity: Severity | None
    sentence: str


def plan(
    window: Window,
    impact: ImpactClass,
    policy: Policy,
    workdays: WorkDays,
    planned_at: datetime,
) -> tuple[PlanItem, ...]:
    """In the order of their due moments. Nothing is due before `planned_at`, the UTC moment the
    outage was planned: what the policy wanted earlier is due at once, and says so. An item
    whose `last_possible` lies before its `due` can no longer be in time."""
    draft = _Draft(window, policy, workdays, planned_at)
    rule = lead_rule(impact, policy.lead_days, policy.lead_working_days)
    latest_notice = last_possible(window, impact, workdays, rule)
    items = [
        *draft.before(latest_notice),
        *draft.briefs(),
        *draft.window_items(),
        *draft.afterwards(),
    ]
    told_on = next(draft.local_date(i.due) for i in items if i.moment is Moment.PLANNED)
    items.extend(draft.reminders(told_on))
    order = list(Moment)
    return tuple(sorted(items, key=lambda i: (i.due, order.index(i.moment))))


DUE_NOW = timedelta(hours=1)  # for an hour "due" reads kinder than "3 min late"


def status(item: PlanItem, now: datetime, sent_at: datetime | None) -> Standing:
    """How the item stands at `now`; `sent_at` is when it was sent or done, if it was."""
    if sent_at is not None:
        said = speak_moment(sent_at, item.zone)
        if not in_time(sent_at, item.last_possible):
            late = speak_span(sent_at - item.last_possible)
            return Standing(Timing.DONE_LATE, Severity.NOTE, f"Done {said}, {late} too late.")
        return Standing(Timing.DONE, None, f"Done {said}.")
    due = speak_moment(item.due, item.zone)
    if now < item.due:
        return Standing(Timing.LATER, None, f"Due {due}, in {speak_span(item.due - now)}.")
    if now > item.last_possible:
        last = speak_moment(item.last_possible, item.zone)
        return Standing(Timing.TOO_LATE, Severity.BLOCK, f"Too late: last possible was {last}.")
    left = f"last possible {speak_moment(item.last_possible, item.zone)}"
    if now - item.due < DUE_NOW:
        return Standing(Timing.DUE, Severity.WARN, f"Due now; {left}.")
    return Standing(Timing.LATE, Severity.WARN, f"{speak_span(now - item.due)} late; {left}.")


@dataclass(frozen=True, slots=True)
class _Draft:
    window: Window
    policy: Policy
    workdays: WorkDays
    planned_at: datetime

    def before(self, latest_notice: datetime) -> Iterator[PlanItem]:
        """What is arranged days ahead, each moved off weekends and holidays."""
        p = self.policy
        scope = "Services, audiences and window change no more without being told again"
        rows: tuple[tuple[Moment, NoticeKind | None, int | None, datetime, str], ...] = (
            (
                Moment.KICK_OFF,
                NoticeKind.KICK_OFF,
                p.kick_off_days,
                latest_notice,
                "Owners, checker and vendor confirm before people are told",
            ),
            (Moment.SCOPE_FREEZE, None, p.scope_freeze_days, latest_notice, scope),
            (
                Moment.PLANNED,
                NoticeKind.PLANNED,
                p.planned_days,
                latest_notice,
                "People hear in good time and can object",
            ),
            (
                Moment.RUNBOOK_FREEZE,
                None,
                p.runbook_freeze_days,
                self.window.start_utc,
                "Later edits to the runbook are marked and ask for a reason",
            ),
        )
        for moment, kind, days, latest, why in rows:
            if days is not None:
                wanted = self.window.start.date() - timedelta(days=days)
                yield self._dated(moment, kind, wanted, latest, why, f"{days} days before")

    def briefs(self) -> Iterator[PlanItem]:
        count = self.policy.brief_working_days
        day = self.workdays.back(self.window.start.date(), count)
        latest = self.window.start_utc - self.policy.bridge_before
        for moment, kind, why in (
            (
                Moment.CREW_BRIEF,
                NoticeKind.CREW_BRIEF,
                "Each of the crew knows the own steps and when to be ready",
            ),
            (
                Moment.SERVICE_DESK_BRIEF,
                NoticeKind.SERVICE_DESK_BRIEF,
                "The desk knows what callers will say and what to answer",
            ),
            (
                Moment.MONITORING,
                NoticeKind.MONITORING,
                "Monitoring knows what to suppress and when to switch it on again",
            ),
        ):
            yield self._dated(moment, kind, day, latest, why, f"{count} working days before")

    def reminders(self, told_on: date) -> Iterator[PlanItem]:
        """Those that fall together become one, and one on the day of the planned notice (or
        before it) is that notice."""
        seen = {told_on}
        for days in sorted(self.policy.reminder_days, reverse=True):
            wanted = self.window.start.date() - timedelta(days=days)
            item = self._dated(
                Moment.REMINDER,
                NoticeKind.REMINDER,
                wanted,
                self.window.start_utc,
                "People forget",
                "the day before" if days == 1 else f"{days} days before",
            )
            day = self.local_date(item.due)
            if day > told_on and day not in seen and item.due < self.window.start_utc:
                seen.add(day)
                yield item

    def window_items(self) -> Iterator[PlanItem]:
        p, start, end = self.policy, self.window.start_utc, self.window.end_utc
        close = frozenset(
            {
                NoticeKind.EXTENDED,
                NoticeKind.ALL_CLEAR,
                NoticeKind.PARTLY_DONE,
                NoticeKind.BACKED_OUT,
            }
        )
        item = self._item
        yield item(
            Moment.PACKET,
            None,
            start - p.packet_before,
            start,
            f"Printed {speak_span(p.packet_before)} before, the flight can be finished by phone.",
        )
        yield item(
            Moment.BRIDGE,
            None,
            start - p.bridge_before,
            start,
            f"Opens {speak_span(p.bridge_before)} before, for the roll call.",
        )
        yield item(
            Moment.STARTED,
            NoticeKind.STARTED,
            start,
            start + p.started_grace,
            "People hear that it has begun.",
        )
        owed = replace(
            item(
                Moment.END_OWED,
                NoticeKind.ALL_CLEAR,
                max(end - p.end_before, start),
                end,
                f"Extended or all clear, {speak_span(p.end_before)} before the promised end: "
                "it never passes in silence.",
            ),
            met_by=close,
        )
        yield owed

    def afterwards(self) -> Iterator[PlanItem]:
        ends = self.window.end
        night = ends.time() < self.policy.sending_hour  # of the day before: it is told that morning
        day = self.workdays.after(ends.date() - timedelta(days=int(night)))
        due, latest = self._at(day), self._at(day, time(23, 59))
        yield self._item(
            Moment.CHANGE_SUMMARY,
            NoticeKind.CHANGE_SUMMARY,
            due,
            latest,
            "The next working day, people hear what they will notice.",
        )
        yield self._item(
            Moment.END_BRIEF,
            NoticeKind.SERVICE_DESK_BRIEF,
            due,
            latest,
            "The next working day, the service desk hears how it ended.",
        )

    def local_date(self, moment: datetime) -> date:
        return to_wall(moment, self.window.zone).date()

    def _dated(
        self,
        moment: Moment,
        kind: NoticeKind | None,
        wanted: date,
        latest: datetime,
        why: str,
        rule: str,
    ) -> PlanItem:
        day = self.workdays.on_or_before(wanted)
        due = self._at(day)
        sentence = f"{why}: {rule}"
        if self.policy.at_once and moment is not Moment.REMINDER:
            return self._item(moment, kind, self.planned_at, latest, f"{why}: urgent, at once.")
        if due < self.planned_at:
            sentence += f" was {speak_moment(due, self.window.zone)}, so at once"
            due = self.planned_at
        elif day != wanted:
            sentence += f", moved off {speak_date(wanted)} to the working day before"
        return self._item(moment, kind, due, latest, sentence + ".")

    def _item(
        self,
        moment: Moment,
        kind: NoticeKind | None,
        due: datetime,
        latest: datetime,
        why: str,
    ) -> PlanItem:
        met = frozenset() if kind is None else frozenset({kind})
        return PlanItem(moment, kind, due, latest, why, self.window.zone, met)

    def _at(self, day: date, clock: time | None = None) -> datetime:
        wall = datetime.combine(day, clock or self.policy.sending_hour)
        return to_utc(wall, self.window.zone)

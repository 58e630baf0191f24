"""The days and the hour of the policy that an organisation may choose; what makes them sound."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import time

from app.models.errors import BadInput
from app.models.notices.policy import Policy
from app.models.outages.lifecycle import ImpactClass

LONGEST = 120
"""Days. A kick-off further ahead than this is a slip of the finger."""
MOST_REMINDERS = 4


@dataclass(frozen=True, slots=True)
class PolicyDays:
    """Days before the window's date; `brief_working_days` are working days. A freeze of None
    does not happen. `reminder_days` run from the earliest reminder to the last. People hear more
    than `lead_days` and at least `lead_working_days` working days ahead. Notices leave at
    `sending_hour` by the clocks of the window."""

    kick_off_days: int
    scope_freeze_days: int | None
    planned_days: int
    runbook_freeze_days: int | None
    brief_working_days: int
    reminder_days: tuple[int, ...]
    lead_days: int = 0
    lead_working_days: int = 0
    sending_hour: time = time(9)


WORDS = {
    "kick_off_days": "kick-off",
    "scope_freeze_days": "scope freeze",
    "planned_days": "planned notice",
    "runbook_freeze_days": "runbook freeze",
    "brief_working_days": "briefs",
    "reminder_days": "reminders",
    "lead_days": "least days of notice",
    "lead_working_days": "least working days of notice",
    "sending_hour": "hour of notices",
}


def days_of(policy: Policy) -> PolicyDays:
    return PolicyDays(**{name: getattr(policy, name) for name in WORDS})


def require_sound(impact: ImpactClass, days: PolicyDays) -> PolicyDays:
    """The days with the reminders in order. Raises BadInput (`about`: field, impact)."""
    reminders = tuple(sorted(set(days.reminder_days), reverse=True))
    _require_whole(impact, days)
    least = max(days.lead_days + 1 if days.lead_days else 0, days.lead_working_days)
    if days.planned_days < least:
        raise _wrong(
            impact,
            "planned_days",
            f"is told at least {least} days before the window; the lead time of this class asks "
            "for it",
        )
    if days.kick_off_days < days.planned_days:
        raise _wrong(impact, "kick_off_days", "comes before the planned notice, or with it")
    for name in ("scope_freeze_days", "runbook_freeze_days"):
        freeze = getattr(days, name)
        if freeze is not None and freeze > days.kick_off_days:
            raise _wrong(impact, name, "comes after the kick-off")
    if not reminders or len(reminders) > MOST_REMINDERS:
        raise _wrong(impact, "reminder_days", f"are one to {MOST_REMINDERS}, such as “7, 1”")
    if impact is not ImpactClass.URGENT and reminders[0] >= days.planned_days:
        raise _wrong(impact, "reminder_days", "come after the planned notice that they repeat")
    return replace(days, reminder_days=reminders)


def difference(was: PolicyDays, now: PolicyDays) -> str:
    """`kick-off 21 → 28, reminders 1 → 7, 1`; empty when nothing differs."""
    changed = []
    for each in fields(PolicyDays):
        before, after = getattr(was, each.name), getattr(now, each.name)
        if before != after:
            changed.append(f"{WORDS[each.name]} {_spoken(before)} → {_spoken(after)}")
    return ", ".join(changed)


def _require_whole(impact: ImpactClass, days: PolicyDays) -> None:
    for name in WORDS:
        value = getattr(days, name)
        each = value if isinstance(value, tuple) else (value,)
        if any(isinstance(day, int) and not 0 <= day <= LONGEST for day in each):
            raise _wrong(impact, name, f"is a number of days from 0 to {LONGEST}")


def _wrong(impact: ImpactClass, name: str, rule: str) -> BadInput:
    return BadInput(
        f"{impact.value.capitalize()}: the {WORDS[name]} {rule}. Nothing was changed.",
        field=name,
        impact=impact.value,
    )


def _spoken(value: int | tuple[int, ...] | time | None) -> str:
    if value is None:
        return "never"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)

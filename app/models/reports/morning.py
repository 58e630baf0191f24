"""The morning after a flight: who is visibly present, and what to watch."""

from __future__ import annotations

from collections.abc import Iterator

from app.models import times
from app.models.reports.after_action import AfterAction

UNSURE = ("waived", "failed", "not tested", "skipped")
"""States of a step that leave something to look at in daylight."""
PRESENT_AT = "08:00"


def present_words(report: AfterAction) -> str:
    """Who could stand with the users, and is not owed sleep."""
    day = f"{times.speak_date(report.morning)} " if report.morning else "at "
    if not report.rested:
        return f"Who is visibly present {day}{PRESENT_AT}, and is not owed sleep:"
    return f"Visibly present {day}{PRESENT_AT}, as they had no step that night: " + (
        f"{', '.join(report.rested)}."
    )


def to_watch(report: AfterAction) -> tuple[tuple[str, str], ...]:
    """(what, because), the most pressing first. Empty before the flight has ended."""
    return tuple(_to_watch(report)) if report.ended else ()


def _to_watch(report: AfterAction) -> Iterator[tuple[str, str]]:
    if not report.user_check:
        due = report.check_due
        when = f"due {times.speak_moment(due, report.window.zone)}" if due else "never noted"
        yield "The user-side check", when
    lost = report.data_loss.strip()
    if lost and lost.casefold().rstrip(".") not in ("none", "no", "nothing"):
        yield "Whoever misses data", f"lost: {lost}"
    for step in report.steps:
        if step.phase != "back_out" and step.state.replace("_", " ").startswith(UNSURE):
            yield f"Step {step.code} {step.title}", step.standing
    for change in report.changes:
        after = change.after or change.what
        what = f"{change.before} → {after}" if change.before and change.after else after
        yield change.ci, ". ".join(part for part in (what, change.noticed) if part)

"""What the Now card says of a step: who has it, how far it is, until when it can wait, and what
comes then."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.models.live.margin import slack_words
from app.models.outages.lifecycle import State
from app.models.runbook import Slack, StepKind, StepState
from app.models.times import speak_span, speak_time, to_wall
from app.services.live.rows import LiveRows, LiveStep
from app.services.runbook.opening import lock_words, opens_words
from app.views.widgets.tone import Tone

_SLACK = {Slack.OK: Tone.OK, Slack.WARN: Tone.WARN, Slack.BAD: Tone.BAD}


def who_checks(rows: LiveRows, step: LiveStep) -> str:
    """`F. Okoye 212 555 0136`: whom the check is heard from, and how they are reached."""
    phones = {rows.checker: rows.checker_phone, **{row.name: row.phone for row in rows.roll_call}}
    who = step.owner or rows.checker
    return f"{who} {phones.get(who, '')}".strip()


def title_of(step: LiveStep) -> str:
    return f"{step.code} · {step.title}"


def start_words(rows: LiveRows, step: LiveStep) -> str:
    """`ready · K. Ito · 20 min · not after 19:20`."""
    opens = step.opens
    ready = opens_words(opens, rows.start, rows.zone) if opens is not None else "ready"
    said = (ready, step.owner or "no owner", f"{step.minutes} min", lock_of(rows, step))
    return " · ".join(part for part in said if part)


def lock_of(rows: LiveRows, step: LiveStep) -> str:
    return lock_words(step.not_after, rows.zone, late=step.late)


def facts_of(step: LiveStep, now: datetime) -> str:
    """`K. Ito · SAN-02 · 19 of 25 min · slack 6 min · do not disturb · heard 4 min ago`."""
    gone = ""
    if step.started_at is not None:
        minutes = max(0, int((now - step.started_at).total_seconds() // 60))
        gone = f"{minutes} of {step.minutes} min"
        if minutes > step.minutes:
            gone += f", {minutes - step.minutes} over"
    heard = ""
    if step.heard_at is not None:
        ago = max(timedelta(), now - step.heard_at)
        heard = "heard just now" if ago < timedelta(minutes=1) else f"heard {speak_span(ago)} ago"
    quiet = "do not disturb" if step.do_not_disturb else ""
    slack = slack_words(step.slack)
    return " · ".join(part for part in (step.owner, step.ci, gone, slack, quiet, heard) if part)


def next_words(rows: LiveRows, main: LiveStep | None) -> str:
    shown = [
        step
        for step in rows.following
        if step.kind in (StepKind.WORK, StepKind.CHECK)
        and (main is None or step.step_id != main.step_id)
    ]
    if not shown:
        return ""
    step = shown[0]
    at = f"about {clock_of(rows, step.at)}" if step.at else ""
    ready = "ready" if step.ready else "waiting"
    if step.ready and step.opens is not None:
        ready = opens_words(step.opens, rows.start, rows.zone)
    said = (step.owner or "no owner", ready, at, slack_words(step.slack), lock_of(rows, step))
    return f"Then {step.label} ({', '.join(part for part in said if part)})."


def other_words(rows: LiveRows, step: LiveStep) -> str:
    if step.state is not StepState.BLOCKED:
        return facts_of(step, rows.now)
    at = step.blocked_until
    until = f" · until {clock_of(rows, at)}" if at is not None else ""
    return f"blocked: {step.blocked_reason or 'why?'}{until}"


def turn_words(rows: LiveRows, now: datetime) -> tuple[str, Tone] | None:
    turn = rows.turn
    if turn is None or rows.state not in (State.IN_PROGRESS, State.VERIFYING):
        return None
    if turn.moves_to is None or turn.start_by is None:
        return f"Step {turn.code} cannot be undone: starting it is a named decision.", Tone.BAD
    moves, by = clock_of(rows, turn.moves_to), clock_of(rows, turn.start_by)
    when = f"its latest start was {by}" if turn.start_by < now else f"start it by {by}"
    if rows.past_return is not None:  # nothing moves any more what is not there
        since = rows.past_return.headline(rows.zone)
        return f"{since}; to undo step {turn.code} at least in time, {when}.", _SLACK[turn.slack]
    return f"Step {turn.code} moves the way back to {moves}: {when}.", _SLACK[turn.slack]


def clock_of(rows: LiveRows, moment: datetime) -> str:
    return speak_time(to_wall(moment, rows.zone))

"""A runbook's steps, and what changed in it, as rows of a list."""

from __future__ import annotations

from app.models.runbook import Phase, StepKind, TemplateStep
from app.models.runbook.comparing import Change, ChangeKind
from app.views.widgets.listing import ListRow
from app.views.widgets.tone import Tone

FORMS = (("YAML", ".yaml"), ("CSV for a spreadsheet", ".csv"), ("Markdown", ".md"))
"""A runbook's files, as (words, ending)."""
_PHASES = {
    Phase.BEFORE: "before",
    Phase.WINDOW: "",
    Phase.VERIFY: "verify",
    Phase.BACK_OUT: "back-out",
    Phase.WRAP_UP: "wrap-up",
}
_TONES = {
    ChangeKind.RUNBOOK: Tone.INFO,
    ChangeKind.ADDED: Tone.OK,
    ChangeKind.GONE: Tone.BAD,
    ChangeKind.CHANGED: Tone.WARN,
    ChangeKind.MOVED: Tone.INFO,
}


def step_row(step: TemplateStep) -> ListRow:
    facts = (
        "" if step.kind is StepKind.WORK else step.kind.value.replace("_", " "),
        _PHASES[step.phase],
        f"{step.minutes} min",
        step.role,
        f"after {', '.join(step.after)}" if step.after else "",
        ": ".join(part for part in (step.ci, step.setting) if part),
        f"undo {', '.join(step.undone_by)}" if step.undone_by else "",
        "cannot be undone" if step.no_return else "",
        "do not disturb" if step.do_not_disturb else "",
        _lock("not before", step.not_before),
        _lock("not after", step.not_after),
    )
    sub = " · ".join(fact for fact in facts if fact)
    return ListRow(key=step.code, title=step.title, lead=step.code, sub=sub)


def _lock(words: str, minutes: int | None) -> str:
    """`not before T+00:30`: from the start of a window that is not known yet."""
    if minutes is None:
        return ""
    return (
        f"{words} {'T−' if minutes < 0 else 'T+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    )


def change_row(number: int, change: Change) -> ListRow:
    tone = _TONES[change.kind]
    how = change.how[:1].upper() + change.how[1:]
    return ListRow(
        key=str(number),
        title=change.about or how,
        sub=how if change.about else "",
        tone=tone,
        pill=change.kind.value,
        pill_tone=tone,
        spoken=change.sentence,
    )

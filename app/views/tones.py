"""Which tone a state or a severity is drawn in: the same on every page."""

from __future__ import annotations

from app.models.outages.lifecycle import State
from app.models.severity import Severity
from app.views.widgets.tone import Tone

_STATES = {
    State.DRAFT: Tone.PLAIN,
    State.PLANNED: Tone.INFO,
    State.ANNOUNCED: Tone.COMMS,
    State.GO_NO_GO: Tone.ACCENT,
    State.HOLD: Tone.WARN,
    State.IN_PROGRESS: Tone.INFO,
    State.VERIFYING: Tone.INFO,
    State.BACKING_OUT: Tone.BAD,
    State.COMPLETE: Tone.OK,
    State.PARTLY_DONE: Tone.WARN,
    State.BACKED_OUT: Tone.WARN,
    State.CANCELLED: Tone.PLAIN,
    State.FILED: Tone.PLAIN,
}
_SEVERITIES = {Severity.BLOCK: Tone.BAD, Severity.WARN: Tone.WARN, Severity.NOTE: Tone.INFO}
_WORDS = {Severity.BLOCK: "blocks", Severity.WARN: "warns", Severity.NOTE: "note"}


def state_tone(state: State) -> Tone:
    return _STATES[state]


def severity_tone(severity: Severity) -> Tone:
    return _SEVERITIES[severity]


def severity_words(severity: Severity) -> str:
    """The word that stands beside the colour."""
    return _WORDS[severity]

"""How each kind of entry looks: its colour, and the mark that says the same without colour."""

from __future__ import annotations

from functools import cache

from app.models.calendar.entries import Entry, Layer, kind_words
from app.models.outages.lifecycle import State
from app.views.icons import check_icon
from app.views.theme import Token
from app.views.tones import state_tone
from app.views.widgets.tone import Tone, ink

LAYER_TONES = {
    Layer.OUTAGES: Tone.INFO,
    Layer.FREEZES: Tone.BAD,
    Layer.EVENTS: Tone.COMMS,
    Layer.HOLIDAYS: Tone.OK,
    Layer.ROTA: Tone.PLAIN,
}
_MARKS = {
    State.DRAFT: "pencil-simple",
    State.PLANNED: "calendar-check",
    State.ANNOUNCED: "megaphone",
    State.GO_NO_GO: "question",
    State.HOLD: "pause",
    State.IN_PROGRESS: "play",
    State.VERIFYING: "magnifying-glass",
    State.BACKING_OUT: "arrow-u-up-left",
    State.COMPLETE: "check",
    State.PARTLY_DONE: "circle-half",
    State.BACKED_OUT: "arrow-u-up-left",
    State.CANCELLED: "x",
    State.FILED: "archive",
}


def entry_tone(entry: Entry) -> Tone:
    return state_tone(entry.state) if entry.state else LAYER_TONES[entry.layer]


def entry_ink(entry: Entry) -> Token:
    return ink(entry_tone(entry))


@cache
def state_mark(state: State) -> str:
    """The glyph that stands in an outage's bar."""
    return check_icon(_MARKS[state])


def tip_of(entry: Entry, zone: str) -> str:
    """Plain text: what, which kind, when on each clock, and where it comes from."""
    source = f"{entry.source} · " if entry.source else ""
    return "\n".join((entry.title, f"{source}{kind_words(entry)}", *entry.told_in(zone)))

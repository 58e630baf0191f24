"""A named decision: the sheet that asks for it, and what was answered."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.models.outages.decisions import Decided
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet


def decision_sheet(parent: QWidget, title: str, words: str, yes_words: str, who: str = "") -> Sheet:
    """Who decided, asked how, and why: keys `by`, `minutes`, `called`, `why`."""
    return Sheet(
        parent,
        title,
        words,
        (
            Ask("by", "Decided by", value=who, needed="A decision needs its name."),
            Ask("minutes", "Minutes waited for the answer", Kind.NUMBER, "0"),
            Ask("called", "Called up for this (off duty or asleep)", Kind.TICK),
            Ask("why", "Why"),
        ),
        yes_words,
        tone="primary",
    )


def decided_from(answers: Answers) -> Decided:
    """What a decision sheet was answered."""
    return Decided(
        answers["by"], answers["why"], int(answers["minutes"] or 0), bool(answers["called"])
    )

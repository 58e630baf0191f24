"""A named decision: the sheet that asks for it, and what was answered."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.models.errors import ConsoleError
from app.models.outages.decisions import CardLine, Decided
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

ANOTHER = ""
"""The value of `who` when none of those the card names decided."""


def decision_sheet(
    parent: QWidget, title: str, words: str, yes_words: str, line: CardLine | None = None
) -> Sheet:
    """Who decided: the one whom `line` of the card names stands first, then the deputy; whoever
    else it was needs a name, and a reason why they. What was said needs a word, so that no key
    pressed twice decides in somebody's name."""
    named = [
        (name, f"{name}{role}{f' · {phone}' if phone else ''}")
        for name, role, phone in _on(line)
        if name
    ]
    return Sheet(
        parent,
        title,
        words,
        (*_who(named), *_HOW),
        yes_words,
        tone="primary",
    )


def _on(line: CardLine | None) -> tuple[tuple[str, str, str], ...]:
    if line is None:
        return ()
    return (line.who, ", as the card says", line.phone), (
        line.deputy,
        ", the deputy",
        line.deputy_phone,
    )


def _who(named: list[tuple[str, str]]) -> tuple[Ask, ...]:
    needed = "A decision needs its name."
    if not named:
        return (Ask("by", "Decided by", needed=needed),)
    another = ("who", ANOTHER)
    first = named[0][0]
    return (
        Ask("who", "Decided by", Kind.CHOICE, first, choices=(*named, (ANOTHER, "somebody else…"))),
        Ask("by", "Their name", needed=needed, only_with=another),
        Ask(
            "instead",
            f"Why they and not {first}",
            hint="It stands in the log, in the report and on Live.",
            needed=f"The card names {first}: say why somebody else decides.",
            only_with=another,
        ),
    )


def waiver_asks(leader: str) -> tuple[Ask, ...]:
    """A waiver is the coordinator’s; somebody else is marked as waiving in their place."""
    needed = "A waiver needs a name."
    if not leader:
        return (Ask("by", "Waived by", needed=needed),)
    choices = ((leader, f"{leader}, who leads the flight"), (ANOTHER, "somebody else…"))
    return (
        Ask("who", "Waived by", Kind.CHOICE, leader, choices=choices),
        Ask(
            "by",
            "Their name",
            hint=f"It is marked as given instead of {leader}.",
            needed=needed,
            only_with=("who", ANOTHER),
        ),
    )


def waived_by(answers: Answers) -> str:
    return answers.get("who") or answers["by"]


_HOW = (
    Ask("minutes", "Minutes waited for the answer", Kind.NUMBER, "0"),
    Ask("called", "Called up for this (off duty or asleep)", Kind.TICK),
    Ask("why", "What they said, or why", needed="Say a word: it stands in their name."),
)


def line_of(error: ConsoleError) -> CardLine | None:
    """The line of the card because of which an act was refused."""
    line = error.about.get("line")
    return line if isinstance(line, CardLine) else None


def decided_words(decided: Decided | None, line: CardLine | None) -> str:
    """`decided by A. Lima instead of R. Vance`; empty: nobody did."""
    if decided is None:
        return ""
    named = line.name_of(decided.by) if line else ""
    instead = f" instead of {line.who}" if line and line.who and not named else ""
    return f"decided by {named or decided.by}{instead}"


def decided_from(answers: Answers) -> Decided:
    """What a decision sheet was answered."""
    another = not answers.get("who")
    return Decided(
        answers["by"] if another else answers["who"],
        answers["why"],
        int(answers["minutes"] or 0),
        bool(answers["called"]),
        answers.get("instead", "") if another else "",
    )

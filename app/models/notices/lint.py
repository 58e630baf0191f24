"""What a good notice says (product.md), as rules over the rendered text.

Each rule is a function of one Reading; a finding says what is wrong in one sentence, where, and
when possible what to write instead. Block keeps the notice from leaving, warn and note do not.
"""

from __future__ import annotations

from app.models.notices import rules_content, rules_times
from app.models.notices.facts import NoticeFacts
from app.models.notices.kinds import NoticeKind
from app.models.notices.reading import Finding, Reading, Sending
from app.models.severity import Severity

__all__ = ["Finding", "Sending", "blocked", "clean", "lint"]


def lint(
    subject: str,
    text: str,
    kind: NoticeKind,
    facts: NoticeFacts,
    sending: Sending | None = None,
) -> tuple[Finding, ...]:
    """Worst first, then in the order of the text. `text` is the whole plain text; of a reminder
    only the note is checked. Without `sending` nothing is said about being in time."""
    reading = Reading(subject, text, kind, facts, sending)
    found = [
        finding for rule in (*rules_content.RULES, *rules_times.RULES) for finding in rule(reading)
    ]
    return tuple(sorted(found, key=lambda f: (f.severity.rank, f.span or (-1, -1))))


def blocked(findings: tuple[Finding, ...]) -> bool:
    """True when the notice must not leave as it is."""
    return any(f.severity is Severity.BLOCK for f in findings)


def clean(findings: tuple[Finding, ...]) -> bool:
    """True when nothing needs mending; notes (an optional value left empty) may remain."""
    return all(f.severity is Severity.NOTE for f in findings)

"""Mend a finding with one act: its fix put into the text a person edits."""

from __future__ import annotations

from app.models.notices.reading import Finding

WRITE = {"meanwhile": "*What you can do meanwhile:* "}
"""Rules whose words only a person knows: the beginning of the sentence to write."""
ABOUT = {"meanwhile": "workaround"}
"""The field whose sentence it is."""
FIRST = ("audience",)
"""What a notice begins with; all else that lacks is added at its end."""


def is_added(finding: Finding) -> bool:
    """Its fix is a sentence to add, whether the finding points at something or not."""
    return finding.span is None or (finding.fix or "").startswith("All times are")


def mended(finding: Finding, subject: str, text: str, body: str) -> tuple[str, str] | None:
    """Subject and body with the finding mended; None when that takes a person. `text` is the
    plain text its span lies in, `body` the simple mark-up it was rendered from."""
    if finding.in_subject:
        if finding.span is None or finding.fix is None:
            return None
        start, end = finding.span
        return subject[:start] + finding.fix + subject[end:], body
    if finding.fix is None:
        opening = WRITE.get(finding.rule)
        return None if opening is None else (subject, f"{body.rstrip()}\n\n{opening}")
    if finding.rule in FIRST:
        return subject, f"{finding.fix}\n\n{body.lstrip()}"
    if is_added(finding):
        return subject, f"{body.rstrip()}\n\n{finding.fix}"
    assert finding.span is not None
    wrong = text[slice(*finding.span)]
    if not wrong or body.count(wrong) != text.count(wrong):
        return None
    before = text[: finding.span[0]].count(wrong)
    parts = body.split(wrong)
    head, tail = wrong.join(parts[: before + 1]), wrong.join(parts[before + 1 :])
    return subject, f"{head}{finding.fix}{tail}"

"""Words in a spreadsheet's cell, which must not be reckoned."""

from __future__ import annotations

_FORMULA = tuple("=+-@＝＋－＠")


def cell(text: str) -> str:
    """No spreadsheet takes it for a formula, not even one that skips blanks or knows wide signs."""
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text[:1] in ("\t", "\r") else text

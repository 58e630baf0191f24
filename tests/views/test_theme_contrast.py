"""Every pair of ink and ground that the console uses can be read: WCAG 2.2, 1.4.3."""

from __future__ import annotations

from itertools import product

import pytest

from app.views.theme import TABLES, Look, Token

GROUNDS = (Token.BG, Token.SURFACE, Token.RAISED)
INKS = (
    Token.TEXT,
    Token.MUTED,
    Token.ACCENT,
    Token.INFO,
    Token.OK,
    Token.WARN,
    Token.BAD,
    Token.COMMS,
)
PAIRS = [
    *product(INKS, GROUNDS),
    (Token.ON_ACCENT, Token.ACCENT),
    (Token.TEXT, Token.LINE),  # badges and initials
    (Token.BG, Token.COMMS),  # the strip over the header
]


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", [Look.DARK, Look.LIGHT])
@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_can_be_read_in_both_looks(look: Look, ink: Token, ground: Token) -> None:
    table = TABLES[look]
    assert contrast(table[ink], table[ground]) >= 4.5


def test_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)

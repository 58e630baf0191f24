"""How a flight is joined, as a card of it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.views.theme import Theme
from app.views.widgets.labels import Words
from app.views.widgets.tone import Tone
from app.views.widgets.ways_in import ways_in

DIAL_IN = "+1 212 555 0142, conference ID 439485087"


def test_a_number_to_dial_is_shown_to_its_last_digit(qtbot: QtBot, theme: Theme) -> None:
    made = ways_in((("Dial-in", DIAL_IN, False),), "", Tone.OK, ())
    qtbot.addWidget(made)
    made.resize(260, 200)
    made.show()
    [number] = [each for each in made.findChildren(Words) if each.text() == DIAL_IN]
    assert number.wordWrap()
    assert number.height() >= number.heightForWidth(number.width())

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetrics

from app.models.ids import StepId
from app.models.runbook.steps import Column
from app.views.runbook.board_model import CardRow
from app.views.runbook.board_paint import CardPainter, Wrapper
from app.views.theme import Theme, font
from app.views.widgets.tone import Tone

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=60)


@given(text=WORDS, room=st.integers(40, 300), most=st.integers(1, 4))
def test_wrapped_lines_fit_their_room(dressed: Theme, text: str, room: int, most: int) -> None:
    wrapper = Wrapper(font())
    lines = wrapper.wrap(text, room, most)
    assert len(lines) <= most
    metrics = QFontMetrics(font())
    # words are measured apart: kerning across a space may differ by a pixel a word
    assert all(metrics.horizontalAdvance(line) <= room + len(line.split()) for line in lines)


def test_a_text_that_fits_is_not_changed(theme: Theme) -> None:
    assert Wrapper(font()).wrap("Drain node B", 400, 3) == ("Drain node B",)


def test_a_word_too_long_for_a_line_breaks_at_its_hyphen(theme: Theme) -> None:
    room = QFontMetrics(font()).horizontalAdvance("PHARM-LAB")
    assert Wrapper(font()).wrap("PHARM-LABEL", room, 3) == ("PHARM-", "LABEL")


def test_a_text_cut_short_ends_in_an_ellipsis(theme: Theme) -> None:
    lines = Wrapper(font()).wrap("Drain all the clients from every node there is", 90, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")


def test_a_long_title_makes_a_higher_card_up_to_three_lines(theme: Theme) -> None:
    painter = CardPainter()

    def height(title: str) -> int:
        row = CardRow(StepId("s"), 1, "1", title, Column.READY)
        return painter.shape(row, 160).height

    assert height("Drain") < height("Drain the clients from node B")
    assert height("Drain " * 20) == height("Drain " * 2000)


def test_small_print_breaks_at_its_middle_dots(theme: Theme) -> None:
    painter = CardPainter()
    row = CardRow(StepId("s"), 1, "1", "Drain", Column.READY, ("10 min · after 5",), "KI")
    assert [line.replace("\u00a0", " ") for line in painter.shape(row, 130).meta] == [
        "10 min ·",
        "after 5",
    ]


def test_a_card_is_painted_once_for_the_same_row_and_width(theme: Theme) -> None:
    painter = CardPainter()
    row = CardRow(StepId("s"), 1, "1", "Drain", Column.READY, ("10 min",), "KI")
    first = painter.pixmap(row, 160, 1.0)
    assert painter.pixmap(row, 160, 1.0) is first
    assert painter.pixmap(row, 160, 2.0).width() == 320


def test_what_the_crew_asks_for_stands_first_and_in_its_tone(theme: Theme) -> None:
    marks = (("needs help", Tone.BAD), ("by mail: done, K. Ito", Tone.COMMS))
    row = CardRow(StepId("s"), 1, "1", "Drain", Column.READY, ("10 min",), "KI", marks=marks)
    shape = CardPainter().shape(row, 300)
    assert shape.meta == ("needs help", "by mail: done, K. Ito", "10 min")
    assert shape.tones == (Tone.BAD, Tone.COMMS)

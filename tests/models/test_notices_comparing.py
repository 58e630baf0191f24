"""What is different between two texts of a template."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.models.notices.comparing import Difference, compared, counted

D = Difference


def test_what_went_and_what_came_stand_with_the_lines_around_them() -> None:
    old = "\n".join(["a", "b", "c", "d", "e", "f", "g"])
    lines = compared(old, old.replace("f", "F\nextra"))
    assert [line.words for line in lines] == [
        "  … 3 lines the same",
        "  d",
        "  e",
        "− f",
        "+ F",
        "+ extra",
        "  g",
    ]
    assert counted(lines) == "2 lines new, 1 gone"
    assert [line.number for line in lines if line.difference is D.NEW] == [6, 7]


def test_the_same_words_have_no_difference() -> None:
    assert compared("a\nb", "a\nb") == ()
    assert counted(()) == ""


_texts = st.lists(st.sampled_from(["", "a", "b", "{{ c }}"]), min_size=1, max_size=12)


@given(_texts, _texts)
def test_no_line_that_is_new_or_gone_is_left_out(old: list[str], new: list[str]) -> None:
    lines = compared("\n".join(old), "\n".join(new))
    kinds = [line.difference for line in lines]
    hidden = sum(line.number for line in lines if line.difference is D.LEFT_OUT)
    same = kinds.count(D.SAME) + hidden
    if old != new:
        assert kinds.count(D.NEW) + same == len(new)
        assert kinds.count(D.GONE) + same == len(old)

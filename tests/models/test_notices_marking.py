from __future__ import annotations

from app.models.notices.chips import Chip, Kept, Run, Values, Words
from app.models.notices.marking import marks_of, replaced
from app.models.notices.reading import Finding
from app.models.severity import Severity

VALUES: Values = {"start": "7:00 pm Friday", "changes": ("a", "b"), "impact": ""}


def marked(text: str, words: str, *runs: Run, nth: int = 0) -> list[tuple[int, int]]:
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    finding = Finding("rule", Severity.WARN, "Wrong.", (at, at + len(words)))
    return [(m.start, m.end) for m in marks_of((finding,), text, runs, VALUES)]


def test_the_same_words_said_twice_are_told_apart() -> None:
    text = "On Monday. On Monday."
    assert marked(text, "Monday", Words(text), nth=1) == [(14, 20)]


def test_a_value_counts_as_one_character_and_is_marked_whole() -> None:
    runs = (Words("At "), Chip("start"), Words(" on fs-01."))
    text = "At 7:00 pm Friday on fs-01."
    assert marked(text, "fs-01", *runs) == [(8, 13)]
    assert marked(text, "Friday", *runs) == [(3, 4)]


def test_mark_up_and_wide_characters_do_not_hide_the_words() -> None:
    assert marked(
        "Wait till Monday 🙂 noon.", "Monday 🙂 noon", Words("Wait *till **Monday** 🙂 noon*.")
    ) == [(13, 29)]


def test_a_piece_left_out_and_a_list_keep_their_places() -> None:
    runs = (Kept("impact", "{% if impact %}", block=True), Kept("changes", "", block=True))
    assert marked("- a\n- b\nfs-01", "fs-01", *runs, Words("fs-01")) == [(4, 9)]


def test_words_that_are_gone_meanwhile_are_not_marked() -> None:
    assert marked("See fs-01.", "fs-01", Words("See it.")) == []


def test_typed_words_are_replaced_although_a_value_says_the_same() -> None:
    text = "a; b and 🙂 b."
    runs: tuple[Run, ...] = (Chip("changes"), Words(" and 🙂 b."))
    typed, value = (Finding("rule", Severity.WARN, "Wrong.", s, "c") for s in ((11, 12), (3, 4)))
    assert replaced(typed, text, runs, VALUES) == (Chip("changes"), Words(" and 🙂 c."))
    assert replaced(value, text, runs, VALUES) is None

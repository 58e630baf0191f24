from __future__ import annotations

from app.models.notices.mending import mended
from app.models.notices.reading import Finding
from app.models.severity import Severity

TEXT = "Until Saturday.\n\nSee you Saturday."


def finding(rule: str = "rule", **more: object) -> Finding:
    return Finding(rule, Severity.BLOCK, "Wrong.", **more)  # type: ignore[arg-type]


def test_a_missing_sentence_is_added_at_the_end_and_whom_it_is_for_at_the_head() -> None:
    made = mended(finding(fix="We end at 10:00 pm."), "S", TEXT, TEXT)
    assert made == ("S", f"{TEXT}\n\nWe end at 10:00 pm.")
    made = mended(finding("audience", fix="All staff,"), "S", TEXT, TEXT)
    assert made == ("S", f"All staff,\n\n{TEXT}")


def test_the_words_at_the_span_are_replaced_and_no_others() -> None:
    at = TEXT.rindex("Saturday")
    made = mended(finding(span=(at, at + 8), fix="Friday"), "S", TEXT, TEXT)
    assert made == ("S", "Until Saturday.\n\nSee you Friday.")


def test_marks_in_the_body_do_not_mislead() -> None:
    at = TEXT.index("Saturday")
    body = "**Until Saturday.**\n\nSee *you* Saturday."
    made = mended(finding(span=(at, at + 8), fix="Friday"), "S", TEXT, body)
    assert made == ("S", "**Until Friday.**\n\nSee *you* Saturday.")


def test_words_broken_by_marks_are_left_to_a_person() -> None:
    assert mended(finding(span=(0, 15), fix="x"), "S", TEXT, "Until *Saturday*.") is None


def test_the_subject_is_mended_where_the_finding_lies() -> None:
    made = mended(finding(span=(0, 3), fix="New", in_subject=True), "Old words", TEXT, TEXT)
    assert made == ("New words", TEXT)


def test_a_finding_without_a_fix_takes_a_person() -> None:
    assert mended(finding(), "S", TEXT, TEXT) is None


def test_what_people_can_do_meanwhile_is_begun() -> None:
    empty = Finding("meanwhile", Severity.NOTE, "Empty.")
    made = mended(empty, "S", TEXT, TEXT)
    assert made is not None
    assert made[1].endswith("*What you can do meanwhile:* ")

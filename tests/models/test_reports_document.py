"""The after-action report as a document, and as Markdown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.models.reports.after_action import AfterAction, ChangeLine, DecisionLine, LogLine, StepLine
from app.models.reports.after_document import after_document, edits_offered
from app.models.reports.document import Chapter, Document, Table, markdown
from tests.flights import END, START
from tests.makers import make_window

MIN = timedelta(minutes=1)
FLASH = StepLine(
    "8", "Flash controller B", planned=START, minutes=20, started=START, finished=START + 35 * MIN
)
REPORT = AfterAction(
    "OUT-2025-004",
    "File cluster firmware",
    "Complete",
    make_window(),
    END,
    started=START,
    ended=END,
    user_check="Works.\nThank you!",
    steps=(FLASH, replace(FLASH, code="9", finished=START + 21 * MIN)),
    decisions=(DecisionLine(1, "Extend", "extend to 22:30", "H. Brandt", START, why="slow disk"),),
    log=(LogLine(7, START, "K. Ito", "started 8", struck=True, corrects=9),),
)


def test_every_chapter_of_the_web_page_is_there() -> None:
    headings = [chapter.heading for chapter in after_document(REPORT).chapters]
    assert headings[0] == "User-side check, in their words"
    assert {"Decisions", "Change records", "The log", "What to change next time"} <= set(headings)


def test_a_step_far_off_its_plan_is_offered_as_an_edit_and_a_near_one_is_not() -> None:
    assert edits_offered(REPORT) == (
        "Step 8 Flash controller B: planned 20 min, took 35 min (+15 min).",
    )
    ticked = replace(FLASH, finished=START)
    assert edits_offered(replace(REPORT, steps=(ticked,))) == ()


def test_what_is_empty_says_so_instead_of_an_empty_table() -> None:
    text = markdown(after_document(replace(REPORT, decisions=())))
    assert "No decision was recorded." in text
    assert "Nothing was changed." in text


def test_a_struck_entry_says_what_corrects_it() -> None:
    assert "| 7 | 19:00 | K. Ito | started 8 (struck through, see 9) |" in markdown(
        after_document(REPORT)
    )


def test_words_of_the_flight_are_no_markup() -> None:
    table = Table(("A",), (("a | b * c\nd",),), (1,))
    text = markdown(Document("# T", "s", "f", (), (Chapter("- h", quoted="> x", table=table),)))
    assert text.splitlines()[0] == "# \\# T"
    assert "## \\- h" in text
    assert "| a \\| b \\* c d |" in text
    assert "> \\> x" in text


def test_a_change_not_yet_reviewed_says_so_and_not_its_step_as_the_result() -> None:
    change = ChangeLine(1, "CTL-B", "4.2.1", "", what="Flash controller B")
    text = markdown(after_document(replace(REPORT, changes=(change,))))
    assert "not described yet" in text
    assert "Flash controller B" in text

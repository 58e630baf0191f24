from __future__ import annotations

import pytest

from app.models.notices.guessing import guess, own_words
from app.models.notices.replies import ReplyKind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("We cannot stop the scanners that night.", ReplyKind.OBJECTION),
        ("This interferes with our month end, please postpone.", ReplyKind.OBJECTION),
        ("Could you move it to another night?", ReplyKind.OBJECTION),
        ("We have a deadline at 21:00.", ReplyKind.OBJECTION),
        ("Will the archive be down, too?", ReplyKind.QUESTION),
        ("who do I call when it is not back", ReplyKind.QUESTION),
        ("No objection. Will you call us after?", ReplyKind.QUESTION),
        ("Thanks, noted.", ReplyKind.THANKS),
        ("No objections from radiology, thank you.", ReplyKind.THANKS),
        ("Works for us", ReplyKind.THANKS),
        ("The ward moved to building 4 last week.", ReplyKind.UNSORTED),
        ("", ReplyKind.UNSORTED),
    ],
)
def test_a_short_answer_is_guessed(text: str, kind: ReplyKind) -> None:
    assert guess(text) is kind


def test_what_the_notice_itself_says_does_not_count() -> None:
    answer = (
        "Fine with us.\n\nOn Fri, 10 Jan 2025, Operations wrote:\n> interferes with critical work"
    )
    assert guess(answer) is ReplyKind.THANKS


def test_an_answer_below_the_quoted_mail_keeps_the_whole_text() -> None:
    text = "> All file cluster users,\nWe cannot stop."
    assert own_words(text) == text

"""The sheet that asks for a day to go to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from app.models.times import YEARS
from app.views.widgets.sheet import Answers, Ask, Sheet


def ask_for_a_day(over: QWidget, day: date, go: Callable[[date], None]) -> None:
    """Begins with `day`; what is no day is refused in the sheet."""
    sheet = Sheet(
        over,
        "Go to a day",
        "",
        (Ask("day", "Day", value=day.isoformat(), hint="year-month-day"),),
        "Go there",
    )

    def answered(answers: Answers) -> None:
        try:
            wanted = date.fromisoformat(answers["day"])
        except ValueError:
            sheet.refuse("That is no day we can read; write it like 2025-01-10.")
            return
        if wanted.year not in YEARS:
            sheet.refuse(f"The year {wanted.year} is not in the calendar; check it.")
            return
        sheet.accept()
        go(wanted)

    sheet.answered.connect(answered)
    sheet.open()

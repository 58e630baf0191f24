"""The sheets that ask for a day to go to, and for the zone of a second clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from app.models.errors import BadInput
from app.models.times import YEARS, zone
from app.views.widgets.sheet import Answers, Ask, Sheet


def ask_for_a_day(over: QWidget, day: date, go: Callable[[date], None]) -> None:
    """Begins with `day`; what is no day is refused in the sheet."""
    sheet = Sheet(
        over,
        "Go to a day",
        "",
        (Ask("day", "Day", value=day.isoformat(), hint="year-month-day"),),
        "Go there",
        enter=True,
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


def ask_for_a_zone(over: QWidget, name: str, choose: Callable[[str], None]) -> None:
    """Begins with `name`, an IANA zone; empty is none."""
    sheet = Sheet(
        over,
        "A second clock",
        "Its hours stand beside those of the organisation. Leave it empty for none.",
        (Ask("zone", "Time zone", value=name, hint="UTC or Asia/Tokyo"),),
        "Show it",
        enter=True,
    )

    def answered(answers: Answers) -> None:
        wanted = answers["zone"].strip()
        try:
            found = zone(wanted).key if wanted else ""
        except BadInput as bad:
            sheet.refuse(bad.sentence)
            return
        sheet.accept()
        choose(found)

    sheet.answered.connect(answered)
    sheet.open()

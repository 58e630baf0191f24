"""The sheets that ask for a day to go to, and for the zone of a second clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from app.models.calendar.day_words import day_of
from app.models.errors import BadInput
from app.models.times import zone
from app.views.widgets.sheet import Answers, Ask, Sheet


def ask_for_a_day(over: QWidget, day: date, go: Callable[[date], None]) -> None:
    """Begins with `day`; what is no day is refused in the sheet."""
    sheet = Sheet(
        over,
        "Go to a day",
        "",
        (Ask("day", "Day", value=day.isoformat(), hint="14 Feb, 14.2.2027, Feb 2027, +6 weeks"),),
        "Go there",
        enter=True,
    )

    def answered(answers: Answers) -> None:
        try:
            wanted = day_of(answers["day"], day)
        except BadInput as bad:
            sheet.refuse(bad.sentence)
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

"""In which words an outage is cancelled: “postponed, new date by …” or “dropped” (product.md)."""

from __future__ import annotations

from datetime import date

from app.models.notices.wording import DAYS, MONTHS, ordinal


def cancelled_because(why: str, new_date_by: date | None = None) -> str:
    """The reason as it is kept and told: `postponed, new date by Friday, January 17th 2025: the
    vendor is late`, or `dropped: …`. What says either already stays as it was written; an empty
    reason stays empty, as it is asked for elsewhere."""
    said = " ".join(why.split())
    if not said or said.casefold().startswith(("postponed", "dropped")):
        return said
    if new_date_by is None:
        return f"dropped: {said}"
    day = f"{MONTHS[new_date_by.month - 1]} {ordinal(new_date_by.day)} {new_date_by.year}"
    return f"postponed, new date by {DAYS[new_date_by.weekday()]}, {day}: {said}"

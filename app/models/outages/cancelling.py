"""In which words an outage is cancelled: “postponed, new date by …” or “dropped” (product.md)."""

from __future__ import annotations

from datetime import date

from app.models.errors import BadInput
from app.models.notices.wording import DAYS, MONTHS, ordinal

DROPPED = "dropped"
_FATES = ("postponed", DROPPED)


def cancelled_because(why: str, new_date_by: date | None = None) -> str:
    """The reason as it is kept and told: `postponed, new date by Friday, January 17th 2025: the
    vendor is late`, or `dropped: …`. What says either already stays as it was written, but for a
    date it lacks; an empty reason stays empty, as it is asked for elsewhere. Raises BadInput for
    a new date of what is dropped."""
    said = " ".join(why.split())
    fate = next((each for each in _FATES if said.casefold().startswith(each)), "")
    if not said or (fate and (new_date_by is None or "new date by" in said.casefold())):
        return said
    if new_date_by is None:
        return f"dropped: {said}"
    if fate == DROPPED:
        raise BadInput("It is dropped, or postponed with a new date, not both; nothing was done.")
    said = said[len(fate) :].lstrip(" :,;–-")
    day = f"{MONTHS[new_date_by.month - 1]} {ordinal(new_date_by.day)} {new_date_by.year}"
    by = f"postponed, new date by {DAYS[new_date_by.weekday()]}, {day}"
    return f"{by}: {said}" if said else by

"""Who uses what a window takes down: the people told of it, each once, by whose clock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.models.calendar.users import Users
from app.services.calendar import near_statements as statements
from app.services.calendar.looking import AT_ONCE, Look
from app.services.calendar.near_days import Told
from app.services.uow import UnitOfWork


def users_of(uow: UnitOfWork, audiences: Sequence[Told]) -> Users:
    """Of all `audiences`. Whose zone nobody knows, and whose site’s nobody does, keeps the time of
    the organisation. A query."""
    look, found = Look(uow), Counter[str]()
    home = look.home.zone
    departments = sorted({i for told in audiences for i in told.departments})
    if departments:
        for zone, site, number in look.rows(statements.clocks_of_departments(), ids=departments):
            found[zone or site or home] += number
    members = sorted({i for told in audiences for i in told.members})
    for at in range(0, len(members), AT_ONCE):
        people = look.rows(statements.clocks_of_people(), ids=members[at : at + AT_ONCE])
        found.update(
            zone or site or home for whose, zone, site in people if whose not in departments
        )
    for told in audiences:
        found[told.zone or home] += told.listed
    return Users(+found)

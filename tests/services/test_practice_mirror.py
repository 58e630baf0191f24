"""Whoever follows the changes of a folder or a calendar ends with what is in it, whatever happened
meanwhile and however the pages fell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.services.practice import calendar_routes, mail_routes
from app.services.practice.call import Answer, Call
from app.services.practice.tenant import Tenant
from tests.services.practice_house import NOON, House

Ask = Callable[[Tenant, Call], Answer]
WINDOW = {"startdatetime": "2026-11-21T00:00:00Z", "enddatetime": "2026-12-21T00:00:00Z"}


class Mirror:
    """Applies the pages of changes by id, a page at a time."""

    def __init__(
        self, house: House, ask: Ask, parts: tuple[str, ...], query: dict[str, str]
    ) -> None:
        self._house, self._ask, self._parts = house, ask, parts
        self._query = query
        self.rows: dict[str, Any] = {}

    def turn_page(self, size: int) -> bool:
        """Whether the round has more."""
        house = self._house
        prefer = {"prefer": f"odata.maxpagesize={size}"}
        call = Call("", "/x", house.ada, house.ada, self._parts, self._query, prefer)
        with house.tenant.turn():
            body = self._ask(house.tenant, call).body
        assert body is not None
        assert len(body["value"]) <= size
        for row in body["value"]:
            if "@removed" in row:
                self.rows.pop(row["id"], None)
            else:
                self.rows[row["id"]] = row
        link = body.get("@odata.nextLink") or body["@odata.deltaLink"]
        name, _, token = link.partition("?")[2].partition("=")
        self._query = {name: token}
        return "@odata.nextLink" in body

    def catch_up(self, size: int) -> None:
        while self.turn_page(size):
            pass


MAIL_ACTS = st.lists(
    st.tuples(
        st.sampled_from(["draft", "send", "patch", "delete", "move", "page"]),
        st.integers(0, 30),
    ),
    max_size=40,
)


@given(acts=MAIL_ACTS, size=st.integers(1, 7), replays=st.integers(0, 3))
def test_a_mirror_of_a_folder_is_that_folder(
    acts: list[tuple[str, int]], size: int, replays: int
) -> None:
    house = House()
    house.tenant.switches.delta_replays = replays
    house.tenant.switches.mail_limits = False
    mirrors = {
        name: Mirror(house, mail_routes.delta, (name,), {"$select": "subject,isRead"})
        for name in ("drafts", "sentitems", "inbox", "archive")
    }
    box = house.box(house.ada)
    for act, number in acts:
        there = [each for each in box.messages.values() if not box.is_gone(each)]
        one = there[number % len(there)] if there else None
        if act == "draft":
            house.draft("ada@flight.example", subject=f"Notice {number}")
        elif act == "page":
            [*mirrors.values()][number % 4].turn_page(size)
        elif one is not None:
            with house.tenant.turn():
                if act == "send" and one.is_draft and not one.submitted:
                    house.tenant.mail.send(house.ada, house.ada, one)
                elif act == "patch":
                    house.tenant.mail.patch(house.ada, one, {"isRead": bool(number % 2)})
                elif act == "delete":
                    house.tenant.mail.delete(house.ada, one)
                elif act == "move" and not one.submitted:
                    box.move(one, box.well_known("archive" if number % 2 else "inbox"))
        house.later(seconds=1)
    house.tenant.switches.delta_replays = 0
    for name, mirror in mirrors.items():
        mirror.catch_up(size)
        mirror.catch_up(size)
        inside = {each.id: each.data["isRead"] for each in house.folder(house.ada, name)}
        assert {key: row["isRead"] for key, row in mirror.rows.items()} == inside


EVENT_ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["single", "series", "away", "back", "rename", "delete", "drop-one", "move-one", "page"]
        ),
        st.integers(0, 60),
    ),
    max_size=30,
)


@given(acts=EVENT_ACTS, size=st.integers(1, 6))
def test_a_mirror_of_a_calendar_s_window_is_that_window(
    acts: list[tuple[str, int]], size: int
) -> None:
    house = House()
    house.tenant.switches.cancelled_occurrences = True
    mirror = Mirror(house, calendar_routes.delta, (), WINDOW)
    for act, number in acts:
        with house.tenant.turn():
            _calendar_act(house, act, number)
        if act == "page":
            mirror.turn_page(size)
    mirror.catch_up(size)
    mirror.catch_up(size)
    with house.tenant.turn():
        call = Call("", "/x", house.ada, house.ada, (), {**WINDOW, "$top": "1000"}, {})
        body = calendar_routes.view(house.tenant, call).body
    assert body is not None
    mirrored = {k: r["start"] for k, r in mirror.rows.items() if r["type"] != "seriesMaster"}
    assert mirrored == {row["id"]: row["start"] for row in body["value"]}


def _at(days: int, hours: int = 0) -> dict[str, str]:
    when = NOON + timedelta(days=days, hours=hours)
    return {"dateTime": when.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}


def _calendar_act(house: House, act: str, number: int) -> None:
    room, ada = house.tenant.calendar, house.ada
    times = {"start": _at(number % 40), "end": _at(number % 40, 1)}
    if act == "single":
        room.create(ada, {"subject": f"Event {number}", **times})
        return
    if act == "series":
        first = times["start"]["dateTime"][:10]
        range_ = {"type": "numbered", "startDate": first, "numberOfOccurrences": 2 + number % 5}
        pattern = {"type": "daily", "interval": 1 + number % 4}
        recurrence = {"pattern": pattern, "range": range_}
        room.create(ada, {"subject": "Series", "recurrence": recurrence, **times})
        return
    box = room.box(ada)
    there = list(box.events.values())
    if not there:
        return
    one = there[number % len(there)]
    if act == "rename":
        room.patch(ada, one.id, {"subject": f"Named {number}"})
    elif act in ("away", "back") and not one.master:
        days = 50 if act == "away" else number % 20
        room.patch(ada, one.id, {"start": _at(days), "end": _at(days, 1)})
    elif act == "delete":
        room.delete(ada, one.id)
    elif one.recurrence is not None:
        placed = list(room.placed(box, one, NOON, NOON + timedelta(days=90)))
        if placed:
            each = placed[number % len(placed)]
            assert each.day is not None
            name = f"{one.id}Oc{each.day:%Y%m%d}="
            if act == "drop-one":
                room.delete(ada, name)
            elif act == "move-one":
                later = each.starts + timedelta(hours=1)
                values = {
                    side: {"dateTime": when.strftime("%Y-%m-%dT%H:%M:%S"), "timeZone": "UTC"}
                    for side, when in (("start", later), ("end", later + timedelta(hours=1)))
                }
                room.patch(ada, name, values)

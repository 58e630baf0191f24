"""Every screen by name, with the call that brings it to the front; for pictures and for tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from app.models.calendar.spans import Way
from app.models.outages.lifecycle import CLOSED, FLYING, State
from app.services.database import Store
from app.services.outages.reading import outages
from app.services.uow import UnitOfWork
from app.views.calendar.page import CalendarPage
from app.views.outages.page import OutagesPage
from app.views.settings.page import Part
from app.views.shell import Shell
from app.wiring.directory_screens import directory_screens

Screen = tuple[str, Callable[[], object]]
TABS = (
    "Overview", "Board", "Timeline", "Communication", "People", "Crew board", "Changes", "Log",
)  # fmt: skip


def every_screen(shell: Shell, store: Store, about: str = "") -> Iterator[Screen]:
    """`about` is the outage to show, else the one with most to see. With no organisation yet,
    there is only the first start."""
    if not store.organisation_id:
        yield "begin", partial(shell.goto, "begin")
        yield "import", partial(shell.goto, "import")
        return
    yield "today", partial(shell.goto, "today")
    yield "calendar", partial(_calendar, shell, Way.MONTH)
    yield "calendar-year", partial(_calendar, shell, Way.YEAR)
    yield "calendar-quarter", partial(_calendar, shell, Way.QUARTER)
    yield "calendar-week", partial(_calendar, shell, Way.WEEK)
    yield "calendar-agenda", partial(_calendar, shell, Way.AGENDA)
    yield "rota", partial(shell.goto, "rota")
    yield "outages", partial(shell.goto, "outages", "", "")
    chosen = about or store.read(_telling_outage)
    if chosen:
        yield "outage-plan", partial(shell.goto, "outages", "", "new")
        for name in TABS:
            yield f"outage-{name.casefold().replace(' ', '-')}", partial(_tab, shell, chosen, name)
    yield "numbers", partial(shell.goto, "numbers")
    yield "runbooks", partial(shell.goto, "runbooks")
    yield "notices", partial(shell.goto, "notices")
    yield "templates", partial(shell.goto, "templates")
    yield "outbox", partial(shell.goto, "outbox")
    yield "live", partial(shell.goto, "live", about) if about else partial(shell.goto, "live")
    yield from directory_screens(store, shell.goto)
    yield "import", partial(shell.goto, "import")
    yield "account", partial(shell.goto, "account")
    for part in Part:
        yield f"settings-{part.name.casefold()}", partial(shell.goto, "settings", part.value)


def _calendar(shell: Shell, way: Way) -> None:
    shell.goto("calendar")
    page = shell.page("calendar")
    assert isinstance(page, CalendarPage)
    page.show_way(way)


def _tab(shell: Shell, outage_id: str, name: str) -> None:
    shell.goto("outages", outage_id)
    page = shell.page("outages")
    assert isinstance(page, OutagesPage)
    page.workspace.open_tab(name)


def _telling_outage(uow: UnitOfWork) -> str:
    """The outage with most to see: one with a step under way, else one being flown, else the
    next, else the last."""
    rows = outages(uow)
    flying = [row for row in rows if row.state in FLYING]
    ahead = [row for row in rows if row.state not in CLOSED]
    running = [row for row in rows if row.state is State.IN_PROGRESS]
    for found in (running, flying, ahead, rows):
        if found:
            return str(found[0].id)
    return ""

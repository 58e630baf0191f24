"""Finding on the calendar: January 2025, told on Monday the 6th."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from app.models.calendar.events import Occurrence as Found
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.models.tables.outages import OutageService
from app.services.calendar.occurrences import Horizon, replace_occurrences
from app.services.calendar.searching import search
from app.services.uow import UnitOfWork
from tests.makers import NOW, ZONE, make_outage, make_service, make_store, make_window


def _calendar(uow: UnitOfWork) -> None:
    mine: dict[str, Any] = {"organisation_id": uow.organisation_id}
    service = make_service(uow, "Übersicht")
    outage = make_outage(uow, "Core switch")
    uow.add(OutageService(**mine, outage_id=outage.id, service_id=service.id))
    past = make_window("2024-11-05 19:00", "2024-11-05 22:00")
    make_outage(uow, "Core router", window=past)
    layer = uow.add(
        CalendarLayer(**mine, name="Audit", key="audit", is_freeze=True, severity=Severity.BLOCK)
    )
    uow.session.flush()
    found = []
    for number, title in enumerate(("Core 100%", "Tide")):
        event = uow.add(BusinessEvent(**mine, layer_id=layer.id, uid=f"{number}", title=title))
        start, end = datetime(2025, 1, 14, 5, tzinfo=UTC), datetime(2025, 1, 15, 5, tzinfo=UTC)
        days = (date(2025, 1, 14), date(2025, 1, 14))
        found.append((event.id, Found(f"{number}", title, start, start, end, *days)))
    uow.session.flush()
    replace_occurrences(uow, layer.id, found, Horizon.around(NOW, ZONE))
    uow.log("a calendar")


def test_what_is_to_come_is_found_first_by_title_code_service_and_calendar(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.run(_calendar)

    def titles(words: str) -> list[str]:
        return [one.entry.title for one in store.read(search, words).found]

    assert titles("core") == ["Core switch", "Core 100%", "Core router"]
    assert titles("übersicht") == ["Core switch"]
    assert titles("OUT-2024 router") == ["Core router"]
    assert titles("audit tide") == ["Tide"]
    assert titles("0%") == ["Core 100%"]
    assert titles("  ") == titles("nowhere") == []
    store.close()

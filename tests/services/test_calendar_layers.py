from __future__ import annotations

from pathlib import Path

from app.models.severity import Severity
from app.services.calendar.importing import import_calendar
from app.services.calendar.layers import layers
from tests.makers import make_store

CALENDARS = Path(__file__).parent.parent / "data" / "calendars"


def test_layers_are_listed_by_name_with_the_events_they_hold(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    assert store.read(layers) == []
    import_calendar(store, CALENDARS / "event_d_rr.ics", "Month ends")
    import_calendar(store, CALENDARS / "recur_instances.ics", "Freezes", is_freeze=True)
    first, second = store.read(layers)
    assert (first.name, first.is_freeze, first.severity) == ("Freezes", True, Severity.BLOCK)
    assert (second.name, second.events, second.source) == ("Month ends", 1, "event_d_rr.ics")
    store.close()

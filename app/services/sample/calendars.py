"""The sample's freezes and business events: written as calendar files and read like any other."""

from __future__ import annotations

import tempfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

from app.models.calendar.events import CalendarRead
from app.models.tables.directory import Service
from app.services.calendar.child import read_here
from app.services.calendar.importing import LayerRule, put_calendar
from app.services.calendar.occurrences import Horizon
from app.services.sample.people import sample_facts
from app.services.uow import UnitOfWork


def read_layers(now: datetime, today: date) -> tuple[Horizon, dict[str, CalendarRead]]:
    """Layer name → what its file holds, for today. The files are small enough to be read here
    and not in a child process."""
    facts = sample_facts()
    horizon = Horizon.around(now, facts["zone"])
    read = {}
    with tempfile.TemporaryDirectory() as folder:
        for layer in facts["layers"]:
            path = Path(folder) / f"{layer['name']}.ics"
            events = [_event(layer["name"], today, *event) for event in layer["events"]]
            lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""]
            path.write_text("\r\n".join(lines), encoding="utf-8", newline="")
            read[layer["name"]] = read_here(
                path, zone=horizon.zone, since=horizon.since, until=horizon.until
            )
    return horizon, read


def put_layers(uow: UnitOfWork, horizon: Horizon, read: dict[str, CalendarRead]) -> None:
    services = {service.name: service.id for service in uow.all(Service)}
    for layer in sample_facts()["layers"]:
        touched = [services[name] for name in layer["services"]]
        rule = LayerRule(is_freeze=layer["freeze"], services=touched)
        put_calendar(uow, read[layer["name"]], layer["name"], rule, horizon, source="the sample")


def _event(layer: str, today: date, title: str, ahead: int, at: str, length: int, rule: str) -> str:
    """`length` is days for an all-day event, else hours."""
    day = today + timedelta(days=ahead)
    zone = sample_facts()["zone"]
    if at == "all day":
        start = f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
        end = f"DTEND;VALUE=DATE:{day + timedelta(days=length):%Y%m%d}"
    else:
        begins = datetime.combine(day, time.fromisoformat(at))
        start = f"DTSTART;TZID={zone}:{begins:%Y%m%dT%H%M%S}"
        end = f"DTEND;TZID={zone}:{begins + timedelta(hours=length):%Y%m%dT%H%M%S}"
    uid = f"{layer}-{title}-{ahead}@harbour.example".replace(" ", "-").lower()
    lines = ["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", start, end]
    lines += [f"RRULE:{rule}"] if rule else []
    return "\r\n".join([*lines, "END:VEVENT"])

"""What is down, as its users call it."""

from __future__ import annotations

from app.models.tables.directory import Service
from app.models.tables.outages import Outage
from app.services.outages.planning import service_ids
from app.services.uow import UnitOfWork


def services_in_words(uow: UnitOfWork, outage: Outage) -> str:
    """`shared folders and the laboratory system`; the outage's title when it touches none."""
    found = [uow.find(Service, each) for each in service_ids(uow, outage.id)]
    return " and ".join(s.plain_name or s.name for s in found if s) or outage.title

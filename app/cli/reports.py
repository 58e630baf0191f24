"""`packet`, `shots`: what needs Qt to be drawn."""

from __future__ import annotations

import argparse

from app.models.reports.packet import Paper
from app.services.outages.planning import find_outage
from app.services.reports.building import mark_printed, packet_data
from app.wiring import Console


def packet(console: Console, asked: argparse.Namespace) -> int:
    from app.views.reports.packet_view import write_pdf
    from app.wiring.offscreen import ensure_application

    outage_id = console.store.read(lambda uow: find_outage(uow, asked.outage).id)
    data = console.store.read(packet_data, outage_id)
    ensure_application()
    pages = write_pdf(data, asked.pdf.expanduser().absolute(), Paper(asked.paper))
    console.store.run(mark_printed, outage_id)
    print(f"{asked.pdf} ({pages.count} pages)")
    return 0


def shots(console: Console, asked: argparse.Namespace) -> int:
    from app.wiring.shots import take_shots

    target = asked.dir.expanduser().absolute()
    taken = take_shots(
        console.folder, console.store, target, percent=asked.percent, size=asked.size
    )
    for path in taken:
        print(path)
    return 0

"""`log`."""

from __future__ import annotations

import argparse

from app.cli.printing import one_line, show
from app.models.times import speak_moment
from app.services.log import log_as_json, read_log
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from app.wiring import Console


def log(console: Console, asked: argparse.Namespace) -> int:
    def look(uow: UnitOfWork) -> tuple[str, str]:
        outage = find_outage(uow, asked.outage)
        return outage.id, outage.zone

    outage_id, zone_name = console.store.read(look)
    if asked.json:
        show(console.store.read(log_as_json, outage_id))
        return 0
    for row in console.store.read(read_log, outage_id):
        via = f", via {row.via}" if row.via else ""
        struck = f"  [struck through, see {row.struck_by}]" if row.struck_by else ""
        at = speak_moment(row.at, zone_name)
        print(f"{row.number:>6}  {at}  {one_line(f'{row.who}{via}: {row.what}')}{struck}")
    return 0

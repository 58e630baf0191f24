"""10,000 changed events of a calendar by delta, through the port, against fetching and decoding
the very same pages with httpx alone."""

from __future__ import annotations

import multiprocessing
import ssl
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta

import httpx

from app.services.graph.calendars import GraphCalendars
from app.services.graph.client import GraphClient
from tests.bench.delta_pages import EVENTS, serve
from tests.bench.measure import promise, ratio

LIMIT = 1.5
ROUNDS = 30
START = datetime(2026, 11, 1, tzinfo=UTC)


class NoTokens:
    def token(self, claims: str = "", *, fresh: bool = False) -> str:
        return "bench"

    def granted(self) -> frozenset[str]:
        return frozenset()


def main() -> int:
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        ours_end, theirs = spawn.Pipe()
        service = spawn.Process(target=serve, args=(folder, theirs), daemon=True)
        service.start()
        try:
            url, authority = ours_end.recv()
            return _measure(url, ssl.create_default_context(cafile=authority))
        finally:
            service.kill()
            service.join()


def _measure(url: str, trust: ssl.SSLContext) -> int:
    def ours() -> None:
        client = GraphClient(
            url, NoTokens(), verify=trust, loopback_only=True, now=_now, wait=time.sleep
        )
        calendars = GraphCalendars(client)
        cursor, more, seen = "", True, 0
        while more:
            page = calendars.changes("", cursor, START, START + timedelta(days=365))
            cursor, more = page.cursor, page.more
            seen += len(page.events)
        client.close()
        assert seen == EVENTS

    def floor() -> None:
        with httpx.Client(verify=trust, trust_env=False) as client:
            link, seen = f"{url}/me/calendarView/delta", 0
            while link:
                page = client.get(link).json()
                link = page.get("@odata.nextLink")
                seen += len(page["value"])
        assert seen == EVENTS

    kept = promise("delta-10000-events", ratio(ours, floor, ROUNDS), LIMIT)
    return 0 if kept else 1


def _now() -> datetime:
    return datetime.now(UTC)


if __name__ == "__main__":
    sys.exit(main())

"""What a rehearsal sets while it runs: faults, switches and the time, by POST of JSON to
`/practice/…` on the pages' address.

    /practice/faults    {"spec": "429:send", "seed": 1}   these instead of all others; GET: in force
    /practice/switches  {"send_delay": 2}                 GET: as they are
    /practice/clock     {"now": "2026-11-29T20:00:00Z"}   only the tenant's time; GET: what it is
    /practice/people    {"people": [["a@b.example", "A"]], "shared": []}   those get mailboxes, too
    /practice/mailboxes, /practice/meetings               GET: what there is
    /practice/answer, away, expire, event, join, end-meeting: see `control_acts`
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from app.services.practice.control_acts import Acts
from app.services.practice.errors import Refusal
from app.services.practice.faults import Faults
from app.services.practice.ground import moment, stamp
from app.services.practice.moving_in import asked_in
from app.services.practice.tenant import Tenant


class Dial:
    """The tenant's clock: as `source`, moved by what was set."""

    def __init__(self, source: Callable[[], datetime]) -> None:
        self._source = source
        self._ahead = timedelta()

    def now(self) -> datetime:
        return self._source().astimezone(UTC) + self._ahead

    def set(self, now: datetime) -> None:
        self._ahead = now - self._source().astimezone(UTC)


def control_routes(tenant: Tenant, faults: Faults, dial: Dial) -> list[BaseRoute]:
    def set_faults(asked: dict[str, Any]) -> None:
        seed = asked.get("seed")
        faults.set(str(asked.get("spec", "")), None if seed is None else int(seed))

    def set_switches(asked: dict[str, Any]) -> None:
        tenant.switches.change(**asked)

    def set_clock(asked: dict[str, Any]) -> None:
        dial.set(moment(str(asked.get("now", ""))))

    acts = Acts(tenant)
    return [
        *(_act(name, act) for name, act in acts.by_name().items()),
        _act("people", lambda asked: asked_in(tenant, asked)),
        _control("mailboxes", acts.mailboxes),
        _control("meetings", acts.meetings),
        _control("faults", lambda: {"rules": faults.rules(), "met": list(faults.met)}, set_faults),
        _control("switches", tenant.switches.as_dict, set_switches),
        _control("clock", lambda: {"now": stamp(dial.now())}, set_clock),
    ]


def _control(
    name: str,
    read: Callable[[], dict[str, Any]],
    change: Callable[[dict[str, Any]], None] | None = None,
) -> Route:
    def changed(asked: dict[str, Any]) -> dict[str, Any]:
        assert change is not None
        change(asked)
        return read()

    async def answer(request: Request) -> Response:
        if request.method == "POST":
            return await _done(request, changed)
        return JSONResponse(read())

    methods = ["GET"] if change is None else ["GET", "POST"]
    return Route(f"/practice/{name}", answer, methods=methods)


def _act(name: str, act: Callable[[dict[str, Any]], dict[str, Any]]) -> Route:
    async def answer(request: Request) -> Response:
        return await _done(request, act)

    return Route(f"/practice/{name}", answer, methods=["POST"])


async def _done(request: Request, act: Callable[[dict[str, Any]], dict[str, Any]]) -> Response:
    if "json" not in request.headers.get("content-type", ""):  # what no form can send
        return JSONResponse({"error": "Send JSON."}, 415)
    try:
        asked = json.loads(await request.body() or b"{}")
        if not isinstance(asked, dict):
            raise ValueError("a JSON object is asked for")
        return JSONResponse(act(asked))
    except KeyError as missing:
        return JSONResponse({"error": f"{missing.args[0]} is missing or unknown"}, 400)
    except ValueError as wrong:
        return JSONResponse({"error": str(wrong)}, 400)
    except Refusal as refusal:
        return JSONResponse({"error": refusal.message}, refusal.status)

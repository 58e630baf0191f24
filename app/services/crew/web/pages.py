"""The pages and the files they load, read once; values are escaped by the template."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from app.models.crew.links import LinkKind
from app.models.notices.kinds import NoticeKind
from app.models.notices.wording import capital
from app.models.status import Standing, StatusOutage, say_moment
from app.resources import resource
from app.services.crew.links import Scope
from app.services.crew.status import Told


@dataclass(frozen=True, slots=True)
class File:
    """A file of `resources/`, and as what it is served."""

    path: str
    media: str


_ICON = File("crew/icon.svg", "image/svg+xml")
BOARD_FILES: Mapping[str, File] = {
    "board.js": File("crew/board.js", "text/javascript; charset=utf-8"),
    "style.css": File("crew/style.css", "text/css; charset=utf-8"),
    "icon.svg": _ICON,
    "app.webmanifest": File("crew/app.webmanifest", "application/manifest+json"),
}
STATUS_FILES: Mapping[str, File] = {
    "status.js": File("crew/status.js", "text/javascript; charset=utf-8"),
    "status.css": File("status/style.css", "text/css; charset=utf-8"),
    "icon.svg": _ICON,
}


def board_page(who: Scope, speed: float, *, photos: bool) -> Response:
    """`speed` is the clock's, which a rehearsal runs faster."""
    return _answer(
        "board.html",
        link=who.link_id,
        me=who.person_id,
        name=who.name,
        crew=who.kind is LinkKind.CREW,
        photos=photos,
        speed=f"{speed:g}",
    )


def status_answer(told: Told) -> Response:
    """In plain words; the page's script says the times on the viewer's own clock."""
    outage = told.outage
    values: dict[str, object] = {}
    if outage is not None:
        values = {
            "tone": _tone(outage),
            "window": capital(outage.window_words),
            "start": _stamp(outage.start),
            "end": _stamp(outage.end),
            "lines": _lines(outage),
            "updates": [
                {"stamp": _stamp(u.at), "at": say_moment(u.at, outage.zone), "text": u.text}
                for u in outage.updates
            ],
        }
    return _answer(
        "status.html",
        organisation=told.organisation,
        practice=told.practice,
        outage=outage,
        **values,
    )


def file_answer(request: Request, file: File) -> Response:
    """Asked for again with the tag it was sent with, it is not sent again."""
    content, packed, tag = _read(file.path)
    headers = {"etag": tag, "cache-control": "private, no-cache", "vary": "accept-encoding"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if takes_gzip(request):
        content, headers = packed, {**headers, "content-encoding": "gzip"}
    return Response(content, headers=headers, media_type=file.media)


def takes_gzip(request: Request) -> bool:
    return "gzip" in request.headers.get("accept-encoding", "")


def _lines(outage: StatusOutage) -> list[tuple[str, str]]:
    if outage.standing is Standing.PAST:
        return []
    said = (
        ("What this means", outage.impact),
        ("Before", outage.before),
        ("Meanwhile", outage.meanwhile),
    )
    return [(label, line) for label, line in said if line]


def _tone(outage: StatusOutage) -> str:
    if outage.updates and outage.updates[0].kind is NoticeKind.CANCELLED:
        return "off"
    return {Standing.IN_PROGRESS: "running", Standing.PAST: "over"}.get(outage.standing, "soon")


def _stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _answer(template: str, **values: object) -> Response:
    html = _pages().get_template(template).render(**values)
    return Response(html, media_type="text/html")


@cache
def _read(path: str) -> tuple[bytes, bytes, str]:
    content = resource(path).read_bytes()
    return content, gzip.compress(content), f'"{hashlib.sha256(content).hexdigest()[:32]}"'


@cache
def _pages() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource("crew")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

"""The pages and the files they load, read once; values are escaped by the template."""

from __future__ import annotations

import hashlib
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from app.models.crew.links import LinkKind
from app.resources import resource
from app.services.crew.links import Scope

FILES = {
    "board.js": "text/javascript; charset=utf-8",
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "app.webmanifest": "application/manifest+json",
}


def board_page(who: Scope, speed: float) -> Response:
    """`speed` is the clock's, which a rehearsal runs faster."""
    html = (
        _pages()
        .get_template("board.html")
        .render(
            link=who.link_id,
            me=who.person_id,
            name=who.name,
            crew=who.kind is LinkKind.CREW,
            speed=f"{speed:g}",
        )
    )
    return Response(html, media_type="text/html")


def file_answer(name: str, known: str) -> Response:
    """Asked for again it is not sent again (`known` is the tag it was sent with)."""
    content, tag = _file(name)
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if known == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=FILES[name])


@cache
def _file(name: str) -> tuple[bytes, str]:
    content = resource(f"crew/{name}").read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


@cache
def _pages() -> Environment:
    return Environment(
        loader=FileSystemLoader(resource("crew")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

"""The look of the practice tenant's pages: plain HTML that asks nothing of anybody else."""

from __future__ import annotations

import html
import secrets
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, Response

_STYLE = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:2rem auto;max-width:64rem;padding:0 1rem}
.strip{background:repeating-linear-gradient(45deg,gold 0 1rem,black 1rem 2rem);height:.5rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;
border-bottom:1px solid silver;vertical-align:top}ul{list-style:none;padding-left:1rem}
.note{opacity:.75}.bad{color:crimson}pre{white-space:pre-wrap}nav a{margin-right:1rem}
"""


def escaped(text: str) -> str:
    return html.escape(text, quote=True)


def page(
    title: str, body: str, *, status: int = 200, script: str = "", form_to: str = ""
) -> Response:
    """`body` is HTML of ours with everything else escaped. Nothing is loaded from elsewhere and
    forms go only to us, and to the origin of `form_to`."""
    nonce = secrets.token_urlsafe(16)
    where = urlsplit(form_to)
    forms = f"'self' {where.scheme}://{where.netloc}" if form_to else "'self'"
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-{nonce}'; "
        f"form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )
    run = f"<script nonce='{nonce}'>{script}</script>" if script else ""
    return HTMLResponse(
        "<!doctype html><html lang=en><meta charset=utf-8>"
        f"<title>{escaped(title)} · Practice tenant</title><style>{_STYLE}</style>"
        "<div class=strip></div><p class=note>Practice tenant: nothing here leaves this "
        f"machine.</p><h1>{escaped(title)}</h1>{body}{run}",
        status,
        {"Content-Security-Policy": policy, "Cache-Control": "no-store"},
    )

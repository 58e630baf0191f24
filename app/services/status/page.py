"""The status page as one HTML file: nothing is fetched from elsewhere, and nothing runs in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from html import escape

from app.models.notices.kinds import NoticeKind
from app.models.status import GENERATOR, Standing, StatusOutage, StatusPage, Update, say_moment
from app.resources import resource

_HEADS = {
    Standing.IN_PROGRESS: ("now", "In progress", "Nothing is in progress."),
    Standing.UPCOMING: ("upcoming", "Upcoming", "Nothing is planned that was announced."),
    Standing.PAST: ("past", "Last 90 days", "Nothing in the last 90 days."),
}


def html_of(page: StatusPage) -> bytes:
    return "\n".join((*_lines(page), "")).encode()


def page_head(title: str, more: str = "") -> str:
    """How a self-contained page begins, up to its body: nothing is fetched, nothing runs in it.
    `more` stands in its head as it is."""
    style = resource("status/style.css").read_text(encoding="utf-8").strip()
    policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
{f"{more}{chr(10)}" * bool(more)}<style>
{style}
</style>
</head>
<body>"""


def _lines(page: StatusPage) -> Iterator[str]:
    title = f"Planned outages: {page.organisation}"
    feeds = "\n".join(
        f'<link rel="alternate" type="application/{kind}+xml" href="{kind}.xml" '
        f'title="{escape(title)}">'
        for kind in ("atom", "rss")
    )
    yield page_head(title, f'<meta name="generator" content="{GENERATOR}">\n{feeds}')
    yield f"""<header>
<h1>Planned outages</h1>
<p class="quiet">{escape(page.organisation)}</p>"""
    if page.practice:
        yield '<p class="practice">This is practice: nothing on this page is real.</p>'
    yield "</header>\n<main>"
    for standing, (name, head, nothing) in _HEADS.items():
        found = page.of(standing)
        yield f'<section aria-labelledby="{name}">\n<h2 id="{name}">{head}</h2>'
        if not found:
            yield f'<p class="quiet">{nothing}</p>'
        for outage in found:
            yield from _article(outage)
        yield "</section>"
    yield "</main>\n<footer>"
    if page.changed is not None:
        yield f"<p>Last change: {_time(page.changed, page.zone)}.</p>"
    yield (
        '<nav aria-label="Feeds"><a href="atom.xml">Atom feed</a> <a href="rss.xml">RSS feed</a> '
        '<a href="status.json">JSON</a></nav>\n</footer>\n</body>\n</html>'
    )


def _article(outage: StatusOutage) -> Iterator[str]:
    tone = {Standing.IN_PROGRESS: "running", Standing.PAST: "over"}.get(outage.standing, "soon")
    if outage.updates and outage.updates[0].kind is NoticeKind.CANCELLED:
        tone = "off"
    yield f'<article class="{tone}" id="o-{escape(outage.id)}">'
    yield f"<h3>{escape(outage.name)}</h3>"
    yield f'<p class="state">{escape(outage.state)}</p>'
    yield f'<p class="window">{escape(_capital(outage.window_words))}</p>'
    if outage.standing is not Standing.PAST:
        for label, line in (
            ("What this means", outage.impact),
            ("Before", outage.before),
            ("Meanwhile", outage.meanwhile),
        ):
            if line:
                yield f"<p><strong>{label}:</strong> {escape(line)}</p>"
    yield from _told(outage)
    yield "</article>"


def _told(outage: StatusOutage) -> Iterator[str]:
    """What is over is folded but for its last word."""
    updates = outage.updates
    if outage.standing is not Standing.PAST or len(updates) < 2:
        yield from _list(updates, outage.zone)
        return
    yield from _list(updates[:1], outage.zone)
    yield f"<details>\n<summary>Earlier messages: {escape(outage.name)}</summary>"
    yield from _list(updates[1:], outage.zone)
    yield "</details>"


def _list(updates: tuple[Update, ...], zone: str) -> Iterator[str]:
    yield "<ol>"
    for update in updates:
        yield f"<li>{_time(update.at, zone, 'told')} {escape(update.text)}</li>"
    yield "</ol>"


def _time(moment: datetime, zone: str, part: str = "") -> str:
    kind = f' class="{part}"' if part else ""
    stamp = moment.isoformat(timespec="seconds").replace("+00:00", "Z")
    return f'<time{kind} datetime="{stamp}">{escape(say_moment(moment, zone))}</time>'


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

"""The status page for programs: JSON, RSS 2.0 and Atom. An entry is one thing people were told,
and keeps its id for good."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree

from app.models.status import Standing, StatusOutage, StatusPage, Update
from app.models.times import zone

ENTRIES = 100
_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""Of a page on which nothing was told yet: its time must not change by itself."""


def json_of(page: StatusPage) -> bytes:
    """Times are ISO 8601 with the offset of the outage's zone."""
    made: dict[str, Any] = {
        "version": 1,
        "organisation": page.organisation,
        "zone": page.zone,
        "practice": page.practice,
        "changed": _there(page.changed, page.zone) if page.changed else None,
    }
    for standing in Standing:
        made[standing.value] = [_outage(outage) for outage in page.of(standing)]
    return f"{json.dumps(made, ensure_ascii=False, indent=1)}\n".encode()


def _outage(outage: StatusOutage) -> dict[str, Any]:
    return {
        "id": outage.id,
        "services": list(outage.services),
        "state": outage.state,
        "start": _there(outage.start, outage.zone),
        "end": _there(outage.end, outage.zone),
        "zone": outage.zone,
        "window": outage.window_words,
        "impact": outage.impact,
        "before": outage.before,
        "meanwhile": outage.meanwhile,
        "updates": [
            {
                "id": update.id,
                "kind": update.kind.value,
                "at": _there(update.at, outage.zone),
                "text": update.text,
            }
            for update in outage.updates
        ],
    }


def _there(moment: datetime, zone_name: str) -> str:
    return moment.astimezone(zone(zone_name)).isoformat(timespec="seconds")


def atom_of(page: StatusPage, address: str = "") -> bytes:
    """`address` is where the folder is read, ending with a slash; empty when it is not known."""
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(_atom("feed"), {"xml:lang": "en"})
    _add(feed, _atom("id"), f"urn:uuid:{page.id}")
    _add(feed, _atom("title"), f"Planned outages: {page.organisation}")
    _add(feed, _atom("updated"), _stamp(page.changed or _NEVER))
    author = ElementTree.SubElement(feed, _atom("author"))
    _add(author, _atom("name"), page.organisation)
    if address:
        _add(feed, _atom("link"), "", rel="self", href=f"{address}atom.xml")
    _add(feed, _atom("link"), "", rel="alternate", type="text/html", href=f"{address}index.html")
    for outage, update in _entries(page):
        entry = ElementTree.SubElement(feed, _atom("entry"))
        _add(entry, _atom("id"), f"urn:uuid:{update.id}")
        _add(entry, _atom("title"), _title(outage, update))
        _add(entry, _atom("updated"), _stamp(update.at))
        _add(entry, _atom("published"), _stamp(update.at))
        href = f"{address}index.html#o-{outage.id}"
        _add(entry, _atom("link"), "", rel="alternate", type="text/html", href=href)
        _add(entry, _atom("content"), update.text, type="text")
    return _document(feed)


def rss_of(page: StatusPage, address: str = "") -> bytes:
    """As `atom_of`. A link has to be whole in RSS: without an address it is the page's name."""
    rss = ElementTree.Element("rss", {"version": "2.0"})
    channel = ElementTree.SubElement(rss, "channel")
    _add(channel, "title", f"Planned outages: {page.organisation}")
    _add(channel, "link", f"{address}index.html" if address else f"urn:uuid:{page.id}")
    _add(channel, "description", f"What {page.organisation} announced of planned outages.")
    _add(channel, "language", "en")
    _add(channel, "lastBuildDate", format_datetime(page.changed or _NEVER))
    for outage, update in _entries(page):
        item = ElementTree.SubElement(channel, "item")
        _add(item, "title", _title(outage, update))
        if address:
            _add(item, "link", f"{address}index.html#o-{outage.id}")
        _add(item, "description", update.text)
        _add(item, "pubDate", format_datetime(update.at))
        _add(item, "guid", f"urn:uuid:{update.id}", isPermaLink="false")
    return _document(rss)


def _entries(page: StatusPage) -> Iterator[tuple[StatusOutage, Update]]:
    """The newest first."""
    every = [(outage, update) for outage in page.outages for update in outage.updates]
    every.sort(key=lambda pair: (pair[1].at, pair[1].id), reverse=True)
    yield from every[:ENTRIES]


def _title(outage: StatusOutage, update: Update) -> str:
    kind = update.kind.words.removesuffix(" notice")
    return f"{kind}: {outage.name}"


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _atom(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _add(parent: ElementTree.Element, name: str, text: str, **attributes: str) -> None:
    made = ElementTree.SubElement(parent, name, attributes)
    if text:
        made.text = text


def _document(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return body + b"\n"

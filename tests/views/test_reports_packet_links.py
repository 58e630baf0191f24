"""The crew's links in the packet: a code each, on a page of their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.models.reports.packet import BoardLink, Contact, PacketData, Paper
from app.models.times import Window, parse_wall
from app.views.reports.blocks import TitleRow
from app.views.reports.packet_view import PAGE_SIZES, lay_out

pytestmark = pytest.mark.usefixtures("qapp")
WITHOUT = PacketData(
    title="File cluster firmware",
    code="OUT-2025-004",
    revision=7,
    printed_at=datetime(2025, 1, 10, 20, 4, tzinfo=UTC),
    window=Window.of(
        parse_wall("2025-01-10 19:00"), parse_wall("2025-01-10 22:00"), "America/New_York"
    ),
    bridge="555 0199",
    coordinator=Contact("M. Okafor"),
)


def test_each_of_the_crew_has_a_code_of_their_own_on_a_page_apart() -> None:
    links = tuple(
        BoardLink(name, ("7",), f"https://crew.example/c/{name[0] * 43}/")
        for name in ("K. Ito", "R. Ramos")
    )
    size = PAGE_SIZES[Paper.A4]
    with_links = lay_out(replace(WITHOUT, links=links), size)
    coded = [n for n, item in enumerate(with_links.items) if isinstance(item.drawn, TitleRow)]
    pages = {place.block: place.page for place in with_links.placed}

    assert with_links.count == lay_out(WITHOUT, size).count + 1
    assert [pages[n] for n in coded] == [0, with_links.count - 1, with_links.count - 1]

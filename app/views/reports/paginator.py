"""Where each block of a document stands: page by page, nothing cut.

Knows heights and no content, so it is the same for screen, PDF and printer, and is tested
without any of them. (QTextDocument's own page breaks split rows and ignore
`page-break-inside`.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that stays whole.

    `height` in any unit, the same as the page body's. `gap` is the space above it, dropped at
    the top of a page. `keep_next` keeps it on the page of the block after it (a heading).
    `header` is the index of the earlier block to repeat when this one opens a page. A `filler`
    only uses room that is there: it is left out where it would have to open a page.
    """

    height: float
    gap: float = 0.0
    keep_next: bool = False
    new_page: bool = False
    header: int | None = None
    filler: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Block number `block` stands on `page` (0 is the first) with its top `top` below the
    body's. `repeated` marks a header standing there a second time."""

    block: int
    page: int
    top: float
    repeated: bool = False


def paginate(blocks: Sequence[Block], body: float) -> list[Placement]:
    """Every block once (fillers where there is room), in order, none reaching below `body`;
    repeated headers in between.

    A block taller than the body cannot be kept whole by anybody: it gets a page of its own and
    runs over. Callers cut such blocks beforehand.
    """
    placed: list[Placement] = []
    page, cursor = 0, 0.0
    for chain in _chains(blocks):
        first = blocks[chain[0]]
        if first.filler and cursor + _height(blocks, chain) > body:
            continue
        if cursor > 0 and (first.new_page or cursor + _height(blocks, chain) > body):
            page, cursor = page + 1, 0.0
        for index in chain:
            block = blocks[index]
            gap = block.gap if cursor > 0 else 0.0
            if cursor > 0 and cursor + gap + block.height > body:
                page, cursor, gap = page + 1, 0.0, 0.0
            if cursor == 0 and block.header is not None and page > 0:
                head = blocks[block.header].height
                if head + block.height <= body:
                    placed.append(Placement(block.header, page, 0.0, repeated=True))
                    cursor = head
            placed.append(Placement(index, page, cursor + gap))
            cursor += gap + block.height
    return placed


def page_count(placed: Sequence[Placement]) -> int:
    """At least 1: an empty document is one empty page."""
    return max((p.page for p in placed), default=0) + 1


def _chains(blocks: Sequence[Block]) -> list[list[int]]:
    """The blocks in order, each with those it must share a page with."""
    chains: list[list[int]] = []
    joined = False
    for index, block in enumerate(blocks):
        if joined and not block.new_page:
            chains[-1].append(index)
        else:
            chains.append([index])
        joined = block.keep_next
    return chains


def _height(blocks: Sequence[Block], chain: Sequence[int]) -> float:
    return sum(blocks[i].gap + blocks[i].height for i in chain)

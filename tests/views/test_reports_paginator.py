"""Pages: whole rows, in order, each once."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from app.views.reports.paginator import Block, page_count, paginate

BODY = 100.0

heights = st.floats(min_value=0.5, max_value=85, allow_nan=False)


@st.composite
def documents(draw: st.DrawFn) -> list[Block]:
    blocks: list[Block] = []
    for _ in range(draw(st.integers(0, 6))):
        header = len(blocks)
        blocks.append(Block(draw(st.floats(1, 15)), gap=draw(st.floats(0, 5)), keep_next=True))
        for height in draw(st.lists(heights, max_size=12)):
            blocks.append(
                Block(
                    height,
                    gap=draw(st.sampled_from([0.0, 3.0])),
                    keep_next=draw(st.booleans()),
                    new_page=draw(st.integers(0, 9)) == 0,
                    header=draw(st.sampled_from([None, header])),
                )
            )
    return blocks


@settings(max_examples=300, deadline=None)
@given(documents())
def test_no_row_is_split_and_every_row_stands_once_in_order(blocks: list[Block]) -> None:
    placed = paginate(blocks, BODY)
    own = [p for p in placed if not p.repeated]
    assert [p.block for p in own] == list(range(len(blocks)))
    assert all(p.top + blocks[p.block].height <= BODY + 1e-6 for p in placed)
    assert sorted(p.page for p in placed) == [p.page for p in placed]


@settings(max_examples=300, deadline=None)
@given(documents())
def test_nothing_on_a_page_overlaps(blocks: list[Block]) -> None:
    placed = paginate(blocks, BODY)
    for above, below in pairwise(placed):
        if above.page == below.page:
            assert below.top >= above.top + blocks[above.block].height - 1e-6


@settings(max_examples=300, deadline=None)
@given(documents())
def test_no_page_between_is_left_empty(blocks: list[Block]) -> None:
    placed = paginate(blocks, BODY)
    assert {p.page for p in placed} == set(range(page_count(placed) if placed else 0))


def test_a_header_is_repeated_on_each_page_its_rows_reach() -> None:
    blocks = [Block(10, keep_next=True)] + [Block(30, header=0) for _ in range(7)]
    placed = paginate(blocks, BODY)
    assert page_count(placed) == 3
    assert [p.page for p in placed if p.repeated] == [1, 2]
    assert all(p.top == 0 for p in placed if p.repeated)


def test_a_heading_moves_with_its_first_row() -> None:
    blocks = [Block(80), Block(10, keep_next=True), Block(15)]
    assert [p.page for p in paginate(blocks, BODY)] == [0, 1, 1]


def test_the_gap_above_a_block_is_dropped_at_the_top_of_a_page() -> None:
    placed = paginate([Block(90), Block(20, gap=8)], BODY)
    assert (placed[1].page, placed[1].top) == (1, 0.0)


def test_a_block_that_asks_for_a_new_page_gets_one_but_never_an_empty_one() -> None:
    placed = paginate([Block(5, new_page=True), Block(5, new_page=True)], BODY)
    assert [p.page for p in placed] == [0, 1]


def test_a_block_taller_than_the_page_stands_alone() -> None:
    placed = paginate([Block(10), Block(150), Block(10)], BODY)
    assert [p.page for p in placed] == [0, 1, 2]


def test_an_empty_document_is_one_page() -> None:
    assert page_count(paginate([], BODY)) == 1


def test_a_filler_uses_room_but_never_opens_a_page() -> None:
    lines = [Block(10.0, filler=n > 2) for n in range(20)]
    placed = paginate(lines, 75.0)
    assert [p.block for p in placed] == list(range(7))
    assert page_count(placed) == 1

"""The picture of a CI's neighbourhood."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.models.directory.graph import CiGraph
from app.models.directory.layers import WIDE, LaidOut, lay_out
from app.models.ids import CiId


def laid(*pairs: str, start: str = "b") -> LaidOut:
    edges = [(CiId(pair[0]), CiId(pair[1])) for pair in pairs]
    return lay_out(CiGraph(edges), edges, CiId(start))


def test_what_rests_on_it_stands_above_and_what_it_rests_on_below() -> None:
    assert laid("ab", "bc").layers == (("a",), ("b",), ("c",))


def test_a_ci_without_neighbours_stands_alone() -> None:
    assert laid(start="x").layers == (("x",),)


def test_a_ci_reached_two_ways_stands_under_both() -> None:
    assert laid("bc", "cd", "bd").layers == (("b",), ("c",), ("d",))


def test_the_path_to_a_ci_is_the_shortest_way() -> None:
    picture = laid("bc", "cd", "de")
    assert picture.path(CiId("d")) == ("b", "c", "d")
    assert picture.path(CiId("b")) == ("b",)


def test_many_neighbours_are_counted_instead_of_drawn() -> None:
    edges = [(CiId(f"above{i}"), CiId("b")) for i in range(5_000)]
    picture = lay_out(CiGraph(edges), edges, CiId("b"))
    assert len(picture.layers[0]) == WIDE
    assert picture.hidden_above == 5_000 - WIDE


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40))
def test_every_line_leads_down(pairs: list[tuple[int, int]]) -> None:
    edges = [(CiId(str(a)), CiId(str(b))) for a, b in pairs if a < b]  # so there is no ring
    picture = lay_out(CiGraph(edges), edges, CiId("5"))
    layer = {ci: number for number, row in enumerate(picture.layers) for ci in row}
    assert all(layer[a] < layer[b] for a, b in picture.edges)
    assert layer[CiId("5")] == picture.centre

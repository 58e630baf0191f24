"""The dependency tree of CIs."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.directory.graph import CiGraph
from app.models.errors import BadInput
from app.models.ids import CiId

_cis = st.integers(0, 12).map(lambda n: CiId(f"ci{n}"))


def _graph(*pairs: str) -> CiGraph:
    return CiGraph((CiId(a), CiId(b)) for a, b in (pair.split(">") for pair in pairs))


def test_below_is_what_a_ci_rests_on_and_above_what_rests_on_it() -> None:
    graph = _graph("mail>vm", "vm>host", "host>switch")
    assert graph.below(CiId("vm")).cis == {"host", "switch"}
    assert graph.above(CiId("vm")).cis == {"mail"}


def test_the_path_names_every_ci_between() -> None:
    graph = _graph("mail>vm", "vm>host", "host>switch", "mail>other")
    assert graph.below(CiId("mail")).path(CiId("switch")) == ("mail", "vm", "host", "switch")


def test_of_two_ways_the_shortest_is_told() -> None:
    graph = _graph("a>b", "b>c", "a>c")
    assert graph.below(CiId("a")).path(CiId("c")) == ("a", "c")


def test_a_ring_is_named() -> None:
    graph = _graph("x>a", "a>b", "b>c", "c>a")
    assert graph.cycle() == ("a", "b", "c", "a")
    with pytest.raises(BadInput, match="A → B → c → A"):
        graph.require_no_cycle({CiId("a"): "A", CiId("b"): "B"})


def test_a_ci_that_depends_on_itself_is_a_ring() -> None:
    assert _graph("a>a").cycle() == ("a", "a")


def test_two_ways_to_the_same_ci_are_no_ring() -> None:
    assert _graph("a>b", "a>c", "b>d", "c>d").cycle() == ()


def test_a_ring_does_not_stop_the_walk() -> None:
    assert _graph("a>b", "b>a").below(CiId("a")).cis == {"b"}


def test_a_chain_of_twenty_thousand_cis_is_walked() -> None:
    graph = CiGraph((CiId(str(n)), CiId(str(n + 1))) for n in range(20_000))
    assert graph.cycle() == ()
    assert len(graph.below(CiId("0")).path(CiId("20000"))) == 20_001
    assert len(graph.above(CiId("20000"))) == 20_000


def test_an_unknown_ci_has_nothing_above_or_below() -> None:
    graph = _graph("a>b")
    assert not len(graph.above(CiId("z")))
    assert CiId("a") not in graph.below(CiId("z"))


@given(st.lists(st.tuples(_cis, _cis), max_size=40))
def test_above_and_below_are_inverse(edges: list[tuple[CiId, CiId]]) -> None:
    graph = CiGraph(edges)
    everything = {ci for edge in edges for ci in edge}
    for ci in everything:
        for other in everything:
            assert (other in graph.below(ci)) == (ci in graph.above(other))


@given(st.lists(st.tuples(_cis, _cis), max_size=30))
def test_a_ring_is_found_exactly_when_there_is_one(edges: list[tuple[CiId, CiId]]) -> None:
    ring = CiGraph(edges).cycle()
    if ring:
        assert all(step in set(edges) for step in pairwise(ring))
        return
    left = set(edges)  # no ring: CIs that rest on nothing can be taken away until none are left
    while left:
        leaves = {below for _, below in left} - {ci for ci, _ in left}
        assert leaves
        left = {edge for edge in left if edge[1] not in leaves}

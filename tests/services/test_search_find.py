"""Finding by a few letters: what comes first, and what is found at all."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.services.search import Found, Index, Item, find

THINGS = (
    Item(Found.OUTAGE, "1", "Core switch replacement", "Sat 18 Jan", "OUT-2025-004"),
    Item(Found.OUTAGE, "2", "File cluster firmware", "Fri 10 Jan", "OUT-2025-001"),
    Item(Found.SERVICE, "3", "File cluster", "shared drives"),
    Item(Found.PERSON, "4", "Inés Peña", "ines.pena@hospital.example"),
    Item(Found.CI, "5", "sw-core-1", "network"),
)
INDEX = Index(THINGS)


def titles(typed: str, *indexes: Index) -> list[str]:
    return [item.title for item in find(typed, indexes or (INDEX,))]


def test_nothing_typed_gives_the_first_index() -> None:
    acts = Index([Item(Found.ACTION, "a", "New outage")])
    assert titles("  ", acts, INDEX) == ["New outage"]


def test_a_title_that_begins_so_comes_first() -> None:
    assert titles("core")[0] == "Core switch replacement"
    assert "sw-core-1" in titles("core")


def test_a_code_is_found_by_its_number_alone() -> None:
    assert titles("004") == ["Core switch replacement"]


def test_words_are_found_in_any_order() -> None:
    assert titles("firm file") == ["File cluster firmware"]


def test_initials_find_a_title() -> None:
    assert titles("fcf") == ["File cluster firmware"]


def test_accents_need_not_be_typed() -> None:
    assert titles("pena") == ["Inés Peña"]


def test_a_letter_left_out_still_finds() -> None:
    assert "Core switch replacement" in titles("swtch")


def test_digits_are_meant_as_typed() -> None:
    phone = Index([Item(Found.PERSON, "1", "A. Ruiz", "212 555 0167")])
    assert titles("167", phone) == ["A. Ruiz"]
    assert titles("217", phone) == []


def test_what_is_called_nothing_like_it_is_not_found() -> None:
    assert titles("zzzz") == []


def test_no_more_are_found_than_asked_for() -> None:
    many = Index(Item(Found.CI, str(number), f"server {number}") for number in range(200))
    assert len(find("server", (many,), most=7)) == 7


@given(st.text(max_size=12))
def test_whatever_is_typed_is_answered(typed: str) -> None:
    found = find(typed, (INDEX,))
    assert len({(item.kind, item.key) for item in found}) == len(found)


@given(st.sampled_from(THINGS))
def test_every_thing_is_found_by_its_own_title(thing: Item) -> None:
    assert thing in find(thing.title, (INDEX,))

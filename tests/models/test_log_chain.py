"""The chain: whatever is changed, missing, doubled or reordered in the log is found."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from app.models.log import Link, canonical, first_break, hash_of, iso

texts = st.lists(st.text(max_size=40), min_size=1, max_size=12)


def chain_of(entries: list[str]) -> list[Link]:
    links: list[Link] = []
    previous = ""
    for number, entry in enumerate(entries, start=1):
        text = canonical({"number": number, "what": entry})
        links.append(Link(number, text, previous, hash_of(previous, text)))
        previous = links[-1].hash
    return links


@given(texts)
def test_an_untouched_chain_is_whole(entries: list[str]) -> None:
    assert first_break(chain_of(entries)) is None


def test_an_empty_log_is_whole() -> None:
    assert first_break([]) is None


@given(texts, st.data())
def test_any_changed_entry_is_found_where_it_is(entries: list[str], data: st.DataObject) -> None:
    links = chain_of(entries)
    at = data.draw(st.integers(0, len(links) - 1))
    links[at] = replace(links[at], text=links[at].text + data.draw(st.text(min_size=1)))
    assert first_break(links) == at + 1


@given(texts, st.data())
def test_a_changed_entry_with_a_hash_made_anew_is_found(
    entries: list[str], data: st.DataObject
) -> None:
    links = chain_of([*entries, "last"])
    at = data.draw(st.integers(0, len(links) - 2))
    text = links[at].text + " "
    links[at] = replace(links[at], text=text, hash=hash_of(links[at].previous, text))
    assert first_break(links) == at + 2


@given(texts, st.data())
def test_a_missing_entry_is_found(entries: list[str], data: st.DataObject) -> None:
    links = chain_of([*entries, "last"])
    at = data.draw(st.integers(0, len(links) - 2))
    del links[at]
    assert first_break(links) == at + 1


@given(texts, st.data())
def test_a_doubled_entry_is_found(entries: list[str], data: st.DataObject) -> None:
    links = chain_of(entries)
    at = data.draw(st.integers(0, len(links) - 1))
    links.insert(at, links[at])
    assert first_break(links) == at + 2


@given(texts, st.data())
def test_entries_in_another_order_are_found(entries: list[str], data: st.DataObject) -> None:
    links = chain_of([*entries, "last"])
    order = data.draw(st.permutations(links))
    if order == links:
        return
    moved = next(i for i, (a, b) in enumerate(zip(order, links, strict=True)) if a != b)
    assert first_break(order) == moved + 1


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.none() | st.booleans()))
def test_the_canonical_text_is_one_for_one_entry(entry: dict[str, object]) -> None:
    turned = dict(reversed(list(entry.items())))
    assert canonical(entry) == canonical(turned)
    assert json.loads(canonical(entry)) == entry


@given(
    st.integers(0, 4_000_000_000_000_000),
    st.integers(-14 * 60, 14 * 60),
)
def test_one_moment_has_one_spelling(microseconds: int, minutes: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert iso(moment) == iso(elsewhere)
    assert datetime.fromisoformat(iso(moment)) == moment


@given(
    st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.text())),
    st.integers(0, 120),
)
def test_a_long_list_is_written_as_json_writes_it(entry: dict[str, object], rows: int) -> None:
    entry["rows"] = [{"b": n, "a": "ü"} for n in range(rows)]
    entry["set"] = [{"people": entry["rows"], "about": {"b": rows, "a": None}}]
    whole = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert canonical(entry) == whole

"""The second folder's journal counts up to its last mark, whatever befell what stands behind."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.models.log import hash_of
from app.models.settings_journal import (
    Logged,
    Writer,
    entry_line,
    first_line,
    mark_line,
    read_journal,
    settings_line,
)
from tests.makers import NOW

WRITER = Writer(1, "console-a", "laptop", "M. Okafor", "Harbour Hospital", "0002")
LATER = NOW + timedelta(seconds=5)


def chain(count: int, organisation: str = "org") -> list[Logged]:
    made, before = [], ""
    for number in range(1, count + 1):
        text = f'{{"number":{number},"what":"läuft — “so”"}}'
        digest = hash_of(before, text)
        made.append(Logged(f"id{number}", organisation, number, text, before, digest))
        before = digest
    return made


def written(*turns: int) -> list[bytes]:
    """A first line, then turns of so many entries, a mark behind each."""
    entries = iter(chain(sum(turns)))
    lines = [first_line(WRITER, {}, NOW)]
    for at, turn in enumerate(turns):
        lines += [entry_line(next(entries)) for _ in range(turn)]
        lines.append(mark_line(NOW + timedelta(seconds=at + 1)))
    return lines


def test_what_was_written_is_read() -> None:
    lines = [*written(3), settings_line({"account": "{}"}), mark_line(LATER)]
    found = read_journal(lines)
    assert found.writer == WRITER
    assert found.entries == chain(3)
    assert found.heads == {"org": (3, chain(3)[-1].hash)}
    assert found.settings == {"account": "{}"}
    assert found.upto == LATER
    assert found.size == sum(map(len, lines))
    assert not found.torn and not found.broken


def test_what_stands_behind_the_last_mark_may_be_half_a_transaction_and_does_not_count() -> None:
    lines = [*written(2), entry_line(chain(3)[2])]
    found = read_journal(lines)
    assert [entry.number for entry in found.entries] == [1, 2]
    assert found.heads["org"][0] == 2
    assert found.size == sum(map(len, lines[:-1]))
    assert found.torn and not found.broken


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5), st.data())
def test_cut_anywhere_it_is_read_up_to_the_last_whole_turn(
    turns: list[int], data: st.DataObject
) -> None:
    whole = b"".join(written(*turns))
    cut = data.draw(st.integers(0, len(whole)))
    found = read_journal(whole[:cut].splitlines(keepends=True))
    done = sum(len(b"".join(written(*turns[:n]))) <= cut for n in range(len(turns) + 1))
    assert len(found.entries) == sum(turns[: max(0, done - 1)])
    assert (found.writer is not None) == (done > 0)
    assert not found.broken


@given(st.data())
def test_a_wrong_byte_ends_it_before_the_turn_it_is_in(data: st.DataObject) -> None:
    lines = written(2, 2, 2)
    whole = bytearray(b"".join(lines))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= 1 << data.draw(st.integers(0, 7))
    found = read_journal(bytes(whole).splitlines(keepends=True))
    numbers = [entry.number for entry in found.entries]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) in (0, 2, 4)
    assert found.torn


def test_lines_that_follow_a_damaged_one_are_not_believed() -> None:
    lines = written(1, 1, 1)
    lines[3] = lines[3].replace(b"number", b"numbxr")
    found = read_journal(lines)
    assert [entry.number for entry in found.entries] == [1]
    assert found.broken


def test_an_entry_of_another_chain_is_damage() -> None:
    one, _two, three = chain(3)
    found = read_journal(
        [first_line(WRITER, {}, NOW), *map(entry_line, (one, three)), mark_line(LATER)]
    )
    assert found.entries == []
    assert found.upto == NOW


def test_it_goes_on_from_the_heads_of_its_base() -> None:
    entries = chain(4)
    base = {"org": (2, entries[1].hash)}
    lines = [first_line(WRITER, base, NOW), *map(entry_line, entries[2:]), mark_line(LATER)]
    assert read_journal(lines).heads == {"org": (4, entries[3].hash)}
    assert all(b.previous == a.hash for a, b in pairwise(entries))

"""Ids are UUIDv7: unique, in the order of making, and they say when."""

from __future__ import annotations

import threading
import time
import uuid

from app.models.ids import key_of, new_id


def test_ids_made_later_sort_later() -> None:
    made = [new_id() for _ in range(5_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_an_id_is_a_uuid_of_version_7_in_the_rfc_s_variant() -> None:
    for _ in range(200):
        made = uuid.UUID(new_id())
        assert made.version == 7
        assert made.variant == uuid.RFC_4122


def test_an_id_carries_the_millisecond_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    stamp = uuid.UUID(new_id()).int >> 80
    assert before - 1 <= stamp <= time.time_ns() // 1_000_000 + 1


def test_threads_never_get_the_same_id() -> None:
    made: list[list[str]] = [[] for _ in range(4)]

    def make(into: list[str]) -> None:
        into.extend(new_id() for _ in range(2_000))

    threads = [threading.Thread(target=make, args=(into,)) for into in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({each for into in made for each in into}) == 8_000
    assert all(into == sorted(into) for into in made)


def test_names_that_differ_in_case_and_blanks_are_one_name() -> None:
    assert key_of("  File   CLUSTER ") == key_of("file cluster")
    assert key_of("STRASSE") == key_of("straße")

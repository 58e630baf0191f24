"""The runbooks with their revisions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.models.errors import NotFound
from app.models.runbook.comparing import ChangeKind
from app.services.database import Store
from app.services.runbook.files import find_runbook, import_runbook
from app.services.runbook.shelf import look_at_revision, runbook_shelf, steps_as_runbook
from tests.flights import make_flight

NAME = "Storage firmware"


def revise(store: Store, minutes: int) -> None:
    found = store.read(find_runbook, NAME)
    steps = tuple(replace(s, minutes=minutes) if s.code == "7" else s for s in found.steps)
    store.run(import_runbook, replace(found, steps=steps))


def test_our_own_come_first_their_latest_revision_in_front(store: Store) -> None:
    revise(store, 12)
    first = store.read(runbook_shelf)[0]
    assert (first.name, first.own) == (NAME, True)
    assert [each.number for each in first.revisions] == [2, 1]
    assert first.revisions[1].saved_on is None


def test_a_revision_is_compared_with_the_one_before_it(store: Store) -> None:
    revise(store, 12)
    revise(store, 14)
    look = store.read(look_at_revision, NAME)
    assert (look.template.revision, look.older) == (3, 2)
    assert [(c.kind, c.how) for c in look.changes] == [(ChangeKind.CHANGED, "minutes 12 → 14")]


def test_or_with_any_older_one(store: Store) -> None:
    revise(store, 12)
    revise(store, 14)
    look = store.read(look_at_revision, NAME, 3, 1)
    assert [c.how for c in look.changes] == ["minutes 10 → 14"]


def test_the_first_revision_has_nothing_to_compare_with(store: Store) -> None:
    assert store.read(look_at_revision, NAME).older is None


def test_a_runbook_that_is_gone_is_said(store: Store) -> None:
    with pytest.raises(NotFound, match="no runbook"):
        store.read(look_at_revision, "Nowhere")


def test_the_steps_of_a_flight_are_a_runbook_to_export(store: Store) -> None:
    flight = store.run(make_flight)
    assert store.read(steps_as_runbook, flight).name == NAME

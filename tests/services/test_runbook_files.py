"""Runbooks imported as revisions, and the locks their steps carry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.outages.lifecycle import State
from app.models.runbook import RunbookTemplate, StepAct, StepState
from app.models.runbook.template_reading import Read
from app.models.tables.directory import ConfigurationItem
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.outages.moving import move_window
from app.services.outages.planning import fly_again
from app.services.runbook.files import (
    find_runbook,
    import_runbook,
    preview_runbook,
    read_runbook,
    runbook_text,
)
from app.services.runbook.templates import template_of
from app.services.uow import UnitOfWork, undo
from tests.flights import START, do, flight_store, make_flight, step_of
from tests.makers import clock_of, make_ci, make_window

NAME = "Storage firmware"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = flight_store(tmp_path / "store")
    yield made
    made.close()


def with_step(template: RunbookTemplate, code: str, **values: object) -> RunbookTemplate:
    steps = (replace(s, **values) if s.code == code else s for s in template.steps)  # type: ignore[arg-type]
    return replace(template, steps=tuple(steps))


def test_an_import_is_the_next_revision_and_says_what_it_changes(store: Store) -> None:
    there = store.read(find_runbook, NAME)
    changed = with_step(there, "3", minutes=25)
    seen = store.read(preview_runbook, Read(changed))
    said = tuple(change.sentence for change in seen.changes)
    assert (seen.latest, said) == (1, ("3 Snapshot all volumes: minutes 15 → 25.",))
    store.run(import_runbook, changed)
    assert store.read(find_runbook, NAME).revision == 2
    assert store.read(find_runbook, NAME, 1) == there
    with pytest.raises(NotFound, match="it has 1, 2"):
        store.read(find_runbook, NAME, 3)


def test_what_changes_nothing_is_no_revision(store: Store) -> None:
    assert store.run(import_runbook, store.read(find_runbook, NAME)) is None


def test_an_import_can_be_undone(store: Store) -> None:
    inverse = store.run(import_runbook, with_step(store.read(find_runbook, NAME), "3", minutes=25))
    assert inverse is not None
    store.run(undo, inverse)
    assert store.read(find_runbook, NAME).revision == 1


@pytest.mark.parametrize("ending", ["yaml", "csv", "md"])
def test_every_runbook_that_comes_along_goes_through_a_file(
    store: Store, tmp_path: Path, ending: str
) -> None:
    for name in (NAME, "Network switch", "Application upgrade"):
        template = store.read(find_runbook, name)
        path = tmp_path / f"runbook.{ending}"
        path.write_text(runbook_text(template, path), encoding="utf-8")
        assert read_runbook(path) == Read(template)


def test_a_file_of_another_kind_or_coding_is_refused_kindly(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="yaml"):
        read_runbook(tmp_path / "runbook.docx")
    with pytest.raises(BadInput, match="cannot be read"):
        read_runbook(tmp_path / "missing.csv")
    latin = tmp_path / "latin.csv"
    latin.write_bytes("code,title\n1,Gerät\n".encode("latin-1"))
    with pytest.raises(BadInput, match="UTF-8"):
        read_runbook(latin)


def locked_flight(uow: UnitOfWork) -> str:
    """Planned from a revision whose step 7 is locked from 30 to 90 minutes into the window."""
    import_runbook(uow, with_step(find_runbook(uow, NAME), "7", not_before=30, not_after=90))
    return make_flight(uow, State.ANNOUNCED)


def test_a_lock_is_counted_from_the_start_of_the_window(store: Store) -> None:
    flight = store.run(locked_flight)
    step = store.read(step_of, flight, "7")
    assert step.not_before == START + timedelta(minutes=30)
    assert step.not_after == START + timedelta(minutes=90)
    made = store.read(lambda uow: template_of(uow, uow.fetch(Outage, flight)))
    seven = next(s for s in made.steps if s.code == "7")
    assert (seven.not_before, seven.not_after) == (30, 90)


def test_a_lock_moves_with_its_window_and_flies_again_with_it(store: Store) -> None:
    flight = store.run(locked_flight)

    def move(uow: UnitOfWork) -> None:
        later = make_window("2025-01-17 19:00", "2025-01-17 22:00")
        move_window(
            uow, flight, later, "the vendor is late", seen=uow.fetch(Outage, flight).version
        )

    store.run(move)
    week = timedelta(days=7)
    moved = store.read(step_of, flight, "7")
    assert moved.not_before == START + week + timedelta(minutes=30)
    again = store.run(fly_again, flight, make_window("2025-01-24 19:00", "2025-01-24 22:00"))
    assert store.read(step_of, again.outage_id, "7").not_after == START + 2 * week + timedelta(
        minutes=90
    )


def test_a_locked_step_cannot_start_before_its_moment(store: Store) -> None:
    flight = store.run(locked_flight)

    def as_if_ready(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, flight)
        outage.state = State.IN_PROGRESS
        uow.log("in progress", outage)
        for code in ("1", "2", "3", "4", "5", "6"):
            step = step_of(uow, flight, code)
            step.state, step.started_at, step.ended_at = StepState.DONE, START, START

    store.run(as_if_ready)
    clock_of(store).set(START + timedelta(minutes=29))
    with pytest.raises(NotAllowed, match="locked until 19:30"):
        do(store, flight, "7", StepAct.START)
    clock_of(store).advance(minutes=1)
    do(store, flight, "7", StepAct.START)
    assert store.read(step_of, flight, "7").state is StepState.RUNNING


def test_words_that_no_ci_is_called_are_kept_and_warned_of(store: Store) -> None:
    there = store.read(find_runbook, NAME)
    named = with_step(with_step(there, "7", ci="SAN-09"), "8", setting="firmware")
    seen = store.read(preview_runbook, Read(named))
    assert seen.unknown_cis == ("SAN-09",)
    assert "each flight chooses its CI" in seen.cis_words
    store.run(make_ci, "san-09")
    assert store.read(preview_runbook, Read(named)).cis_words == ""
    store.run(import_runbook, named)
    kept = {step.code: step for step in store.read(find_runbook, NAME).steps}
    assert (kept["7"].ci, kept["8"].setting) == ("SAN-09", "firmware")


def test_a_part_called_like_a_ci_is_that_ci_on_a_flight(store: Store) -> None:
    there = with_step(store.read(find_runbook, NAME), "7", ci="san-02", setting="clients")
    store.run(import_runbook, there)
    flight = store.run(make_flight, runbook=NAME)
    row = store.read(step_of, flight, "7")
    names = {ci.id: ci.name for ci in store.read(lambda uow: uow.all(ConfigurationItem))}
    assert (names[row.ci_id or ""], row.setting) == ("SAN-02", "clients")
    again = store.read(lambda uow: template_of(uow, uow.fetch(Outage, flight)))
    assert next(s for s in again.steps if s.code == "7").setting == "clients"

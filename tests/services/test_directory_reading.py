"""The directory as people see it in lists and pickers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.directory.words import CiKind
from app.models.errors import NotFound
from app.services.database import Store
from app.services.directory.reading import (
    audiences,
    ci_tree,
    cis,
    people,
    rests_on_it,
    services,
)
from app.services.uow import UnitOfWork
from tests.makers import make_audience, make_ci, make_person, make_service, make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path / "store")
    yield made
    made.close()


def test_people_can_be_asked_for_by_role(store: Store) -> None:
    store.run(make_person, "K. Ito")
    store.run(make_person, "M. Okafor", roles=["coordinator", "technician"])
    assert [row.name for row in store.read(people)] == ["K. Ito", "M. Okafor"]
    assert [row.name for row in store.read(people, "coordinator")] == ["M. Okafor"]


def test_what_rests_on_a_ci_is_told_nearest_first_with_the_services_it_stops(
    store: Store,
) -> None:
    rack = store.run(make_ci, "RACK", kind=CiKind.POWER)
    san = store.run(make_ci, "SAN-02", rack)
    share = store.run(make_ci, "SHARE", san)
    store.run(make_service, "Files", share)
    store.run(make_service, "Mail", store.run(make_ci, "MAIL-1"))
    tree = store.read(ci_tree, rack.id)
    assert [(row.name, row.depth, row.through) for row in tree.above] == [
        ("SAN-02", 1, ()),
        ("SHARE", 2, ("SAN-02",)),
    ]
    assert (tree.below, tree.services) == ((), ("Files",))
    assert [row.name for row in store.read(ci_tree, share.id).below] == ["SAN-02", "RACK"]
    assert store.read(rests_on_it, share.id) == ()


def test_the_tree_of_a_ci_that_is_gone_is_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.read(ci_tree, "nothing")


def test_an_archived_ci_is_in_no_list(store: Store) -> None:
    san = store.run(make_ci, "SAN-02")
    store.run(make_ci, "SHARE", san)

    def archive(uow: UnitOfWork) -> None:
        row = uow.fetch(type(san), san.id)
        uow.archive(row)
        uow.log("took SAN-02 out", row)

    store.run(archive)
    (share,) = store.read(cis)
    assert (share.name, share.rests_on) == ("SHARE", ())


def test_a_service_without_audience_shows_that_nobody_is_told(store: Store) -> None:
    store.run(make_service, "Files")
    (row,) = store.read(services)
    assert row.audiences == ()


def test_an_audience_says_what_it_is_made_of_and_how_many_it_reaches(store: Store) -> None:
    ito = store.run(make_person)
    store.run(
        make_audience,
        "Everyone",
        members=[ito.id],
        list_address="all@hospital.example",
        list_size=1240,
    )
    (row,) = store.read(audiences)
    assert row.made_of == "list all@hospital.example (1,240), 1 named"
    assert row.reach == 1241


def test_a_list_of_unknown_size_counts_once(store: Store) -> None:
    store.run(make_audience, "Everyone", list_address="all@hospital.example")
    assert store.read(audiences)[0].reach == 1

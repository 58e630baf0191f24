"""What the palette reads of a store."""

from __future__ import annotations

from pathlib import Path

from app.services.search import Found, find
from app.services.search_rows import search_index
from app.services.uow import UnitOfWork
from tests.makers import make_ci, make_person, make_service, make_store


def _fill(uow: UnitOfWork) -> None:
    make_person(uow, "Ada Lindqvist")
    make_ci(uow, "sw-core-1")
    make_service(uow, "File cluster")
    uow.archive(make_person(uow, "Gone Away"))
    uow.log("filled the directory")


def test_the_directory_is_found_and_what_was_archived_is_not(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    try:
        store.run(_fill)
        index = store.read(search_index)
    finally:
        store.close()
    assert {item.kind for item in index.items} == {Found.PERSON, Found.CI, Found.SERVICE}
    assert find("lindq", (index,))[0].title == "Ada Lindqvist"
    assert not find("gone", (index,))

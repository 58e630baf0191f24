"""A long list moves its bar all the way, and can be stopped wherever it is."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from app.services.database import Store
from app.services.directory.csv_reading import preview
from app.services.directory.importing import import_lines
from app.services.directory.reading import cis, people
from app.services.log import chain_break
from app.services.working import Stopped, Work
from tests.makers import make_store

MANY = range(700)
PEOPLE = ["name,email,department", *(f"P {n},p{n}@harbour.example,Dept {n % 7}" for n in MANY)]
CIS = ["name,kind", *(f"ci-{n},server" for n in MANY)]


def take(store: Store, lines: list[str], work: Work) -> None:
    store.run(import_lines, preview("\n".join(lines).encode(), "file.csv"), None, work)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = make_store(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("lines", [PEOPLE, CIS])
def test_it_goes_forward_only_and_through_the_writing_of_the_log(
    store: Store, lines: list[str]
) -> None:
    told: list[float] = []
    take(store, lines, Work(lambda done, total: told.append(done / total)))
    assert told == sorted(told)
    assert told[0] == 0.0
    assert max(told) > 0.8
    assert max(b - a for a, b in pairwise(told)) < 0.5


@pytest.mark.parametrize("after", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("lines", [PEOPLE, CIS])
def test_stopped_wherever_it_is_nothing_was_imported(
    store: Store, lines: list[str], after: float
) -> None:
    work = Work(lambda done, total: work.stop.set() if done / total >= after else None)
    with pytest.raises(Stopped):
        take(store, lines, work)
    assert store.read(people) == ()
    assert store.read(cis) == ()
    assert store.read(chain_break) is None

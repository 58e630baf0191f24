"""The pictures of the directory: each list with an entry open, and a CI's page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from app.models.directory.facts import EntryKind
from app.services.database import Store
from app.services.directory.reading import audiences, cis, services

Screen = tuple[str, Callable[[], object]]


def directory_screens(store: Store, goto: Callable[..., object]) -> Iterator[Screen]:
    """By name, with the call that brings it to the front."""
    first = {
        EntryKind.SERVICES: [row.id for row in store.read(services)],
        EntryKind.CIS: [row.id for row in store.read(cis) if len(row.rests_on) > 1],
        EntryKind.AUDIENCES: [row.id for row in store.read(audiences)],
    }
    for kind in EntryKind:
        chosen = (first.get(kind) or [""])[0]
        yield f"directory-{kind.value}", partial(goto, "directory", kind.value, chosen)
    for ci in first[EntryKind.CIS][:1]:
        yield "directory-ci", partial(goto, "directory", EntryKind.CIS.value, ci, "tree")

"""`rehearse`: an outage flown on a copy, and what that taught carried back."""

from __future__ import annotations

import argparse

from app.cli.printing import one_line
from app.models.errors import BadInput, NotAllowed
from app.models.live.learnt import NOTHING
from app.services.live.rehearsing import (
    carry_back,
    learnt,
    open_copy,
    rehearsal_of,
    rehearse,
)
from app.services.live.setting_out import Begin
from app.services.outages.planning import find_outage
from app.wiring import Console


def rehearse_outage(console: Console, asked: argparse.Namespace) -> int:
    """With --learnt 1 when there is something that was not carried back."""
    outage_id = console.store.read(lambda uow: find_outage(uow, asked.outage).id)
    if asked.learnt is not None:
        return _learnt(console, asked, outage_id)
    if rehearsal_of(console.folder) is not None:
        raise NotAllowed("This folder is a rehearsal already. Rehearse from the real store.")
    made = rehearse(console.store, outage_id, asked.speed, begin=Begin(asked.begin))
    print(made.sentence)
    print(f"Fly it with `--data {made.folder}`, in a window or with the commands.")
    print(f"`rehearse {made.code} --learnt {made.folder}` says what it taught.")
    return 0


def _learnt(console: Console, asked: argparse.Namespace, outage_id: str) -> int:
    made = rehearsal_of(asked.learnt.expanduser().absolute())
    if made is None or made.outage_id != outage_id:
        raise BadInput(f"{asked.learnt} holds no rehearsal of {asked.outage}.")
    copy = open_copy(made, console.store.actor)
    try:
        found = learnt(copy, outage_id, console.store)
    finally:
        copy.close()
    for lesson in found.lessons:
        print(one_line(lesson.words))
    if found.unknown_words:
        print(found.unknown_words)
    if not found.lessons:
        print(NOTHING)
        return 0
    if not asked.carry_back:
        return 1
    console.store.run(carry_back, found, found.sure, made.code)
    print(f"Carried back to the runbook “{found.flown.name}”.")
    return 0

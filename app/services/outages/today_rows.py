"""What Today shows. Imports no tables, and named tuples are made nine times quicker than data
classes: the first paint waits for both."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from app.models.outages.errands import Errand
from app.models.outages.lifecycle import ImpactClass, State


class NextWindow(NamedTuple):
    """The window being flown, or the next one. Times are UTC. `told` and `red` (go/no-go
    criteria still open) are None while they are not known yet."""

    outage_id: str
    code: str
    title: str
    window: str
    zone: str
    start: datetime
    promised_end: datetime
    state: State
    impact: ImpactClass
    services: int
    flying: bool
    strip: tuple[State, ...]
    here: int
    told: int | None = None
    red: int | None = None
    packet: str = ""


class NeedRow(NamedTuple):
    """One thing that needs the coordinator. `about` is what it is about: the id of
    a row or the token of a notice kind. `due`: its time has come, late or not."""

    key: str
    outage_id: str
    words: str
    sub: str
    errand: Errand
    button: str
    at: datetime
    late: bool
    about: str = ""
    due: bool = False


class ComingRow(NamedTuple):
    """`owed` is what it owes first, in a few words; empty when nothing."""

    outage_id: str
    day: str
    title: str
    sub: str
    state: State
    owed: str = ""


class CrewRow(NamedTuple):
    name: str
    sub: str
    span: str


class WaitingRow(NamedTuple):
    key: str
    outage_id: str
    words: str
    sub: str


class TodayRows(NamedTuple):
    """`complete` False: read for the first paint, the rest follows. `any_outage` False: an
    empty store; `organisation` empty: not even an organisation."""

    now: datetime
    organisation: str = ""
    zone: str = "UTC"
    duty: str = ""
    duty_until: str = ""
    next: NextWindow | None = None
    needs: tuple[NeedRow, ...] = ()
    coming: tuple[ComingRow, ...] = ()
    crew: tuple[CrewRow, ...] = ()
    waiting: tuple[WaitingRow, ...] = ()
    not_filed: int = 0
    any_outage: bool = False
    complete: bool = False

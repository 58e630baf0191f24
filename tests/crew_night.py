"""A night that phones and the console's window fly together."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtTest import QTest

from app.models.crew.links import LinkKind
from app.models.runbook import Column, StepAct
from app.models.tables.runbook import Step
from app.services.clock import REHEARSAL
from app.services.crew.links import crew_links
from app.services.database import Store
from app.services.runbook.acting import act_on_step
from app.views.outages.page import OutagesPage
from app.views.runbook.board_page import BoardPage
from app.wiring.crew import CrewSide
from app.wiring.window import Window
from tests.flights import step_of
from tests.phones import SECONDS


class Night:
    """The flight in progress in a window, whose crew board is on; `until` waits for what a phone
    brought about."""

    def __init__(self, store: Store, flight: str, window: Window) -> None:
        self.store, self.flight, self.window = store, flight, window

    @property
    def crew(self) -> CrewSide:
        assert self.window.pages is not None
        return self.window.pages.crew

    @property
    def base(self) -> str:
        serving = self.crew.standing.serving
        assert serving is not None
        return serving.base

    def column(self, code: str) -> Column:
        """Of a step, as the window’s board shows it."""
        page = self.window.shell.page("outages")
        assert isinstance(page, OutagesPage)
        board = page.workspace.findChild(BoardPage)
        assert isinstance(board, BoardPage)
        rows = board.model.rows()
        return next(row.column for row in rows if row.code == code)

    def link(self, name: str, kind: LinkKind = LinkKind.CREW) -> str:
        rows = self.store.read(crew_links, self.flight).rows
        row = next(each for each in rows if each.kind is kind and name in ("", each.name))
        return self.base + row.path

    def step(self, code: str) -> Step:
        return self.store.read(step_of, self.flight, code)

    def later(self, *, minutes: float) -> None:
        """The console's clock, in every process."""
        now = self.store.clock.now() + timedelta(minutes=minutes)
        stand_at(self.store.folder, now)

    def act(self, code: str, act: StepAct) -> None:
        step = self.step(code)
        self.store.run(act_on_step, step.id, act, seen=step.version)

    def until(self, so: Callable[[], bool]) -> None:
        """While the window goes on, too."""
        for _ in range(SECONDS // 20):
            if so():
                return
            QTest.qWait(20)
        raise AssertionError("it did not come")


def stand_at(folder: Path, moment: datetime) -> None:
    """The clock of the folder, which runs on from there."""
    about = dict.fromkeys(("source", "outage_id", "code", "title", "organisation_id"), "")
    begun = datetime.now(UTC).isoformat()
    kept = {**about, "zone": "UTC", "start": moment.isoformat(), "begun": begun, "speed": 1.0}
    (folder / f"{REHEARSAL}.new").write_text(json.dumps(kept), encoding="utf-8")
    (folder / f"{REHEARSAL}.new").replace(folder / REHEARSAL)

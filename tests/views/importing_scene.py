"""The import page on a store, as the window puts it together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.models.tables.directory import Person
from app.models.tables.runbook import Step
from app.services.database import Store
from app.services.uow import Undo
from app.views.bridge import Bridge
from app.views.directory.calendar_panel import CalendarPanel
from app.views.directory.file_panel import Stage
from app.views.directory.import_page import ImportPage
from app.views.directory.importing_job import ImportJob
from app.views.directory.lines_panel import LinesPanel
from app.views.ops import Beside, Ops
from app.views.theme import Theme
from tests.makers import make_store
from tests.views.telling import Told

CALENDARS = Path(__file__).parent.parent / "data" / "calendars"
GOOD = "name,email,roles\nKai Ito,kai.ito@hospital.example,technician\n"


class Importing:
    """The page on a store, as the window puts it together."""

    def __init__(self, store: Store, folder: Path, qtbot: QtBot) -> None:
        self.store = store
        self.folder = folder
        self.qtbot = qtbot
        self.told = Told()
        self.undos: list[Undo] = []
        self.beside = Beside(2)
        self.job = ImportJob(store, Ops(self.beside, self.told, lambda: None))
        self.page = ImportPage(
            Ops(store, self.told, lambda: None), self.told, self.job, self._push_undo
        )
        self.bridge = Bridge(store.bus, self.page)
        self.bridge.happened.connect(self.page.apply)
        qtbot.addWidget(self.page)
        self.page.resize(1180, 720)
        self.page.show()
        self.page.activateWindow()
        qtbot.waitUntil(self.page.isActiveWindow)
        self.page.activate()

    def _push_undo(self, inverse: Undo | None) -> None:
        assert inverse is not None
        self.undos.append(inverse)

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def lines(self, path: Path, stage: Stage) -> LinesPanel:
        """Look at `path`; its panel once it has come to `stage`."""
        self.page.add_files([path])
        panel = self.page.panel(path)
        self.until(path, stage)
        assert isinstance(panel, LinesPanel)
        return panel

    def calendar(self, path: Path, stage: Stage = Stage.READY) -> CalendarPanel:
        self.page.add_files([path])
        panel = self.page.panel(path)
        assert isinstance(panel, CalendarPanel)
        self.until(path, stage)
        return panel

    def until(self, path: Path, stage: Stage) -> None:
        self.qtbot.waitUntil(lambda: self.page.panel(path).stage is stage, timeout=30_000)

    def people(self) -> list[str]:
        return self.store.read(lambda uow: [person.name for person in uow.all(Person)])

    def steps(self) -> list[str]:
        return self.store.read(lambda uow: [step.title for step in uow.all(Step)])

    def close(self) -> None:
        self.job.stop()
        self.beside.close()
        self.store.close()


@pytest.fixture
def importing(theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[Importing]:
    made = Importing(make_store(tmp_path / "data"), tmp_path, qtbot)
    yield made
    made.close()

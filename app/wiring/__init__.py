"""The composition root: every object is built here, by hand."""

from __future__ import annotations

import gc
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.models.errors import ConsoleError
from app.services.clock import REHEARSAL, clock_for
from app.services.ports import Clock

if TYPE_CHECKING:
    from app.services.database import Store
    from app.services.events import EventBus

LOG_BYTES = 1_000_000


def data_folder(asked: Path | None) -> Path:
    """`--data`, or the user's data folder of the platform."""
    if asked is not None:
        return asked.expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_data_path("flight-console", appauthor=False))


def log_file(folder: Path) -> Path:
    return folder / "logs" / "flight-console.log"


class LogFile(logging.Handler):
    """Faults go to a file that is rotated; a folder that cannot be written is no reason to stop.

    The file is opened with the first record: `logging.handlers` brings sockets and pickling
    with it, which would come before the first paint.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            self._file = self._opened()
        self._file.handle(record)

    def _opened(self) -> logging.Handler:
        from logging.handlers import RotatingFileHandler

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            made: logging.Handler = RotatingFileHandler(
                self._path, maxBytes=LOG_BYTES, backupCount=3, encoding="utf-8", delay=True
            )
        except OSError:
            made = logging.NullHandler()
        made.setFormatter(self.formatter)
        return made

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


def start_logging(folder: Path) -> None:
    """In place of the log of a folder that was open before."""
    handler = LogFile(log_file(folder))
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    for before in [each for each in root.handlers if isinstance(each, LogFile)]:
        root.removeHandler(before)
        before.close()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


@dataclass(slots=True)
class Console:
    """What a command or the window works with."""

    folder: Path
    clock: Clock
    bus: EventBus
    store: Store

    def back_up(self) -> str:
        """The day's backup, if it was not made yet; of a store that several consoles share, its
        evidence on this laptop goes to the others. What cannot be done is no reason to stop: it is
        logged, and told in the sentence returned."""
        from app.services.changes_evidence_copies import FOLDER as EVIDENCE
        from app.services.database_place import is_served
        from app.services.settings.backups import backup_if_due

        if (self.folder / REHEARSAL).exists():
            return ""  # a rehearsal is a copy itself
        if is_served(self.folder):  # the server has a backup of its own
            from app.services.changes_evidence_served import shared_words

            if said := shared_words(self.folder):
                logging.getLogger(__name__).warning("evidence not shared: %s", said)
            return said
        try:
            backup_if_due(self.store.path, self.clock.now())
        except ConsoleError as trouble:
            logging.getLogger(__name__).warning("no backup today: %s", trouble)
            if trouble.about.get("trouble") == EVIDENCE:
                return trouble.sentence
            return f"Today’s backup was not made. {trouble.sentence}"
        return ""

    def keep_second(self) -> str:
        """What a command changed is in the second folder, too, unless a window sees to it. A
        sentence when it could not be written."""
        from app.services.settings.second_folder import place_of
        from app.services.settings.second_writing import SecondFolder, SecondState

        if place_of(self.folder).folder is None:
            return ""
        report = SecondFolder(self.folder, self.store.actor.name).turn()
        return "" if report.state is SecondState.CURRENT else report.why

    def keep_status(self) -> str:
        """What a command told people is on the status page, too. A sentence when it could not be
        written. Who was taken over from publishes nothing any more."""
        from app.services.settings.second_folder import place_of as second_of
        from app.services.status.place import FILE_NAME

        if not (self.folder / FILE_NAME).exists() or second_of(self.folder).lost_to:
            return ""
        from app.services.status.writing import StatusWriter

        return StatusWriter(self.store).turn().why

    def close(self) -> None:
        self.store.close()


def open_console(folder: Path, clock: Clock | None = None) -> Console:
    """Open (or create) the store in `folder`. Raises StoreTrouble."""
    from app.services.database import Store
    from app.services.directory.rota import on_duty
    from app.services.events import EventBus
    from app.services.uow import Actor

    chosen = clock or clock_for(folder)
    bus = EventBus()
    store = Store(folder, chosen, bus, Actor(user_name()))
    try:
        store.open()
        if store.organisation_id:
            duty = store.read(on_duty)
            if duty is not None:
                store.actor = Actor(duty.name, duty.person_id)
    except BaseException:
        store.close()
        raise
    return Console(folder, chosen, bus, store)


def prepare(folder: Path) -> None:
    """The data folder and the log file in it, before anything else. Raises StoreTrouble."""
    from app.services.folder import prepare_folder

    prepare_folder(folder)
    start_logging(folder)


def user_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "coordinator"


def open_window(folder: Path) -> int:
    """The console's window; returns the exit code when it is closed."""
    from app.wiring.importing import import_qt

    gc.disable()  # nothing of a start is garbage; `wiring.collecting` collects from then on
    import_qt()
    from app.wiring.windows import start

    return start(folder)

"""A PostgreSQL server of the tests' own: in a temporary folder, for nobody else, gone at the end.

`FLIGHT_TEST_DATABASE=postgresql` makes every store of `make_store` a database in it. PostgreSQL
refuses root, so as root it runs as the user `postgres`, whom Debian's package makes.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import itertools
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
import traceback
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from app.models.errors import NotAllowed
from app.services.database_place import SCHEME, Place, keep_place, place_of
from app.services.database_postgres import served_engine
from app.services.schema_served import upgrade_served

MISSING = (
    "needs PostgreSQL 13 or newer (Debian: apt-get install postgresql), and as root its user "
    "`postgres`"
)
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "jit": "off",
}


_FILES = """
database_damage database_full_disk database_store database_tidy settings_backups settings_doctor
settings_restore settings_second_folder settings_taking_over settings_handing_over
frame_second_folder settings_take_over_card
settings_stopping changes_evidence_copies outages_kill settings_takeover_kill settings_cli_takeover
changes_evidence_kill a_backup_never_takes_the_place_of_the_store
what_was_backed_up_is_restored_and_the_old_store_kept
restore_waits_for_the_window_to_be_closed_and_other_commands_do_not
the_store_is_handed_over_and_the_card_says_so backups_are_listed_with_their_age
what_the_disk_refused_comes_back_with_its_notice_and_is_kept_then a_backup_can_be_made_now
restoring_asks_once_and_names_the_consequence
a_restore_that_is_cancelled_changes_nothing_and_says_so
a_file_that_is_no_backup_is_refused_before_anything_is_asked
the_store_is_looked_over_and_what_is_wrong_comes_first
the_page_says_what_happened_and_lists_the_backups restoring_asks_once_and_enter_means_no
a_backup_put_back_keeps_the_damaged_file_and_opens_the_store
a_refused_restore_says_why_in_place_and_can_be_tried_again
restoring_shows_how_far_it_is_and_can_be_stopped
"""
FILES = frozenset(f"test_{name}" for name in _FILES.split())
"""Modules and tests about a store in a file alone; `test_database_served` has their like."""


def needs_a_file(error: BaseException) -> bool:
    """Whether the test itself asked for the store's file, which is none. That the console did
    is a fault."""
    if not isinstance(error, NotAllowed) or "own backup" not in str(error):
        return False
    frames = [frame.filename for frame in traceback.extract_tb(error.__traceback__)]
    asked = [name for name in frames if "/services/database" not in name and "/app/" in name]
    return not asked


def on_postgresql() -> bool:
    """Whether this run wants every store in a database server."""
    return os.environ.get("FLIGHT_TEST_DATABASE", "").startswith("postgresql")


def programs() -> Path | None:
    """Where `initdb` and `postgres` lie, the newest of several."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: p.parts[-3])
    path = found[-1] if found else shutil.which("initdb")
    return Path(path).resolve().parent if path else None


def can_serve() -> bool:
    if sys.platform == "win32" or programs() is None:
        return False
    if os.geteuid() != 0:
        return True
    import pwd

    return any(user.pw_name == "postgres" for user in pwd.getpwall())


class Server:
    """One cluster; `make` gives a database of its own, made from a template."""

    def __init__(self) -> None:
        found = programs()
        assert found is not None and can_serve(), MISSING
        self._programs = found
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
            above = self.folder.parent  # the test command's own, which only root may pass
            above.chmod(above.stat().st_mode | stat.S_IXOTH)
            self._user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        self._numbers = itertools.count(1)
        self._made: dict[str, Path] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._init()
        self.start()
        atexit.register(self.end)
        self._admin = create_engine(
            self.url("postgres"), isolation_level="AUTOCOMMIT", pool_size=1, max_overflow=0
        )
        self._do('CREATE DATABASE "template_store" TEMPLATE template0')
        engine = served_engine(Place(self.url("template_store")))
        upgrade_served(engine)
        engine.dispose()

    def url(self, name: str) -> str:
        return f"{SCHEME}flight@/{name}?host={self.folder}"

    def make(
        self, folder: Path | None = None, *, empty: bool = False, template: str = "template_store"
    ) -> str:
        """The URL of a new database; with `folder`, that data folder's store is there from now
        on, and it goes when the folder is gone."""
        for name, owner in list(self._made.items()):
            if owner == folder or not owner.exists():
                self.drop(name)
        name = f"store_{next(self._numbers)}"
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{"template0" if empty else template}"')
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_place(folder, Place(self.url(name)))
            self._made[name] = folder
        return self.url(name)

    def copy(self, folder: Path) -> None:
        """`folder` is a copy of a data folder whose store nobody has open; from now on it has a
        database of its own, too."""
        name = make_url(place_of(folder).url).database
        self.make(folder, template=str(name))

    def drop(self, name: str) -> None:
        self._made.pop(name, None)
        with contextlib.suppress(DatabaseError):
            self._do(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _do(self, statement: str) -> None:
        with self._admin.connect() as link:
            link.exec_driver_sql(statement)

    def start(self) -> None:
        """Ends with this process, however that ends."""
        command = [str(self._programs / "postgres"), "-D", str(self.folder / "data")]
        command += ["-k", str(self.folder)]
        for name, value in _SETTINGS.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdout=log,
                stderr=log,
                cwd="/",
                preexec_fn=_end_with_the_parent,
                **self._user,
            )
        until = time.monotonic() + 30
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self.folder)]
        while subprocess.run(ready, check=False).returncode != 0:
            assert self._process.poll() is None and time.monotonic() < until, self.log()
            time.sleep(0.02)

    def stop(self) -> None:
        """At once, as a crash of the server would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(20)
            self._process = None

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2_000:]

    def _init(self) -> None:
        """Ordered by a language, as most servers are; a store orders by characters all the same.
        Who is called `locked` needs a password."""
        command = [str(self._programs / "initdb"), "-D", str(self.folder / "data"), "-U", "flight"]
        command += ["-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]
        command += ["--locale-provider=icu", "--icu-locale=en-US"]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **self._user)
        rules = self.folder / "data" / "pg_hba.conf"
        rest = rules.read_text(encoding="utf-8")
        rules.write_text(f"local all locked scram-sha-256\n{rest}", encoding="utf-8")


@cache
def server() -> Server:
    """The one of this process, started when it is first needed."""
    return Server()


def _end_with_the_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, int(signal.SIGQUIT))

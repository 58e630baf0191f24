"""A connection whose server falls silent is given up, whatever the network says.

What lies between (a pooler, a tunnel) or a server that stands still may keep a connection alive on
which nothing is ever answered again; then neither keepalives nor the server's own limits help.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

SILENT_S = 30.0
"""How long a statement may take to be answered; the longest of ours take a few seconds."""


def be_patient(engine: Engine, refused: Callable[[BaseException], object]) -> None:
    """So long and no longer, on all connections that `engine` makes; `refused` is told why one
    was not made. Then the driver's
    OperationalError is raised and the connection closed: nobody knows what became of the
    statement. The driver is an extra, so its class is the engine's."""
    driver: Any = engine.dialect.loaded_dbapi
    usual = driver.Connection.wait

    def wait(link: Any, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return usual(link, gen, interval, SILENT_S if timeout is None else timeout)
        except driver.OperationalError as error:
            if timeout is None and type(error).__name__ == "_WaitTimeout":
                link.pgconn.finish()
                raise driver.OperationalError(f"no answer within {SILENT_S:.0f} s") from error
            raise

    patient = type("PatientConnection", (driver.Connection,), {"wait": wait})

    def connect(_dialect: Any, _record: Any, given: Any, named: Any) -> Any:
        try:
            return patient.connect(*given, **named)  # type: ignore[attr-defined]
        except driver.OperationalError as error:
            refused(error)
            raise

    event.listen(engine, "do_connect", connect)

"""A connection whose server falls silent is given up, whatever the network says.

What lies between (a pooler, a tunnel) or a server that stands still may keep a connection alive on
which nothing is ever answered again; then neither keepalives nor the server's own limits help.
Imported with the driver only.
"""

from __future__ import annotations

from typing import Any, TypeVar

from psycopg import Connection, OperationalError
from psycopg.abc import PQGen
from sqlalchemy import Engine, event

T = TypeVar("T")
SILENT_S = 30.0
"""How long a statement may take to be answered; the longest of ours take a few seconds."""


class PatientConnection(Connection[Any]):
    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Raises OperationalError, and the connection is closed: nobody knows what became of the
        statement."""
        try:
            return super().wait(gen, interval, SILENT_S if timeout is None else timeout)
        except OperationalError as error:
            if timeout is None and type(error).__name__ == "_WaitTimeout":
                self.pgconn.finish()
                raise OperationalError(f"no answer within {SILENT_S:.0f} s") from error
            raise


def be_patient(engine: Engine) -> None:
    """So long and no longer, on all connections that `engine` makes."""

    def connect(_dialect: Any, _record: Any, given: Any, named: Any) -> PatientConnection:
        return PatientConnection.connect(*given, **named)

    event.listen(engine, "do_connect", connect)

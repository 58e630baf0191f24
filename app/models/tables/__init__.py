"""The SQLModel tables. Loaded on the database thread, after the first paint.

Importing this package registers every table on `SQLModel.metadata`.
"""

from app.models.tables import (
    bridge,
    calendar,
    changes,
    crew,
    directory,
    live,
    log,
    notices,
    outages,
    outbox,
    rota,
    runbook,
    settings,
    sync,
)

__all__ = [
    "bridge",
    "calendar",
    "changes",
    "crew",
    "directory",
    "live",
    "log",
    "notices",
    "outages",
    "outbox",
    "rota",
    "runbook",
    "settings",
    "sync",
]

"""What PostgreSQL and its driver say, in the user's words."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError

from app.models.errors import BadInput, ConsoleError, StoreTrouble
from app.services.folder import full

AWAY = ("08", "57P")
BUSY = ("55P03", "40001", "40P01", "57014", "25P03")


def is_away(error: BaseException) -> bool:
    """The server cannot be asked: there is no connection, or it broke."""
    if isinstance(error, DBAPIError):
        if error.connection_invalidated:
            return True
        error = error.orig or error
    state = getattr(error, "sqlstate", None)
    if state:
        return str(state).startswith(AWAY)
    return type(error).__name__ in ("OperationalError", "ConnectionTimeout")


def gone() -> str:
    return (
        "The database server does not answer, so this was not written; what was written before is "
        "safe there. The console goes on as soon as the server is back: do it again then."
    )


def not_opened() -> str:
    return (
        "The database server does not answer, so the store was not opened; nothing of it is lost. "
        "Try again once the server is back, or ask whoever runs it."
    )


def not_read() -> str:
    return (
        "The database server does not answer, so what is shown may be old. All that was written is "
        "safe there; the console goes on by itself once the server is back."
    )


def unsure() -> StoreTrouble:
    return StoreTrouble(
        "The database server went away just as this was being written, and does not answer yet, "
        "so it is not known whether it is there. Look once the server is back, before you do it "
        "again.",
        trouble="unsure",
    )


def words_of(error: BaseException, url: str) -> ConsoleError:
    """`about["trouble"]`: away, busy, full, folder (no right to it), other."""
    said = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    state = str(getattr(said, "sqlstate", None) or "")
    if state in BUSY:
        return StoreTrouble(
            "The store is busy in another console or command, so this was not written. "
            "Try again in a moment.",
            trouble="busy",
        )
    if state in ("53100", "53200"):
        return full_there()
    if state == "53300":
        return StoreTrouble(
            "The database server has no connection left for this console, so this was not written. "
            "Close another program that uses it, or ask whoever runs it for more.",
            trouble="away",
        )
    if state.startswith("28") or "password" in str(said) or "authentication failed" in str(said):
        return StoreTrouble(
            f"The database server did not let this console in ({first_line(said)}). Give the "
            "password with `database use`, or put it into libpq’s passfile. Nothing was changed.",
            trouble="folder",
        )
    if state == "3D000" or ("does not exist" in str(said) and not state):
        return StoreTrouble(
            f"There is no such database ({first_line(said)}). Whoever runs the server makes one, "
            "empty. Nothing was changed.",
            trouble="folder",
        )
    if state in ("42501", "25006"):
        return StoreTrouble(
            f"The database may not be written by this console ({first_line(said)}). Nothing was "
            "changed. Whoever runs the server can grant it.",
            trouble="folder",
        )
    if "NUL (0x00)" in str(said):
        return BadInput(
            "The text holds a character that is none (NUL), which cannot be stored; nothing was "
            "changed. Type that place anew."
        )
    if is_away(error):
        return StoreTrouble(gone(), trouble="away")
    return StoreTrouble(
        f"The store could not do this ({first_line(said)}); nothing was changed. "
        "`database check` looks the store over.",
        trouble="other",
    )


def first_line(said: BaseException) -> str:
    """Without the address and the details that a driver adds below."""
    lines = str(said).strip().splitlines()
    return lines[0].rpartition("FATAL:")[2].strip() if lines else type(said).__name__


def full_there() -> StoreTrouble:
    refusal = full()
    return StoreTrouble(
        "The database server has no room left (disk or memory), so this was not written; what was "
        "there before is safe. Whoever runs the server can make room; then do it again.",
        **refusal.about,
    )

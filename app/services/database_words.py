"""What PostgreSQL and its driver say, in the user's words."""

from __future__ import annotations

import re

from sqlalchemy.exc import DBAPIError

from app.models.errors import BadInput, ConsoleError, StoreTrouble
from app.services.folder import full

AWAY = ("08", "57P")
_BEFORE = re.compile(r"^(connection failed: )?connection to server .*? failed: ")
"""What the driver puts before that which went wrong; at connecting it gives no code."""
_CROWDED = ("too many clients", "too many connections", "connection slots are reserved")
_CERTIFICATE = ("certificate", "does not support SSL")
_OUTSIDE = ("password", "authentication failed", "pg_hba.conf")
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
    """`about["trouble"]`: away, busy, full, refused (no right to it), other."""
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
    text = str(said)
    if state == "53300" or (not state and any(each in text for each in _CROWDED)):
        return StoreTrouble(
            "The database server has no connection left for this console, so this was not written. "
            "Close another program that uses it, or ask whoever runs it for more.",
            trouble="away",
        )
    if not state and any(each in text for each in _CERTIFICATE):
        return StoreTrouble(
            f"The database server could not show that it is the one meant ({first_line(said)}), so "
            "nothing was sent to it and nothing was changed. Look at `sslmode` and `sslrootcert` "
            "in the database’s address, or ask whoever runs the server for its certificate.",
            trouble="refused",
        )
    if is_outside(said):
        return _not_let_in(said, f"`database use {url} --ask-password`")
    if state == "3D000" or ("does not exist" in text and not state):
        return StoreTrouble(
            f"There is no such database ({first_line(said)}). Whoever runs the server makes one, "
            "empty. Nothing was changed.",
            trouble="refused",
        )
    if state in ("42501", "25006"):
        return StoreTrouble(
            f"The database may not be written by this console ({first_line(said)}). Nothing was "
            "changed. Whoever runs the server can grant it.",
            trouble="refused",
        )
    if "NUL (0x00)" in text:
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


def not_moved(error: BaseException, url: str) -> ConsoleError:
    """As `words_of`, of a move or a look at a database that is none of this console's yet."""
    said = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    refusal = words_of(error, url)
    if is_outside(said):
        return _not_let_in(said, "the same command and --ask-password")
    if str(refusal) != gone():
        return refusal
    return StoreTrouble(
        f"The database server does not answer ({first_line(said)}), so nothing was moved and the "
        "store is where it was. Look at the name and the port in the database’s address, or do it "
        "again once the server is there.",
        trouble="away",
    )


def is_outside(said: BaseException) -> bool:
    """It was not let in, as the driver says."""
    state, text = str(getattr(said, "sqlstate", None) or ""), str(said)
    return state.startswith("28") or (not state and any(each in text for each in _OUTSIDE))


def _not_let_in(said: BaseException, how: str) -> StoreTrouble:
    return StoreTrouble(
        f"The database server did not let this console in ({first_line(said)}). Give the password "
        f"anew with {how}, or put it into libpq’s passfile. Nothing was changed.",
        trouble="refused",
    )


def first_line(said: BaseException) -> str:
    """Without the address and the details that a driver adds below."""
    lines = str(said).strip().splitlines()
    if not lines:
        return type(said).__name__
    return _BEFORE.sub("", lines[0].rpartition("FATAL:")[2].strip())


def full_there() -> StoreTrouble:
    refusal = full()
    return StoreTrouble(
        "The database server has no room left (disk or memory), so this was not written; what was "
        "there before is safe. Whoever runs the server can make room; then do it again.",
        **refusal.about,
    )

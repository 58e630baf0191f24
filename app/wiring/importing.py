"""Qt is imported without the import hook that PySide leaves behind.

From then on PySide would read the source of every module imported, to see whether it asks for
PySide's optional features (`from __feature__ import …`; we use none). For the libraries behind
the store that is 0.1 s and 30 MB of source text kept in Python's line cache.
"""

from __future__ import annotations

import builtins


def import_qt() -> None:
    """Call it before anything else imports PySide; later it changes nothing."""
    plain = builtins.__import__
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = plain

"""The keys of Live: what `?` says of them, and how they are bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

KEYS = (
    ("Ctrl+Enter", "the next act: done, start, GO, all clear"),
    ("Ctrl+E", "extend: a later end, with what it would mean"),
    ("Ctrl+J", "go on: the answer when it is asked whether to turn back"),
    ("Ctrl+U", "turn back: back out, with the reason"),
    ("Ctrl+Shift+U", "stop at this safe point"),
    ("Ctrl+D", "hold, before the GO"),
    ("Ctrl+Shift+Enter", "partly done, from Verifying"),
    ("Ctrl+H", "heard by phone: of who asks for help, whom to call, or is longest silent"),
    ("Ctrl+Shift+H", "heard by phone, with what was said"),
    ("Ctrl+R", "take the first report that came by mail"),
    ("Ctrl+B", "blocked; where nothing runs, what is blocked goes on"),
    ("Ctrl+L", "note to the log"),
    ("Ctrl+T", "times to the crew that are due; with Shift their words first"),
    ("Ctrl+M", "the next answer or criterion still missing, before the GO"),
    ("Space or N", "go, or no-go, of whoever is being called"),
    ("Ctrl+O", "the first thing owed: write it, review it, note it"),
    ("Ctrl+I", "who decides: the decision card, with what was decided"),
    ("Ctrl+P", "enter what was ticked on paper"),
    ("Shift+F11", "Live in a window of its own, on the second screen"),
    ("Ctrl+F11", "the fix side in a window of its own"),
    ("Ctrl+Shift+F11", "the communication side in a window of its own"),
    ("Ctrl+G", "give the fix or the communication side to somebody"),
    ("Enter on a log entry", "strike it through and correct it"),
)


def bind(page: QWidget, acts: Mapping[str, Callable[[], object]]) -> None:
    """Each key does its act wherever the focus is on the page; Return is also the one beside the
    digits."""
    for keys, act in acts.items():
        for each in dict.fromkeys((keys, keys.replace("Return", "Enter"))):
            QShortcut(QKeySequence(each), page).activated.connect(act)

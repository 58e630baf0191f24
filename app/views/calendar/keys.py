"""The keys of the calendar, for the help on `?`."""

from __future__ import annotations

KEYS = (
    ("M / A", "month or agenda"),
    ("PgUp / PgDn", "the month before, the next month"),
    ("T", "today"),
    ("G", "go to a day"),
    ("Arrows", "another day"),
    ("Tab", "the entries of the day, one after the other"),
    ("Enter", "open the entry; on an empty day plan an outage"),
    ("N", "plan an outage on the chosen day"),
    ("Ctrl+P", "print preview"),
    (
        "Ctrl+Arrows",
        "carry the chosen outage to another day; Enter puts it there, Esc takes it back",
    ),
)

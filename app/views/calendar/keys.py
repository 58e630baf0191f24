"""The keys of the calendar, for the help on `?`."""

from __future__ import annotations

KEYS = (
    ("Y / Q / M / W / A", "year, quarter, month, week, agenda"),
    ("PgUp / PgDn", "the one before, the next one"),
    ("T", "today"),
    ("G", "go to a day"),
    ("Ctrl+F", "find by title, code, service or calendar"),
    ("F3 / Shift+F3", "the next that was found, the one before"),
    ("F", "narrow it to some services, or to some states"),
    ("Arrows", "another day"),
    ("Tab", "the entries of the day, one after the other"),
    ("Enter", "open the entry; on an empty day plan an outage"),
    ("Up / Down", "in the week: hours to plan in; with Shift their end"),
    ("Z", "the second clock of the week"),
    ("N", "plan an outage on the chosen day"),
    ("O", "ask department heads what must not be disturbed"),
    ("E", "add a business event on the chosen day"),
    ("Ctrl+P", "print preview"),
    (
        "Alt+Arrows",
        "carry the chosen outage elsewhere; Enter puts it there, Esc takes it back",
    ),
    ("Shift+Alt+Arrows", "its end alone; with Ctrl instead of Alt its start"),
)

"""Places of the frame that are about no outage: what others ask for leads there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.models.directory.facts import EntryKind
from app.views.shell import Shell


def go_to_place(shell: Shell, section: str, about: str, action: str) -> bool:
    """A list of the directory with the entry `about`, the calendar on the day `about` (ISO), the
    import of the files that `action` names line by line, or a section that takes `action`. False:
    it is none of these."""
    if section in list(EntryKind):
        shell.goto("directory", section, about, "page")
    elif section == "calendar" and about:
        shell.goto(section, date.fromisoformat(about))
    elif section == "import":
        shell.goto(section, *map(Path, action.splitlines()))
    elif section in ("calendar", "outbox"):
        shell.goto(section, *([action] if action else []))
    elif section == "sample":
        shell.goto("begin" if shell.has_section("begin") else "today")
    else:
        return False
    return True

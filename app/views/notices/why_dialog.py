"""Who receives a notice, and why each of them does."""

from __future__ import annotations

from collections import Counter

from PySide6.QtWidgets import QWidget

from app.services.notices.audiences import Recipient
from app.services.notices.composing import Composed
from app.views.widgets.finding import FindDialog
from app.views.widgets.listing import ListRow

PILLS = 5


class WhyDialog(FindDialog):
    """Each recipient and the reason they receive it; typing finds among 25,000."""

    def __init__(self, parent: QWidget, composed: Composed) -> None:
        super().__init__(
            parent,
            "Who receives this, and why",
            f"{composed.reach:,} people, as far as known",
            ((_row(r), _folded(r)) for r in composed.recipients),
            list_name="Recipients",
            hint="Find by name, address or reason",
        )


def _row(r: Recipient) -> ListRow:
    pill = f"list of {r.size:,}" if r.is_list and r.size else ""
    return ListRow(r.key or r.name, r.name, f"{r.email} · {r.why}", pill=pill)


def _folded(r: Recipient) -> str:
    return f"{r.name} {r.email} {r.why}".casefold()


def groups(recipients: tuple[Recipient, ...]) -> list[str]:
    """Lists by name; people by the reason they share, or by name when they are few."""
    lists = [
        f"{r.name} · {r.size:,}" if r.size else f"{r.name} · list" for r in recipients if r.is_list
    ]
    people = [r for r in recipients if not r.is_list]
    if len(people) <= PILLS - len(lists):
        return [*lists, *(r.name for r in people)]
    reasons = Counter(r.why for r in people)
    return [*lists, *(f"{_group(why)} · {count:,}" for why, count in reasons.most_common())]


_GROUPS = {
    "because you are one of ": "",
    "because you use ": "users of ",
    "because you lead ": "head of ",
}


def _group(why: str) -> str:
    for start, instead in _GROUPS.items():
        if why.startswith(start):
            return instead + why.removeprefix(start)
    return why

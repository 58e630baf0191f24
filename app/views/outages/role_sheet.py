"""“Assign a role…”: all its steps that were not begun go to one person."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QWidget

from app.models.errors import ConsoleError
from app.services.runbook.roles import RoleRow, Roles, assign_role, roles_to_give
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.widgets.choosers import OneOf
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

WORDS = "All its steps that were not begun go to one person. What was begun stays as it is."


class RoleActs(QObject):
    def __init__(
        self, ops: Ops, notify: Telling, on_undo: Callable[[Undo], object], over: QWidget
    ) -> None:
        super().__init__(over)
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo
        self._over = over

    def ask(self, outage_id: str) -> None:
        self._ops.read(
            roles_to_give, outage_id, then=lambda roles: self._open(outage_id, roles), owner=self
        )

    def _open(self, outage_id: str, roles: Roles) -> None:
        if not roles.rows:
            self._notify.remark("No step with a role is left to give; the Board has each step.")
            return
        first = next((row for row in roles.rows if row.unowned), roles.rows[0])
        asks = [
            Ask(
                "role",
                "Role",
                Kind.CHOICE,
                value=first.role,
                choices=tuple((row.role, _words(row)) for row in roles.rows),
            ),
            Ask(
                "person",
                "Person",
                Kind.FOUND,
                value=first.fair.person_id if first.fair is not None else "",
                hint=_why(first),
                needed="Choose who it is; typing finds a name.",
                choices=tuple(
                    (key, f"{name}  ·  {does}" if does else name)
                    for key, name, does in roles.people
                ),
            ),
        ]
        if roles.frozen:
            hint = "The runbook is frozen; the reason goes into the log."
            asks.append(Ask("why", "Why it changes now", hint=hint, needed="Say why."))
        sheet = Sheet(self._over, "Assign a role", WORDS, asks, "Assign")
        _offer_with(sheet, roles)

        def done(undo: Undo) -> None:
            sheet.accept()
            self._on_undo(undo)
            self._notify.info("The role is assigned; Ctrl+Z takes it back.")

        def failed(error: ConsoleError) -> None:
            sheet.refuse(error.sentence)

        def answered(answers: Answers) -> None:
            self._ops.run(
                assign_role,
                outage_id,
                answers["role"],
                answers["person"],
                why=answers.get("why", ""),
                then=done,
                failed=failed,
                owner=sheet,
            )

        sheet.answered.connect(answered)
        sheet.open()


def _offer_with(sheet: Sheet, roles: Roles) -> None:
    """With another role comes another one to offer."""
    role, person = sheet.editor("role"), sheet.editor("person")
    assert isinstance(role, QComboBox)
    assert isinstance(person, OneOf)

    def changed() -> None:
        row = next((row for row in roles.rows if row.role == role.currentData()), None)
        if row is not None:
            person.choose(row.fair.person_id if row.fair is not None else "")
            sheet.say("person", _why(row))

    role.currentIndexChanged.connect(changed)


def _why(row: RoleRow) -> str:
    """Whom the off-hours point at, and the reason; it is offered, never taken by itself."""
    if row.fair is None:
        return ""
    name = f"{row.fair.name}: " if row.fair.name else ""
    return f"{name}{row.fair.why}"


def _words(row: RoleRow) -> str:
    """`storage operator · 4 steps, 2 without an owner · A. Lindqvist`."""
    count = len(row.to_give)
    steps = f"{count} step{'' if count == 1 else 's'}"
    if row.unowned:
        steps += ", nobody’s" if row.unowned == count else f", {row.unowned} nobody’s"
    who = ", ".join(row.owners)
    return f"{row.role} · {steps}" + (f" · {who}" if who else "")

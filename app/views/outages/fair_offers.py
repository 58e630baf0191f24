"""The roles of a new outage are offered to whoever is free and had the fewest off-hours."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer

from app.services.outages.usual import checks_for_users
from app.services.rota.fairest import Suggested, fair_owners
from app.views.ops import Ops
from app.views.outages.plan_fields import PlanFields
from app.views.widgets.forms import Field

REST_MS = 200


class FairOffers(QObject):
    """With another window or runbook it looks again; who was chosen by hand stays, and the hint
    says whom it would have offered. `on_other` is called once somebody else stands there."""

    def __init__(self, ops: Ops, fields: PlanFields, on_other: Callable[[], object]) -> None:
        super().__init__(fields)
        self._ops, self._form, self._on_other = ops, fields, on_other
        self._fields: dict[str, Field] = {}
        self._asked = 0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._look)
        if fields.form.plan is None:
            fields.window.changed.connect(self._rest.start)

    def follow(self, role: str, field: Field) -> None:
        """This is where the role is chosen now."""
        if role in self._form.roles and not checks_for_users(role):
            self._fields[role] = field
            self._rest.start()

    def _look(self) -> None:
        self._fields = {r: f for r, f in self._fields.items() if r in self._form.roles}
        window = self._form.window.window_given()
        if window is None or not self._fields:
            return
        self._asked += 1
        asked = self._asked

        def show(found: Mapping[str, Suggested]) -> None:
            if asked == self._asked:
                self._show(found)

        self._ops.read(fair_owners, tuple(self._fields), window, then=show, owner=self)

    def _show(self, found: Mapping[str, Suggested]) -> None:
        other = False
        for role, fair in found.items():
            if role not in self._fields or role not in self._form.roles or not fair.chosen:
                continue
            before = self._form.roles[role].chosen()
            taken = bool(fair.person_id) and self._form.offer_owner(role, fair.person_id)
            other = other or (taken and before != fair.person_id)
            self._fields[role].say(fair.why if taken else f"{fair.name}: {fair.why}".lstrip(": "))
        if other:
            self._on_other()

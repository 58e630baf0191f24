"""The fields of the plan form, from a Plan and back. No services are called here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from app.models.calendar.slot import Slot
from app.models.outages.lifecycle import ImpactClass
from app.models.runbook.templates import named_parts
from app.models.times import Window, to_wall
from app.services.outages.plan_form import Choice, PlanForm, RunbookChoice
from app.services.outages.planning import Plan
from app.services.outages.usual import checks_for_users, usual_owner
from app.views.outages.card_editor import CardEditor
from app.views.outages.window_field import WindowField
from app.views.theme import px
from app.views.widgets.choosers import ManyOf, OneOf
from app.views.widgets.forms import Field

LINES = {
    "title": ("Title", "a few words people will recognise it by"),
    "requester": ("Requested by", ""),
    "approver": ("Approved by", ""),
    "change_reference": ("Change reference", "its number in the change system, if there is one"),
    "urgent_reason": ("Why urgent", "an urgent outage needs who approved it and why"),
    "checker": ("User-side checker", "who says, on the users’ side, that it works"),
    "checker_phone": ("Their phone", ""),
    "checker_deputy": ("Checker’s deputy", ""),
    "checker_deputy_phone": ("Their phone", ""),
    "vendor_case": ("Vendor’s case", ""),
    "bridge_line": ("Bridge", "number and code, as they would be read out"),
}
TEXTS = {
    "why": ("Why", ""),
    "impact_text": ("Impact", "what people cannot do meanwhile, in their words"),
    "before_text": ("Before it", "what people should do first, such as save their work"),
    "workaround": ("Meanwhile", "what they can do instead"),
}
IMPACT = {
    ImpactClass.CRITICAL: "Critical, or many people",
    ImpactClass.ORDINARY: "Ordinary",
    ImpactClass.URGENT: "Urgent",
}


class PlanFields(QObject):
    """`edited` on every change. Parents are given when the form places the fields."""

    edited = Signal()

    def __init__(self, form: PlanForm, now: datetime, slot: Slot | None = None) -> None:
        super().__init__()
        self.form = form
        self.lines = {name: QLineEdit() for name in LINES}
        self.texts = {name: _text() for name in TEXTS}
        self.impact = QComboBox()
        self.impact.setMinimumContentsLength(14)
        self.impact.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        for impact, words in IMPACT.items():
            ahead = form.leads.get(impact, "")
            if impact is ImpactClass.URGENT:
                ahead = "at once, with approver and reason"
            elif ahead not in ("", "at once"):
                ahead += " ahead"
            self.impact.addItem(f"{words}: {ahead}" if ahead else words, impact)
        window = form.plan.window if form.plan else first_window(form.home_zone, now, slot)
        self.window = WindowField(form.zones, window)
        self.services = ManyOf("Services", form.services)
        self.cis = ManyOf("Configuration items", form.cis)
        self.audiences = ManyOf("Audiences", form.audiences)
        self.coordinator = OneOf("Coordinator", _may_lead(form))
        self.deputy = OneOf("Deputy", form.people)
        self.vendor = OneOf("Vendor", form.vendors)
        self.card = CardEditor()
        self.runbook = OneOf(
            "Runbook", [Choice(r.name, r.name, f"{r.steps} steps") for r in form.runbooks], "none"
        )
        self.roles: dict[str, OneOf] = {}
        self.parts: dict[str, OneOf] = {}
        self._offered: dict[str, str] = {}
        self._mine: set[str] = set()
        self._follows_rota = form.plan is None
        self._fields: dict[str, Field] = {}
        self._fill(form.plan or self._fresh(window))
        self._watch()

    def _fresh(self, window: Window) -> Plan:
        form = self.form
        return Plan(
            *("", window, ()),
            card=form.card,
            coordinator_id=form.on_duty(window.start.date()) or None,
            bridge_line=form.usual_line,
        )

    def field(self, name: str) -> Field:
        """The line or text `name` with its label; made once."""
        if name not in self._fields:
            label, hint = LINES.get(name) or TEXTS[name]
            editor: QWidget = self.lines[name] if name in self.lines else self.texts[name]
            self._fields[name] = Field(label, editor, hint)
        return self._fields[name]

    def runbook_chosen(self) -> RunbookChoice | None:
        wanted = self.runbook.chosen()
        return next((r for r in self.form.runbooks if r.name == wanted), None)

    def role_fields(self) -> Iterator[tuple[str, OneOf]]:
        """A person for each role and a CI for each part of the runbook chosen."""
        chosen = self.runbook_chosen()
        self.roles, self.parts, self._offered = {}, {}, {}
        if chosen is None:
            return
        for role in chosen.roles:
            if role != "coordinator":
                self.roles[role] = OneOf(role, self.form.people)
                self._offered[role] = self.usual(chosen.name, role) or ""
                self.roles[role].choose(self._offered[role])
                yield role, self.roles[role]
        for part in chosen.parts:
            self.parts[part] = OneOf(part, (), "not known: choose it here, or note it later")
            yield part, self.parts[part]
        self.offer_parts()

    def usual(self, runbook: str, role: str) -> str | None:
        """Who had the role last, in that runbook rather than in another one; a checker is of the
        services chosen."""
        form = self.form
        return usual_owner(form.usual, form.checkers, runbook, role, self.services.chosen()) or None

    def offer_owner(self, role: str, person: str) -> bool:
        """Whether they stand there now: whoever was picked by hand stays."""
        box = self.roles[role]
        if box.chosen() != self._offered[role]:
            return False
        self._offered[role] = person
        held = box.blockSignals(True)
        box.choose(person)
        box.blockSignals(held)
        return True

    def _offer_checkers(self) -> None:
        """Other services are checked by others, unless somebody was picked."""
        for role, box in self.roles.items():
            if checks_for_users(role) and box.chosen() == self._offered[role]:
                self._offered[role] = self.usual(self.runbook.chosen(), role) or ""
                box.choose(self._offered[role])

    def offer_parts(self) -> None:
        """The CIs touched play the runbook's parts: offered, and chosen where a name tells. While
        none is named, those that the services rest on come first; the only one plays the only
        part."""
        touched = [c for c in self.form.cis if c.id in self.cis.chosen()]
        resting = self._resting()
        likely = touched or (resting if len(resting) == len(self.parts) == 1 else [])
        found = named_parts(self.parts, {c.name: c.id for c in likely})
        others = [c for c in self.form.cis if c not in resting]
        for part, box in self.parts.items():
            box.offer(touched or [*resting, *others])
            if not box.chosen():
                box.choose(found.get(part))

    def _resting(self) -> list[Choice]:
        """The CIs that the services chosen rest on."""
        chosen = self.services.chosen()
        ids = {ci for s in self.form.services if s.id in chosen for ci in s.cis}
        return [c for c in self.form.cis if c.id in ids]

    def plan(self) -> Plan | None:
        """What is typed; None once what is wrong with the window stands under it."""
        window = self.window.window_given()
        if window is None:
            return None
        said = self._said()
        return Plan(
            title=said["title"],
            window=window,
            services=self.services.chosen(),
            cis=self.cis.chosen(),
            audiences=self.audiences.chosen(),
            impact=ImpactClass(self.impact.currentData()),
            why=said["why"],
            requester=said["requester"],
            approver=said["approver"],
            change_reference=said["change_reference"],
            urgent_reason=said["urgent_reason"],
            coordinator_id=self.coordinator.chosen() or None,
            deputy_id=self.deputy.chosen() or None,
            checker=said["checker"],
            checker_phone=said["checker_phone"],
            checker_deputy=said["checker_deputy"],
            checker_deputy_phone=said["checker_deputy_phone"],
            before_text=said["before_text"],
            workaround=said["workaround"],
            impact_text=said["impact_text"],
            vendor_id=self.vendor.chosen() or None,
            vendor_case=said["vendor_case"],
            bridge_line=said["bridge_line"],
            card=self.card.card(),
            runbook=self.form.plan.runbook if self.form.plan else self.runbook.chosen(),
            owners={r: box.chosen() for r, box in self.roles.items() if box.chosen()},
            step_cis={p: box.chosen() for p, box in self.parts.items() if box.chosen()},
        )

    def _said(self) -> dict[str, str]:
        lines = {name: editor.text() for name, editor in self.lines.items()}
        texts = {name: editor.toPlainText() for name, editor in self.texts.items()}
        return {name: text.strip() for name, text in {**lines, **texts}.items()}

    def _fill(self, plan: Plan) -> None:
        for name, line in self.lines.items():
            line.setText(getattr(plan, name))
            line.setCursorPosition(0)  # a long one shows its beginning
        for name, text in self.texts.items():
            text.setPlainText(getattr(plan, name))
        self.impact.setCurrentIndex(self.impact.findData(plan.impact))
        self.services.choose(plan.services)
        self._mine = set(plan.services)
        self.cis.choose(plan.cis)
        self.audiences.choose(plan.audiences or ())
        self.coordinator.choose(plan.coordinator_id)
        self.deputy.choose(plan.deputy_id)
        self.vendor.choose(plan.vendor_id)
        self.runbook.choose(plan.runbook)
        self.card.show_card(plan.card or self.form.card)

    def _watch(self) -> None:
        for line in self.lines.values():
            line.textEdited.connect(self.edited)
        for text in self.texts.values():
            text.textChanged.connect(self.edited)
        for box in (self.impact, self.coordinator, self.deputy, self.vendor, self.runbook):
            box.currentIndexChanged.connect(self.edited)
        for many in (self.cis, self.audiences):
            many.changed.connect(self.edited)
        self.services.changed.connect(self._on_services)
        self.cis.changed.connect(self.offer_parts)
        self.coordinator.currentIndexChanged.connect(self._on_coordinator)
        self.window.changed.connect(self._on_window)
        self.card.changed.connect(self.edited)

    def _on_coordinator(self) -> None:
        """Chosen by hand: another window chooses no other."""
        self._follows_rota = False

    def _on_window(self) -> None:
        """A new outage is led by whoever is on duty then, unless somebody was chosen."""
        if self._follows_rota:
            duty = self.form.on_duty(self.window.first_day)
            held = self.coordinator.blockSignals(True)
            self.coordinator.choose(duty)
            self.coordinator.blockSignals(held)
        self.edited.emit()

    def _on_services(self) -> None:
        """A service brings its audiences along, once; taking one away again is a choice."""
        chosen = set(self.services.chosen())
        for service in self.form.services:
            if service.id in chosen - self._mine:
                self.audiences.add(service.audiences)
        self._mine |= chosen
        self.offer_parts()
        self._offer_checkers()
        self.edited.emit()


def _may_lead(form: PlanForm) -> tuple[Choice, ...]:
    """The coordinators, and whoever leads it now without being one: saving must not drop them."""
    lead = form.plan.coordinator_id if form.plan else ""
    found = form.coordinators or form.people
    if lead and lead not in {each.id for each in found}:
        return (*found, *(each for each in form.people if each.id == lead))
    return found


def first_window(zone: str, now: datetime, slot: Slot | None = None) -> Window:
    """In `slot`, or at its hours as soon as they can still be; without one three weeks ahead: time
    for everything the plan wants."""
    wall = to_wall(now, zone)
    found = slot or Slot((wall + timedelta(days=22)).date())
    return found.to_come(wall).window(zone)


def _text() -> QPlainTextEdit:
    editor = QPlainTextEdit()
    editor.setTabChangesFocus(True)
    editor.setFixedHeight(px(56))
    return editor

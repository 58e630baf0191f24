"""What the planning form keeps and shows of a plan that is changed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.models.calendar.slot import Slot
from app.models.outages.decisions import default_card
from app.models.outages.lifecycle import State
from app.models.tables.directory import Person, RotaTurn
from app.services.outages.brief import brief
from app.services.outages.plan_form import plan_form
from app.services.uow import UnitOfWork
from app.views.outages.card_editor import CardEditor
from app.views.outages.overview import Overview
from app.views.outages.plan_fields import PlanFields
from app.views.outages.plan_parts import soon
from app.views.theme import Theme
from tests.makers import NOW, make_ci, make_person, make_service
from tests.services.outages_flights import World, flight, world

__all__ = ["flight", "world"]
WIDE = 770
"""What the form has in a window of 1440."""


def test_who_leads_it_without_being_a_coordinator_is_not_dropped(
    flight: World, theme: Theme, qtbot: QtBot
) -> None:
    def other_rota(uow: UnitOfWork) -> None:
        lead = uow.fetch(Person, flight.coordinator)
        lead.roles = ["technician"]
        uow.log("no coordinator any more", lead)
        make_person(uow, "J. Sato", roles=["coordinator"])

    flight.store.run(other_rota)
    fields = PlanFields(flight.store.read(plan_form, flight.outage), NOW)
    qtbot.addWidget(fields.coordinator)
    plan = fields.plan()
    assert plan is not None
    assert plan.coordinator_id == flight.coordinator


def test_a_new_outage_is_led_by_who_is_on_duty_then_until_somebody_is_chosen(
    flight: World, theme: Theme, qtbot: QtBot
) -> None:
    def rota(uow: UnitOfWork) -> str:
        sato = make_person(uow, "J. Sato", roles=["coordinator"])
        for person, month in ((flight.coordinator, 1), (sato.id, 2)):
            first, last = date(2025, month, 1), date(2025, month, 28)
            turn = RotaTurn(
                organisation_id=uow.organisation_id, person_id=person, starts=first, ends=last
            )
            uow.log("a turn", uow.add(turn))
        return sato.id

    sato = flight.store.run(rota)
    fields = PlanFields(flight.store.read(plan_form), NOW, Slot(date(2025, 2, 3)))
    qtbot.addWidget(fields.coordinator)
    qtbot.addWidget(fields.window)
    assert fields.coordinator.chosen() == sato
    fields.window.start.setDateTime(fields.window.start.dateTime().addMonths(-1))
    assert fields.coordinator.chosen() == flight.coordinator
    fields.coordinator.choose(sato)
    fields.window.start.setDateTime(fields.window.start.dateTime().addDays(1))
    assert fields.coordinator.chosen() == sato


def test_the_names_of_the_decision_card_can_be_read(theme: Theme, qtbot: QtBot) -> None:
    editor = CardEditor()
    qtbot.addWidget(editor)
    editor.resize(WIDE, 600)
    editor.show_card(default_card("IT operations manager H. Brandt", "212 555 0113"))
    editor.show()
    qtbot.waitExposed(editor)
    named = [field for field in editor.findChildren(QLineEdit) if field.accessibleName()]

    def cut() -> list[str]:
        return [
            field.accessibleName()
            for field in named
            if field.fontMetrics().horizontalAdvance(field.text()) > field.width()
        ]

    qtbot.waitUntil(lambda: cut() == [])


@pytest.mark.parametrize("state", [State.ANNOUNCED, State.FILED])
def test_once_it_is_over_nobody_is_waited_for(
    flight: World, theme: Theme, qtbot: QtBot, state: State
) -> None:
    from app.models.notices.kinds import NoticeKind
    from app.services.notices.sending import record_sent
    from tests.flights import set_state

    flight.go(State.PLANNED)
    flight.store.run(record_sent, flight.outage, NoticeKind.KICK_OFF, NOW)
    flight.store.run(set_state, flight.outage, state)
    shown = Overview()
    qtbot.addWidget(shown)
    shown.show_brief(flight.store.read(brief, flight.outage))
    shown.show()
    words = [label.text() for label in shown.findChildren(QLabel) if label.isVisible()]
    waited_for = any(said.startswith("0 of ") and "confirmed" in said for said in words)
    assert waited_for is (state is State.ANNOUNCED)


def test_the_only_ci_that_the_service_rests_on_plays_the_only_part(
    world: World, theme: Theme, qtbot: QtBot
) -> None:
    def add(uow: UnitOfWork) -> tuple[str, str]:
        ci = make_ci(uow, "ZZ-PHARM-APP")
        service = make_service(uow, "Pharmacy system", ci)
        return service.id, ci.id

    service, ci = world.store.run(add)
    fields = PlanFields(world.store.read(plan_form), NOW)
    for part in (fields.services, fields.cis, fields.audiences, fields.runbook):
        qtbot.addWidget(part)
    fields.runbook.choose("Server restart")
    for _name, box in fields.role_fields():
        qtbot.addWidget(box)
    assert not fields.parts["server"].chosen()
    fields.services.choose((service,))
    fields.services.changed.emit()
    assert fields.parts["server"].chosen() == ci
    assert fields.parts["server"].itemText(1).startswith("ZZ-PHARM-APP")


def test_at_once_is_within_the_next_minutes() -> None:
    for second in range(60):
        wait = soon(NOW.replace(second=second)) - NOW.replace(second=second)
        assert timedelta(seconds=30) < wait <= timedelta(seconds=90)

from __future__ import annotations

import pytest

from app.models.errors import BadInput, NotAllowed
from app.models.outages.lifecycle import State
from app.models.runbook import RunbookTemplate, template_from_mapping
from app.models.runbook.template_saving import mapping_of
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.outages.plan_form import plan_form
from app.services.runbook.applying import built_in
from app.services.runbook.loading import load_steps
from app.services.runbook.templates import (
    TemplateChoice,
    choose_runbook,
    save_template,
    template_choices,
)
from app.services.uow import UnitOfWork, undo
from tests.flights import make_flight, set_state


def choices(store: Store, outage: str) -> dict[str, TemplateChoice]:
    found = store.read(template_choices, outage).templates
    return {choice.template.name: choice for choice in found}


def version(store: Store, outage: str) -> int:
    return store.read(lambda uow: uow.fetch(Outage, outage).version)


def steps(store: Store, outage: str) -> list[tuple[str, str, str | None, str | None]]:
    def look(uow: UnitOfWork) -> list[tuple[str, str, str | None, str | None]]:
        return [(r.code, r.title, r.owner_id, r.ci_id) for r in load_steps(uow, outage).rows]

    return store.read(look)


@pytest.mark.parametrize("template", built_in(), ids=lambda template: template.name)
def test_a_template_written_down_reads_back_the_same(template: RunbookTemplate) -> None:
    assert template_from_mapping(mapping_of(template)) == template


def test_steps_saved_as_a_runbook_come_back_with_roles_and_parts(store: Store) -> None:
    flown = store.run(make_flight)
    store.run(save_template, flown, "Our storage firmware", "as of January")
    own = choices(store, flown)["Our storage firmware"]
    assert own.own and own.template.revision == 1
    original = next(t for t in built_in() if t.name == "Storage firmware")
    assert own.template.steps == original.steps
    assert [row.name for row in store.read(plan_form).runbooks].count("Our storage firmware") == 1


def test_saving_under_the_same_name_makes_a_further_revision(store: Store) -> None:
    flown = store.run(make_flight)
    store.run(save_template, flown, "storage  FIRMWARE")
    original = next(t for t in built_in() if t.name == "Storage firmware")
    names = [name for name in choices(store, flown) if name.casefold().startswith("storage")]
    assert names == ["storage  FIRMWARE"], "one of our own stands in for the built-in"
    made = choices(store, flown)[names[0]].template
    assert made.revision == original.revision + 1
    store.run(save_template, flown, "Storage firmware")
    assert choices(store, flown)["Storage firmware"].template.revision == original.revision + 2


def test_a_chosen_runbook_is_laid_out_with_people_and_cis_and_can_be_undone(store: Store) -> None:
    flown = store.run(make_flight)
    store.run(save_template, flown, "Ours")
    empty = store.run(make_flight, title="Mail move", runbook="")
    assert steps(store, empty) == []
    people = {p.name: p.id for p in store.read(template_choices, empty).people}
    cis = {c.name: c.id for c in store.read(template_choices, empty).cis}
    inverse = store.run(
        choose_runbook,
        empty,
        "ours",
        {"storage engineer": people["K. Ito"]},
        {"controller B": cis["CTL-B"]},
        seen=version(store, empty),
    )
    made = {code: (owner, ci) for code, _, owner, ci in steps(store, empty)}
    assert made["8"] == (people["K. Ito"], cis["CTL-B"])
    store.run(undo, inverse)
    assert steps(store, empty) == []


def test_an_outage_with_steps_keeps_them(store: Store) -> None:
    flown = store.run(make_flight)
    with pytest.raises(NotAllowed, match="has steps already"):
        store.run(choose_runbook, flown, "Storage firmware", {}, {}, seen=version(store, flown))


def test_a_flight_under_way_takes_no_runbook(store: Store) -> None:
    empty = store.run(make_flight, runbook="")
    store.run(set_state, empty, State.IN_PROGRESS)
    with pytest.raises(NotAllowed):
        store.run(choose_runbook, empty, "Storage firmware", {}, {}, seen=version(store, empty))


def test_nothing_is_saved_without_steps_or_a_name(store: Store) -> None:
    empty = store.run(make_flight, runbook="")
    with pytest.raises(BadInput, match="no steps"):
        store.run(save_template, empty, "Empty")
    with pytest.raises(BadInput, match="needs a name"):
        store.run(save_template, store.run(make_flight, title="Other"), "  ")


def test_owners_without_a_role_are_asked_for_by_the_next_flight(store: Store) -> None:
    flown = store.run(make_flight)

    def forget_roles(uow: UnitOfWork) -> None:
        for row in load_steps(uow, flown).rows:
            row.role = ""
        uow.log("imported without roles", uow.fetch(Outage, flown))

    owned = {code: owner for code, _, owner, _ in steps(store, flown)}
    store.run(forget_roles)
    store.run(save_template, flown, "Ours")
    saved = {step.code: step.role for step in choices(store, flown)["Ours"].template.steps}
    assert {role for role in saved.values() if role} == {
        "coordinator",
        "technician 1",
        "technician 2",
        "technician 3",
    }
    for one, role in saved.items():
        assert bool(role) is bool(owned[one])
        assert all(saved[other] == role for other in owned if owned[other] == owned[one])

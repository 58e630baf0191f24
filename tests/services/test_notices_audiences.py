from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.outages.lifecycle import State
from app.models.tables.directory import Department, Person, ServiceAudience, Site
from app.models.tables.notices import RecipientSet
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.notices.audiences import (
    Recipient,
    Resolved,
    department_heads,
    recipient_set,
    recipients_in,
    resolve,
)
from app.services.notices.workdays import workdays
from app.services.uow import UnitOfWork
from tests.flights import START
from tests.makers import clock_of, make_audience, make_outage, make_person, make_service
from tests.services.notices_flights import desk_store

HOME = "America/New_York"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, START - timedelta(days=5))
    yield made
    made.close()


def resolved_for(store: Store, *audiences: str) -> Resolved:
    """Of an outage told to the audiences with these ids."""

    def use(uow: UnitOfWork) -> str:
        from app.models.tables.outages import OutageAudience

        outage = make_outage(uow, state=State.PLANNED)
        for audience in audiences:
            uow.add(
                OutageAudience(
                    organisation_id=uow.organisation_id, outage_id=outage.id, audience_id=audience
                )
            )
        return outage.id

    outage_id = store.run(use)
    return store.read(lambda uow: resolve(uow, uow.fetch(Outage, outage_id)))


def made(store: Store, name: str, **more: object) -> str:
    return store.run(lambda uow: make_audience(uow, name, **more).id)


def test_somebody_in_two_audiences_is_told_once(store: Store) -> None:
    person = store.run(lambda uow: make_person(uow, "Ana Novak").id)
    found = resolved_for(
        store, made(store, "Ward 3", members=[person]), made(store, "Nurses", members=[person])
    )
    assert [r.name for r in found.recipients] == ["Ana Novak"]


def test_addresses_are_the_same_in_any_case(store: Store) -> None:
    one = store.run(lambda uow: make_person(uow, "Ana", email="Ana@Hospital.example").id)
    two = store.run(lambda uow: make_person(uow, "Ana N", email="ana@hospital.example").id)
    found = resolved_for(store, made(store, "Ward 3", members=[one, two]))
    assert len(found.recipients) == 1


def test_everybody_of_a_department_is_told(store: Store) -> None:
    def use(uow: UnitOfWork) -> str:
        ward = Department(organisation_id=uow.organisation_id, name="Ward 3", key="ward 3")
        uow.add(ward)
        uow.session.flush()
        make_person(uow, "Ana Novak", department_id=ward.id)
        return make_audience(uow, "Ward 3", departments=[ward.id]).id

    found = resolved_for(store, store.run(use))
    assert [r.name for r in found.recipients] == ["Ana Novak"]


def test_a_list_counts_once_and_has_the_zone_of_the_organisation(store: Store) -> None:
    found = resolved_for(store, made(store, "All", list_address="all@h.example", list_size=900))
    (only,) = found.recipients
    assert (only.is_list, only.size, only.zone) == (True, 900, HOME)
    assert found.reach == 900


def test_a_person_without_a_zone_has_that_of_the_site(store: Store) -> None:
    def use(uow: UnitOfWork) -> str:
        site = Site(
            organisation_id=uow.organisation_id, name="Leeds", key="leeds", zone="Europe/London"
        )
        uow.add(site)
        uow.session.flush()
        person = make_person(uow, "Ben Lind", site_id=site.id)
        uow.session.flush()
        return make_audience(uow, "Leeds", members=[person.id]).id

    found = resolved_for(store, store.run(use))
    assert found.recipients[0].zone == "Europe/London"


def test_users_of_a_service_are_its_other_audiences(store: Store) -> None:
    def use(uow: UnitOfWork) -> str:
        nurses = make_audience(uow, "Nurses", list_address="nurses@h.example")
        uow.session.flush()
        service = make_service(uow, "PACS", audiences=(nurses,), plain_name="X-ray pictures")
        uow.session.flush()
        rule = make_audience(uow, "Users of PACS", rule_service_id=service.id)
        uow.session.flush()
        uow.add(
            ServiceAudience(
                organisation_id=uow.organisation_id, service_id=service.id, audience_id=rule.id
            )
        )
        return rule.id

    found = resolved_for(store, store.run(use))
    assert [(r.email, r.why) for r in found.recipients] == [
        ("nurses@h.example", "because you use X-ray pictures")
    ]


def test_a_rule_whose_users_another_audience_reached_is_no_fault(store: Store) -> None:
    def use(uow: UnitOfWork) -> tuple[str, str]:
        nurses = make_audience(uow, "Nurses", list_address="nurses@h.example")
        uow.session.flush()
        service = make_service(uow, "PACS", audiences=(nurses,))
        uow.session.flush()
        return nurses.id, make_audience(uow, "Users of PACS", rule_service_id=service.id).id

    assert resolved_for(store, *store.run(use)).faults == ()


def test_an_audience_that_reaches_nobody_is_a_fault(store: Store) -> None:
    assert resolved_for(store, made(store, "Ghosts")).faults == (
        "The audience Ghosts reaches nobody.",
    )


def test_somebody_without_an_address_is_a_fault(store: Store) -> None:
    person = store.run(lambda uow: make_person(uow, "Ana Novak", email="").id)
    found = resolved_for(store, made(store, "Ward 3", members=[person]))
    assert "Ana Novak has no mail address." in found.faults


def test_an_outage_without_audience_says_that_nobody_is_told(store: Store) -> None:
    assert "Nobody is told" in resolved_for(store).faults[0]


def test_the_same_recipients_are_stored_once_whatever_their_order(store: Store) -> None:
    a = Recipient("A", "a@h.example", HOME, "why")
    b = Recipient("B", "b@h.example", HOME, "why", True, 7)

    def use(uow: UnitOfWork) -> None:
        first = recipient_set(uow, (a, b))
        assert recipient_set(uow, (b, a)).id == first.id
        uow.log("kept", first)

    store.run(use)
    (kept,) = store.read(lambda uow: uow.all(RecipientSet))
    assert set(recipients_in(kept)) == {a, b}


def test_a_holiday_at_one_site_is_no_working_day_for_all(store: Store) -> None:
    def use(uow: UnitOfWork) -> str:
        site = Site(organisation_id=uow.organisation_id, name="Leeds", key="leeds", country="GB")
        uow.add(site)
        uow.session.flush()
        person = make_person(uow, "Ben Lind", site_id=site.id)
        uow.session.flush()
        return make_audience(uow, "Leeds", members=[person.id]).id

    found = resolved_for(store, store.run(use))
    days = store.read(lambda uow: workdays(uow, found, (2025,)))
    from datetime import date

    assert not days.is_working(date(2025, 12, 26))  # Boxing Day
    assert not days.is_working(date(2025, 7, 4))  # Independence Day at home
    assert days.is_working(date(2025, 7, 3))


def test_heads_hear_for_what_they_lead(store: Store) -> None:
    def use(uow: UnitOfWork) -> None:
        head: Person = make_person(uow, "Dr Moreau")
        uow.session.flush()
        uow.add(
            Department(
                organisation_id=uow.organisation_id,
                name="Radiology",
                key="radiology",
                head_id=head.id,
            )
        )

    store.run(use)
    (head,) = store.read(department_heads)
    assert head.why == "because you lead Radiology"
    by = clock_of(store).now() - timedelta(minutes=1)  # before they came to lead it
    assert not store.read(lambda uow: department_heads(uow, by))
    clock_of(store).advance(minutes=10)

    def rename(uow: UnitOfWork) -> None:
        [department] = uow.all(Department)
        department.name = "Imaging"
        uow.log("changed department Imaging", department)

    before = clock_of(store).now()
    clock_of(store).advance(minutes=1)
    store.run(rename)  # another name is no other head
    assert [r.why for r in store.read(lambda uow: department_heads(uow, before))] == [
        "because you lead Imaging"
    ]
    assert not store.read(lambda uow: department_heads(uow, by))

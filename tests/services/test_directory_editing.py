"""Adding, changing, archiving and restoring the entries of the directory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.models.directory.facts import (
    AudienceFacts,
    CiFacts,
    DepartmentFacts,
    EntryKind,
    Facts,
    PersonFacts,
    ServiceFacts,
    VendorFacts,
    faults_of,
)
from app.models.directory.lines import LineKind
from app.models.directory.words import Criticality, Role
from app.models.errors import BadInput, NotAllowed, Stale
from app.models.outages.lifecycle import State
from app.services.database import Store
from app.services.directory.archiving import archive_entry, restore_entry
from app.services.directory.ci_page import ci_page
from app.services.directory.csv_reading import preview
from app.services.directory.csv_template import csv_template
from app.services.directory.editing import Saved, save_ci, save_entry
from app.services.directory.entries import archived, departments, entry, offers, reach_of
from app.services.directory.reading import people, services
from app.services.uow import undo
from tests.makers import make_ci, make_outage, make_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = make_store(tmp_path_factory.mktemp("directory"))
    yield made
    made.close()


def save(store: Store, facts: Facts, entry_id: str | None = None, seen: int | None = None) -> Saved:
    return store.run(save_entry, entry_id, facts, seen)


def person(store: Store, name: str, **more: object) -> Saved:
    email = f"{name.casefold().replace(' ', '.')}@hospital.example"
    return save(store, PersonFacts(name, **{"email": email, **more}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (PersonFacts("", "a@b.example"), "name"),
        (PersonFacts("Ann", ""), "email"),
        (PersonFacts("Ann", "ann at work"), "email"),
        (PersonFacts("Ann", "ann@b.example", phone="call me"), "phone"),
        (PersonFacts("Ann", "ann@b.example", zone="New York"), "zone"),
        (PersonFacts("Ann", "ann@b.example", roles=()), "roles"),
        (DepartmentFacts("x" * 201), "name"),
        (ServiceFacts("Mail", hours="whenever"), "hours"),
        (ServiceFacts("Mail", zone="Mars/Base"), "zone"),
        (CiFacts("SAN-01", hours="whenever"), "hours"),
        (CiFacts("SAN-01", zone="Mars/Base"), "zone"),
        (VendorFacts("Acme", phone="?"), "phone"),
        (AudienceFacts("All"), ""),
        (AudienceFacts("All", list_address="all"), "list_address"),
        (AudienceFacts("All", members=("1",), list_size=4), "list_size"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(facts: Facts, field: str) -> None:
    assert faults_of(facts)[0].field == field


def test_a_name_never_holds_the_end_of_a_line(store: Store) -> None:
    saved = save(store, VendorFacts("Evil\r\nBcc: all"))
    assert saved.name == "Evil Bcc: all"


def test_a_person_is_added_changed_and_both_are_undone(store: Store) -> None:
    saved = person(store, "Ada Brook", roles=(Role.TECHNICIAN,), site="North")
    seen = store.read(entry, EntryKind.PEOPLE, saved.id)
    assert seen.facts == PersonFacts(
        "Ada Brook", "ada.brook@hospital.example", site="North", roles=(Role.TECHNICIAN,)
    )
    changed = save(store, PersonFacts("Ada Brook", "ada@hospital.example"), saved.id, seen.version)
    store.run(undo, changed.undo)
    assert store.read(entry, EntryKind.PEOPLE, saved.id).facts == seen.facts
    again = person(store, "Bo Lind")
    store.run(undo, again.undo)
    assert "Bo Lind" not in {row.name for row in store.read(people)}


def test_a_mail_address_belongs_to_one_person(store: Store) -> None:
    person(store, "Cy Dove")
    with pytest.raises(BadInput, match="Cy Dove has this mail address") as refused:
        save(store, PersonFacts("Cyril", "CY.DOVE@hospital.example"))
    assert refused.value.about["field"] == "email"


@pytest.mark.parametrize(
    "facts",
    [
        DepartmentFacts("Radiology"),
        ServiceFacts("Mail"),
        CiFacts("SAN-01"),
        VendorFacts("Acme"),
        AudienceFacts("Staff", list_address="staff@hospital.example"),
    ],
)
def test_a_name_is_free_again_once_its_entry_is_archived(store: Store, facts: Facts) -> None:
    kind = EntryKind(
        {"Radiology": "departments", "Mail": "services", "SAN-01": "cis"}.get(facts.name)
        or ("vendors" if facts.name == "Acme" else "audiences")
    )
    first = save(store, facts)
    with pytest.raises(BadInput, match="already"):
        save(store, facts)
    version = store.read(entry, kind, first.id).version
    put_away = store.run(archive_entry, kind, first.id, version)
    assert [row.id for row in store.read(archived, kind)] == [first.id]
    second = save(store, facts)
    gone = store.read(entry, kind, first.id)
    with pytest.raises(BadInput, match="another name"):
        store.run(restore_entry, kind, first.id, gone.version)
    store.run(undo, second.undo)
    back = store.run(restore_entry, kind, first.id, gone.version)
    assert back.id == first.id
    with pytest.raises(Stale):
        store.run(undo, put_away.undo)


def test_who_saw_an_older_version_overwrites_nothing(store: Store) -> None:
    saved = save(store, VendorFacts("Beta Lines"))
    save(store, VendorFacts("Beta Lines", contact="Jo"), saved.id, 1)
    with pytest.raises(Stale):
        save(store, VendorFacts("Beta Lines", contact="Al"), saved.id, 1)


def test_a_change_of_links_alone_is_seen_as_a_change(store: Store) -> None:
    below = save(store, CiFacts("ups-link"))
    above = save(store, CiFacts("rack-link"))
    save(store, CiFacts("rack-link", depends_on=(below.id,)), above.id, 1)
    with pytest.raises(Stale):
        save(store, CiFacts("rack-link"), above.id, 1)


def test_a_ring_of_dependencies_is_refused_by_name(store: Store) -> None:
    a = save(store, CiFacts("ring-a"))
    b = save(store, CiFacts("ring-b", depends_on=(a.id,)))
    c = save(store, CiFacts("ring-c", depends_on=(b.id,)))
    with pytest.raises(BadInput, match=r"ring-a.*→") as refused:
        store.run(save_ci, a.id, CiFacts("ring-a", depends_on=(c.id,)), 1)
    assert refused.value.about["field"] == "depends_on"
    assert store.read(entry, EntryKind.CIS, a.id).facts == CiFacts("ring-a")


def test_a_service_is_saved_with_what_it_rests_on_and_who_is_told(store: Store) -> None:
    ci = save(store, CiFacts("db-9"))
    told = save(store, AudienceFacts("Billing", list_address="billing@hospital.example"))
    owner = person(store, "Di Fox")
    facts = ServiceFacts(
        "Billing system",
        "the bills",
        owner.id,
        Criticality.HIGH,
        "Mon-Fri 07:00-18:00",
        "Europe/Berlin",
        (ci.id,),
        (told.id,),
    )
    saved = save(store, facts)
    assert store.read(entry, EntryKind.SERVICES, saved.id).facts == facts


def test_what_was_archived_cannot_be_chosen(store: Store) -> None:
    gone = save(store, VendorFacts("Old Ltd"))
    store.run(archive_entry, EntryKind.VENDORS, gone.id, 1)
    assert gone.id not in {offer.id for offer in store.read(offers).vendors}
    with pytest.raises(BadInput, match="Old Ltd is no longer") as refused:
        save(store, CiFacts("line-9", vendor_id=gone.id))
    assert refused.value.about["field"] == "vendor_id"


def test_archiving_what_others_hold_says_where_and_then_lets_go(store: Store) -> None:
    head = person(store, "Eve Gold")
    ward = save(store, DepartmentFacts("Ward 7", head.id))
    owned = save(store, ServiceFacts("Badges", owner_id=head.id))
    with pytest.raises(NotAllowed, match="head of Ward 7, owner of Badges"):
        store.run(archive_entry, EntryKind.PEOPLE, head.id, 1)
    done = store.run(archive_entry, EntryKind.PEOPLE, head.id, 1, let_go=True)
    rows = {row.id: row for row in store.read(departments)}
    assert rows[ward.id].head == ""
    store.run(undo, done.undo)
    found = {row.id: row for row in store.read(services)}
    assert found[owned.id].owner == "Eve Gold"


def test_archiving_is_refused_while_an_outage_needs_it(store: Store) -> None:
    ci = store.run(make_ci, "san-flying")
    outage = store.run(make_outage, cis=(ci,), state=State.PLANNED)
    with pytest.raises(NotAllowed, match=f"touched by {outage.code}"):
        store.run(archive_entry, EntryKind.CIS, ci.id, ci.version, let_go=True)


def test_an_audience_counts_people_once_and_lists_as_told(store: Store) -> None:
    ward = save(store, DepartmentFacts("Ward 9"))
    one = person(store, "Flo Hart", department_id=ward.id)
    facts = AudienceFacts(
        "Nine", (one.id,), (ward.id,), list_address="nine@hospital.example", list_size=40
    )
    reach = store.read(reach_of, facts)
    assert (reach.people, reach.lists, reach.total) == (1, 40, 41)
    empty = save(store, DepartmentFacts("Ward 10"))
    assert store.read(reach_of, AudienceFacts("Ten", departments=(empty.id,))).total == 0


def test_a_cis_page_shows_its_neighbours_services_and_coming_windows(store: Store) -> None:
    power = save(store, CiFacts("p-ups"))
    switch = save(store, CiFacts("p-switch", depends_on=(power.id,)))
    host = save(store, CiFacts("p-host", depends_on=(switch.id,)))
    save(store, ServiceFacts("Wiki", cis=(host.id,)))
    page = store.read(ci_page, switch.id)
    assert [[n.name for n in page.nodes if n.layer == i] for i in range(3)] == [
        ["p-host"],
        ["p-switch"],
        ["p-ups"],
    ]
    assert page.stops == ("Wiki",)
    assert page.coming == ()


@pytest.mark.parametrize("kind", ["people", "services", "cis", "audiences"])
def test_a_template_is_a_file_the_import_reads(kind: str) -> None:
    found = preview(csv_template(LineKind(kind)).encode(), "template.csv")
    assert found.kind is LineKind(kind)
    assert not any("not used" in note for note in found.notes)

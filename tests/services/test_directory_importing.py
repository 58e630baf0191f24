"""CSV previews into the directory: all or nothing, matched by name, nothing erased unasked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.directory.lines import LineKind
from app.models.directory.words import CiKind, Criticality
from app.models.errors import BadInput, NotAllowed
from app.models.outages.lifecycle import State
from app.models.runbook import StepKind, StepState
from app.models.tables.directory import (
    CiDependency,
    ConfigurationItem,
    Department,
    Person,
    Service,
    Site,
)
from app.services.database import Store
from app.services.directory.absences import absences
from app.services.directory.csv_reading import preview
from app.services.directory.importing import ImportedLines, import_lines
from app.services.directory.reading import audiences, ci_tree, cis, people, services
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork, undo
from tests.makers import make_outage, make_step, make_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path / "store")
    yield made
    made.close()


def take(
    store: Store, *lines: str, kind: LineKind | None = None, outage: str | None = None
) -> ImportedLines:
    table = preview("\n".join(lines).encode(), "file.csv", kind)
    return store.run(lambda uow: import_lines(uow, table, outage))


PEOPLE = (
    "name,email,department,site,roles",
    "K. Ito,k.ito@hospital.example,Storage,Main campus,technician",
    "A. Huber,a.huber@hospital.example,Storage,Annex,",
)
CIS = (
    "name,kind,depends on,needed by flight,maintenance hours",
    "SAN-02,storage,RACK-7,,Sat 22:00-06:00",
    "RACK-7,power,,,",
    "MAIL-GW,server,SAN-02,yes,",
)


def test_people_come_in_with_their_departments_and_sites(store: Store) -> None:
    assert take(store, *PEOPLE).sentence == "2 people added."
    rows = store.read(people)
    assert [(r.name, r.department, r.site, r.roles) for r in rows] == [
        ("A. Huber", "Storage", "Annex", ("user",)),
        ("K. Ito", "Storage", "Main campus", ("technician",)),
    ]
    assert len(store.read(lambda uow: uow.all(Department))) == 1
    assert len(store.read(lambda uow: uow.all(Site))) == 2


def test_a_person_is_known_by_mail_address_and_an_empty_cell_erases_nothing(store: Store) -> None:
    take(store, *PEOPLE)
    done = take(store, "name,email,phone,department", "Kai Ito,K.Ito@hospital.example,555 0101,")
    assert done.sentence == "0 people added, 1 changed."
    (ito,) = [r for r in store.read(people) if r.name == "Kai Ito"]
    assert (ito.phone, ito.department, ito.roles) == ("555 0101", "Storage", ("technician",))


def test_the_same_file_again_changes_nothing(store: Store) -> None:
    for lines in (PEOPLE, CIS):
        take(store, *lines)
        done = take(store, *lines)
        assert (done.added, done.changed) == (0, 0)
    assert len(store.read(lambda uow: uow.all(CiDependency))) == 2


def test_cis_rest_on_each_other_whatever_the_order_of_the_lines(store: Store) -> None:
    take(store, *CIS)
    rows = {row.name: row for row in store.read(cis)}
    assert rows["MAIL-GW"].rests_on == ("SAN-02",)
    assert rows["SAN-02"].hours == "Sat 22:00-06:00"
    assert (rows["SAN-02"].kind, bool(rows["MAIL-GW"].needed_by_flight)) == (CiKind.STORAGE, True)
    tree = store.read(ci_tree, rows["RACK-7"].id)
    assert [(row.name, row.depth, row.through) for row in tree.above] == [
        ("SAN-02", 1, ()),
        ("MAIL-GW", 2, ("SAN-02",)),
    ]


def test_a_ring_with_what_is_there_already_is_refused(store: Store) -> None:
    take(store, *CIS)
    with pytest.raises(BadInput, match="in a ring"):
        take(store, "name,depends on", "RACK-7,MAIL-GW", kind=LineKind.CIS)
    assert store.read(lambda uow: len(uow.all(CiDependency))) == 2


def test_dependencies_that_left_the_file_are_taken_away(store: Store) -> None:
    take(store, *CIS)
    take(store, "name,depends on", "MAIL-GW,RACK-7", kind=LineKind.CIS)
    rows = {row.name: row for row in store.read(cis)}
    assert rows["MAIL-GW"].rests_on == ("RACK-7",)


def test_a_service_is_linked_with_its_owner_cis_and_audiences(store: Store) -> None:
    take(store, *PEOPLE)
    take(store, *CIS)
    take(store, "audience,list address,list size", "Everyone,all@hospital.example,1240")
    take(
        store,
        "service,plain name,owner,criticality,hours,rests on,audiences",
        "Mail,your mail,k.ito@hospital.example,critical,Mon-Fri 07:00-18:00,MAIL-GW,Everyone",
    )
    (mail,) = store.read(services)
    assert (mail.owner, mail.cis, mail.audiences) == ("K. Ito", ("MAIL-GW",), ("Everyone",))
    assert (mail.criticality, mail.plain_name) == (Criticality.CRITICAL, "your mail")


def test_names_that_do_not_exist_are_told_by_line_and_nothing_is_imported(store: Store) -> None:
    with pytest.raises(BadInput, match="Line 3: There is no CI “NOWHERE”") as refused:
        take(store, "service,rests on", "Mail,", "Files,NOWHERE")
    assert refused.value.about["lines"] == (3,)
    assert store.read(lambda uow: uow.all(Service)) == []


def test_a_preview_with_faults_is_refused_whole(store: Store) -> None:
    with pytest.raises(BadInput, match="1 of the 2 lines need mending first: Line 3"):
        take(store, "name,email", "K. Ito,k.ito@hospital.example", "A. Huber,nowhere")
    assert store.read(lambda uow: uow.all(Person)) == []


def test_an_audience_is_made_of_departments_members_and_a_service(store: Store) -> None:
    take(store, *PEOPLE)
    take(store, "service,plain name", "Files,shared folders", kind=LineKind.SERVICES)
    take(store, "audience,departments,members", "Storage team,Storage,k.ito@hospital.example")
    take(store, "service,audiences", "Files,Storage team", kind=LineKind.SERVICES)
    take(store, "audience,users of service", "Users of files,Files", kind=LineKind.AUDIENCES)
    rows = {row.name: row for row in store.read(audiences)}
    assert rows["Storage team"].made_of == "Storage, 1 named"
    assert (rows["Storage team"].reach, rows["Users of files"].reach) == (2, 2)
    assert rows["Users of files"].made_of == "users of shared folders"


def test_absences_come_in_once_and_what_overlaps_is_named_by_its_line(store: Store) -> None:
    take(store, *PEOPLE)
    lines = (
        "who,from,to,kind",
        "K. Ito,2025-02-03,2025-02-07,",
        "a.huber@hospital.example,2025-02-03 13:00,,training",
    )
    assert take(store, *lines).sentence == "2 absences added."
    assert [row.sentence for row in store.read(absences)] == [
        "K. Ito is away Mon 3 Feb–Fri 7 Feb 2025 (leave).",
        "A. Huber is away Mon 3 Feb 2025 from 13:00 EST (training).",
    ]
    assert take(store, *lines).sentence == "0 absences added, 2 as before."
    with pytest.raises(BadInput, match=r"Line 2: K\. Ito is away Mon 3 Feb–Fri 7 Feb 2025"):
        take(store, "who,from,to", "K. Ito,2025-02-07,2025-02-08")
    with pytest.raises(BadInput, match=r"Line 2: “7/2/25” is no day"):
        take(store, "who,from,to", "K. Ito,7/2/25,")


def test_an_import_can_be_undone(store: Store) -> None:
    take(store, *PEOPLE)
    done = take(
        store, "name,email,phone", "Kai Ito,k.ito@hospital.example,1", "B,b@hospital.example,2"
    )
    store.run(undo, done.undo)
    assert [row.name for row in store.read(people)] == ["A. Huber", "K. Ito"]


def test_twenty_thousand_cis_are_not_twenty_thousand_queries(store: Store) -> None:
    from sqlalchemy import event

    lines = ["name,depends on", *(f"CI {n},CI {n // 2}" for n in range(1, 400)), "CI 0,"]
    table = preview("\n".join(lines).encode(), "file.csv", LineKind.CIS)
    count = 0

    def use(uow: UnitOfWork) -> None:
        def one_more(*_: object) -> None:
            nonlocal count
            count += 1

        connection = uow.session.connection()
        event.listen(connection, "before_cursor_execute", one_more)
        import_lines(uow, table)

    store.run(use)
    assert store.read(lambda uow: len(uow.all(ConfigurationItem))) == 400
    assert count < 40


STEPS = (
    "code,title,kind,phase,owner,minutes,after,undone by,ci",
    "1,Open the bridge,bridge,before,k.ito@hospital.example,5,,,",
    "2,Started notice,notice,,,5,1,,",
    "3,Flash controller B,,,K. Ito,25,2,B3,SAN-02",
    "B3,Old firmware back,,back out,K. Ito,15,,,SAN-02",
)


def test_steps_go_to_their_outage_with_their_order_and_undo(store: Store) -> None:
    take(store, *PEOPLE)
    take(store, *CIS)
    outage = store.run(make_outage)
    done = take(store, *STEPS, outage=outage.id)
    assert done.sentence == "4 steps added."
    loaded = store.read(load_steps, outage.id)
    assert [row.code for row in loaded.rows] == ["1", "2", "3", "B3"]
    assert (loaded.rows[0].bridge_act, loaded.rows[1].notice_kind) == ("open", "started")
    flash = loaded.known[2]
    assert (flash.after, flash.undone_by) == (
        frozenset({loaded.known[1].id}),
        (loaded.known[3].id,),
    )
    assert flash.owner == loaded.known[0].owner
    assert take(store, *STEPS, outage=outage.id).added == 0


def test_a_list_of_steps_leaves_alone_what_it_has_no_column_for(store: Store) -> None:
    take(store, *PEOPLE)
    outage = store.run(make_outage)
    take(store, *STEPS, outage=outage.id)
    before = store.read(load_steps, outage.id)
    take(store, "code,title,minutes", "3,Flash it,30", outage=outage.id)
    after = store.read(load_steps, outage.id)
    flash = next(row for row in after.rows if row.code == "3")
    assert (flash.title, flash.minutes, flash.ci_role) == ("Flash it", 30, "SAN-02")
    take(store, "code,title,minutes", "3,Flash it,", outage=outage.id)
    assert next(r.minutes for r in store.read(load_steps, outage.id).rows if r.code == "3") == 30
    assert {step.id: (step.owner, step.after, step.undone_by) for step in after.known} == {
        step.id: (step.owner, step.after, step.undone_by) for step in before.known
    }


def test_a_ci_that_is_not_there_is_kept_as_words_on_its_step(store: Store) -> None:
    outage = store.run(make_outage)
    done = take(store, "code,title,ci,setting", "1,Drain,SAN-99,clients", outage=outage.id)
    assert done.sentence == "1 step added. No CI is called “SAN-99”: kept as words."
    (row,) = store.read(load_steps, outage.id).rows
    assert (row.ci_id, row.ci_role, row.setting) == (None, "SAN-99", "clients")


def test_steps_without_an_outage_are_refused(store: Store) -> None:
    with pytest.raises(BadInput, match="say which"):
        take(store, "code,title", "1,Drain", kind=LineKind.STEPS)


def test_steps_are_not_imported_onto_a_flight_that_has_begun(store: Store) -> None:
    outage = store.run(make_outage, state=State.IN_PROGRESS)
    with pytest.raises(NotAllowed, match="only before it"):
        take(store, "code,title", "1,Drain", kind=LineKind.STEPS, outage=outage.id)


def test_a_step_done_already_is_not_overwritten(store: Store) -> None:
    outage = store.run(make_outage)
    store.run(make_step, outage, "1", "Snapshot", state=StepState.DONE)
    with pytest.raises(BadInput, match="step 1 is begun or done"):
        take(store, "code,title", "1,Other", kind=LineKind.STEPS, outage=outage.id)


def test_a_notice_step_must_say_which_notice_it_is(store: Store) -> None:
    outage = store.run(make_outage)
    with pytest.raises(BadInput, match="name the notice in the title"):
        take(store, "code,title,kind", "1,Tell them,notice", outage=outage.id)
    take(store, "code,title,kind", "1,All clear,all clear", outage=outage.id)
    (row,) = store.read(load_steps, outage.id).rows
    assert row.kind is StepKind.ALL_CLEAR

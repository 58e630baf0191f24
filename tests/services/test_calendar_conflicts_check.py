"""Conflicts found in a store: each reason from real rows, and what was accepted of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.models.calendar.conflicts import Conflict
from app.models.calendar.facts import Reason
from app.models.directory.facts import CiFacts
from app.models.outages.lifecycle import CLOSED, ImpactClass, State
from app.models.severity import Severity
from app.models.tables.directory import ConfigurationItem, Leave, RotaTurn, Service
from app.models.tables.outages import Outage
from app.services.calendar.conflicts import check, conflicts_of, open_blocks
from app.services.calendar.importing import import_calendar
from app.services.database import Store
from app.services.directory.absences import absences
from app.services.directory.editing import save_entry
from app.services.outages.brief import brief
from app.services.outages.moving import accept_conflict, move_window
from app.services.uow import UnitOfWork, undo
from tests.makers import (
    clock_of,
    make_audience,
    make_ci,
    make_outage,
    make_person,
    make_service,
    make_step,
    make_store,
    make_window,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Monday 6 January 2025; the window asked about is Friday 17 January, 19:00–22:00."""
    made = make_store(tmp_path / "store")
    yield made
    made.close()


FRIDAY = make_window("2025-01-17 19:00", "2025-01-17 22:00")


@pytest.fixture
def rack(store: Store) -> ConfigurationItem:
    return store.run(make_ci, "RACK-7")


@pytest.fixture
def san(store: Store, rack: ConfigurationItem) -> ConfigurationItem:
    return store.run(make_ci, "SAN-02", rack)


@pytest.fixture
def files(store: Store, san: ConfigurationItem) -> Service:
    return store.run(make_service, "File cluster", san)


def found(store: Store, service: Service, **more: Any) -> tuple[Conflict, ...]:
    asked = {"window": FRIDAY, **more}
    return store.read(lambda uow: check(uow, service_ids=(service.id,), **asked))


def reasons(conflicts: tuple[Conflict, ...]) -> list[str]:
    return [conflict.reason.value for conflict in conflicts]


def plan(store: Store, title: str = "Other", **more: Any) -> Outage:
    return store.run(make_outage, title, **{"state": State.PLANNED, "window": FRIDAY, **more})


def freeze(store: Store, folder: Path, *lines: str, **rule: Any) -> None:
    path = folder / "freeze.ics"
    body = "\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:f", *lines, "END:VEVENT"])
    path.write_text(f"{body}\nEND:VCALENDAR\n", encoding="utf-8")
    import_calendar(store, path, "Layer", **rule)


def test_a_free_window_has_no_conflict(store: Store, files: Service) -> None:
    assert found(store, files) == ()


def test_the_same_ci_in_another_window_blocks(
    store: Store, files: Service, san: ConfigurationItem
) -> None:
    other = plan(store, cis=(san,))
    (conflict,) = found(store, files)
    assert (conflict.reason, conflict.severity) == (Reason.SAME_CI, Severity.BLOCK)
    assert conflict.about == (("outage", other.id), ("ci", san.id))
    assert conflict.sentence.startswith(f"SAN-02 is also worked on in {other.code} “Other”")


def test_the_cis_of_another_outages_services_count_as_its_own(store: Store, files: Service) -> None:
    plan(store, services=(files,))
    assert reasons(found(store, files)) == ["same_ci"]


def test_a_ci_below_and_one_above_are_found_through_others(
    store: Store, files: Service, rack: ConfigurationItem, san: ConfigurationItem
) -> None:
    node = store.run(make_ci, "node-1", san)
    top = store.run(make_ci, "app-1", node)
    plan(store, "Power", cis=(rack,))
    plan(store, "Release", cis=(top,))
    sentences = [conflict.sentence for conflict in found(store, files)]
    assert sentences[0].startswith("app-1 rests on SAN-02 (through node-1)")
    assert sentences[1].startswith("SAN-02 rests on RACK-7, which is worked on")


@pytest.mark.parametrize("state", [State.DRAFT, State.CANCELLED])
def test_a_draft_and_a_cancelled_outage_stand_in_nobodys_way(
    store: Store, files: Service, san: ConfigurationItem, state: State
) -> None:
    plan(store, cis=(san,), state=state)
    assert found(store, files) == ()


def test_windows_that_touch_do_not_conflict(
    store: Store, files: Service, san: ConfigurationItem
) -> None:
    plan(store, cis=(san,), window=make_window("2025-01-17 22:00", "2025-01-17 23:00"))
    assert found(store, files) == ()


def _ended(uow: UnitOfWork, outage_id: str, *, flown: bool) -> None:
    """Ended an hour after its start; a flight that was cancelled never began."""
    outage = uow.fetch(Outage, outage_id)
    outage.started_at = outage.start_utc if flown else None
    outage.ended_at = outage.start_utc + timedelta(hours=1)
    uow.log("ended", outage)


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_what_is_over_stands_in_nobodys_way(
    store: Store, files: Service, san: ConfigurationItem, state: State
) -> None:
    ito = store.run(make_person)
    over = plan(store, cis=(san,), state=state)
    store.run(make_step, over, owner_id=ito.id)
    store.run(_ended, over.id, flown=state is not State.CANCELLED)
    assert found(store, files, owners=(ito.id,)) == ()


@pytest.mark.parametrize(("flown", "said"), [(True, ["owner_worked_night"]), (False, [])])
def test_rest_counts_from_the_real_end_of_what_was_flown(
    store: Store, files: Service, flown: bool, said: list[str]
) -> None:
    ito = store.run(make_person)
    night = make_window("2025-01-17 01:00", "2025-01-17 04:00")
    over = plan(store, window=night, state=State.FILED)
    store.run(make_step, over, owner_id=ito.id)
    store.run(_ended, over.id, flown=flown)
    day = make_window("2025-01-17 12:00", "2025-01-17 13:00")
    assert reasons(found(store, files, owners=(ito.id,), window=day)) == said


def test_a_flight_that_overruns_still_holds_its_cis(
    store: Store, files: Service, san: ConfigurationItem
) -> None:
    early = make_window("2025-01-17 16:00", "2025-01-17 18:00")
    plan(store, cis=(san,), window=early, state=State.IN_PROGRESS)
    clock_of(store).set(FRIDAY.start_utc + timedelta(minutes=10))
    assert "same_ci" in reasons(found(store, files))


def test_a_freeze_blocks_and_an_event_warns(store: Store, files: Service, tmp_path: Path) -> None:
    lines = ("SUMMARY:Year end", "DTSTART;VALUE=DATE:20250113", "DTEND;VALUE=DATE:20250120")
    freeze(store, tmp_path, *lines, is_freeze=True)
    (conflict,) = found(store, files)
    assert (conflict.reason, conflict.severity) == (Reason.FREEZE, Severity.BLOCK)
    freeze(store, tmp_path, *lines, is_freeze=False, severity=Severity.WARN)
    assert reasons(found(store, files)) == ["business_event"]


def test_a_layer_for_one_service_leaves_the_others_alone(
    store: Store, files: Service, tmp_path: Path
) -> None:
    mail = store.run(make_service, "Mail")
    start = ("SUMMARY:Payroll", "DTSTART;TZID=America/New_York:20250117T200000", "DURATION:PT1H")
    freeze(store, tmp_path, *start, services=[mail.id])
    assert found(store, files) == ()
    assert reasons(found(store, mail)) == ["business_event"]


def test_an_event_that_began_long_ago_still_counts(
    store: Store, files: Service, tmp_path: Path
) -> None:
    freeze(store, tmp_path, "SUMMARY:Inventory", "DTSTART:20240601T000000Z", "DURATION:P300D")
    assert reasons(found(store, files)) == ["business_event"]


def test_hours_of_use_are_in_the_services_zone(store: Store, san: ConfigurationItem) -> None:
    late = store.run(make_service, "Clinic", san, hours="Fri 16:00-18:00", zone="America/Chicago")
    assert reasons(found(store, late)) == []
    early = make_window("2025-01-17 18:00", "2025-01-17 19:30")
    assert reasons(found(store, late, window=early)) == ["hours_of_use"]


def test_maintenance_hours_of_what_a_service_rests_on_are_in_the_items_zone(
    store: Store, files: Service, san: ConfigurationItem
) -> None:
    """19:00 in New York is 18:00 in Chicago; without a zone they are in the organisation's."""
    facts = CiFacts("SAN-02", hours="Fri 18:00-21:30")
    store.run(save_entry, san.id, facts, san.version)
    (conflict,) = found(store, files)
    assert (conflict.reason, conflict.cause) == (Reason.CI_HOURS, ("ci", san.id))
    assert conflict.sentence.startswith("From Fri 17 Jan 21:30 EST on the window is outside the ")
    there = store.run(save_entry, san.id, replace(facts, zone="America/Chicago"), None)
    assert found(store, files) == ()
    store.run(undo, there.undo)
    assert found(store, files) == (conflict,)


def test_a_public_holiday_is_a_note(store: Store, files: Service) -> None:
    monday = make_window("2025-01-20 19:00", "2025-01-20 22:00")
    (conflict,) = found(store, files, window=monday)
    assert (conflict.severity, conflict.reason) == (Severity.NOTE, Reason.HOLIDAY)
    assert "Martin Luther King" in conflict.sentence


def _away(uow: UnitOfWork, person: str) -> None:
    start = FRIDAY.start_utc - timedelta(days=2)
    row = Leave(
        organisation_id=uow.organisation_id,
        person_id=person,
        start_utc=start,
        end_utc=start + timedelta(days=4),
    )
    uow.add(row)
    uow.log("away", row)


def test_an_absent_owner_blocks(store: Store, files: Service) -> None:
    ito = store.run(make_person)
    store.run(_away, ito.id)
    (conflict,) = found(store, files, owners=(ito.id,))
    assert (conflict.reason, conflict.severity) == (Reason.OWNER_ABSENT, Severity.BLOCK)
    assert conflict.cause == ("person", ito.id)
    [away] = store.read(absences, (ito.id,))
    assert away.when == "Wed 15 Jan 19:00–Sun 19 Jan 2025 19:00 EST"
    assert found(store, files) == ()


def test_an_owner_is_double_booked_or_short_of_rest(store: Store, files: Service) -> None:
    ito = store.run(make_person)
    for title, start, end in (
        ("Same night", "2025-01-17 21:00", "2025-01-17 23:00"),
        ("Same day", "2025-01-17 09:00", "2025-01-17 12:00"),
    ):
        other = plan(store, title, window=make_window(start, end))
        store.run(make_step, other, owner_id=ito.id)
    assert reasons(found(store, files, owners=(ito.id,))) == [
        "owner_double_booked",
        "owner_worked_night",
    ]


def _turn(uow: UnitOfWork, person: str, starts: date, ends: date) -> None:
    row = RotaTurn(organisation_id=uow.organisation_id, person_id=person, starts=starts, ends=ends)
    uow.add(row)
    uow.log("a turn", row)


def test_a_coordinator_off_duty_is_told(store: Store, files: Service) -> None:
    sato = store.run(make_person, "J. Sato")
    assert found(store, files, coordinator=sato.id) == ()
    store.run(_turn, sato.id, date(2025, 2, 1), date(2025, 2, 28))
    ito = store.run(make_person, "K. Ito")
    store.run(_turn, ito.id, date(2025, 1, 18), date(2025, 1, 31))
    (conflict,) = found(store, files, coordinator=sato.id)
    assert (conflict.reason, conflict.cause) == (Reason.COORDINATOR_OFF, ("rota", sato.id))
    assert conflict.sentence.endswith("is off duty then (nobody is on duty).")
    store.run(_turn, ito.id, date(2025, 1, 10), date(2025, 1, 17))
    assert found(store, files, coordinator=sato.id)[0].sentence.endswith("(on duty: K. Ito).")
    store.run(_turn, sato.id, date(2025, 1, 1), date(2025, 1, 17))
    assert found(store, files, coordinator=sato.id) == ()


def test_turns_that_follow_each_other_are_one(store: Store, files: Service) -> None:
    sato = store.run(make_person, "J. Sato")
    store.run(_turn, sato.id, date(2025, 1, 1), date(2025, 1, 17))
    store.run(_turn, sato.id, date(2025, 1, 18), date(2025, 1, 31))
    night = make_window("2025-01-17 22:00", "2025-01-18 02:00")
    assert found(store, files, coordinator=sato.id, window=night) == ()


def test_a_notice_too_late_blocks_what_is_critical(store: Store, files: Service) -> None:
    soon = make_window()  # this Friday, four days ahead
    assert found(store, files, window=soon) == ()
    (conflict,) = found(store, files, window=soon, impact=ImpactClass.CRITICAL)
    assert (conflict.reason, conflict.severity) == (Reason.NOTICE_TOO_LATE, Severity.BLOCK)
    assert conflict.sentence == (
        "The planned notice can no longer go out in time: it was due by Thu 2 Jan 23:59 EST "
        "(if it leaves today, the window can begin on Tue 14 Jan 2025 at the earliest)."
    )


def test_the_holidays_of_the_audiences_sites_count_for_the_notice(
    store: Store, san: ConfigurationItem
) -> None:
    def site(uow: UnitOfWork) -> str:
        from app.models.tables.directory import Site

        row = uow.add(Site(organisation_id=uow.organisation_id, name="Wien", key="wien"))
        row.country = "AT"
        uow.log("made", row)
        return row.id

    nurse = store.run(make_person, "A. Huber", site_id=store.run(site))
    told = store.run(make_audience, "Vienna", members=[nurse.id])
    service = store.run(make_service, "Ward", san, audiences=(told,))
    here = store.run(make_service, "Desk")
    # 6 January is a holiday in Austria alone; Thursday 9 is three working days after Monday 6
    clock_of(store).set(datetime(2025, 1, 3, 15, 0, tzinfo=UTC))
    wednesday = make_window("2025-01-08 19:00", "2025-01-08 20:00")
    assert reasons(found(store, service, window=wednesday)) == ["notice_too_late"]
    assert found(store, here, window=wednesday) == ()


def test_what_the_flight_itself_needs_is_found_above(
    store: Store, files: Service, san: ConfigurationItem
) -> None:
    store.run(make_ci, "MAIL-GW", san, needed_by_flight="mail")
    (conflict,) = found(store, files)
    assert conflict.reason is Reason.TAKES_DOWN_WHAT_FLIGHT_NEEDS
    assert "MAIL-GW (mail), which rests on SAN-02" in conflict.sentence


def test_an_outage_does_not_conflict_with_itself(
    store: Store, files: Service, san: ConfigurationItem
) -> None:
    mine = plan(store, "Mine", services=(files,), cis=(san,))
    assert store.read(conflicts_of, mine) == ()
    assert found(store, files, exclude=mine.id) == ()


def test_an_ended_outage_has_no_conflicts(
    store: Store, files: Service, san: ConfigurationItem
) -> None:
    mine = plan(store, "Mine", services=(files,), state=State.FILED)
    plan(store, cis=(san,))
    assert store.read(conflicts_of, mine) == ()


def test_the_owners_of_its_steps_are_looked_at(store: Store, files: Service) -> None:
    mine = plan(store, "Mine", services=(files,))
    ito = store.run(make_person)
    store.run(make_step, mine, owner_id=ito.id)
    store.run(_away, ito.id)
    assert reasons(store.read(conflicts_of, mine)) == ["owner_absent"]


def _blocks(store: Store, outage: Outage) -> tuple[str, ...]:
    return store.read(lambda uow: open_blocks(uow, uow.fetch(Outage, outage.id)))


def test_an_accepted_block_is_open_no_more_even_when_the_other_window_moves(
    store: Store, files: Service, san: ConfigurationItem
) -> None:
    mine = plan(store, "Mine", services=(files,))
    other = plan(store, cis=(san,))
    (sentence,) = _blocks(store, mine)
    store.run(accept_conflict, mine.id, "same_ci", sentence, "same crew, one after the other")
    assert _blocks(store, mine) == ()
    later = make_window("2025-01-17 20:00", "2025-01-17 23:00")
    store.run(move_window, other.id, later, seen=other.version)
    assert _blocks(store, mine) == ()


def test_accepting_one_block_accepts_no_other(
    store: Store, files: Service, san: ConfigurationItem
) -> None:
    mine = plan(store, "Mine", services=(files,))
    plan(store, "First", cis=(san,))
    (sentence,) = _blocks(store, mine)
    store.run(accept_conflict, mine.id, "same_ci", sentence, "agreed")
    plan(store, "Second", cis=(san,))
    (left,) = _blocks(store, mine)
    assert "“Second”" in left
    given = store.run(accept_conflict, mine.id, "same_ci", left, "another crew")
    words = [row.accepted.partition(": ")[2] for row in store.read(brief, mine.id).conflicts]
    assert words[:2] == ["agreed", "another crew"], "each its own"
    store.run(undo, given)
    assert _blocks(store, mine) == (left,)


def test_times_are_told_in_the_zone_of_the_window_asked_about(
    store: Store, files: Service, san: ConfigurationItem
) -> None:
    plan(store, cis=(san,))
    london = make_window("2025-01-18 00:30", "2025-01-18 02:00", "Europe/London")
    assert "GMT" in found(store, files, window=london)[0].sentence

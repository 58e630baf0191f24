"""The sample organisation: whole or not at all, every state in it, and room for one more flight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from app.models.calendar.facts import Reason
from app.models.directory.words import Role
from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import ImpactClass, State
from app.models.tables.directory import ConfigurationItem, Organisation, Service
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.models.times import Window, to_wall
from app.services.calendar.conflicts import check, conflicts_of
from app.services.database import Store
from app.services.directory.finding import find_service
from app.services.directory.reading import audiences, people, services, vendors
from app.services.directory.rota import on_duty
from app.services.folder import FILE_NAME
from app.services.log import chain_break
from app.services.notices.composing import compose
from app.services.outages.debt import debts_of
from app.services.outages.leading import advance
from app.services.outages.planning import Plan, plan_outage
from app.services.runbook.applying import find_template
from app.services.sample.loading import leave_sample, load_sample
from app.services.sample.people import sample_cis, sample_owners
from app.services.settings.backups import copy_verified
from app.services.uow import UnitOfWork
from tests.conftest import Count
from tests.makers import ZONE, TestClock, make_organisation, make_store, make_window

NOW = datetime(2025, 1, 8, 19, 30, tzinfo=UTC)  # a Wednesday, 14:30 in New York


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Read only: tests that change something load their own."""
    store = make_store(tmp_path_factory.mktemp("sample"), NOW, organisation=False)
    load_sample(store)
    yield store
    store.close()


def outage_in(uow: UnitOfWork, state: State) -> Outage:
    return uow.all(Outage, col(Outage.state) == state)[0]


def debts_in(store: Store, state: State) -> list[str]:
    return store.read(lambda uow: [d.sentence for d in debts_of(uow, outage_in(uow, state))])


def test_it_is_a_hospital_of_the_size_we_promise(loaded: Store) -> None:
    staff = loaded.read(people)
    assert len(loaded.read(services)) >= 12
    assert len(loaded.read(lambda uow: uow.all(ConfigurationItem))) >= 60
    assert sum(Role.TECHNICIAN in row.roles for row in staff) >= 10
    assert sum(Role.COORDINATOR in row.roles for row in staff) == 2
    assert sum(Role.USER in row.roles for row in staff) >= 40
    assert loaded.read(vendors)
    assert {row.reach for row in loaded.read(audiences)} >= {1240}


def test_every_service_has_an_owner_plain_words_cis_and_somebody_to_tell(loaded: Store) -> None:
    for row in loaded.read(services):
        assert row.owner and row.plain_name and row.cis and row.audiences, row.name


def test_all_of_it_is_invented(loaded: Store) -> None:
    for row in loaded.read(people):
        assert row.email.endswith("@harbour.example")
        assert " 555 " in row.phone


def test_there_is_an_outage_in_every_state(loaded: Store) -> None:
    states = loaded.read(lambda uow: {row.state for row in uow.all(Outage)})
    assert states == set(State)


def test_what_is_filed_owes_nothing_and_what_ended_owes_something(loaded: Store) -> None:
    assert debts_in(loaded, State.FILED) == []
    for state in (State.PARTLY_DONE, State.BACKED_OUT, State.CANCELLED, State.COMPLETE):
        assert debts_in(loaded, state), state


def test_the_announced_one_owes_its_reminder(loaded: Store) -> None:
    assert debts_in(loaded, State.ANNOUNCED) == ["Reminder owed to 1 address"]


def test_the_planned_one_meets_two_conflicts(loaded: Store) -> None:
    def look(uow: UnitOfWork) -> list[Reason]:
        record = uow.all(Outage, col(Outage.title) == "Patient record release")[0]
        return [conflict.reason for conflict in conflicts_of(uow, record)]

    assert loaded.read(look) == [Reason.CI_BELOW, Reason.BUSINESS_EVENT]


def test_the_log_is_whole_and_runs_forward(loaded: Store) -> None:
    def look(uow: UnitOfWork) -> list[datetime]:
        entries = uow.session.exec(select(LogEntry).order_by(col(LogEntry.number)))
        return [entry.at for entry in entries]

    times = loaded.read(look)
    assert times == sorted(times)
    assert times[-1] == NOW
    assert loaded.read(chain_break) is None


def test_okafor_is_on_duty_this_month_and_sato_the_next(loaded: Store) -> None:
    this, following = loaded.read(
        lambda uow: (on_duty(uow), on_duty(uow, (NOW + timedelta(days=30)).date()))
    )
    assert this is not None and following is not None
    assert (this.name, following.name) == ("M. Okafor", "J. Sato")


def friday(now: datetime) -> Window:
    """As `fly` chooses it."""
    day = to_wall(now, ZONE).date() + timedelta(days=24)
    day += timedelta(days=(4 - day.weekday()) % 7)
    start = datetime.combine(day, time(19))
    return Window.of(start, start + timedelta(hours=3), ZONE)


def test_the_file_cluster_has_a_free_friday_in_four_weeks(loaded: Store) -> None:
    def look(uow: UnitOfWork) -> tuple[object, ...]:
        owners = sample_owners(uow, find_template("Storage firmware"))
        return check(
            uow,
            window=friday(NOW),
            service_ids=[find_service(uow, "File cluster").id],
            ci_ids=list(sample_cis(uow, find_template("Storage firmware")).values()),
            owners=list(owners.values()),
            impact=ImpactClass.CRITICAL,
        )

    assert loaded.read(look) == ()


@pytest.mark.parametrize("name", ["Storage firmware", "Network switch", "Application upgrade"])
def test_every_role_and_part_of_a_runbook_is_somebody_and_something(
    loaded: Store, name: str
) -> None:
    template = find_template(name)
    roles = {step.role for step in template.steps} - {"coordinator", ""}
    assert set(loaded.read(sample_owners, template)) == roles
    assert set(loaded.read(sample_cis, template)) == set(template.ci_roles)


def test_the_reference_notice_comes_out_word_for_word(tmp_path: Path) -> None:
    store = make_store(tmp_path, datetime(2024, 12, 16, 15, 0, tzinfo=UTC), organisation=False)
    load_sample(store)
    window = make_window()  # Friday 10 January 2025, 19:00–22:00

    def plan(uow: UnitOfWork) -> str:
        duty = on_duty(uow)
        assert duty is not None
        service = find_service(uow, "File cluster").id
        made = plan_outage(uow, Plan("Firmware", window, (service,), coordinator_id=duty.person_id))
        return made.outage_id

    outage = store.run(plan)
    store.run(advance, outage, State.PLANNED)
    text = store.read(compose, outage, NoticeKind.PLANNED).text
    store.close()
    assert text.split("\n\n")[:4] == [
        "All file cluster users,",
        "Save your work before 7:00 pm Friday, January 10th for a planned outage of the file "
        "cluster.",
        "The file cluster will be taken off-line for scheduled maintenance at 7:00 pm Friday, "
        "January 10th. We expect the outage to last until 10:00 pm.",
        "Notify operations immediately if this interferes with time-critical work.\n"
        "Reply to this message, or call IT operations at 212 555 0100.",
    ]


AWKWARD = (
    datetime(2026, 11, 1, 6, 40, tzinfo=UTC),  # the hour that happens twice
    datetime(2026, 3, 8, 7, 20, tzinfo=UTC),  # the night the clocks jump ahead
    datetime(2028, 2, 29, 23, 50, tzinfo=UTC),
    datetime(2027, 1, 1, 5, 10, tzinfo=UTC),  # just past midnight on a holiday
    datetime(2026, 7, 6, 11, 0, tzinfo=UTC),  # a Monday before office hours, after a holiday
)


def test_it_loads_on_awkward_days(tmp_path: Path, count: Count) -> None:
    for now in AWKWARD[: count(1, len(AWKWARD))]:
        store = make_store(tmp_path / f"{now:%Y%m%d}", now, organisation=False)
        load_sample(store)
        assert store.read(lambda uow: {row.state for row in uow.all(Outage)}) == set(State)
        assert debts_in(store, State.ANNOUNCED) == ["Reminder owed to 1 address"]
        store.close()


def test_a_real_organisation_is_never_thrown_away(tmp_path: Path) -> None:
    store = make_store(tmp_path, NOW)
    for act in (load_sample, leave_sample):
        with pytest.raises(NotAllowed, match="safe and was not changed"):
            act(store)
    assert store.read(lambda uow: uow.all(Service)) == []
    store.close()


def test_it_can_be_thrown_away_loaded_again_and_left(loaded: Store, tmp_path: Path) -> None:
    copy_verified(loaded.path, tmp_path / FILE_NAME)
    store = make_store(tmp_path, NOW + timedelta(days=30))
    first = store.organisation_id
    load_sample(store)
    assert store.organisation_id != first
    assert len(store.read(people)) < 100
    leave_sample(store)
    store.run(make_organisation, "Our own")
    store.close()
    again = Store(store.folder, TestClock(NOW), store.bus, store.actor)
    again.open()
    names = again.read(lambda uow: uow.find(Organisation, uow.organisation_id))
    assert names is not None and names.name == "Our own"
    again.close()


def test_a_fault_halfway_leaves_nothing_behind(tmp_path: Path) -> None:
    from app.services.sample.calendars import read_layers
    from app.services.sample.directory import local_today
    from app.services.sample.loading import put_sample

    store = make_store(tmp_path, NOW, organisation=False)
    horizon, layers = read_layers(NOW, local_today(NOW))
    layers.pop("Hospital events")
    with pytest.raises(KeyError):
        store.run(put_sample, horizon, layers)
    assert store.organisation_id == ""
    assert store.read(lambda uow: list(uow.session.exec(select(Organisation)))) == []
    store.close()

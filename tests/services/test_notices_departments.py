"""The summary of the next day: each department reads what it will notice itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.ids import key_of
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.tables.changes import ChangeRecord
from app.models.tables.directory import ConfigurationItem, Department, Person
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.notices.composing import Composed, compose
from app.services.notices.reading import communication
from app.services.notices.sending import record_sent
from app.services.outages.planning import Plan, plan_outage
from app.services.uow import UnitOfWork
from tests.flights import START, set_state
from tests.makers import (
    clock_of,
    make_audience,
    make_ci,
    make_person,
    make_service,
    make_window,
)
from tests.services.notices_flights import desk_store

K = NoticeKind
SCANS, MAIL, BOTH = "Scans open in one window.", "Mails may be 50 MB.", "Sign in once a day."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, START - timedelta(days=20))
    yield made
    made.close()


def _department(uow: UnitOfWork, name: str, *people: str) -> Department:
    made = uow.add(Department(organisation_id=uow.organisation_id, name=name, key=key_of(name)))
    uow.session.flush()
    for person in people:
        make_person(uow, person, department_id=made.id)
    uow.session.flush()
    made.head_id = next(p.id for p in uow.all(Person) if p.name == people[0])
    uow.log(f"added {name}", made)
    return made


def hospital(uow: UnitOfWork) -> str:
    """Radiology reads scans, the office mail; both sign in. The kitchen uses neither."""
    radiology = _department(uow, "Radiology", "Rae Dee", "Max Ray")
    office = _department(uow, "Office", "Ann Desk")
    _department(uow, "Kitchen", "Kit Chen")
    sign_in = make_ci(uow, "idp-1")
    scans, mail = make_ci(uow, "pacs-1", sign_in), make_ci(uow, "mx-1", sign_in)
    services = [
        make_service(uow, name, ci, audiences=(who,), plain_name=name)
        for name, ci, who in (
            ("Scan archive", scans, make_audience(uow, "Scan users", departments=[radiology.id])),
            ("Mail", mail, make_audience(uow, "Mail users", departments=[office.id])),
        )
    ]
    uow.session.flush()
    plan = Plan(
        title="Quiet night",
        window=make_window(),
        services=tuple(s.id for s in services),
        cis=(sign_in.id, scans.id, mail.id),
    )
    outage_id = plan_outage(uow, plan).outage_id
    set_state(uow, outage_id, State.PLANNED)
    return outage_id


def changed(uow: UnitOfWork, /, outage_id: str, **lines: str) -> None:
    set_state(uow, outage_id, State.COMPLETE)
    cis = {c.name: c.id for c in uow.all(ConfigurationItem)}
    for number, (name, line) in enumerate(lines.items(), 1):
        record = ChangeRecord(
            organisation_id=uow.organisation_id,
            outage_id=outage_id,
            ci_id=cis[name.replace("_", "-")],
            number=number,
            people_notice=line,
            at=uow.now,
            reviewed_at=uow.now,
        )
        uow.log("changed", uow.add(record))


def summary(store: Store, **lines: str) -> Composed:
    outage_id = store.run(hospital)
    store.run(record_sent, outage_id, K.PLANNED, clock_of(store).now())
    clock_of(store).set(START + timedelta(hours=16))
    store.run(changed, outage_id, **lines)
    return store.read(compose, outage_id, K.CHANGE_SUMMARY)


def test_each_department_reads_what_it_will_notice(store: Store) -> None:
    made = summary(store, pacs_1=SCANS, mx_1=MAIL, idp_1=BOTH)
    texts = {
        frozenset(r.name for r in m.recipients): (m.rendered.subject, m.rendered.text)
        for m in made.messages
    }
    subject, text = texts[frozenset({"Rae Dee", "Max Ray"})]
    assert subject == "What changed: scan archive"
    assert text.startswith("All radiology staff,")
    assert SCANS in text and BOTH in text and MAIL not in text
    subject, text = texts[frozenset({"Ann Desk"})]
    assert subject == "What changed: Mail"
    assert MAIL in text and BOTH in text and SCANS not in text
    _, text = texts[frozenset({"Kit Chen"})]
    assert all(line in text for line in (SCANS, MAIL, BOTH))
    assert not [f for f in made.findings if f.rule in ("audience", "service", "changes")]


def test_where_all_notice_the_same_it_is_one_text(store: Store) -> None:
    made = summary(store, idp_1=BOTH)
    assert len(made.messages) == 1
    assert len(made.recipients) == 4
    (outage,) = store.read(lambda uow: uow.all(Outage))
    rows = {row.key: row for row in store.read(communication, outage.id).rows}
    owed = {each.name: each.owed for each in rows["change_summary"].audiences}
    assert owed == {"Scan users": 2, "Mail users": 1, "department heads": 1}

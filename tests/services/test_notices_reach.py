from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import BadInput, Stale
from app.models.notices.facts import NoticeFacts
from app.models.notices.fields import fields
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.tables.directory import Audience, CiDependency, ConfigurationItem, ServiceAudience
from app.models.tables.outages import Outage, OutageCi
from app.services.database import Store
from app.services.notices.audiences import Recipient, Resolved, resolve
from app.services.notices.composing import compose
from app.services.notices.linting import lint_text
from app.services.notices.reach import add_by_hand, leave_out, opt_out, tell_dependents
from app.services.notices.why import because
from app.services.outages.planning import fly_again
from app.services.uow import UnitOfWork, undo
from tests.flights import START, make_flight
from tests.makers import make_audience, make_ci, make_person, make_service, make_window
from tests.services.notices_flights import desk_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, START - timedelta(days=20))
    yield made
    made.close()


@pytest.fixture
def outage_id(store: Store) -> str:
    return store.run(make_flight, State.PLANNED)


def told(store: Store, outage_id: str) -> Resolved:
    return store.read(lambda uow: resolve(uow, uow.fetch(Outage, outage_id)))


def whys(store: Store, outage_id: str) -> dict[str, str]:
    return {r.email: r.why for r in told(store, outage_id).recipients}


def resting_on_it(uow: UnitOfWork, outage_id: str, name: str, *through: str) -> None:
    """A service that rests on the outage's CI through others, with an audience of its own."""
    base = uow.all(ConfigurationItem)[0].id
    uow.add(OutageCi(organisation_id=uow.organisation_id, outage_id=outage_id, ci_id=base))
    last = base
    for each in through:
        ci = make_ci(uow, each)
        uow.session.flush()
        for upper, lower in ((ci.id, last), (last, ci.id) if each == "ring" else (ci.id, last)):
            uow.add(
                CiDependency(organisation_id=uow.organisation_id, ci_id=upper, depends_on_id=lower)
            )
        last = ci.id
    users = make_audience(uow, f"{name} ward", list_address=f"{name.casefold()}@hospital.example")
    uow.session.flush()
    ci = uow.fetch(ConfigurationItem, last)
    make_service(uow, name, ci, audiences=(users,), plain_name=name)
    uow.log("wired", uow.fetch(Outage, outage_id))


def test_everyone_who_depends_on_its_cis_is_told_through_the_tree(
    store: Store, outage_id: str
) -> None:
    store.run(resting_on_it, outage_id, "PACS", "hypervisor", "ring", "database")
    assert "pacs@hospital.example" not in whys(store, outage_id)
    back = store.run(tell_dependents, outage_id, True)
    assert whys(store, outage_id)["pacs@hospital.example"] == "because you use PACS"
    said = store.read(compose, outage_id, NoticeKind.PLANNED)
    assert "users of PACS" in said.text.splitlines()[0]
    assert "\n\nAlso affected: the PACS.\n\n" in said.text
    typed = store.read(lint_text, outage_id, "The file cluster will be off-line.", said.kind)
    assert [f.fix for f in typed.findings if f.rule == "also"] == ["Also affected: the PACS."]
    assert said.text.endswith(
        "\n\nYou receive this because you use PACS, "
        "or because you are one of file cluster firmware users."
    )
    store.run(undo, back)
    assert "pacs@hospital.example" not in whys(store, outage_id)


def test_of_many_services_that_are_affected_eight_are_named() -> None:
    named = ("Mail", *(f"S{number}" for number in range(9)))
    facts = NoticeFacts((), ("file cluster",), make_window(), also_affected=named)
    assert str(fields(facts)["also_affected"]).endswith("the S5, the S6 and 2 more")


def test_who_is_added_or_left_out_by_hand_is_told_or_not(store: Store, outage_id: str) -> None:
    store.run(add_by_hand, outage_id, ['"Novak, \\"Ana\\"" <ANA@Bücher.example>', "b@h.example"])
    store.run(add_by_hand, outage_id, ["ana@xn--bcher-kva.example", "c@h.example"])
    found = whys(store, outage_id)
    assert [email for email in found if "@h." in email or "cher" in email] == [
        "ana@xn--bcher-kva.example",
        "b@h.example",
        "c@h.example",
    ]
    assert found["b@h.example"].endswith("added you")
    names = [r.name for r in told(store, outage_id).recipients if r.email == "b@h.example"]
    assert names == ["b@h.example"]
    back = store.run(leave_out, outage_id, ["USERS@hospital.example", "b@h.example"])
    assert {"users@hospital.example", "b@h.example"}.isdisjoint(whys(store, outage_id))
    assert [r.email for r in told(store, outage_id).without] == ["users@hospital.example"]
    copy = store.run(fly_again, outage_id, make_window("2025-02-10 19:00", "2025-02-10 22:00"))
    assert "b@h.example" not in whys(store, copy.outage_id)
    store.run(add_by_hand, outage_id, ["b@h.example"])
    with pytest.raises(Stale, match="changed again"):
        store.run(undo, back)


def test_who_opted_out_gets_none_unless_added_by_hand(store: Store, outage_id: str) -> None:
    back = store.run(opt_out, "Users@hospital.example")
    assert whys(store, outage_id) == {}
    assert told(store, outage_id).faults[0].startswith("Everybody whom its audiences reach is left")
    store.run(add_by_hand, outage_id, ["users@hospital.example"])
    assert list(whys(store, outage_id)) == ["users@hospital.example"]
    store.run(undo, back)
    with pytest.raises(BadInput, match="gets them as it is"):
        store.run(opt_out, "users@hospital.example", wants_none=False)


@pytest.mark.parametrize(
    "typed", ["", "ana", "a@b", "a@h.example\r\nBcc: x@e.example, y", "a@@h.example"]
)
def test_what_is_no_address_is_refused_and_nobody_is_added(
    store: Store, outage_id: str, typed: str
) -> None:
    with pytest.raises(BadInput, match="no mail address"):
        store.run(add_by_hand, outage_id, ["ok@h.example", typed])
    assert "ok@h.example" not in whys(store, outage_id)


def test_a_crowd_is_no_list_by_hand(store: Store, outage_id: str) -> None:
    with pytest.raises(BadInput, match="distribution list"):
        store.run(add_by_hand, outage_id, [f"u{n}@h.example" for n in range(501)])


def test_a_person_with_a_wrong_address_is_said_and_holds_nobody_up(
    store: Store, outage_id: str
) -> None:
    def use(uow: UnitOfWork) -> None:
        wrong, right = make_person(uow, "Wrong", email="wrong at h"), make_person(uow, "Right")
        uow.session.flush()
        uow.all(Audience)[0].members = [wrong.id, right.id]
        uow.log("two", uow.fetch(Outage, outage_id))

    store.run(use)
    found = told(store, outage_id)
    assert "Right" in [r.name for r in found.recipients]
    assert "Wrong is not reached: “wrong at h” is no mail address." in found.faults


def test_a_dependent_service_without_an_audience_is_said(store: Store, outage_id: str) -> None:
    store.run(resting_on_it, outage_id, "PACS", "hypervisor")

    def bare(uow: UnitOfWork) -> None:
        for link in uow.all(ServiceAudience):
            uow.archive(link)
        uow.log("bare", uow.fetch(Outage, outage_id))

    store.run(bare)
    store.run(tell_dependents, outage_id, True)
    assert any("PACS depends on" in fault for fault in told(store, outage_id).faults)


@pytest.mark.parametrize(
    ("reasons", "sentence"),
    [
        (["because you are one of Ward 3"], ""),
        (["because you use File cluster"], "You receive this because you use the file cluster."),
        (
            [
                "because you use PACS",
                "because you are one of Ward 3",
                "because M. Okafor added you",
            ],
            "You receive this because you use PACS, or because you are one of ward 3, "
            "or because M. Okafor added you.",
        ),
    ],
)
def test_one_sentence_holds_the_reason_of_every_reader(reasons: list[str], sentence: str) -> None:
    readers = [Recipient("", f"{n}@h.example", "", why) for n, why in enumerate(reasons)]
    assert because(readers, "because you are one of Ward 3") == sentence

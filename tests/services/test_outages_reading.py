"""The list, the overview and the plan form."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from app.models.errors import NotFound
from app.models.notices.kinds import NoticeKind
from app.models.outages.confirming import Confirmed, Word
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import ImpactClass, State
from app.models.severity import Severity
from app.services.outages.brief import brief
from app.services.outages.moving import accept_conflict
from app.services.outages.people import confirm
from app.services.outages.plan_form import plan_check, plan_conflicts, plan_form
from app.services.outages.reading import Scope, open_outages, outages
from app.services.settings.policy_days import change_policy, policy_days
from tests.makers import make_person, make_window
from tests.services.outages_flights import World, flight, world

__all__ = ["flight", "world"]

SOON = make_window("2025-01-07 12:00", "2025-01-07 13:00")


def test_the_list_is_in_the_order_of_the_windows(world: World) -> None:
    late = world.planned(window=make_window("2025-02-01 19:00", "2025-02-01 20:00"))
    early = world.planned(window=SOON)
    rows = world.store.read(outages)
    assert [row.id for row in rows] == [early.outage_id, late.outage_id]
    assert (rows[0].services, rows[0].coordinator) == (("File cluster",), "M. Okafor")
    assert rows[0].window == "Tue 7 Jan 12:00–13:00 EST"


def test_what_is_filed_leaves_the_open_list_only(flight: World) -> None:
    flight.go(State.CANCELLED, why="dropped")
    assert [o.id for o in flight.store.read(open_outages)] == [flight.outage]
    flight.go(State.FILED)
    found = flight.store.read(brief, flight.outage)
    assert found.strip[found.here - 1] is State.CANCELLED
    assert flight.store.read(outages, Scope.OPEN) == []
    assert [r.state for r in flight.store.read(outages, Scope.FILED)] == [State.FILED]
    assert len(flight.store.read(outages)) == 1


def test_the_list_counts_what_is_owed_when_asked(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    flight.go(State.CANCELLED, why="dropped")
    row = flight.store.read(outages, owed=True)[0]
    assert (row.owed, row.most_urgent) == (1, "Cancelled owed to 2 addresses")
    assert flight.store.read(outages)[0].owed == 0


def test_the_overview_names_people_with_their_phones(flight: World) -> None:
    people = flight.store.read(brief, flight.outage).people
    assert [(p.role, p.name, p.phone) for p in people] == [
        ("Coordinator", "M. Okafor", "+1 212 555 0142"),
        ("User-side checker", "Ward 3", "555 0133"),
    ]


def test_the_overview_says_whom_the_kick_off_asked_those_still_to_confirm_first(
    flight: World,
) -> None:
    flight.go(State.PLANNED)
    flight.store.run(confirm, flight.outage, "Kai Ito", "owner", Confirmed(Word.YES))
    flight.store.run(confirm, flight.outage, "Ward 3", "checker", Confirmed(Word.NO, "on leave"))
    asked = flight.store.read(brief, flight.outage).asked
    assert [(one.person, one.confirmed) for one in asked] == [("Ward 3", False), ("Kai Ito", True)]
    assert asked[0].answer == Confirmed(Word.NO, "on leave")


def test_the_overview_says_what_it_touches_and_whom(flight: World) -> None:
    found = flight.store.read(brief, flight.outage)
    assert [(s.kind, s.name) for s in found.scope] == [
        ("Service", "File cluster"),
        ("CI", "SAN-02"),
        ("Audience", "File cluster users"),
    ]
    assert (found.reach, found.told, found.faults) == (2, 0, ())


def test_nobody_told_is_a_fault(world: World) -> None:
    world.planned(audiences=())
    assert world.store.read(brief, world.outage).faults == (
        "Nobody is told about File cluster: it has no audience.",
    )


def test_an_unknown_outage_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        world.store.read(brief, "nothing")


def test_the_overview_leads_from_draft_to_the_planned_notice_to_waiting(flight: World) -> None:
    assert flight.store.read(brief, flight.outage).next.errand is Errand.PLAN
    flight.go(State.PLANNED)
    flight.tell(NoticeKind.KICK_OFF)
    following = flight.store.read(brief, flight.outage).next
    assert (following.errand, following.notice) == (Errand.NOTICE, NoticeKind.PLANNED)


def test_the_overview_shows_the_debt_with_what_settles_it(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    flight.go(State.CANCELLED, why="dropped")
    found = flight.store.read(brief, flight.outage)
    debt = found.debts[0]
    assert (debt.errand, debt.notice, debt.late) == (Errand.NOTICE, NoticeKind.CANCELLED, True)
    assert found.next.words == "Cancelled owed to 2 addresses"
    assert found.strip[found.here] is State.CANCELLED


def test_a_clash_is_shown_until_somebody_accepts_it_by_name(flight: World) -> None:
    flight.go(State.PLANNED)
    flight.planned()
    found = flight.store.read(brief, flight.outage).conflicts
    same = next(c for c in found if c.reason == "same_ci")
    assert same.severity is Severity.BLOCK
    assert "OUT-2025-001" in same.sentence
    flight.store.run(accept_conflict, flight.outage, same.reason, same.sentence, "one crew")
    after = flight.store.read(brief, flight.outage).conflicts
    assert next(c for c in after if c.reason == "same_ci").accepted == "M. Okafor: one crew"


def test_the_form_offers_what_there_is_and_the_coordinator_by_role(world: World) -> None:
    world.store.run(make_person, "R. Vance", roles=["leader"], phone="555 0110")
    form = world.store.read(plan_form)
    assert [c.name for c in form.coordinators] == ["M. Okafor"]
    assert form.services[0].audiences == (world.audience,)
    assert form.services[0].cis == (world.ci,)
    assert {line.who for line in form.card} == {"", "R. Vance"}
    assert "Storage firmware" in {r.name for r in form.runbooks}
    assert form.plan is None


def test_the_form_of_an_outage_begins_with_what_is_planned(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    form = flight.store.read(plan_form, flight.outage)
    assert form.plan == flight.plan(audiences=(flight.audience,))
    assert (form.told, form.state, form.code) == (2, State.ANNOUNCED, "OUT-2025-001")


def test_what_is_typed_is_checked_without_being_stored(flight: World) -> None:
    flight.go(State.PLANNED)
    checked = flight.store.read(plan_check, flight.plan())
    assert any("OUT-2025-001" in c.sentence for c in checked.conflicts)
    assert checked.lead is not None
    assert checked.lead.sentence == (
        "The notice must leave by Tue 7 Jan 09:00 EST to be read that day; 23:59 is the very last."
    )
    critical = flight.store.read(plan_check, flight.plan(impact=ImpactClass.CRITICAL))
    assert critical.lead is None, "its conflict says it"
    assert any("begin on Tue 14 Jan 2025 at the" in c.sentence for c in critical.conflicts)
    urgent = flight.store.read(plan_check, flight.plan(impact=ImpactClass.URGENT))
    assert urgent.conflicts[0].sentence.startswith("It is urgent: it can be planned once")
    # hour and least notice are the organisation's to say, and its plan, lead and checks follow
    now = flight.store.read(policy_days)
    early = replace(now.days[ImpactClass.ORDINARY], sending_hour=time(8))
    flight.store.run(change_policy, {ImpactClass.ORDINARY: early}, seen=now.version)
    lead = flight.store.read(plan_check, flight.plan()).lead
    assert lead is not None and "by Tue 7 Jan 08:00 EST to be read" in lead.sentence
    now = flight.store.read(policy_days)
    days = {ImpactClass.ORDINARY: replace(now.days[ImpactClass.ORDINARY], lead_working_days=5)}
    flight.store.run(change_policy, days, seen=now.version)
    late = flight.store.read(plan_check, flight.plan())
    assert any("it was due by Sun 5 Jan 23:59 EST" in c.sentence for c in late.conflicts)
    own = flight.store.read(plan_conflicts, flight.plan(), flight.outage)
    assert not any("OUT-2025-001" in c.sentence for c in own)
    assert len(flight.store.read(outages)) == 1


def test_of_a_series_its_first_date_is_judged_and_named(flight: World) -> None:
    """The plan's window is Friday 10 January; the series begins on the 19th."""
    flight.go(State.PLANNED)  # stands against the date that was typed
    checked = flight.store.read(plan_check, flight.plan(), "", "third Sunday")
    assert checked.of == "of its first date, Sun 19 Jan"
    assert not any("OUT-2025-001" in c.sentence for c in checked.conflicts)
    assert checked.lead is not None and "by Tue 14 Jan 09:00 EST" in checked.lead.sentence
    leap = flight.store.read(plan_check, flight.plan(), "", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29")
    assert "None of its dates" in leap.conflicts[0].sentence


def test_a_window_that_passed_is_said_while_it_is_typed(flight: World) -> None:
    past = make_window("2024-01-10 19:00", "2024-01-10 22:00")
    sentences = [
        row.sentence for row in flight.store.read(plan_conflicts, flight.plan(window=past))
    ]
    assert any(said.startswith("This window passed ") for said in sentences)
    ahead = flight.store.read(plan_conflicts, flight.plan())
    assert not any("passed" in row.sentence for row in ahead)

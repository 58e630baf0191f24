"""What stands against a window, in one sentence each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.models.calendar.conflicts import Conflict, Surroundings, blocked, conflicts
from app.models.calendar.facts import (
    AWAY_IN_OUTLOOK,
    IN_OUTLOOK,
    Busy,
    BusyKind,
    CalendarFact,
    Candidate,
    CiFact,
    ConflictPolicy,
    FactKind,
    NoticeFact,
    OtherOutage,
    PersonFact,
    Reason,
    ServiceFact,
)
from app.models.directory.graph import CiGraph
from app.models.ids import CiId, DepartmentId, OutageId, PersonId, ServiceId
from app.models.outages.lifecycle import ImpactClass
from app.models.severity import Severity
from app.models.times import Window, parse_wall

ARRAY, SWITCH, MAIL = CiId("array"), CiId("switch"), CiId("mail")
FILES = ServiceFact(ServiceId("files"), "File cluster")
ITO = PersonFact(PersonId("ito"), "Ito")
# Fri 10 Jan 2025 19:00–22:00 in New York
CANDIDATE = Candidate(
    window=Window.of(
        parse_wall("2025-01-10T19:00"), parse_wall("2025-01-10T22:00"), "America/New_York"
    ),
    impact=ImpactClass.CRITICAL,
    services=(FILES,),
    cis=(CiFact(ARRAY, "Array 1"),),
    owners=(ITO,),
    id=OutageId("me"),
)
START, END = CANDIDATE.window.start_utc, CANDIDATE.window.end_utc
HOUR = timedelta(hours=1)
OTHER = OtherOutage(OutageId("o1"), "OUT-2025-002", "Firmware", START + HOUR, END + HOUR)
GRAPH = CiGraph([(MAIL, ARRAY), (ARRAY, SWITCH)])
NAMES = {MAIL: "Mail", SWITCH: "Core switch"}


def _found(around: Surroundings, candidate: Candidate = CANDIDATE) -> tuple[Conflict, ...]:
    return conflicts(candidate, around)


def _one(around: Surroundings, candidate: Candidate = CANDIDATE) -> Conflict:
    (found,) = _found(around, candidate)
    return found


def _freeze(**changes: object) -> CalendarFact:
    base = CalendarFact(FactKind.FREEZE, "f1", "Year end", START - HOUR, START + HOUR)
    return replace(base, **changes)  # type: ignore[arg-type]


def test_an_empty_surrounding_has_no_conflict() -> None:
    assert _found(Surroundings()) == ()


def test_the_same_ci_in_another_window_blocks_and_names_both_times() -> None:
    found = _one(Surroundings(outages=(replace(OTHER, cis=frozenset({ARRAY})),)))
    assert (found.severity, found.reason) == (Severity.BLOCK, Reason.SAME_CI)
    assert found.sentence == (
        "Array 1 is also worked on in OUT-2025-002 “Firmware” (Fri 10 Jan 20:00–23:00 EST)."
    )
    assert ("outage", "o1") in found.about


def test_windows_that_touch_do_not_conflict() -> None:
    after = replace(OTHER, start=END, end=END + HOUR, cis=frozenset({ARRAY}))
    assert _found(Surroundings(outages=(after,))) == ()


def test_an_outage_does_not_conflict_with_itself() -> None:
    itself = replace(OTHER, id=OutageId("me"), cis=frozenset({ARRAY}))
    assert _found(Surroundings(outages=(itself,))) == ()


def test_a_ci_above_is_told_as_resting_on_ours() -> None:
    other = replace(OTHER, cis=frozenset({MAIL}))
    found = _one(Surroundings(outages=(other,), graph=GRAPH, ci_names=NAMES))
    assert found.reason is Reason.CI_ABOVE
    assert found.sentence.startswith("Mail rests on Array 1 and is worked on in OUT-2025-002")


def test_a_ci_below_names_the_way_between() -> None:
    other = replace(OTHER, cis=frozenset({SWITCH}))
    candidate = replace(CANDIDATE, cis=(CiFact(MAIL, "Mail"),))
    names = {**NAMES, ARRAY: "Array 1"}
    found = _one(Surroundings(outages=(other,), graph=GRAPH, ci_names=names), candidate)
    assert found.reason is Reason.CI_BELOW
    assert "Mail rests on Core switch (through Array 1), which is worked on" in found.sentence


def test_a_freeze_over_everything_blocks() -> None:
    found = _one(Surroundings(calendar=(_freeze(),)))
    assert found.severity is Severity.BLOCK
    assert found.sentence == (
        "The freeze “Year end” (Fri 10 Jan 18:00–20:00 EST) covers the window."
    )


def test_a_freeze_of_other_services_does_not_matter() -> None:
    other = _freeze(services=frozenset({ServiceId("x")}))
    assert _found(Surroundings(calendar=(other,))) == ()


def test_an_all_day_freeze_is_told_by_its_days() -> None:
    fact = _freeze(first_day=date(2025, 1, 9), last_day=date(2025, 1, 12))
    assert "(Thu 9 Jan to Sun 12 Jan)" in _one(Surroundings(calendar=(fact,))).sentence


def test_a_layer_may_say_how_grave_its_freeze_is() -> None:
    fact = _freeze(severity=Severity.NOTE)
    assert not blocked(_found(Surroundings(calendar=(fact,))))


def test_a_business_event_of_an_affected_department_warns() -> None:
    payroll = DepartmentId("hr")
    fact = _freeze(kind=FactKind.BUSINESS_EVENT, departments=frozenset({payroll}))
    candidate = replace(CANDIDATE, departments=frozenset({payroll}))
    found = _one(Surroundings(calendar=(fact,)), candidate)
    assert (found.severity, found.reason) == (Severity.WARN, Reason.BUSINESS_EVENT)
    assert _found(Surroundings(calendar=(fact,))) == ()
    listed = replace(CANDIDATE, tells_a_list=True)
    perhaps = _one(Surroundings(calendar=(fact,)), listed)
    assert perhaps.sentence.endswith("touches perhaps people on a list that is told.")


def test_many_events_on_one_service_become_one_sentence() -> None:
    facts = tuple(
        _freeze(
            kind=FactKind.BUSINESS_EVENT,
            id=f"e{n}",
            title=f"Clinic {n}",
            services=frozenset({FILES.id}),
        )
        for n in range(12)
    )
    found = _one(Surroundings(calendar=facts))
    assert found.sentence.startswith("12 business events touch File cluster during the window")
    assert len(found.about) == 12


def test_a_public_holiday_is_a_note() -> None:
    fact = _freeze(kind=FactKind.HOLIDAY, title="Founders’ Day")
    assert _one(Surroundings(calendar=(fact,))).severity is Severity.NOTE


def test_an_absent_owner_is_named_with_the_time() -> None:
    away = Busy(ITO.id, BusyKind.LEAVE, START - HOUR, END, "holiday")
    found = _one(Surroundings(busy=(away,)))
    assert found.reason is Reason.OWNER_ABSENT
    assert found.sentence.startswith("Ito is away (holiday, Fri 10 Jan 18:00–22:00 EST)")
    in_outlook = replace(away, start=START - 9 * HOUR, words=AWAY_IN_OUTLOOK)
    meeting = Busy(ITO.id, BusyKind.MEETING, START, START + HOUR, IN_OUTLOOK)
    assert _one(Surroundings(busy=(in_outlook, away, meeting))) == found, "it is said once"
    assert len(_found(Surroundings(busy=(in_outlook, meeting)))) == 2
    some = [replace(meeting, start=START + n * HOUR / 4, end=START + n * HOUR / 4 + HOUR / 8)
            for n in range(5)]  # fmt: skip
    assert len(_found(Surroundings(busy=tuple(some[:3])))) == 3
    assert _one(Surroundings(busy=tuple(some))).sentence == (
        "Ito owns a step and is busy in Outlook 5 times during the window (Fri 10 Jan 19:00–20:07 "
        "EST)."
    )


def test_an_owner_in_two_windows_is_double_booked() -> None:
    other = replace(OTHER, owners=frozenset({ITO.id}))
    assert _one(Surroundings(outages=(other,))).reason is Reason.OWNER_DOUBLE_BOOKED


def test_a_coordinator_of_two_flights_at_once_is_double_booked() -> None:
    okafor = PersonFact(PersonId("oka"), "Okafor")
    other = replace(OTHER, owners=frozenset({okafor.id}))
    found = conflicts(replace(CANDIDATE, coordinator=okafor), Surroundings(outages=(other,)))
    assert [c.reason for c in found] == [Reason.OWNER_DOUBLE_BOOKED]
    many = [replace(other, id=OutageId(f"o{n}"), code=f"OUT-{n}") for n in range(4)]
    led = replace(CANDIDATE, owners=(), coordinator=okafor)
    (told, _night) = _found(Surroundings(outages=tuple(many)), led)
    assert told.sentence == (
        "Okafor is needed at the same time in OUT-0, OUT-1 and 2 more outages."
    )


def test_an_owner_who_worked_the_night_before_lacks_rest() -> None:
    other = replace(
        OTHER, start=START - 12 * HOUR, end=START - 8 * HOUR, owners=frozenset({ITO.id})
    )
    found = _one(Surroundings(outages=(other,)))
    assert found.reason is Reason.OWNER_WORKED_NIGHT
    assert "only 8 h of rest after" in found.sentence
    later = replace(other, start=END + 8 * HOUR, end=END + 9 * HOUR)
    assert "only 8 h of rest before" in _one(Surroundings(outages=(later,))).sentence
    assert _found(Surroundings(outages=(replace(later, over=True),))) == ()


def test_whoever_worked_the_night_is_free_the_day_after() -> None:
    """A night that ended at one leaves more than eleven hours until two, and is a night."""
    night = replace(OTHER, start=START - 21 * HOUR, end=START - 18 * HOUR)  # until 01:00
    afternoon = replace(CANDIDATE, window=Window.of(
        parse_wall("2025-01-10T14:00"), parse_wall("2025-01-10T15:00"), "America/New_York"
    ))  # fmt: skip
    owned = replace(night, owners=frozenset({ITO.id}))
    found = _one(Surroundings(outages=(owned,)), afternoon)
    assert found.reason is Reason.OWNER_WORKED_NIGHT
    assert found.sentence == (
        "After the night in OUT-2025-002 “Firmware” (Thu 9 Jan 22:00–Fri 10 Jan 01:00 EST), Ito "
        "should be free until Fri 10 Jan 18:00 EST."
    )
    assert _found(Surroundings(outages=(owned,))) == (), "that evening is no longer the day"
    led = replace(afternoon, owners=(), coordinator=ITO)
    assert _one(Surroundings(outages=(owned,)), led).reason is Reason.OWNER_WORKED_NIGHT
    early = Window.of(
        parse_wall("2025-01-10T02:00"), parse_wall("2025-01-10T03:00"), "America/New_York"
    )
    assert _found(Surroundings(outages=(owned,)), replace(led, window=early)) == ()
    tonight = replace(CANDIDATE, window=Window.of(
        parse_wall("2025-01-09T22:00"), parse_wall("2025-01-10T01:00"), "America/New_York"
    ))  # fmt: skip
    day = replace(owned, start=START - 5 * HOUR, end=START - 4 * HOUR)
    assert _one(Surroundings(outages=(day,)), tonight).sentence.startswith(
        "After the night of this window, Ito should be free until Fri 10 Jan 18:00 EST, but is "
    )
    same = replace(owned, start=START - 18 * HOUR, end=START - 17 * HOUR)  # from 01:00
    assert "would go from this window into OUT-2025-002" in (
        _one(Surroundings(outages=(same,)), tonight).sentence
    )
    same = replace(same, start=START - 16 * HOUR)
    assert "only 2 h of rest before" in _one(Surroundings(outages=(same,)), tonight).sentence
    evening = replace(owned, start=START - 24 * HOUR, end=START - 19 * HOUR)  # until midnight
    assert _found(Surroundings(outages=(evening,)), afternoon) == ()


def test_a_coordinator_without_a_shift_then_is_off_duty() -> None:
    okafor, sato = PersonId("oka"), PersonId("sat")
    candidate = replace(CANDIDATE, coordinator=PersonFact(okafor, "Okafor"))
    rota = {okafor: "Okafor", sato: "Sato"}
    shift = Busy(okafor, BusyKind.SHIFT, START, END)

    def said(*busy: Busy) -> str:
        found = _one(Surroundings(busy=busy, rota=rota), candidate)
        assert found.reason is Reason.COORDINATOR_OFF
        return found.sentence.removeprefix("Okafor, who coordinates the flight, ")

    assert _found(Surroundings(busy=(shift,), rota=rota), candidate) == ()
    others = replace(shift, person=sato)
    assert said(others) == "is off duty then (on duty: Sato)."
    assert said() == "is off duty then (nobody is on duty)."
    assert said(replace(shift, end=END - HOUR), replace(others, start=END - HOUR)) == (
        "is on duty for only a part of the window (on duty: Okafor until Fri 10 Jan 21:00 EST, "
        "Sato from Fri 10 Jan 21:00 EST)."
    )
    away = Busy(okafor, BusyKind.LEAVE, START, END, "leave")
    assert said(away, others) == "is away (leave, Fri 10 Jan 19:00–22:00 EST; on duty: Sato)."
    assert said(away, shift).endswith("EST; on duty then, and nobody covers).")


def test_a_late_notice_blocks_by_impact_class() -> None:
    around = Surroundings(notice=NoticeFact(now=START - HOUR, last_possible=START - 24 * HOUR))
    assert _one(around).severity is Severity.BLOCK
    for impact, severity in (
        (ImpactClass.ORDINARY, Severity.WARN),
        (ImpactClass.URGENT, Severity.NOTE),
    ):
        assert _one(around, replace(CANDIDATE, impact=impact)).severity is severity


def test_a_notice_already_sent_is_never_late() -> None:
    notice = NoticeFact(START - HOUR, START - 24 * HOUR, sent=True)
    assert _found(Surroundings(notice=notice)) == ()


def test_more_outages_than_agreed_for_one_night_warn() -> None:
    others = tuple(
        replace(OTHER, id=OutageId(str(n)), start=END + n * HOUR, end=END + (n + 1) * HOUR)
        for n in range(3)
    )
    assert _one(Surroundings(outages=others)).reason is Reason.TOO_MANY_THAT_NIGHT
    assert _found(Surroundings(outages=others[:2])) == ()


def test_what_is_over_counts_for_nothing_but_the_rest_of_who_flew_it() -> None:
    over = replace(OTHER, owners=frozenset({ITO.id}), cis=frozenset({ARRAY}), over=True)
    ended = replace(over, start=START - 3 * HOUR, end=START - HOUR)
    others = tuple(replace(over, id=OutageId(f"o{n}")) for n in range(4))
    assert _found(Surroundings(outages=others)) == (), "neither booked, nor CIs, nor the night"
    assert _one(Surroundings(outages=(ended,))).reason is Reason.OWNER_WORKED_NIGHT


def test_what_the_flight_needs_is_found_above_the_ci_taken_down() -> None:
    candidate = replace(CANDIDATE, cis=(CiFact(SWITCH, "Core switch"),))
    names = {MAIL: "Mail", ARRAY: "Array 1"}
    around = Surroundings(graph=GRAPH, ci_names=names, needed={MAIL: "yes"})
    found = _one(around, candidate)
    assert found.reason is Reason.TAKES_DOWN_WHAT_FLIGHT_NEEDS
    assert "takes down Mail, which rests on Core switch (through Array 1)" in found.sentence


def test_the_worst_comes_first() -> None:
    around = Surroundings(
        outages=(replace(OTHER, cis=frozenset({ARRAY}), owners=frozenset({ITO.id})),),
        calendar=(_freeze(kind=FactKind.HOLIDAY), _freeze()),
    )
    found = _found(around)
    assert [c.severity.rank for c in found] == sorted(c.severity.rank for c in found)
    assert found[0].reason is Reason.SAME_CI


def test_items_that_one_other_window_touches_in_one_way_are_told_together() -> None:
    items = tuple(CiFact(CiId(f"c{n}"), f"C{n}") for n in range(4))
    candidate = replace(CANDIDATE, cis=items)
    same = replace(OTHER, cis=frozenset(ci.id for ci in items[:2]))
    around = Surroundings(outages=(same,), graph=GRAPH, ci_names=NAMES)
    assert _one(around, candidate).sentence.startswith("C0 and C1 are also worked on in OUT-")
    graph = CiGraph([*((ci.id, SWITCH) for ci in items), *((MAIL, ci.id) for ci in items[:3])])
    around = replace(around, graph=graph, outages=(replace(OTHER, cis=frozenset({SWITCH, MAIL})),))
    above, below = _found(around, candidate)
    assert above.sentence.startswith("Mail rests on C0, C1 and C2 and is worked on in OUT-")
    assert below.sentence.startswith("C0, C1 and 2 more items rest on Core switch, which is ")
    assert len(below.about) == 6


def test_many_things_that_the_flight_needs_on_one_item_are_told_together() -> None:
    needed = {CiId(f"n{i}"): "mail" if i else "yes" for i in range(4)}
    around = Surroundings(
        graph=CiGraph((ci, ARRAY) for ci in needed),
        ci_names={ci: ci.upper() for ci in needed},
        needed=needed,
    )
    assert _one(around).sentence == (
        "4 things that the flight itself needs rest on Array 1 and are taken down with it: N0, "
        "N1 (mail), N2 (mail), N3 (mail); agree other ways beforehand."
    )


def test_the_policy_may_judge_otherwise() -> None:
    policy = ConflictPolicy(severities={Reason.FREEZE: Severity.WARN})
    assert not blocked(conflicts(CANDIDATE, Surroundings(calendar=(_freeze(),)), policy))


@given(st.integers(-10_000, 10_000), st.integers(1, 5_000))
def test_a_freeze_counts_exactly_when_a_minute_is_shared(offset: int, minutes: int) -> None:
    start = START + timedelta(minutes=offset)
    end = start + timedelta(minutes=minutes)
    found = _found(Surroundings(calendar=(_freeze(start=start, end=end),)))
    assert bool(found) == (max(start, START) < min(end, END))

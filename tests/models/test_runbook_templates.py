"""Reading runbook templates, refusals that name the line, and the three built-in ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from pytest import fixture, mark, raises

from app.models.errors import BadInput
from app.models.ids import PersonId, StepId
from app.models.notices.kinds import NoticeKind
from app.models.runbook import (
    BridgeAct,
    Phase,
    RunbookTemplate,
    StepKind,
    backout_moment,
    latest_starts,
    missing_way_back,
    parse_template,
    plan,
    template_from_mapping,
    to_steps,
)

FOLDER = Path(__file__).parents[2] / "resources" / "runbooks"
BUILT_IN = ("storage-firmware", "network-switch", "application-upgrade")
START = datetime(2025, 1, 11, 0, 0, tzinfo=UTC)

GOOD = """\
name: Small change
revision: 2
steps:
  - code: 1
    title: Flash it
    minutes: 10
    role: engineer
    ci: node
    undone_by: [B1]
  - code: B1
    title: Flash it back
    phase: back_out
    minutes: 5
"""


@fixture(params=BUILT_IN)
def built_in(request: object) -> RunbookTemplate:
    name = request.param  # type: ignore[attr-defined]
    return parse_template((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def test_a_small_template_is_read() -> None:
    template = parse_template(GOOD)
    assert (template.name, template.revision) == ("Small change", 2)
    assert template.steps[0].undone_by == ("B1",)
    assert (template.roles, template.ci_roles) == (("engineer",), ("node",))


def test_a_template_becomes_steps_with_people_for_roles() -> None:
    numbers = count()
    steps = to_steps(
        parse_template(GOOD), {"engineer": PersonId("ito")}, lambda: StepId(f"s{next(numbers)}")
    )
    assert [s.code for s in steps] == ["1", "B1"]
    assert steps[0].owner == "ito" and steps[1].owner is None
    assert steps[0].undone_by == (steps[1].id,)
    assert steps[0].changes and not steps[1].changes


@mark.parametrize(
    ("old", "new", "says"),
    [
        ("code: B1", "code: 1", r"Line 10: step code 1 is already taken \(Line 4\)"),
        ("code: B1", "code: back", "Line 10, step back: a code is a short number"),
        ("undone_by: [B1]", "undone_by: [B2]", "Line 4, step 1: it names step B2, which"),
        ("undone_by: [B1]", "undone_by: [1]", "Line 4, step 1: it is undone by step 1, which"),
        ("undone_by: [B1]", "after: [B1]", "Line 4, step 1: it waits for the back-out step B1"),
        ("undone_by: [B1]", "after: [1]", "Step 1 comes after itself"),
        ("undone_by: [B1]", "after: 1", "“after” must be a list of step codes"),
        ("minutes: 10", "minutes: 0", "Line 4, step 1: “minutes” must be from 1 to 1440"),
        ("minutes: 10", "minutes:", "“minutes” is missing"),
        ("minutes: 10", "minutes: soon", "“minutes” must be a whole number"),
        ("minutes: 10", "minutes: true", "“minutes” must be a whole number"),
        ("minutes: 10", "minuets: 10", "Line 4, step 1: “minutes” is missing"),
        ("role: engineer", "rôle: engineer", "“rôle” is not a field we know"),
        ("role: engineer", "role: [a]", "“role” must be text"),
        ("role: engineer", 'role: "a\\r\\nBcc: x"', "“role” must be one line"),
        ("role: engineer", "kind: party", "“kind” is 'party'; it must be one of work, gate"),
        ("role: engineer", "kind: notice", "a notice step, and only that"),
        ("role: engineer", "kind: bridge", "a bridge step, and only that"),
        ("role: engineer", "no_return: true", "it cannot be undone and name back-out steps"),
        ("role: engineer", "minutes: 12", "Line 7: “minutes” is given twice"),
        ("title: Flash it\n", "\n", "Line 4, step 1: “title” is missing"),
        ("revision: 2", "revision: -1", "The runbook: “revision” must be from 1"),
        ("name: Small change", "name: [", "Line 2 cannot be read as YAML|Line 3 cannot be"),
        ("name: Small change", "name: &a x", "Line 1: references"),
        ("name: Small change", "name: !!python/name:os.system x", "Line 1 cannot be read"),
        ("name: Small change", "name: 2025-13-45", "not a runbook we can read"),
        ("name: Small change", "name: [[[[[[[[[[[[[]]]]]]]]]]]]]", "nested too deep"),
    ],
)
def test_a_bad_line_is_named(old: str, new: str, says: str) -> None:
    with raises(BadInput, match=says):
        parse_template(GOOD.replace(old, new, 1))


def test_a_circle_in_a_template_is_named_by_codes() -> None:
    steps = [
        {"code": code, "title": "t", "minutes": 1, "after": [after]}
        for code, after in ((7, 9), (8, 7), (9, 8))
    ]
    with raises(BadInput, match="7 after 9 after 8 after 7"):
        template_from_mapping({"name": "n", "revision": 1, "steps": steps})


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    with raises(BadInput, match="characters; 300,000 is the most"):
        parse_template("x" * 400_000)


def test_more_steps_than_a_flight_can_hold_are_refused() -> None:
    steps = [{"code": i, "title": "t", "minutes": 1} for i in range(1_001)]
    with raises(BadInput, match="1000 is the most"):
        template_from_mapping({"name": "n", "revision": 1, "steps": steps})


def test_a_runbook_written_by_hand_needs_no_revision() -> None:
    steps = [{"code": "1", "title": "Drain", "minutes": 5}]
    assert template_from_mapping({"name": "n", "steps": steps}).revision == 1


@mark.parametrize("text", ["", "[]", "42", "steps: {}", "\x00", "name: x\nrevision: 1\nsteps: []"])
def test_what_is_no_runbook_is_refused(text: str) -> None:
    with raises(BadInput, match="Nothing was taken over"):
        parse_template(text)


def test_a_built_in_runbook_has_every_phase_and_act(built_in: RunbookTemplate) -> None:
    forward = [s for s in built_in.steps if s.phase is not Phase.BACK_OUT]
    assert {s.phase for s in built_in.steps} == set(Phase)
    assert {s.kind for s in forward} == set(StepKind)
    assert {s.bridge for s in forward} >= {BridgeAct.OPEN, BridgeAct.CLOSE}
    assert 14 <= len(forward) <= 20
    assert all(s.how and s.role for s in built_in.steps)
    assert any(s.phase is Phase.BACK_OUT and s.kind is StepKind.CHECK for s in built_in.steps)
    assert all(NoticeKind(s.notice) for s in built_in.steps if s.notice)


def test_a_built_in_runbook_waits_for_its_gate_and_checks(built_in: RunbookTemplate) -> None:
    by_code = {s.code: s for s in built_in.steps}

    def comes_after(code: str) -> set[str]:
        before = set(by_code[code].after)
        return before.union(*(comes_after(c) for c in before))

    gate = next(s.code for s in built_in.steps if s.kind is StepKind.GATE)
    clear = next(s.code for s in built_in.steps if s.kind is StepKind.ALL_CLEAR)
    checks = {s.code for s in built_in.steps if s.phase is Phase.VERIFY and s.kind == "check"}
    assert checks <= comes_after(clear)
    for step in built_in.steps:
        if step.phase in {Phase.WINDOW, Phase.VERIFY}:
            assert gate in comes_after(step.code)


def test_a_built_in_runbook_fits_three_hours_with_a_way_back(built_in: RunbookTemplate) -> None:
    numbers = count()
    owners = {role: PersonId(role) for role in built_in.roles}
    steps = to_steps(built_in, owners, lambda: StepId(f"s{next(numbers)}"))
    end = START + timedelta(hours=3)
    told = plan(steps, START)
    assert told.likely_end < end
    assert missing_way_back(steps) == ()
    assert backout_moment(steps, end, START) > told.steps[steps[0].id].end
    for step, latest in latest_starts(steps, end, START).items():
        if isinstance(latest, datetime):
            assert told.steps[step].start <= latest

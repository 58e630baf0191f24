"""Runbooks as YAML, CSV and Markdown: back exactly as they were, every bad line named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.models.runbook import BridgeAct, Phase, RunbookTemplate, StepKind, TemplateStep
from app.models.runbook.template_csv import read_csv, write_csv
from app.models.runbook.template_files import read_yaml, write_yaml
from app.models.runbook.template_markdown import read_markdown, write_markdown
from app.models.runbook.template_reading import Read, read_template

Form = tuple[Callable[[RunbookTemplate], str], Callable[[str], Read]]
FORMS: dict[str, Form] = {
    "yaml": (write_yaml, read_yaml),
    "csv": (write_csv, read_csv),
    "markdown": (write_markdown, read_markdown),
}
every_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)

_letters = st.characters(
    codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp"), include_characters=""
)
_line = st.text(_letters, max_size=40).map(str.strip)
_title = _line.filter(bool)
_awkward = st.sampled_from(["# x", "```", "- After: 7", "=1+1", "'=x", "How:", "&a *a", "7", "yes"])
_text = st.lists(st.one_of(_line, _awkward), max_size=5).map(lambda ls: "\n".join(ls).strip())


def _some_of(codes: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    if not codes:
        return st.just(())
    return st.lists(st.sampled_from(codes), unique=True).map(tuple)


@st.composite
def templates(draw: st.DrawFn) -> RunbookTemplate:
    count = draw(st.integers(1, 8))
    backs = draw(st.integers(0, 2))
    codes = [str(n + 1) for n in range(count)] + [f"B{n + 1}" for n in range(backs)]
    steps = []
    for at, code in enumerate(codes):
        way_back = code.startswith("B")
        kind = draw(st.sampled_from(StepKind))
        earlier = codes[:at] if not way_back else codes[count:at]
        no_return = not way_back and draw(st.booleans())
        may_undo = not way_back and not no_return
        lock = draw(st.none() | st.integers(-300, 300))
        steps.append(
            TemplateStep(
                code=code,
                title=draw(_title),
                minutes=draw(st.integers(1, 1440)),
                how=draw(_text),
                phase=Phase.BACK_OUT if way_back else draw(st.sampled_from(list(Phase)[:3])),
                kind=kind,
                role=draw(_line),
                after=tuple(draw(st.lists(st.sampled_from(earlier), unique=True)))
                if earlier
                else (),
                undone_by=draw(_some_of(codes[count:] if may_undo else [])),
                no_return=no_return,
                ci=draw(_line),
                setting=draw(_line),
                people_notice=draw(_text),
                do_not_disturb=draw(st.booleans()),
                notice="all_clear" if kind is StepKind.NOTICE else "",
                bridge=draw(st.sampled_from(BridgeAct)) if kind is StepKind.BRIDGE else None,
                not_before=lock,
                not_after=None if lock is None else draw(st.none() | st.integers(lock, 400)),
            )
        )
    return RunbookTemplate(
        draw(_title), draw(st.integers(1, 99)), draw(_line), draw(_text), tuple(steps)
    )


AT_THE_START = TemplateStep("1", "Flash controller B", 30, not_before=0)


@every_form
@given(template=templates())
@example(template=RunbookTemplate("Storage", 1, steps=(AT_THE_START,)))
def test_a_runbook_comes_back_exactly_as_it_went(form: Form, template: RunbookTemplate) -> None:
    write, read = form
    assert read(write(template)) == Read(template)


FLASH = TemplateStep("1", "Flash controller B", 30)
PLAIN = RunbookTemplate("Storage", 1, steps=(FLASH, TemplateStep("2", "Look", 5, after=("1",))))


@every_form
def test_each_bad_line_is_named_not_the_first_alone(form: Form) -> None:
    write, read = form
    third = TemplateStep("3", "Log in", 0, after=("2", "9"))
    wrong = replace(PLAIN, steps=(replace(FLASH, minutes=-4), PLAIN.steps[1], third))
    found = read(write(wrong))
    assert found.template is None
    *alone, together = found.faults
    assert [("minutes" in fault, "ine " in fault) for fault in alone] == [(True, True)] * 2
    assert "step 3: it names step 9, which this runbook does not have" in together


def test_a_line_whose_phase_cannot_be_read_is_not_called_the_wrong_kind_of_step() -> None:
    read = read_template(
        {
            "name": "n",
            "steps": [
                {"code": 1, "title": "Flash", "minutes": 5, "undone_by": ["B1"]},
                {"code": "B1", "title": "Flash back", "minutes": 5, "phase": "backout"},
            ],
        }
    )
    assert len(read.faults) == 1 and "“phase” is 'backout'" in read.faults[0]


@every_form
def test_a_circle_is_named_and_refused(form: Form) -> None:
    write, read = form
    round_ = replace(PLAIN, steps=(replace(FLASH, after=("2",)), PLAIN.steps[1]))
    found = read(write(round_))
    assert found.template is None
    assert "1 after 2 after 1" in found.faults[0]


def test_a_spreadsheet_with_semicolons_and_its_own_line_ends_is_read() -> None:
    text = "\ufeffcode;title;minutes;after\r\n1;Drain;10;\r\n2;Flash;30;1\r\n\r\n"
    found = read_csv("runbook;Firmware\r\n" + text.removeprefix("\ufeff"))
    assert found.template is not None
    assert [(s.code, s.minutes, s.after) for s in found.template.steps] == [
        ("1", 10, ()),
        ("2", 30, ("1",)),
    ]


def test_a_spreadsheet_does_not_reckon_what_a_step_says() -> None:
    sum_ = replace(PLAIN, steps=(replace(FLASH, title="=HYPERLINK(1)"),))
    assert "'=HYPERLINK(1)" in write_csv(sum_)


def test_a_column_of_another_name_is_pointed_out() -> None:
    found = read_csv("runbook,Firmware\ncode,title,minuets\n1,Drain,10\n")
    assert "Line 2" in found.faults[0]
    assert "minuets" in found.faults[0]


def test_a_line_of_markdown_that_is_no_field_is_pointed_out() -> None:
    found = read_markdown("# Runbook: A\n\n## 1 Drain\n\n- Minutes: 10\n- Minits: 3\nand so on\n")
    assert [fault.split(":")[0] for fault in found.faults] == ["Line 6", "Line 7"]


def test_a_text_that_does_not_end_is_pointed_out() -> None:
    found = read_markdown("# Runbook: A\n\n## 1 Drain\n- Minutes: 10\n\nHow:\n\n```\nfor ever\n")
    assert any("not closed" in fault for fault in found.faults)


@every_form
@given(text=st.text(max_size=200))
def test_no_text_at_all_is_more_than_refused(form: Form, text: str) -> None:
    read = form[1]
    found = read(text)
    assert (found.template is None) == bool(found.faults)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.errors import BadInput
from app.models.notices.facts import NoticeFacts
from app.models.notices.fields import LABELS, fields
from app.models.notices.forwarding import note_of
from app.models.notices.kinds import NoticeKind
from app.models.notices.lint import clean, lint
from app.services.notices.linting import kind_of
from app.services.notices.rendering import built_in, page, reminder, render
from app.services.notices.template import SOURCE_LIMIT, TemplateSource
from tests.services.notices_samples import FULL, NEW_YORK, REFERENCE, window

K = NoticeKind
REFERENCE_TEXT = """\
All file cluster users,

Save your work before 7:00 pm Friday, January 10th for a planned outage of the file cluster.

The file cluster will be taken off-line for scheduled maintenance at 7:00 pm Friday, \
January 10th. We expect the outage to last until 10:00 pm.

Notify operations immediately if this interferes with time-critical work.
"""


def planned(facts: NoticeFacts) -> str:
    return render(built_in(NoticeKind.PLANNED), facts).text


def body(source: str, facts: NoticeFacts = REFERENCE) -> str:
    return render(TemplateSource("a subject", source), facts).text


def html(source: str, facts: NoticeFacts = REFERENCE) -> str:
    return render(TemplateSource("a subject", source), facts).html


def test_the_planned_template_yields_the_reference_text_word_for_word() -> None:
    assert planned(REFERENCE) == REFERENCE_TEXT + REFERENCE.objection_route


def test_names_written_as_names_come_out_as_words_of_a_sentence() -> None:
    facts = replace(REFERENCE, audiences=("File cluster users",), services=("File cluster",))
    assert planned(facts) == REFERENCE_TEXT + REFERENCE.objection_route


def test_the_reference_lints_clean() -> None:
    made = render(built_in(NoticeKind.PLANNED), REFERENCE)
    assert clean(lint(made.subject, made.text, NoticeKind.PLANNED, REFERENCE))


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_built_in_template_lints_clean_when_the_facts_are_known(kind: NoticeKind) -> None:
    made = render(built_in(kind), FULL)
    text = made.text
    if kind is NoticeKind.REMINDER:
        original = render(built_in(NoticeKind.PLANNED), FULL)
        sent_at = datetime(2024, 12, 31, 14, tzinfo=UTC)
        text = reminder(original, made, sent_at, "M. Okafor", NEW_YORK).text
    assert lint(made.subject, text, kind, FULL) == ()


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_every_built_in_template_says_the_zone_when_a_recipient_is_elsewhere(
    kind: NoticeKind,
) -> None:
    facts = replace(FULL, recipient_zones=(NEW_YORK, "Europe/London"))
    made = render(built_in(kind), facts)
    found = lint(made.subject, made.text, kind, facts)
    assert not [f for f in found if f.rule in {"zone", "local_time"}]


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_a_template_without_facts_is_never_clean(kind: NoticeKind) -> None:
    bare = NoticeFacts((), (), window())
    made = render(built_in(kind), bare)
    assert not clean(lint(made.subject, made.text, kind, bare))


def test_local_times_stand_beside_the_zone_when_a_recipient_is_elsewhere() -> None:
    text = planned(replace(REFERENCE, recipient_zones=(NEW_YORK, "Europe/London")))
    assert "7:00 pm EST Friday, January 10th" in text
    assert "All times are New York time (EST). In local time:" in text
    assert "- London: 12:00 am Saturday, January 11th to 3:00 am (GMT)" in text


def test_an_unknown_zone_adds_the_zone_without_local_times() -> None:
    text = planned(replace(REFERENCE, zones_unknown=True))
    assert "All times are New York time (EST)." in text
    assert "local time" not in text


def test_an_end_on_another_day_names_its_day() -> None:
    facts = replace(REFERENCE, window=window(end="2025-01-11T02:00"))
    assert "to last until 2:00 am Saturday, January 11th." in planned(facts)


def test_a_window_in_which_the_clocks_change_says_the_zone_of_either_time() -> None:
    facts = replace(REFERENCE, window=window("2025-03-08T23:00", "2025-03-09T04:00"))
    text = planned(facts)
    assert "11:00 pm EST Saturday, March 8th" in text
    assert "4:00 am EDT Sunday, March 9th" in text


def test_an_empty_optional_value_drops_its_sentence() -> None:
    assert "meanwhile" not in planned(REFERENCE)
    assert "What you can do meanwhile: Use the" in planned(FULL)


def test_an_empty_value_that_is_needed_stays_visible() -> None:
    assert "[how to notify operations]" in planned(replace(REFERENCE, objection_route=""))


def test_every_label_has_a_field_and_every_field_a_label() -> None:
    assert fields(REFERENCE).keys() == LABELS.keys()


def test_text_and_html_say_the_same() -> None:
    made = render(built_in(NoticeKind.PLANNED), REFERENCE)
    assert "<strong>Save your work before 7:00 pm Friday, January 10th</strong> for a" in made.html
    assert '<a href="mailto:ops@harbour.example">ops@harbour.example</a>' in made.html
    assert page(made).startswith("<!DOCTYPE html>")


def test_what_people_wrote_is_never_markup() -> None:
    facts = replace(
        REFERENCE, impact="**No** <script>alert(1)</script> [x](http://e.example)\n\n# h"
    )
    made = render(built_in(NoticeKind.PLANNED), facts)
    assert "**No** <script>alert(1)</script> [x](http://e.example)\n# h" in made.text
    assert "<script" not in made.html
    assert "&lt;script&gt;" in made.html
    assert "<h1" not in made.html


def test_markup_written_into_a_template_is_sanitised() -> None:
    made = html("<img src=x onerror=alert(1)> [here](javascript:alert(1)) **bold**")
    assert "<img" not in made
    assert 'href="javascript' not in made
    assert "<strong>bold</strong>" in made


@pytest.mark.parametrize(
    ("url", "linked"),
    [
        ("https://status.example/a?b=1&c=2", True),
        ("tel:555-0100", True),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("data:text/html,x", False),
    ],
)
def test_only_web_mail_and_phone_links_become_links(url: str, linked: bool) -> None:
    made = html('{{ bridge | link("join") }}', replace(REFERENCE, bridge=url))
    assert ("<a href=" in made) is linked


def test_a_subject_is_one_line_whatever_the_title_holds() -> None:
    facts = replace(FULL, title="Firmware\r\nBcc: evil@e.example\x00\u202e x")
    subject = render(built_in(NoticeKind.CREW_BRIEF), facts).subject
    assert subject.startswith("Crew brief: OUT-2025-004 Firmware Bcc: evil@e.example x,")
    assert subject.isprintable()


def test_a_list_is_a_list_in_both_forms() -> None:
    facts = replace(REFERENCE, changes=("One", "Two"))
    source = "New:\n\n{% for line in changes %}\n- {{ line }}\n{% endfor %}\n\n1. a\n2. b"
    assert body(source, facts) == "New:\n\n- One\n- Two\n\n1. a\n2. b"
    assert "<li>One</li>" in html(source, facts)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("{{ ''.__class__.__mro__ }}", "A dot within a field"),
        ("{{ service['__class__'] }}", "A bracket behind"),
        ("{{ service.upper() }}", "not allowed"),
        ("{{ range(9) }}", "not allowed"),
        ("{{ self }}", "no field"),
        ("{{ nothing_such }}", "no field"),
        ("{{ 9 ** 9 ** 9 }}", "pow"),
        ("{{ 'a' * 100000 }}", "mul"),
        ("{% set x = 1 %}", "“set” is not allowed"),
        ("{% include 'x' %}", "include"),
        ("{% import 'x' as y %}", "import"),
        ("{% macro m() %}{% endmacro %}", "macro"),
        ("{% for a in changes %}{% for b in changes %}{% endfor %}{% endfor %}", "loop within"),
        ("{% for a in changes %}{% if a %}{% for b in decides %}{% endfor %}{% endif %}"
         "{% endfor %}", "loop within"),
        ("{% for a in changes recursive %}{% endfor %}", "loop may only"),
        ("{% for a in service %}{% endfor %}", "loop may only"),
        ("{% for service in changes %}{% endfor %}", "is a field"),
        ("{{ service | attr('__class__') }}", "no filter"),
        ("{{ service | format }}", "no filter"),
        ("{{ changes | join('" + "x" * 81 + "') }}", "short text"),
        ("{{ changes | join(service) }}", "short text"),
        ("{{ service | join('x') }}", "list field"),
        ("{{ service", "Line 1: the template cannot be read"),
        ("a\n\n{{ strat }}", "Line 3: there is no field called “strat”. Did you mean “start”?"),
        ("{% if start %}" * 100 + "{% endif %}" * 100, "more than 8 conditions"),
        ("{% if start %}" * 700 + "{% endif %}" * 700, "nested too deeply"),
        ("{{ " + "9" * 5_000 + " }}", "a number in it is too long"),
        ("{% for a in changes %}" + "{{ a }}" * 1_000 + "{% endfor %}", "too many fields"),
        ("{% if %}", "cannot be read"),
        ("x" * (SOURCE_LIMIT + 1), "at most"),
        ("{{ " + "(" * 9000 + "service" + ")" * 9000 + " }}", ""),
        ("{{ " + "not " * 4000 + "service }}", ""),
    ],
)  # fmt: skip
def test_a_template_that_reaches_for_more_is_refused(source: str, complaint: str) -> None:
    with pytest.raises(BadInput) as refused:
        body(source)
    assert complaint in refused.value.sentence
    assert ".." not in refused.value.sentence


def test_a_notice_that_grows_without_end_is_refused() -> None:
    facts = replace(REFERENCE, changes=tuple("x" * 4000 for _ in range(400)))
    with pytest.raises(BadInput, match="grows too long"):
        body("{% for line in changes %}{{ line }}{% endfor %}", facts)


def test_two_loops_after_each_other_are_fine() -> None:
    facts = replace(REFERENCE, changes=("a",), decides=("b",))
    source = "{% for x in changes %}{{ x }}{% endfor %}{% for x in decides %}{{ x }}{% endfor %}"
    assert body(source, facts) == "ab"


def test_a_reminder_is_the_original_forwarded_with_the_note_on_top() -> None:
    original = render(built_in(NoticeKind.PLANNED), REFERENCE)
    note = render(built_in(NoticeKind.REMINDER), REFERENCE)
    made = reminder(original, note, datetime(2024, 12, 31, 14, tzinfo=UTC), "M. Okafor", NEW_YORK)
    assert made.subject == f"FW: {original.subject}"
    assert note_of(made.text) == note.text
    assert "From: M. Okafor\nSent: 9:00 am EST Tuesday, December 31st" in made.text
    assert made.text.endswith(original.text)
    assert made.html.endswith(original.html)
    assert "<strong>From:</strong> M. Okafor<br>" in made.html


@pytest.mark.parametrize("zones", [(NEW_YORK,), (NEW_YORK, "Europe/London")])
def test_the_note_of_a_reminder_has_at_most_25_words_even_past_midnight(
    zones: tuple[str, ...],
) -> None:
    late = window(end="2025-01-11T02:00")
    many = ("file cluster", "printers", "intranet", "e-mail", "payroll")
    for services in (("file cluster",), many):
        facts = replace(REFERENCE, services=services, window=late, recipient_zones=zones)
        note = render(built_in(NoticeKind.REMINDER), facts)
        assert len(note.text.split()) <= 25
        found = lint(note.subject, note.text, NoticeKind.REMINDER, facts)
        assert {f.rule for f in found} == {"forwarded"}


def test_a_template_file_begins_with_its_subject() -> None:
    with pytest.raises(BadInput, match="Subject"):
        TemplateSource.parse("Hello\n\nbody")
    assert TemplateSource.parse("Subject: a\r\n\r\nb\r\n") == TemplateSource("a", "b")


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_any_value_comes_out_as_it_was_written_but_for_blanks(value: str) -> None:
    shown = "".join(" " if c.isspace() else c for c in value if c.isprintable() or c.isspace())
    text = body("before: {{ impact }} :after", replace(REFERENCE, impact=f"x{value}x"))
    assert "".join(text.split()) == "".join(f"before: x{shown}x :after".split())


@settings(max_examples=80, deadline=None)
@given(st.text(alphabet="{}%|()[]*_<>#-1. \nabservice\"'", max_size=120))
def test_any_template_is_filled_in_or_refused_in_a_sentence(source: str) -> None:
    try:
        body(source)
    except BadInput as refused:
        assert refused.sentence.endswith(".")


def test_a_text_tells_what_kind_of_notice_it_is() -> None:
    made = {kind: render(built_in(kind), FULL) for kind in NoticeKind if kind is not K.REMINDER}
    assert {kind: kind_of("", each.text) for kind, each in made.items()} == {k: k for k in made}
    assert {kind: kind_of(each.subject, "x") for kind, each in made.items()} == {k: k for k in made}
    assert kind_of("", "Bring cake.") is K.PLANNED

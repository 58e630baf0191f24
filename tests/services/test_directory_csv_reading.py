"""CSV files become typed lines, or name each bad line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.directory.lines import (
    AudienceLine,
    CiLine,
    LineKind,
    PersonLine,
    Preview,
    ServiceLine,
    StepLine,
)
from app.models.directory.words import CiKind, Criticality, Role
from app.models.errors import BadInput
from app.models.runbook.steps import Phase, StepKind
from app.services.directory import csv_reading
from app.services.directory.csv_reading import preview, preview_file


def _read(text: str, kind: LineKind | None = None) -> Preview:
    return preview(text.encode(), "list.csv", kind)


def _sentences(text: str, kind: LineKind | None = None) -> list[tuple[int, str, str]]:
    return [(f.line, f.column, f.sentence) for f in _read(text, kind).faults]


def test_people_are_read_with_friendly_column_names() -> None:
    read = _read(
        "Full name,E-mail,Mobile,Time zone,Dept,Roles\n"
        "Aiko Ito,ito@hospital.example,555-0101,Europe/London,IT,technician; Coordinator\n"
    )
    assert read.kind is LineKind.PEOPLE
    assert read.rows == (
        PersonLine(
            2,
            "Aiko Ito",
            "ito@hospital.example",
            "555-0101",
            "Europe/London",
            "",
            "IT",
            (Role.TECHNICIAN, Role.COORDINATOR),
        ),
    )
    assert read.importable


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found(separator: str) -> None:
    line = f'"Ito, Aiko"{separator}ito@hospital.example\n'
    read = _read(f"name{separator}email\n{line}")
    assert isinstance(read.rows[0], PersonLine)
    assert read.rows[0].name == "Ito, Aiko"


def test_the_separator_line_of_excel_is_not_a_header() -> None:
    read = _read("sep=;\nname;email\nIto;ito@hospital.example\n")
    assert [row.line for row in read.rows] == [3]


def test_a_byte_order_mark_is_not_part_of_the_header() -> None:
    assert preview("\ufeffname,email\nIto,i@h.example\n".encode(), "p.csv").importable


def test_windows_text_is_read_and_said_so() -> None:
    read = preview("name,email\nJosé,jose@h.example\n".encode("cp1252"), "p.csv")
    assert isinstance(read.rows[0], PersonLine)
    assert read.rows[0].name == "José"
    assert "Windows-1252" in read.notes[0]


def test_excel_unicode_text_is_read() -> None:
    assert preview("name\temail\nJosé\tjose@h.example\n".encode("utf-16"), "p.txt").importable


def test_services_are_read() -> None:
    read = _read(
        "service,plain name,owner,criticality,hours of use,rests on,audiences\n"
        "fs01,File cluster,Okafor,Critical,Mon-Fri 07:00-18:00,Array 1;Core switch,Nurses\n"
    )
    assert read.rows == (
        ServiceLine(
            2,
            "fs01",
            "File cluster",
            "Okafor",
            Criticality.CRITICAL,
            "Mon-Fri 07:00-18:00",
            "",
            ("Array 1", "Core switch"),
            ("Nurses",),
        ),
    )


def test_cis_are_read_with_what_they_depend_on() -> None:
    read = _read(
        "ci,type,env,depends_on,needed by flight,maintenance hours,time zone\n"
        "vm1,VM,prod,host1;host2,yes,Sat-Sun 22:00-06:00,Europe/London\n"
    )
    assert read.rows == (
        CiLine(
            2,
            "vm1",
            CiKind.VIRTUAL_MACHINE,
            depends_on=("host1", "host2"),
            needed_by_flight=True,
            maintenance_hours="Sat-Sun 22:00-06:00",
            zone="Europe/London",
        ),
    )


def test_audiences_are_read() -> None:
    read = _read(
        "audience,members,list address,size,users of service\n"
        "Nurses,a@h.example;b@h.example,nurses@h.example,2500,\n"
        "File users,,,,File cluster\n"
    )
    assert read.rows == (
        AudienceLine(2, "Nurses", ("a@h.example", "b@h.example"), (), "nurses@h.example", 2500),
        AudienceLine(3, "File users", rule_service="File cluster"),
    )


def test_steps_are_read() -> None:
    read = _read(
        "code,title,phase,kind,minutes,after,undone by,do not disturb\n"
        "1,Drain node,before,work,1:30,,2,x\n"
        "2,Back,Back-out,work,15,1,,\n"
        "3,Look,verify,check,,1;2,,no\n"
    )
    first, second, third = read.rows
    assert first == StepLine(
        2,
        "1",
        "Drain node",
        phase=Phase.BEFORE,
        minutes=90,
        undone_by=("2",),
        do_not_disturb=True,
    )
    assert isinstance(second, StepLine)
    assert second.phase is Phase.BACK_OUT
    assert isinstance(third, StepLine)
    assert (third.kind, third.after) == (StepKind.CHECK, ("1", "2"))


def test_each_bad_cell_is_named_with_line_and_column() -> None:
    found = _sentences(
        "Name,E-mail,Zone,Roles\nIto,not an address,Mars/Base,pilot\n,okafor@h.example,,\n"
    )
    assert [(line, column) for line, column, _ in found] == [
        (2, "Roles"),
        (2, "E-mail"),
        (2, "Zone"),
        (3, "Name"),
    ]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    text = 'code,title,how\n1,One,"a\nb"\n\n2,,\n'
    assert _sentences(text) == [(5, "title", "It is empty.")]


def test_a_duplicate_names_the_first_line() -> None:
    found = _sentences("name,email\nIto,ito@h.example\nIto A,ITO@h.example\n")
    assert found == [(3, "email", "“ito@h.example” is already on line 2.")]


def test_a_ring_of_cis_is_named_at_its_first_line() -> None:
    found = _sentences("ci,kind,depends on\na,,b\nB,,c\nc,,A\n")
    assert len(found) == 1
    assert found[0][:2] == (2, "depends on")
    assert "a → B → c → a" in found[0][2]


def test_a_step_after_one_that_does_not_exist_is_a_fault() -> None:
    assert _sentences("code,title,after\n1,One,9\n") == [
        (2, "after", "There is no step “9” in this file.")
    ]


def test_steps_in_a_ring_are_a_fault() -> None:
    (found,) = _sentences("code,title,after\n1,One,2\n2,Two,1\n")
    assert "1 → 2 → 1" in found[2]


@pytest.mark.parametrize("minutes", ["-5", "99999999", "1.5", "soon", "١٢"])
def test_minutes_out_of_range_are_a_fault(minutes: str) -> None:
    assert _sentences(f"code,title,minutes\n1,One,{minutes}\n")[0][1] == "minutes"


def test_a_step_cannot_be_undone_and_not_be_undone() -> None:
    (found,) = _sentences("code,title,undone by,no return\n1,One,2,yes\n2,Two,,\n")
    assert found[1] == "no return"


@pytest.mark.parametrize("name", ["bad\x07bell", "rev\u202eersed", '"two\nlines"'])
def test_control_characters_and_line_breaks_in_a_name_are_refused(name: str) -> None:
    assert _sentences(f"name,email\n{name},a@h.example\n")[0][1] == "name"


@pytest.mark.parametrize(
    "email", ["a@b", "a b@h.example", "a@h.example\r\nBcc: x", "<a@h.example>"]
)
def test_bad_addresses_are_a_fault(email: str) -> None:
    assert not _read(f'name,email\nIto,"{email}"\n').importable


def test_an_audience_of_nobody_is_a_fault() -> None:
    (found,) = _sentences("audience,members\nNurses,\n", LineKind.AUDIENCES)
    assert "Nobody is in it" in found[2]


def test_a_line_with_more_cells_than_the_header_is_a_fault() -> None:
    assert "3 cells" in _sentences("name,email\na,b@h.example,c\n")[0][2]


def test_columns_nobody_knows_are_told_not_used() -> None:
    assert _read("name,email,Shoe size\nIto,i@h.example,41\n").notes == ("Not used: Shoe size.",)


def test_two_columns_of_one_meaning_are_a_fault() -> None:
    assert "mean the same" in _sentences("name,email,mail\nI,i@h.example,j@h.example\n")[0][2]


def test_a_header_alone_is_a_fault_not_an_import_of_nothing() -> None:
    assert not _read("name,email\n").importable


def test_an_unclosed_quote_is_a_fault() -> None:
    assert not _read('name,email\n"Ito,i@h.example\n').importable


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02", "NUL"),
        (b"foo,bar\n1,2\n", "names no columns"),
        (b"\x81\x8d\xff", "neither UTF-8 nor Windows"),
        (b"name,zone\nx,y\n", "could be"),
    ],
)
def test_what_is_no_table_of_ours_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        preview(data, "list.csv")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadInput, match="lacks the column “email”"):
        _read("name,phone\nIto,1\n", LineKind.PEOPLE)


def test_a_file_over_the_limit_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_reading, "MAX_BYTES", 10)
    path = tmp_path / "big.csv"
    path.write_text("name,email\n")
    with pytest.raises(BadInput, match="more than 50 MB"):
        preview_file(path)


def test_a_missing_file_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        preview_file(tmp_path / "none.csv")


def test_twenty_thousand_cis_are_read() -> None:
    lines = "".join(f"ci{n},server,ci{n + 1}\n" for n in range(20_000))
    assert _read("ci,kind,depends on\n" + lines).total == 20_000

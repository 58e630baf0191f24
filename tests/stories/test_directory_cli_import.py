"""Files from anywhere through `import`: taken whole or not at all, and harmless on every paper."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from app.cli.commands import handler
from app.cli.parser import parse
from app.models.errors import ConsoleError
from app.services.log import chain_head
from app.services.reports.after_action import write_after_action
from app.services.reports.building import after_action_data
from app.wiring import Console, open_console
from tests.makers import NOW, TestClock

SCRIPT = "<script>alert(1)</script>"
HALF = "<script src=x"
"""In a notice; what is closed as well the lint takes for a placeholder that was not filled in."""
Type = Callable[..., int]


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    opened = open_console(tmp_path / "data", TestClock(NOW))
    _types(
        opened,
        *("organisation", "County Hospital", "--zone", "America/New_York"),
        *("--notify", "Call 555 0100."),
    )
    yield opened
    opened.close()


def _types(console: Console, *words: str | Path) -> int:
    asked: argparse.Namespace = parse([str(word) for word in words])
    return handler(asked.command)(console, asked)


def head(console: Console) -> int:
    """The newest log number: every change of the store raises it."""
    return console.store.read(chain_head)[0]


ICS = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{}END:VCALENDAR\r\n"
BAD_FILES: dict[str, bytes] = {
    "nul.csv": b"name,email\nAnna\x00B,anna@hospital.example\n",
    "zip.csv": b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + bytes(200),
    "page.csv": b"<!DOCTYPE html><html><body>Sign in, please</body></html>",
    "empty.csv": b"",
    "header.csv": b"name,email\n",
    "line.csv": b"name,email\n" + b"x" * 1_000_000 + b",a@hospital.example\n",
    "break.csv": b'name,email\r\n"Eve\r\nBcc: all@evil.example",e@hospital.example\r\n',
    "mail.csv": b'name,email\r\nEve,"e@hospital.example\r\nBcc: x@evil.example"\r\n',
    "half.csv": b"name,email\nGood,good@hospital.example\nBad,no address\n",
    "ring.csv": b"name,kind,depends on\na,server,b\nb,server,c\nc,server,a\n",
    "page.ics": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "zip.ics": b"PK\x03\x04" + bytes(200),
    "empty.ics": b"",
    "nested.ics": b"BEGIN:VCALENDAR\r\n" * 5000,
    "far.ics": ICS.format(
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:99991231T230000Z\r\nDTEND:99991231T235959Z\r\n"
        "RRULE:FREQ=SECONDLY\r\nSUMMARY:x\r\nEND:VEVENT\r\n"
    ).encode(),
    "line.ics": ICS.format(
        "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20270101T100000Z\r\nSUMMARY:"
        + "y" * 1_000_000
        + "\r\nEND:VEVENT\r\n"
    ).encode(),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_file_that_cannot_be_used_is_refused_and_nothing_of_it_taken(
    console: Console, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).write_bytes(BAD_FILES[name])
    before = head(console)
    with pytest.raises(ConsoleError) as refusal:
        _types(console, "import", tmp_path / name)
    assert name in refusal.value.sentence
    assert head(console) == before


def test_a_ring_of_dependencies_is_refused_by_name(
    console: Console, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ring.csv").write_bytes(BAD_FILES["ring.csv"])
    with pytest.raises(ConsoleError, match="the line named above needs mending"):
        _types(console, "import", tmp_path / "ring.csv")
    assert "a → b → c → a" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252"])
def test_names_keep_their_accents_in_every_encoding_a_spreadsheet_writes(
    console: Console, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes("name,email\nJosé Ñandú,jose@hospital.example\n".encode(encoding))
    assert _types(console, "import", path) == 0
    service = tmp_path / "services.csv"
    service.write_text("name,owner\nMail,José Ñandú\n", encoding="utf-8")
    assert _types(console, "import", service) == 0


def test_script_in_names_and_titles_stays_text_on_every_paper(
    console: Console, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "people": f"name,email\n{SCRIPT} Eve,eve@hospital.example\n",
        "audiences": f"name,list address,list size\n{HALF} users,all@hospital.example,50\n",
        "services": f"name,plain words,owner,audiences\nS,{HALF},,{HALF} users\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        _types(console, "import", tmp_path / f"{name}.csv")
    capsys.readouterr()
    title = f"{SCRIPT} update"
    _types(
        console,
        *("plan", "--title", title, "--service", "S", "--coordinator", f"{SCRIPT} Eve"),
        *("--start", "2025-01-24T19:00", "--end", "2025-01-24T22:00"),
        *("--zone", "America/New_York", "--why", SCRIPT, "--bridge", SCRIPT),
    )
    code = capsys.readouterr().out.strip()
    files_left = ("--eml", tmp_path / "n.eml", "--ics", tmp_path / "n.ics")
    _types(console, "notice", code, "planned", *files_left)
    message = message_from_bytes((tmp_path / "n.eml").read_bytes(), policy=policy.default)
    html = message.get_body(("html",))
    assert html is not None
    assert "<script" not in html.get_content().casefold()
    assert "&lt;script src=x" in html.get_content()
    _types(console, "packet", code, "--pdf", tmp_path / "packet.pdf")
    assert (tmp_path / "packet.pdf").read_bytes().startswith(b"%PDF")
    outage_id = _outage_id(console, code)
    write_after_action(console.store.read(after_action_data, outage_id), tmp_path / "report.html")
    report = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<script" not in report.casefold()
    assert "&lt;script&gt;" in report


def test_a_title_with_line_breaks_adds_no_header_to_the_mail(
    console: Console, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.csv").write_text("name,list address,list size\nAll,all@hospital.example,5\n")
    (tmp_path / "s.csv").write_text("name,audiences\nS,All\n")
    for name in ("a.csv", "s.csv"):
        _types(console, "import", tmp_path / name)
    capsys.readouterr()
    try:
        _types(
            console,
            *("plan", "--title", "Update\r\nBcc: all@evil.example\r\n\r\nhello", "--service", "S"),
            *("--start", "2025-01-24T19:00", "--end", "2025-01-24T22:00"),
            *("--zone", "America/New_York"),
        )
    except ConsoleError:
        return  # refused is as good
    code = capsys.readouterr().out.strip()
    for kind in ("planned", "service_desk_brief"):
        path = tmp_path / f"{kind}.eml"
        try:
            _types(console, "notice", code, kind, "--eml", path)
        except ConsoleError:
            continue  # nobody to send it to
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert "all@evil.example" not in str(message["Bcc"] or "")
        assert "\n" not in str(message["Subject"])


def _outage_id(console: Console, code: str) -> str:
    from app.services.outages.planning import find_outage

    return console.store.read(lambda uow: find_outage(uow, code).id)

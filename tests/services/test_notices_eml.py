from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from app.models.errors import BadInput
from app.models.notices.kinds import NoticeKind
from app.services.notices.eml import (
    BATCH,
    Attachment,
    Envelope,
    Recipient,
    eml_files,
    stem_of,
)
from app.services.notices.rendering import Rendered, built_in, render
from tests.services.notices_samples import REFERENCE

OPS = Recipient("ops@harbour.example", "Operations")
STEM = stem_of("OUT-2025-004", NoticeKind.PLANNED)
NOTICE = render(built_in(NoticeKind.PLANNED), REFERENCE)


def written(
    rendered: Rendered = NOTICE,
    envelope: Envelope | None = None,
    attachment: Attachment | None = None,
) -> EmailMessage:
    attached = (attachment,) if attachment else ()
    (file,) = eml_files(rendered, envelope or Envelope((OPS,)), STEM, *attached)
    message = message_from_bytes(file.content(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


def users(count: int) -> tuple[Recipient, ...]:
    return tuple(Recipient(f"user{n}@harbour.example") for n in range(count))


def test_a_notice_is_a_draft_that_outlook_will_date_and_sign_itself() -> None:
    message = written()
    assert message["X-Unsent"] == "1"
    assert not {"Date", "Message-ID", "From"} & set(message.keys())


@pytest.mark.parametrize("length", range(60, 140, 3))
@pytest.mark.parametrize("letter", ["a", "é"])
def test_a_long_subject_begins_on_its_own_line(length: int, letter: str) -> None:
    subject = (f"Crew brief: {letter * 5} file cluster, " * 4)[:length].strip()
    (file,) = eml_files(replace(NOTICE, subject=subject), Envelope((OPS,)), STEM)
    assert b"Subject:\r\n" not in file.content()  # some readers show that as no subject, or a blank
    assert message_from_bytes(file.content(), policy=default)["Subject"] == subject


def test_a_notice_has_its_text_first_and_its_html_as_the_alternative() -> None:
    message = written()
    assert message.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == NOTICE.text + "\n"


def test_an_attached_calendar_entry_says_its_method() -> None:
    message = written(attachment=Attachment("hold.ics", b"BEGIN:VCALENDAR\r\n", "PUBLISH"))
    (part,) = message.iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "PUBLISH"
    assert part.get_filename() == "hold.ics"


def test_hidden_recipients_are_split_into_batches_that_all_carry_the_visible_ones() -> None:
    files = eml_files(NOTICE, Envelope((OPS,), users(1200)), STEM)
    assert [f.filename for f in files] == [
        "OUT-2025-004-planned-1-1of3.eml",
        "OUT-2025-004-planned-1-2of3.eml",
        "OUT-2025-004-planned-1-3of3.eml",
    ]
    assert [f.recipients for f in files] == [BATCH - 1, BATCH - 1, 202]  # OPS only sends it
    found: list[str] = []
    for file in files:
        message = message_from_bytes(file.content(), policy=default)
        assert [a.addr_spec for a in message["To"].addresses] == [OPS.email]
        found += [a.addr_spec for a in message["Bcc"].addresses]
    assert found == [user.email for user in users(1200)]


def test_somebody_named_twice_gets_it_once() -> None:
    again = Recipient("OPS@harbour.example")
    (file,) = eml_files(NOTICE, Envelope((OPS,), (again, *users(1), *users(1))), STEM)
    assert file.recipients == 2


def test_more_visible_recipients_than_fit_are_refused() -> None:
    with pytest.raises(BadInput, match="Bcc"):
        eml_files(NOTICE, Envelope(users(BATCH + 1)), STEM)


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@e.example", "a\nX-Evil: 1", "a\rb", "a\x00b"])
def test_no_subject_or_name_can_add_a_header(evil: str) -> None:
    message = written(
        Rendered(evil, "text", "<p>text</p>"), Envelope((Recipient(OPS.email, evil),))
    )
    assert "Bcc" not in message
    assert "X-Evil" not in message
    assert message["To"].addresses[0].addr_spec == OPS.email


@pytest.mark.parametrize(
    "email",
    ["", "ops", "@harbour.example", "a b@c.example", "a@b\r\nBcc: x@e.example", "a@..example"],
)
def test_an_address_that_is_none_is_refused_by_name(email: str) -> None:
    with pytest.raises(BadInput, match="not a mail address"):
        eml_files(NOTICE, Envelope((Recipient(email),)), STEM)


def test_an_internationalised_address_keeps_its_name_and_gets_an_ascii_domain() -> None:
    jürg = Recipient("jürg@bücher.example", "Jürg Böll")
    (file,) = eml_files(NOTICE, Envelope((jürg,)), STEM)
    assert "To: Jürg Böll <jürg@xn--bcher-kva.example>\r\n".encode() in file.content()


def test_a_message_to_plain_addresses_is_plain_ascii() -> None:
    rendered = Rendered("Geplant: Größe", "Grüße – 日本", "<p>Grüße – 日本</p>")
    (file,) = eml_files(rendered, Envelope((Recipient(OPS.email, "Jürg"),)), STEM)
    assert file.content().isascii()
    assert all(len(line) <= 998 for line in file.content().split(b"\r\n"))
    message = message_from_bytes(file.content(), policy=default)
    assert message["Subject"] == "Geplant: Größe"


def test_the_same_notice_gives_the_same_bytes() -> None:
    one, two = (eml_files(NOTICE, Envelope((OPS,), users(3)), STEM)[0] for _ in range(2))
    assert one.content() == two.content()


@pytest.mark.parametrize(
    ("code", "stem"),
    [("OUT-2025-004", "OUT-2025-004-all-clear-1"), ("a/..\\b:c", "a-..-b-c-all-clear-1")],
)
def test_a_file_name_is_one_that_every_system_takes(code: str, stem: str) -> None:
    assert stem_of(code, NoticeKind.ALL_CLEAR) == stem

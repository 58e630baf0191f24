"""What arrived, read from Graph's rows and headers."""

from __future__ import annotations

from typing import Any

import pytest

from app.services.graph.arrivals import arrived

ROW: dict[str, Any] = {
    "id": "1",
    "internetMessageId": "<answer@partner.example>",
    "conversationId": "C",
    "subject": "RE: Mail rests",
    "from": {"emailAddress": {"name": "Ann", "address": "ann@partner.example"}},
    "receivedDateTime": "2026-11-21T10:00:00Z",
    "bodyPreview": "Not on a …",
}
NDR = """Delivery has failed to these recipients or groups:

Old Desk (Old.Desk@partner.example)
The email address you entered couldn't be found.

gone@partner.example
The mailbox is full.

Diagnostic information for administrators:
Generating server: mx.harbor.example
admin@mx.harbor.example
"""


def headers(**named: str) -> dict[str, Any]:
    listed = [{"name": k.replace("_", "-"), "value": v} for k, v in named.items()]
    return {"internetMessageHeaders": listed}


def test_references_are_in_order_and_the_newest_is_last() -> None:
    whole = headers(REFERENCES="<one@x.example>\r\n <two@x.example>", In_Reply_To="<two@x.example>")
    assert arrived(ROW, whole).references == ("<one@x.example>", "<two@x.example>")


def test_what_is_answered_is_last_also_when_the_list_ends_with_another() -> None:
    whole = headers(References="<two@x.example> <one@x.example>", In_Reply_To="<two@x.example>")
    assert arrived(ROW, whole).references == ("<one@x.example>", "<two@x.example>")


def test_only_what_the_person_wrote_is_shown() -> None:
    whole = {
        "uniqueBody": {"contentType": "text", "content": "Not on a Friday!\r\n"},
        "body": {"contentType": "text", "content": "Not on a Friday!\r\n\r\nFrom: me"},
    }
    assert arrived(ROW, whole).text == "Not on a Friday!"


def test_without_a_reading_by_id_the_preview_stands() -> None:
    came = arrived(ROW, {})
    assert (came.text, came.references) == ("Not on a …", ())


@pytest.mark.parametrize(
    "said",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"Precedence": "auto_reply"},
    ],
)
def test_a_machine_wrote_it(said: dict[str, str]) -> None:
    assert arrived(ROW, headers(**said)).automatic


@pytest.mark.parametrize(
    "said", [{}, {"Auto_Submitted": "no"}, {"X_Auto_Response_Suppress": "DR, OOF, AutoReply"}]
)
def test_a_person_wrote_it(said: dict[str, str]) -> None:
    assert not arrived(ROW, headers(**said)).automatic


def test_a_bounce_names_people_and_no_servers() -> None:
    row = {**ROW, "from": {"emailAddress": {"address": "MicrosoftExchange329e@harbor.example"}}}
    row["subject"] = "Undeliverable: Mail rests"
    came = arrived(row, {"body": {"contentType": "text", "content": NDR}})
    assert came.is_bounce
    assert came.undelivered == ("old.desk@partner.example", "gone@partner.example")


def test_a_header_that_lists_the_failed_beats_the_words() -> None:
    whole = {
        **headers(X_Failed_Recipients="a@partner.example, b@partner.example"),
        "body": {"content": NDR},
    }
    assert arrived(ROW, whole).undelivered == ("a@partner.example", "b@partner.example")


def test_a_bounce_that_names_nobody_is_still_one() -> None:
    whole = headers(Content_Type='multipart/report; report-type="delivery-status"')
    came = arrived({**ROW, "bodyPreview": "It did not work."}, whole)
    assert came.is_bounce
    assert came.undelivered == ()


def test_somebody_who_writes_about_a_bounce_is_no_bounce() -> None:
    assert not arrived({**ROW, "subject": "Undeliverable: what is this?"}, {}).is_bounce

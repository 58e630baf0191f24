"""What the mailbox asks of Graph, where the practice tenant is kinder than Graph may be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.services.graph.keys import KEY_PROPERTY
from app.services.graph.mail import GraphMailbox
from app.services.ports.mail import Address, File, Outgoing
from app.services.ports.trouble import Refused, Unclear
from tests.services.graph.scripted import Answer, graph_error
from tests.services.graph.speaking import speaking

NOTICE = Outgoing("key", "Subject", "text", "<p>html</p>", to=(Address("a@partner.example"),))
DRAFT = {"id": "d=1", "isDraft": True, "internetMessageId": "<1@x>", "conversationId": "C"}
EMPTY = Answer(body={"value": []})


def drafted(content: str, kind: str = "html") -> Answer:
    return Answer(201, {**DRAFT, "body": {"contentType": kind, "content": content}})


def test_ids_are_asked_to_stay_and_stand_quoted_in_paths() -> None:
    with speaking(Answer(202)) as graph:
        GraphMailbox(graph.client).send("a/b+c=", "it desk@harbor.example")
        seen = graph.script.seen[0]
        assert seen.target == "/v1.0/users/it%20desk@harbor.example/messages/a%2Fb%2Bc%3D/send"
        assert seen.headers["prefer"] == 'IdType="ImmutableId"'


def test_a_draft_carries_the_key_as_property_and_header() -> None:
    with speaking(Answer(201, DRAFT)) as graph:
        GraphMailbox(graph.client).create_draft(NOTICE)
        body = graph.script.seen[0].json()
        assert body["singleValueExtendedProperties"] == [{"id": KEY_PROPERTY, "value": "key"}]
        assert body["internetMessageHeaders"] == [{"name": "x-flight-console-key", "value": "key"}]


def test_an_answer_without_an_id_is_not_believed() -> None:
    with speaking(Answer(201, {"hello": "portal"})) as graph, pytest.raises(Unclear):
        GraphMailbox(graph.client).create_draft(NOTICE)


def test_a_note_stands_inside_the_body_of_what_is_forwarded() -> None:
    patched = Answer(200, DRAFT)
    quoted = "<html><head><style>p{}</style></head><body lang=en><div>Original</div></body></html>"
    with speaking(EMPTY, drafted(quoted), patched) as graph:
        GraphMailbox(graph.client).create_draft(replace(NOTICE, forward_of="1"))
        body = graph.script.seen[-1].json()["body"]
        assert body["contentType"] == "HTML"
        assert body["content"] == quoted.replace("<div>", "<p>html</p><br><div>")


def test_a_note_on_plain_text_is_plain() -> None:
    with speaking(EMPTY, drafted("Original", "text"), Answer(200, DRAFT)) as graph:
        GraphMailbox(graph.client).create_draft(replace(NOTICE, answer_to="1"))
        body = graph.script.seen[-1].json()["body"]
        assert body == {"contentType": "Text", "content": "text\n\nOriginal"}


def test_a_forward_that_may_not_be_born_with_our_mark_is_born_without() -> None:
    declined = Answer(400, graph_error("RequestBodyRead"))
    with speaking(EMPTY, declined, drafted("x"), Answer(200, DRAFT)) as graph:
        GraphMailbox(graph.client).create_draft(replace(NOTICE, forward_of="1"))
        born, patch = graph.script.seen[2:]
        assert born.json() == {}
        assert patch.json()["singleValueExtendedProperties"][0]["value"] == "key"


def test_what_cannot_be_finished_is_thrown_away() -> None:
    declined = Answer(403, graph_error("ErrorAccessDenied"))
    with speaking(EMPTY, drafted("x"), declined, Answer(204)) as graph:
        with pytest.raises(Refused):
            GraphMailbox(graph.client).create_draft(replace(NOTICE, forward_of="1"))
        assert graph.script.seen[-1].method == "DELETE"


def test_what_an_earlier_try_left_half_made_is_swept() -> None:
    left = Answer(body={"value": [{"id": "old"}]})
    with speaking(left, Answer(204), drafted("x"), Answer(200, DRAFT)) as graph:
        GraphMailbox(graph.client).create_draft(replace(NOTICE, forward_of="1"))
        looked, swept = graph.script.seen[:2]
        assert "key~" in looked.target
        assert (swept.method, swept.target) == ("DELETE", "/v1.0/me/messages/old")


def upload(*answers: Answer) -> list[Answer]:
    session = {"uploadUrl": "", "expirationDateTime": "2026-11-22T00:00:00Z"}
    return [EMPTY, Answer(201, DRAFT), Answer(201, session), *answers, Answer(200, DRAFT)]


def test_a_large_file_goes_in_pieces_and_where_the_service_wants_to_go_on() -> None:
    content = bytes(range(256)) * 31_250
    wants: list[dict[str, Any]] = [
        {"NextExpectedRanges": ["1000000-"]},
        {"nextExpectedRanges": ["4932160"]},
    ]
    with speaking(*upload(*(Answer(200, want) for want in wants), Answer(201))) as graph:
        session: Any = graph.script.answers[2].body
        session["uploadUrl"] = f"{graph.script.url}/up"
        GraphMailbox(graph.client).create_draft(
            replace(NOTICE, files=(File("big.bin", "application/octet-stream", content),))
        )
        puts = [seen for seen in graph.script.seen if seen.method == "PUT"]
        ranges = [seen.headers["content-range"] for seen in puts]
        assert ranges == [
            "bytes 0-3932159/8000000",
            "bytes 1000000-4932159/8000000",
            "bytes 4932160-7999999/8000000",
        ]
        assert puts[1].body == content[1_000_000:4_932_160]
        assert all("authorization" not in seen.headers for seen in puts)


def test_a_large_file_in_a_shared_mailbox_is_explained() -> None:
    refused = Answer(403, graph_error("ErrorAccessDenied"))
    big = replace(NOTICE, mailbox="it@harbor.example", files=(File("b", "x/y", bytes(4_000_000)),))
    with (
        speaking(EMPTY, Answer(201, DRAFT), refused, Answer(204)) as graph,
        pytest.raises(Refused, match="shared mailbox"),
    ):
        GraphMailbox(graph.client).create_draft(big)


def test_a_held_message_that_is_no_draft_can_still_be_taken_back() -> None:
    held = Answer(body={"isDraft": False, "parentFolderId": "outbox"})
    folder = Answer(body={"id": "sent"})
    with speaking(held, folder, Answer(204)) as graph:
        GraphMailbox(graph.client).delete_draft("1")
        assert graph.script.seen[-1].method == "DELETE"

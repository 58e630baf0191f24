"""Graph's mail calls over the wire: shapes, paging, filters, files, and who may do what."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest

from app.services.practice.routes import ROUTES
from tests.contracts.schema_check import schema
from tests.services.practice_wire import Wire, served

KEY = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name FlightKey"


@pytest.fixture
def wire() -> Iterator[Wire]:
    with served() as wire:
        yield wire


def draft(wire: Wire, key: str = "k1", **values: Any) -> Any:
    body = {
        "subject": "Storage array A",
        "body": {"contentType": "HTML", "content": "<p>Down at nine.</p>"},
        "toRecipients": [{"emailAddress": {"address": "bob@flight.example"}}],
        "singleValueExtendedProperties": [{"id": KEY, "value": key}],
        **values,
    }
    return wire.ask("POST", "/me/messages", 201, json=body)


def by_key(key: str) -> dict[str, str]:
    prop = f"singleValueExtendedProperties/Any(ep: ep/id eq '{KEY}' and ep/value eq '{key}')"
    return {"$filter": prop, "$select": "id,isDraft,internetMessageId"}


def test_scopes_of_each_call_are_those_of_the_table() -> None:
    table = {(each["method"], each["path"].lower()): each for each in schema()["calls"]}
    for route in ROUTES:
        row = table.get((route.method, route.path.lower().rstrip("/")))
        if row is None:
            continue
        named = {*row["scopeLeast"], *row["scopeAlso"]}
        more = set(route.scopes) - named
        assert set(route.scopes) & set(row["scopeLeast"]) or route.name == "message"
        assert all(each.endswith(".ReadWrite") for each in more), route.path


def test_a_draft_is_found_by_its_key_before_and_after_sending(wire: Wire) -> None:
    made = draft(wire)
    assert "singleValueExtendedProperties" not in made
    (found,) = wire.ask("GET", "/me/mailFolders/Drafts/messages", 200, params=by_key("K1"))["value"]
    assert (found["id"], found["isDraft"]) == (made["id"], True)
    assert wire.client.post(f"/me/messages/{made['id']}/send").status_code == 202
    wire.house.later(seconds=1)
    wire.ask("GET", f"/me/messages/{made['id']}", 404)
    (sent,) = wire.ask("GET", "/me/messages", 200, params=by_key("k1"))["value"]
    assert sent["internetMessageId"] == made["internetMessageId"]
    assert sent["id"] != made["id"]


def test_a_key_is_shown_when_expanded(wire: Wire) -> None:
    made = draft(wire)
    params = {"$expand": f"singleValueExtendedProperties($filter=id eq '{KEY}')", "$select": "id"}
    found = wire.ask("GET", f"/me/messages/{made['id']}", 200, params=params)
    assert found["singleValueExtendedProperties"] == [{"id": KEY, "value": "k1"}]


def test_an_immutable_id_is_given_and_taken(wire: Wire) -> None:
    prefer = {"Prefer": 'IdType="ImmutableId"'}
    made = draft(wire)
    answer = wire.client.get(f"/me/messages/{made['id']}", headers=prefer)
    assert answer.headers["Preference-Applied"] == "IdType=ImmutableId"
    other = answer.json()["id"]
    assert other != made["id"]
    assert wire.ask("GET", f"/me/messages/{other}", 200)["id"] == made["id"]


def test_a_list_comes_in_pages_of_ten_newest_first(wire: Wire) -> None:
    for number in range(23):
        draft(wire, f"k{number}", subject=f"Notice {number}")
        wire.house.later(seconds=1)
    pages = list(wire.pages("/me/messages", params={"$select": "subject"}))
    assert [len(page["value"]) for page in pages] == [10, 10, 3]
    assert pages[0]["value"][0]["subject"] == "Notice 22"


def test_an_unknown_property_is_refused_with_its_name(wire: Wire) -> None:
    answer = wire.client.post("/me/messages", json={"subjct": "x"})
    assert answer.status_code == 400
    assert "'subjct' does not exist on type 'microsoft.graph.message'" in answer.text


def test_sorting_by_what_is_not_filtered_by_is_too_complex(wire: Wire) -> None:
    params = {"$filter": "conversationId eq 'x'", "$orderby": "receivedDateTime"}
    assert wire.ask("GET", "/me/messages", 400, params=params)["error"]["code"] == (
        "InefficientFilter"
    )


def test_only_a_draft_can_be_rewritten(wire: Wire) -> None:
    made = draft(wire)
    path = f"/me/messages/{made['id']}"
    assert wire.ask("PATCH", path, 200, json={"subject": "New"})["subject"] == "New"
    wire.client.post(f"{path}/send")
    wire.house.later(seconds=1)
    (sent,) = wire.ask("GET", "/me/messages", 200, params=by_key("k1"))["value"]
    wire.ask("PATCH", f"/me/messages/{sent['id']}", 400, json={"subject": "Newer"})
    wire.ask("PATCH", f"/me/messages/{sent['id']}", 200, json={"categories": ["Flight"]})


def test_a_forward_quotes_the_original_keeps_its_files_and_not_the_comment(wire: Wire) -> None:
    file = {
        "@odata.type": "#microsoft.graph.fileAttachment",
        "name": "hold.ics",
        "contentType": "text/calendar",
        "contentBytes": b64encode(b"BEGIN:VCALENDAR").decode(),
    }
    made = draft(wire, attachments=[file])
    asked = {"comment": "Do not forget", "toRecipients": made["toRecipients"]}
    forward = wire.ask("POST", f"/me/messages/{made['id']}/createForward", 201, json=asked)
    assert forward["subject"] == "FW: Storage array A"
    assert forward["conversationId"] == made["conversationId"]
    assert "Down at nine." in forward["body"]["content"]
    assert "Do not forget" not in forward["body"]["content"]
    files = wire.ask("GET", f"/me/messages/{forward['id']}/attachments", 200)["value"]
    assert [each["name"] for each in files] == ["hold.ics"]


def test_a_reply_to_one_s_own_message_goes_to_whom_it_went_to(wire: Wire) -> None:
    made = draft(wire)
    reply = wire.ask("POST", f"/me/messages/{made['id']}/createReply", 201)
    assert reply["toRecipients"][0]["emailAddress"]["address"] == "bob@flight.example"
    assert reply["subject"] == "RE: Storage array A"


def test_a_large_file_goes_up_in_pieces_without_a_token(wire: Wire) -> None:
    made = draft(wire)
    content = bytes(range(256)) * 4096 * 4  # 4 MiB
    item = {"attachmentType": "file", "name": "packet.pdf", "size": len(content)}
    path = f"/me/messages/{made['id']}/attachments"
    begun = wire.ask("POST", f"{path}/createUploadSession", 201, json={"AttachmentItem": item})
    half = len(content) // 2
    url, total = begun["uploadUrl"], len(content)
    spans = [(0, half), (half, total)]
    headers = [{"Content-Range": f"bytes {a}-{b - 1}/{total}"} for a, b in spans]
    assert wire.client.put(url, content=content[:half], headers=headers[0]).status_code == 401
    with httpx.Client(trust_env=False) as plain:
        first = plain.put(url, content=content[:half], headers=headers[0])
        assert first.json()["NextExpectedRanges"] == [str(half)]
        again = plain.put(url, content=content[:half], headers=headers[0])
        assert again.status_code == 416
        last = plain.put(url, content=content[half:], headers=headers[1])
    assert (last.status_code, last.content) == (201, b"")
    assert "Attachments('" in last.headers["Location"]
    (file,) = wire.ask("GET", path, 200)["value"]
    raw = wire.client.get(f"{path}/{file['id']}/$value")
    assert raw.content == content


def test_a_small_file_gets_no_upload_session(wire: Wire) -> None:
    path = f"/me/messages/{draft(wire)['id']}/attachments/createUploadSession"
    item = {"attachmentType": "file", "name": "a.txt", "size": 10}
    refused = wire.ask("POST", path, 400, json={"AttachmentItem": item})
    assert refused["error"]["code"] == "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize"


def test_a_missing_scope_is_403_and_no_token_401(wire: Wire) -> None:
    with wire.as_user(wire.house.ada, "Mail.Read") as reader:
        assert reader.get("/me/messages").status_code == 200
        assert reader.post("/me/messages", json={}).status_code == 403
    assert httpx.get(f"{wire.address}/v1.0/me", trust_env=False).status_code == 401


def test_a_shared_mailbox_is_for_its_delegates_with_a_shared_scope(wire: Wire) -> None:
    house = wire.house
    house.tenant.add_shared("ops@flight.example", "Flight operations", [house.ada])
    path = "/users/ops@flight.example/messages"
    shared = ("Mail.ReadWrite.Shared", "Mail.Send.Shared")
    with wire.as_user(house.ada, *shared) as ada, wire.as_user(house.bob, *shared) as bob:
        made = ada.post(path, json={"toRecipients": [{"emailAddress": {"address": "x@y.example"}}]})
        assert made.json()["from"]["emailAddress"]["address"] == "ops@flight.example"
        assert ada.post(f"{path}/{made.json()['id']}/send").status_code == 202
        assert bob.get(path).status_code == 403
        assert ada.get("/users/nobody@flight.example/messages").status_code == 404
    wire.ask("GET", path, 403)


def test_a_fifth_request_at_once_is_over_the_mailbox_s_limit(wire: Wire) -> None:
    """Each has its client and its connection before: making those takes a busy machine longer
    than a request waits."""
    clients = [wire.as_user(wire.house.ada) for _ in range(6)]
    assert [each.get("/me/messages").status_code for each in clients] == [200] * 6
    wire.faults.set("latency=500ms:messages#*")
    together = Barrier(len(clients))

    def ask(client: httpx.Client) -> int:
        together.wait(20)
        return client.get("/me/messages").status_code

    with ThreadPoolExecutor(len(clients)) as threads:
        answers = sorted(threads.map(ask, clients))
    for each in clients:
        each.close()
    assert answers == [200] * 4 + [429] * 2


def test_a_person_here_and_one_outside_answer_a_notice(wire: Wire) -> None:
    made = draft(wire)
    wire.client.post(f"/me/messages/{made['id']}/send")
    wire.house.later(seconds=1)
    (arrived,) = wire.house.folder(wire.house.bob, "inbox")
    wire.control("answer", mailbox="bob@flight.example", message=arrived.id, text="Not on Sunday")
    (sent,) = wire.house.folder(wire.house.ada, "sentitems")
    outside = {"sender": "zoe@outside.example", "text": "Thanks", "message": sent.id}
    wire.control("answer", mailbox="ada@flight.example", **outside)
    wire.house.later(seconds=1)
    inbox = wire.ask("GET", "/me/mailFolders/inbox/messages", 200)["value"]
    assert {each["conversationId"] for each in inbox} == {made["conversationId"]}
    assert {each["subject"] for each in inbox} == {"RE: Storage array A"}
    one = wire.ask(
        "GET",
        f"/me/messages/{inbox[0]['id']}",
        200,
        params={"$select": "internetMessageHeaders,uniqueBody,body"},
        headers={"Prefer": 'outlook.body-content-type="text"'},
    )
    assert one["uniqueBody"]["content"] in ("Thanks", "Not on Sunday")
    assert "Down at nine." in one["body"]["content"]
    headers = {each["name"]: each["value"] for each in one["internetMessageHeaders"]}
    assert headers["In-Reply-To"] == made["internetMessageId"]


def test_sendmail_makes_a_message_of_its_own_each_time(wire: Wire) -> None:
    message = {"subject": "Hi", "toRecipients": [{"emailAddress": {"address": "b@c.example"}}]}
    for _ in range(2):
        answer = wire.client.post("/me/sendMail", json={"message": message})
        assert (answer.status_code, answer.content) == (202, b"")
    wire.house.later(seconds=1)
    assert len(wire.house.folder(wire.house.ada, "sentitems")) == 2


def test_a_draft_of_an_outdated_change_key_is_not_changed(wire: Wire) -> None:
    made = draft(wire)
    path = f"/me/messages/{made['id']}"
    old = {"If-Match": made["@odata.etag"]}
    wire.ask("PATCH", path, 200, json={"subject": "New"}, headers=old)
    wire.ask("PATCH", path, 412, json={"subject": "Newer"}, headers=old)

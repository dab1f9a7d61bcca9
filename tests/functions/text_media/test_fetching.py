"""Files of a text are fetched after the text is safe, known by their content, bounded, and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.events.inbox import TextMediaReceived
from shared.testing.http_stub import Reply, Request, serve
from tests.texting_desk import ANN, Desk, open_desk

JPEG = b"\xff\xd8\xff\xe0" + b"x" * 100


class Host:
    """Where files lie; `status` is its bad day."""

    url: str

    def __init__(self) -> None:
        self.files: dict[str, tuple[bytes, str]] = {
            "/a": (JPEG, "image/png"),
            "/b": (b"MZ\x90evil", "image/jpeg"),
        }
        self.status, self.asked = 0, 0

    def answer(self, request: Request) -> Reply:
        self.asked += 1
        if self.status:
            return Reply(self.status)
        if request.path == "/away":
            return Reply(302, b"", headers={"Location": "http://192.0.2.1/x"})
        if request.path == "/moved":
            return Reply(302, b"", headers={"Location": "/a"})
        content, kind = self.files.get(request.path, (b"", ""))
        return Reply(200, content, headers={"Content-Type": kind}) if content else Reply(404)


@contextmanager
def host() -> Iterator[Host]:
    found = Host()
    with serve(found.answer) as found.url:
        yield found


@pytest.fixture
def files() -> Iterator[Host]:
    with host() as found:
        yield found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as running:
        yield running


def media(desk: Desk, *addresses: str) -> list[dict[str, object]]:
    text = desk.said("I need new brakes", media=[(one, "image/jpeg") for one in addresses])
    found: list[dict[str, object]] = desk.inbound(text["text_sid"])["media"]
    return found


def test_a_file_is_stored_under_the_type_its_content_has_and_shown_to_staff(desk: Desk, files: Host) -> None:
    (one,) = media(desk, f"{files.url}/a")
    assert (one["state"], one["content_type"], one["bytes"]) == ("stored", "image/jpeg", len(JPEG))
    (thread,) = desk.threads()
    shown = desk.call("GET", f"/api/inbox/threads/{thread.thread_id}")["messages"][0]["files"][0]
    response = desk.product.call("GET", shown["path"], persona="advisor")
    assert (response.status, response.body) == (200, JPEG)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert desk.product.call("GET", shown["path"], persona="advisor", tenant="northside").status == 404


def test_what_only_calls_itself_a_picture_is_downloaded_and_never_opened(desk: Desk, files: Host) -> None:
    (one,) = media(desk, f"{files.url}/b")
    assert one["content_type"] == "application/octet-stream"
    sid = desk.stored("inbound_texts")[0]["text_sid"]
    response = desk.product.call("GET", f"/api/inbox/files/{sid}/0", persona="advisor")
    assert response.headers["Content-Disposition"] == "attachment"


def test_an_address_may_lead_to_another_of_the_provider_s(desk: Desk, files: Host) -> None:
    (one,) = media(desk, f"{files.url}/moved")
    assert one["state"] == "stored"


@pytest.mark.parametrize("path", ["/away", "/missing"])
def test_a_file_that_is_not_there_or_leads_elsewhere_is_refused_and_the_text_is_routed(
    desk: Desk, files: Host, path: str
) -> None:
    (one,) = media(desk, f"{files.url}{path}")
    assert one["state"] == "refused" and one["reason"] in ("Forbidden", "NotFound")
    assert desk.stored("inbound_texts")[0]["state"] == "passed_on"


@pytest.mark.parametrize(
    "address", ["http://192.0.2.1/x", "file:///etc/passwd", "https://198.51.100.7/latest"]
)
def test_nothing_is_fetched_from_where_the_provider_keeps_nothing(desk: Desk, address: str) -> None:
    (one,) = media(desk, address)
    assert (one["state"], one["reason"]) == ("refused", "Forbidden")


def test_a_file_over_the_limit_is_refused(desk: Desk, files: Host) -> None:
    files.files["/a"] = (b"\xff\xd8\xff" + b"0" * 16_000_001, "image/jpeg")
    (one,) = media(desk, f"{files.url}/a")
    assert (one["state"], one["reason"]) == ("refused", "TooLarge")


def test_while_the_host_is_away_the_file_waits_and_comes_with_a_later_delivery(
    tmp_path: Path, files: Host
) -> None:
    with open_desk(tmp_path, delivering=False) as desk:
        sid = desk.text("look", media=[(f"{files.url}/a", "image/jpeg")], sender=ANN)
        event = TextMediaReceived(text_sid=sid, files=1)
        files.status = 503
        assert desk.product.deliver("text_media", event).status == 503
        assert desk.inbound(sid)["media"][0]["state"] == "waiting"
        files.status = 0
        assert desk.product.deliver("text_media", event, attempt=2).status == 200
        assert desk.inbound(sid)["media"][0]["state"] == "stored"
        asked = files.asked
        desk.product.deliver("text_media", event, attempt=3)
        desk.product.deliver("text_media", event, cause="replayed")
        assert files.asked == asked, "what is stored is not fetched again"


def test_a_text_without_files_tells_nothing_of_any_and_one_nobody_kept_is_rejected(tmp_path: Path) -> None:
    with open_desk(tmp_path, delivering=False) as desk:
        desk.text("I need new brakes")
        assert desk.product.events("text-media-received") == []
        response = desk.product.deliver("text_media", TextMediaReceived(text_sid="SMnone", files=1))
        assert response.status == 200 and "rejected" in response.json()["reason"]


def test_files_that_never_came_are_said_to_be_unavailable_until_a_replay_brings_them(
    tmp_path: Path, files: Host
) -> None:
    with open_desk(tmp_path, delivering=False) as desk:
        sid = desk.text("look", media=[(f"{files.url}/a", "image/jpeg")])
        files.status = 503
        event = TextMediaReceived(text_sid=sid, files=1)
        assert desk.product.deliver("text_media", event, attempt=8).status == 503
        assert desk.inbound(sid)["media"][0]["state"] == "unavailable"
        files.status = 0
        assert desk.product.deliver("text_media", event, attempt=9).status == 200
        assert desk.inbound(sid)["media"][0]["state"] == "stored"

"""A file in one piece: taken at once, known by its bytes, refused with a reason."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from functions.media_ingest.form import file_of
from shared.errors import Malformed
from shared.events.media import MediaUploaded
from shared.local.wsgi_call import Response
from shared.testing.harness import Harness

ACCORD = "1HGCM82633A004352"
ORDER = {"ro_number": "RO-1", "vin": ACCORD, "opened_at": "2026-11-20T09:00:00Z", "customer": "Ann Lee"}


def send(
    product: Harness, content: bytes, content_type: str = "video/mp4", query: str = "", **caller: Any
) -> Response:
    target = f"/api/media/ingest{query}"
    who = caller or {"api_key": True}
    return product.call("POST", target, body=content, content_type=content_type, **who)


def test_a_video_is_accepted_at_once_and_told_once(product: Harness, clip: bytes) -> None:
    answer = send(product, clip, query=f"?vin={ACCORD}&note=squeals")
    assert (answer.status, answer.json()["kind"], answer.json()["content_type"]) == (
        202,
        "video",
        "video/mp4",
    )
    media_id = answer.json()["media_id"]
    assert [event["data"] for event in product.events(MediaUploaded.topic)] == [
        {"media_id": media_id, "kind": "video", "turn": 1}
    ]
    shown = product.call("GET", f"/api/media/{media_id}", persona="mechanic").json()
    assert (shown["state"], shown["vin"], shown["note"], shown["size"]) == (
        "received",
        ACCORD,
        "squeals",
        len(clip),
    )


def test_the_same_request_again_is_the_same_media(product: Harness, photo: bytes) -> None:
    headers = {"Idempotency-Key": "photo-7"}
    answers = [
        product.call(
            "POST", "/api/media/ingest", body=photo, content_type="image/jpeg", api_key=True, headers=headers
        ).json()
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert len(product.events(MediaUploaded.topic)) == 1


def test_a_repair_order_says_which_vehicle(product: Harness, photo: bytes) -> None:
    assert product.call("POST", "/api/records/repair_orders", json=[ORDER], api_key=True).status == 200
    answer = send(product, photo, "image/jpeg", "?repair_order=RO-1")
    shown = product.call("GET", f"/api/media/{answer.json()['media_id']}", persona="ceo").json()
    assert (shown["vin"], shown["repair_order"]) == (ACCORD, "RO-1")
    assert send(product, photo, "image/jpeg", "?repair_order=RO-9").status == 422
    assert send(product, photo, "image/jpeg", "?repair_order=RO-1&vin=5GZCZ43D13S812715").status == 422


@pytest.mark.parametrize(
    ("called", "status"),
    [
        ("video/mp4", 202),
        ("video/quicktime", 202),  # one family of boxes, called this or that by phones
        ("application/octet-stream", 202),
        ("image/jpeg", 415),
        ("audio/mpeg", 415),
        ("text/plain", 415),
        ("application/pdf", 415),
    ],
)
def test_a_file_is_what_its_bytes_say(product: Harness, clip: bytes, called: str, status: int) -> None:
    answer = send(product, clip, called)
    assert answer.status == status
    if status == 202:
        assert answer.json()["content_type"] == "video/mp4"
    else:
        assert product.events(MediaUploaded.topic) == []


def test_a_mislabelled_file_is_told_both_names(product: Harness, photo: bytes) -> None:
    answer = send(product, photo, "video/mp4")
    assert answer.status == 415
    assert "[video/mp4]" in answer.json()["detail"] and "[image/jpeg]" in answer.json()["detail"]


@pytest.mark.parametrize(
    "harm",
    [
        pytest.param(lambda clip: clip[: len(clip) // 2], id="cut short"),
        pytest.param(lambda clip: clip[:40] + b"\0" * 3000, id="nothing behind its first bytes"),
        pytest.param(lambda clip: clip.replace(b"moov", b"free"), id="without a description of its tracks"),
        pytest.param(lambda clip: clip[:40], id="hardly a byte"),
    ],
)
def test_a_damaged_video_is_refused_with_a_reason_and_leaves_nothing(
    product: Harness, clip: bytes, harm: Callable[[bytes], bytes]
) -> None:
    answer = send(product, harm(clip))
    assert answer.status == 422 and "file" in answer.json()["detail"]
    assert product.platform.blobs.keys("") == []
    assert product.events() == []


def test_a_file_that_is_too_long_for_one_piece_is_refused(product: Harness, clip: bytes) -> None:
    answer = send(product, clip + b"\0" * 32_000_000)
    assert answer.status == 413 and "32000000" in answer.json()["detail"]
    assert product.platform.blobs.keys("") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [("?vin=1HGCM82633A004353", "vin"), ("?stage=later", "stage"), ("?captured_at=yesterday", "captured_at")],
)
def test_what_is_said_of_it_must_hold(product: Harness, photo: bytes, query: str, field: str) -> None:
    answer = send(product, photo, "image/jpeg", query)
    assert answer.status == 422 and answer.json()["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        ({"persona": "mechanic"}, 202),
        ({"persona": "driver"}, 202),
        ({"api_key": "guess"}, 401),
        ({"persona": ""}, 401),
    ],
)
def test_mechanics_drivers_and_apps_send_media(
    product: Harness, photo: bytes, caller: dict[str, str], status: int
) -> None:
    assert send(product, photo, "image/jpeg", **caller).status == status


def test_another_dealership_sees_nothing_of_it(product: Harness, photo: bytes) -> None:
    media_id = send(product, photo, "image/jpeg").json()["media_id"]
    for path in ("", "/content", "/frames/f00000000"):
        answer = product.call("GET", f"/api/media/{media_id}{path}", persona="ceo", tenant="northside")
        assert answer.status == 404


def test_the_file_comes_back_whole_and_in_ranges(product: Harness, clip: bytes) -> None:
    media_id = send(product, clip).json()["media_id"]
    path = f"/api/media/{media_id}/content"
    whole = product.call("GET", path, persona="advisor")
    assert (whole.status, whole.body, whole.headers["Content-Type"]) == (200, clip, "video/mp4")
    part = product.call("GET", path, persona="advisor", headers={"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, clip[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(clip)}"
    rest = product.call("GET", path, persona="advisor", headers={"Range": f"bytes={len(clip) - 5}-"})
    assert (rest.status, rest.body) == (206, clip[-5:])
    beyond = product.call("GET", path, persona="advisor", headers={"Range": f"bytes={len(clip)}-"})
    assert beyond.status == 416
    assert product.call("GET", path, persona="advisor", headers={"Range": "lines=1"}).status == 422


def test_media_of_a_vehicle_are_listed_newest_first_page_by_page(product: Harness, photo: bytes) -> None:
    ids = [send(product, photo, "image/jpeg", f"?vin={ACCORD}").json()["media_id"] for _ in range(3)]
    asked = f"/api/media?vin={ACCORD}&limit=2"
    first = product.call("GET", asked, persona="ceo").json()
    assert [one["media_id"] for one in first["media"]] == [ids[2], ids[1]]
    after = product.call(
        "GET", f"/api/media?vin={ACCORD}&limit=2&after={first['next']}", persona="ceo"
    ).json()
    assert ([one["media_id"] for one in after["media"]], after["next"]) == ([ids[0]], None)
    waiting = product.call("GET", "/api/media?state=received", persona="ceo").json()["media"]
    assert len(waiting) == 3
    assert product.call("GET", "/api/media", persona="ceo").status == 422


def form(*parts: tuple[str, bytes]) -> bytes:
    return (
        b"".join(b"--XyZ\r\n" + head.encode() + b"\r\n\r\n" + body + b"\r\n" for head, body in parts)
        + b"--XyZ--"
    )


FIELD = 'Content-Disposition: form-data; name="note"'
FILE = 'Content-Disposition: form-data; name="file"; filename="a.mp4"\r\nContent-Type: {}'


def test_a_form_with_a_file_is_that_file(product: Harness, clip: bytes) -> None:
    body = form((FIELD, b"hello"), (FILE.format("video/mp4"), clip))
    answer = send(product, body, "multipart/form-data; boundary=XyZ")
    assert (answer.status, answer.json()["content_type"]) == (202, "video/mp4")
    media_id = answer.json()["media_id"]
    assert product.call("GET", f"/api/media/{media_id}/content", persona="ceo").body == clip


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (form((FIELD, b"hello")), 400),
        (form((FILE.format("image/jpeg"), b"%PDF-1.7")), 415),
        (b"no form at all", 400),
        (b"--XyZ\r\n" + FILE.encode() + b"\r\n\r\nnever ends", 400),
        (b"--" + b"X" * 500 + b"\r\n", 400),
    ],
)
def test_a_form_without_a_file_is_refused(product: Harness, body: bytes, status: int) -> None:
    assert send(product, body, "multipart/form-data; boundary=XyZ").status == status


def test_a_form_of_parts_without_end_is_read_once() -> None:
    body = b"--abc\r\n\r\nY" + b"--abc \r\n\r\nY" * 100_000
    began = time.process_time()
    with pytest.raises(Malformed):
        file_of(body)
    # Looking for the end of each part took minutes.
    assert time.process_time() - began < 5

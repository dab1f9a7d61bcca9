"""The smoke test holds on the product of `make run`, and tells each mistake seeded in front of it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.deploy import smoke as command
from shared.deploy.smoke import FUNCTIONS, Waiting, read_functions, smoke
from shared.deploy.smoke_checks import Check, Expected, degraded
from shared.deploy.smoke_question import plate
from shared.deploy.smoke_web import Web
from shared.testing.http_stub import Reply, json_reply, serve
from tests.deploy.fronts import Alter, answering, as_it_is, front, tls_front, without_header
from tests.journeys.embedded_product import EmbeddedProduct, embedded_product

AT_ONCE = Waiting(first_answer_s=0, settled_s=0, looks_every_s=0)


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedProduct]:
    with embedded_product(tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture
def url(product: EmbeddedProduct) -> str:
    return f"http://127.0.0.1:{product.port}"


def expected(**changes: object) -> Expected:
    return Expected(read_functions(FUNCTIONS), **changes)  # type: ignore[arg-type]  # the fields of Expected


def wrong_at(url: str, alter: Alter = as_it_is, told: Expected | None = None) -> list[str]:
    with front(url, alter) as address:
        return smoke(Web(address), told or expected(), AT_ONCE, lambda text: None)


def test_the_product_passes(url: str) -> None:
    said: list[str] = []
    assert smoke(Web(url), expected(), AT_ONCE, said.append) == []
    routes = [route for one in read_functions(FUNCTIONS).values() for route in one["routes"]]
    assert len(said) == len(routes) + 4, "each route, three checks more, and the sum"
    assert said[-1] == f"{len(routes) + 3} of {len(routes) + 3} checks hold at {url}"


def test_a_question_gets_its_plate(product: EmbeddedProduct, url: str, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(product.product.token("ceo") + "\n")
    options = ["--wait-minutes=0", "--settle-seconds=0", f"--user-token-file={token}"]
    assert command.main(["--url", url, *options]) == 0


def test_a_user_nobody_knows_gets_no_plate(url: str) -> None:
    stranger = Web(url, known_as={"Authorization": "Bearer nobody"})
    assert "POST /api/chat answers 401" in plate(stranger, seconds=1)


STATE = "/api/system/state"
BROKEN = json_reply({"title": "Internal error"}, 500)
HTML_401 = Reply(401, b"<html>", {"Content-Type": "text/html"})
SEEDED: dict[str, tuple[Alter, str]] = {
    "a route with a bug": (
        answering("POST", "/api/crm/intake", BROKEN),
        "POST /api/crm/intake: should answer 401 without a credential and answers 500",
    ),
    "a route nobody serves": (
        answering("GET", "/api/crm/persons/smoke-test", Reply(404)),
        "GET /api/crm/persons/{person_id}: should answer 401 without a credential and answers 404",
    ),
    "a route that lets everybody in": (
        answering("GET", "/api/operations/effects", json_reply({"effects": []})),
        "GET /api/operations/effects: should answer 401 without a credential and answers 200",
    ),
    "something before the product that refuses": (
        answering("POST", "/api/chat", HTML_401),
        "POST /api/chat: answers 401 in other words than the product's",
    ),
    "a public route that is closed": (
        answering("GET", "/api/openapi.json", Reply(403)),
        "GET /api/openapi.json: is public and answers 403",
    ),
    "a socket that lets everybody in": (
        answering("GET", "/ws/chat", Reply(200)),
        "SOCKET /ws/chat: should refuse a socket without a token and answers 200",
    ),
    "a missing header": (
        without_header("x-content-type-options"),
        "security headers: x-content-type-options is []",
    ),
    "a state that is none": (answering("GET", STATE, Reply(200, b"hello")), f"{STATE} answers 200 [hello]"),
    "an older release that still answers": (
        answering("GET", STATE, json_reply({"details": []})),
        "[crm_intake] is in no active primitive: an older release answers",
    ),
}


@pytest.mark.parametrize("seeded", SEEDED)
def test_a_seeded_mistake_is_told(url: str, seeded: str) -> None:
    alter, told = SEEDED[seeded]
    wrong = wrong_at(url, alter)
    assert len(wrong) == 1 and told in wrong[0], wrong


def test_a_health_check_that_fails_is_waited_for_and_then_told(url: str) -> None:
    alter = answering("GET", "/api/system/health", json_reply({"status": "down"}, 503))
    assert wrong_at(url, alter) == [
        "no answer from the product within 0 minutes: /api/system/health answers 503"
    ]


def test_a_primitive_that_is_degraded_is_told_unless_it_was_so_before(
    product: EmbeddedProduct, url: str
) -> None:
    state = product.call("GET", STATE).json()
    next(one for one in state["details"] if one["name"] == "operations_api")["status"] = "degraded"
    alter = answering("GET", STATE, json_reply(state))
    assert wrong_at(url, alter) == ["every primitive of this release is active: [operations_api] is degraded"]
    assert wrong_at(url, alter, expected(tolerated=frozenset({"operations_api"}))) == []
    with front(url, alter) as address:
        assert degraded(Web(address)) == {"operations_api"}


def test_through_tls_the_load_balancers_part_is_asked_too(url: str, tmp_path: Path) -> None:
    with tls_front(url, tmp_path) as address:
        options = ["--wait-minutes=0", "--settle-seconds=0", f"--ca-file={address.ca_file}"]
        assert command.main(["--url", address.url, *options, f"--plain-port={address.plain_port}"]) == 0


def test_plain_http_that_leads_nowhere_and_a_laptops_paths_are_told(url: str, tmp_path: Path) -> None:
    alter = answering("GET", "/local/events", json_reply({"events": []}))
    with tls_front(url, tmp_path, alter, redirects=False) as address:
        web = Web(address.url, ca_file=address.ca_file)
        wrong = smoke(web, expected(plain_port=address.plain_port), AT_ONCE, lambda text: None)
    assert [one.partition(":")[0] for one in wrong] == [
        "HTTP leads to HTTPS",
        "nothing of a laptop is served",
    ]


def test_a_missing_strict_transport_security_is_told(url: str, tmp_path: Path) -> None:
    with tls_front(url, tmp_path, without_header("strict-transport-security")) as address:
        web = Web(address.url, ca_file=address.ca_file)
        wrong = smoke(web, expected(plain_port=address.plain_port), AT_ONCE, lambda text: None)
    assert wrong == ["security headers: strict-transport-security is []"]


def test_a_certificate_nobody_signed_is_waited_for(url: str, tmp_path: Path) -> None:
    with tls_front(url, tmp_path) as address:
        (wrong,) = smoke(Web(address.url), expected(), AT_ONCE, lambda text: None)
    assert "shows no certificate of its own yet" in wrong


def test_a_server_that_speaks_no_tls_is_told(url: str) -> None:
    (wrong,) = smoke(Web(url.replace("http:", "https:")), expected(), AT_ONCE, lambda text: None)
    assert "does not speak TLS yet" in wrong


def test_a_name_without_an_address_is_told() -> None:
    (wrong,) = smoke(Web("https://no-such-name.invalid"), expected(), AT_ONCE, lambda text: None)
    assert "has no address yet: the DNS record is missing" in wrong


def test_an_address_where_nobody_listens_is_told() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    (wrong,) = smoke(Web(f"http://127.0.0.1:{port}"), expected(), AT_ONCE, lambda text: None)
    assert "does not answer (ConnectionRefusedError)" in wrong


def test_something_that_is_no_address_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--url", "cos.example.com", "--wait-minutes=0"]) == 1
    assert "[cos.example.com] is no address" in capfd.readouterr().out


def test_what_does_not_hold_at_first_is_looked_at_again() -> None:
    """A new backend reaches every front end of the load balancer after a minute or two."""
    looks = iter(["answers 404", "answers 404", ""])
    clock = iter(range(100))
    slept: list[float] = []
    waiting = Waiting(10, 50, 5, now=lambda: next(clock), sleep=slept.append)
    young = Check("young", lambda: next(looks))
    with serve(lambda request: json_reply({"status": "ok", "details": []})) as address:
        wrong = smoke(Web(address), Expected({}), waiting, lambda text: None, young)
    assert [one for one in wrong if one.startswith("young")] == []
    assert len(slept) >= 2


def test_functions_of_another_release_can_be_asked_for(url: str, tmp_path: Path) -> None:
    """As on the way back: the release before had fewer routes."""
    functions = json.loads(FUNCTIONS.read_text())
    functions["leaflets"] = {
        "kind": "http",
        "routes": [{"method": "GET", "path": "/api/leaflets", "auth": ["user"]}],
    }
    file = tmp_path / "functions.json"
    file.write_text(json.dumps(functions))
    options = ["--wait-minutes=0", "--settle-seconds=0", f"--functions={file}"]
    assert command.main(["--url", url, *options]) == 1

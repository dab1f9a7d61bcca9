from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared.manifest import ROOT, all_manifests
from tests.infra import offline
from tests.infra.offline import Plan
from tests.infra.seeded import installed, with_function
from tests.infra.url_map import Edge, fits
from tests.infra.workspace import OfflineError

HOST = "cos.example.com"
IDS = ("x", "2f6c8f0e", "A.b_c:d-9", "1HGCM82633A004352")
ROUTES = [(one.deployed_name, route.path) for one in all_manifests() for route in one.routes]


@pytest.fixture(scope="module")
def edge(product: Plan) -> Edge:
    return Edge(product)


def _with_ids(path: str, value: str) -> str:
    return "/".join(value if part.startswith("{") else part for part in path.split("/"))


@pytest.mark.parametrize(("function", "path"), ROUTES)
def test_every_path_of_a_manifest_leads_to_its_function(edge: Edge, function: str, path: str) -> None:
    for value in IDS:
        assert edge.answer(HOST, _with_ids(path, value)) == function


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api",
        "/api/",
        "/api/nothing",
        "/wp-login.php",
        "/ws",
        "/ws/chat/more",
        "/_ready",
        "/local/reset",
    ],
)
def test_a_path_of_no_manifest_starts_no_function(edge: Edge, path: str) -> None:
    assert edge.answer(HOST, path) == 404


@pytest.mark.parametrize("host", ["203.0.113.7", "example.com", "chat-123456789012.us-central1.run.app"])
def test_another_host_name_starts_no_function(edge: Edge, host: str) -> None:
    assert edge.answer(host, "/api/chat") == 404


def test_only_what_has_a_path_stands_behind_the_load_balancer(product: Plan, edge: Edge) -> None:
    behind = {edge.service(one.values["id"]) for one in product.of("google_compute_backend_service")}
    assert behind == {function for function, _ in ROUTES}


def test_google_tries_every_path_of_a_manifest_before_it_takes_the_map(product: Plan, edge: Edge) -> None:
    (served,) = [one.values for one in product.of("google_compute_url_map") if one.name == "this"]
    tried = {(edge.service(one["service"]), one["description"]) for one in served["test"]}
    assert tried <= set(ROUTES)
    derived = json.loads((ROOT / "terraform" / "derived" / "functions.json").read_text(encoding="utf-8"))
    patterns = {
        (one["deployed_name"], route["path"]): route["pattern"]
        for one in derived.values()
        for route in one["routes"]
    }
    assert {patterns[one] for one in tried} == set(patterns.values()), "a rule of the map is not tried"
    assert all(one["host"] == HOST and edge.answer(HOST, one["path"]) for one in served["test"])


def test_a_star_stands_for_what_follows_and_for_nothing_before() -> None:
    assert fits("/api/chat/*", "/api/chat/x/y")
    assert not fits("/api/chat/*", "/api/chat")
    assert not fits("/api/chat/*", "/api/chatter/x")


def _routes(*paths: tuple[str, str]) -> list[dict[str, object]]:
    return [{"method": "GET", "path": path, "pattern": pattern, "auth": ["user"]} for path, pattern in paths]


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("/api/chat/{day}/summary", "/api/chat/*"),
        ("/api/chat", "/api/chat"),
        ("/api/records/{kind}/{row}", "/api/records/*"),
    ],
)
def test_two_functions_at_one_path_stop_the_plan_with_the_path_and_both_names(
    terraform: str, tmp_path: Path, path: str, pattern: str
) -> None:
    tree = with_function(tmp_path, "system", routes=_routes((path, pattern)))
    with pytest.raises(OfflineError) as refused:
        offline.plan("product", installed(), terraform=tree)
    words = " ".join(str(refused.value).split())
    owner = "chat" if "chat" in path else "records_intake"
    assert f"[{owner}, system] all claim [{pattern}]" in words
    assert path in words


def test_a_path_of_its_own_beside_anothers_parameter_is_fine(terraform: str, tmp_path: Path) -> None:
    tree = with_function(tmp_path, "system", routes=_routes(("/api/records/kinds", "/api/records/kinds")))
    edge = Edge(offline.applied("product", installed(), terraform=tree))
    assert edge.answer(HOST, "/api/records/kinds") == "system"
    assert edge.answer(HOST, "/api/records/vehicles") == "records-intake"


def test_plain_http_is_sent_on_with_its_method_and_body(product: Plan) -> None:
    (to_https,) = [one.values for one in product.of("google_compute_url_map") if one.name == "to_https"]
    (redirect,) = to_https["default_url_redirect"]
    assert (redirect["https_redirect"], redirect["redirect_response_code"], redirect["strip_query"]) == (
        True,
        "PERMANENT_REDIRECT",
        False,
    )
    targets = {
        one.values["port_range"]: one.values["target"]
        for one in product.of("google_compute_global_forwarding_rule")
    }
    proxies = {
        one.values["id"]: one
        for one in product.of("google_compute_target_http_proxy", "google_compute_target_https_proxy")
    }
    assert proxies[targets["80"]].values["url_map"] == to_https["id"]
    assert proxies[targets["443"]].type == "google_compute_target_https_proxy"


def test_tls_is_modern_and_the_certificate_is_the_owners(product: Plan) -> None:
    (policy,) = product.of("google_compute_ssl_policy")
    (proxy,) = product.of("google_compute_target_https_proxy")
    assert (policy.values["profile"], policy.values["min_tls_version"]) == ("MODERN", "TLS_1_2")
    assert proxy.values["ssl_policy"] == policy.values["id"]
    assert proxy.values["certificate_map"].endswith("/locations/global/certificateMaps/cos")
    assert not product.of("google_compute_managed_ssl_certificate")

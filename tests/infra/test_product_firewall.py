from __future__ import annotations

import re

import pytest

from shared.manifest import ROOT
from tests.infra import offline
from tests.infra.offline import Plan, Values
from tests.infra.seeded import installed
from tests.infra.workspace import OfflineError

DEFAULT_RULE = 2147483647
JUDGES_WORDS = ("sqli", "xss", "rce", "lfi", "rfi", "protocolattack")


@pytest.fixture(scope="module")
def rules(product: Plan) -> list[Values]:
    (policy,) = product.of("google_compute_security_policy")
    return sorted(policy.values["rule"], key=lambda rule: rule["priority"])


def _expression(rule: Values) -> str:
    return "".join(expr["expression"] for match in rule["match"] for expr in match["expr"])


def test_every_backend_has_the_policy(product: Plan) -> None:
    (policy,) = product.of("google_compute_security_policy")
    assert {one.values["security_policy"] for one in product.of("google_compute_backend_service")} == {
        policy.values["id"]
    }


def test_what_google_refuses_for_serverless_backends_is_not_set(product_plan: Plan) -> None:
    for one in product_plan.of("google_compute_backend_service"):
        assert one.values["load_balancing_scheme"] == "EXTERNAL_MANAGED"
        assert not one.values.get("health_checks")
        assert not one.values.get("outlier_detection")
        for computed in ("timeout_sec", "port_name", "session_affinity"):
            assert one.unknown.get(computed) is True, computed


def test_sockets_leave_no_request_log_because_their_token_is_in_the_address(product: Plan) -> None:
    logged = {
        one.index: [config["enable"] for config in one.values["log_config"]]
        for one in product.of("google_compute_backend_service")
    }
    assert not logged.pop("chat_stream")
    assert logged
    assert all(enabled == [True] for enabled in logged.values())


def test_cloud_run_keeps_no_address_of_a_socket_either(foundation_plan: Plan, product_plan: Plan) -> None:
    (exclusion,) = (
        one
        for one in foundation_plan.of("google_logging_project_exclusion")
        if one.values["name"] == "addresses-of-sockets"
    )
    (service,) = product_plan.of("google_cloud_run_v2_service")
    assert exclusion.values["filter"].split(" AND ") == [
        'resource.type="cloud_run_revision"',
        f'resource.labels.service_name=("{service.values["name"]}")',
        'log_id("run.googleapis.com/requests")',
        'httpRequest.requestUrl:"token="',
    ]
    socket = (ROOT / "functions" / "chat_stream" / "main.py").read_text(encoding="utf-8")
    assert 'query_params.get("token"' in socket, "the filter names what a browser shows its token as"


def test_no_rule_that_judges_words_refuses_a_body(rules: list[Values]) -> None:
    """`{"name": "O'Brien"}`, a chat message, an ADF lead: all come by POST."""
    for rule in rules:
        sets = re.findall(r"evaluatePreconfiguredWaf\('(\w+)-", _expression(rule))
        if not rule["preview"] and any(one.startswith(JUDGES_WORDS) for one in sets):
            assert _expression(rule).startswith("request.method == 'GET' && ")


def test_every_rule_set_asks_for_a_whole_attack(rules: list[Values]) -> None:
    judging = [rule for rule in rules if "evaluatePreconfiguredWaf" in _expression(rule)]
    assert len(judging) == 10
    assert all("{'sensitivity': 1}" in _expression(rule) for rule in judging)
    assert {rule["action"] for rule in judging} == {"deny(403)"}


def test_sets_that_judge_words_alone_look_away_from_the_token_of_a_socket_and_from_a_question(
    rules: list[Values],
) -> None:
    """Not every set can be told; Google refuses the whole policy then."""
    for rule in rules:
        (judged,) = re.findall(r"evaluatePreconfiguredWaf\('([\w-]+)'", _expression(rule)) or [""]
        left_out = [
            (one["target_rule_set"], parameter["value"])
            for config in rule["preconfigured_waf_config"] or []
            for one in config["exclusion"]
            for parameter in one["request_query_param"]
        ]
        wanted = [(judged, "token"), (judged, "q")] if judged.startswith(JUDGES_WORDS) else []
        assert left_out == wanted


def test_the_words_of_a_question_to_ones_memories_are_judged_by_no_rule() -> None:
    """They come in the address, and are as free as those of a body."""
    asked = (ROOT / "functions" / "memory_vault" / "shown.py").read_text(encoding="utf-8")
    assert re.search(r"^    q: ", asked, re.MULTILINE), "the exclusion names the parameter of the question"


def test_a_rate_rule_decides_last_because_it_lets_in_what_it_counts(rules: list[Values]) -> None:
    kinds = [rule["action"] for rule in rules]
    assert kinds == ["deny(403)"] * 10 + ["throttle"] * 2 + ["allow"]
    assert rules[-1]["priority"] == DEFAULT_RULE
    partners, people = rules[-3:-1]
    assert re.findall(r"headers\['([\w-]+)'\]", _expression(partners)) == ["x-api-key", "x-twilio-signature"]
    counts = [
        options["rate_limit_threshold"][0]["count"]
        for rule in (partners, people)
        for options in rule["rate_limit_options"]
    ]
    assert counts == [6000, 1200]
    assert {
        options["enforce_on_key"] for rule in (partners, people) for options in rule["rate_limit_options"]
    } == {"IP"}


def test_descriptions_are_as_short_as_google_wants_them(rules: list[Values]) -> None:
    assert all(0 < len(rule["description"]) <= 64 for rule in rules)


def test_a_rule_set_can_be_watched_first_or_left_out(terraform: str) -> None:
    found = offline.plan("product", installed(firewall={"queries": "preview", "scanners": "off"}))
    (policy,) = found.of("google_compute_security_policy")
    by_words = {rule["description"]: rule.get("preview") for rule in policy.values["rule"]}
    assert by_words["SQL"] is True
    assert "Attack tools by their names and headers" not in by_words


def test_an_unknown_rule_set_or_mode_is_refused(terraform: str) -> None:
    with pytest.raises(OfflineError, match=r"var\.firewall\s+maps"):
        offline.plan("product", installed(firewall={"querys": "preview"}))
    with pytest.raises(OfflineError, match=r"var\.firewall\s+maps"):
        offline.plan("product", installed(firewall={"queries": "warn"}))

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from shared.adapters.google.tokens import KEPT_BACK
from shared.errors import Forbidden, Misconfigured, Unauthenticated
from shared.manifest import ROOT, Route, all_manifests, read_manifest
from shared.runtime.auth import Presented, authenticate
from shared.runtime.entry import dispatch
from shared.settings import load, variable
from shared.testing.local_cloud import process_environment
from shared.testing.signing_stub import google_signer
from shared.wiring import EMBEDDED, GOOGLE, build_platform

PROBE = """
import importlib, sys
importlib.import_module("functions.{name}.main")
import shared.wiring
print(sorted(m for m in sys.modules if m.startswith(("shared.local", "shared.testing", "shared.adapters."))))
"""


def test_both_profiles_have_the_same_ports() -> None:
    assert set(EMBEDDED) == set(GOOGLE)


@pytest.mark.parametrize("name", [manifest.name for manifest in all_manifests()])
def test_a_deployed_function_holds_nothing_local_and_no_adapter_before_its_first_use(name: str) -> None:
    found = subprocess.run(
        [sys.executable, "-c", PROBE.format(name=name)],
        env=process_environment({"COS_PROFILE": "google", "GOOGLE_CLOUD_PROJECT": "demo"}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"


def test_without_named_callers_no_service_may_call() -> None:
    service = Route(method="POST", path="/", handler="-", summary="-", auth=("service",))
    with google_signer("demo") as signer:
        values = {"profile": "google", "project": "demo", "service_audience": "https://us.example"}
        given = {**values, "firebase_keys_url": signer.url, "google_keys_url": signer.url}

        def caller(**more: str) -> str:
            settings = load({variable(name): value for name, value in {**given, **more}.items()})
            token = signer.service("push@demo.example", "https://us.example")
            headers = {"Authorization": f"Bearer {token}"}
            return authenticate(build_platform(settings), Presented(service, headers)).id

        assert caller(service_callers="push@demo.example") == "services/push@demo.example"
        with pytest.raises(Forbidden):
            caller(service_callers="scheduler@demo.example")
        with pytest.raises(Misconfigured, match="COS_SERVICE_CALLERS"):
            caller()


def test_what_only_pubsub_and_scheduler_may_call_takes_a_token_cloud_run_verified_and_stripped() -> None:
    """And nobody else does: anybody can write such a token to a function that is open to the world."""
    service = Route(method="POST", path="/", handler="-", summary="-", auth=("service",))
    tick = read_manifest(ROOT / "functions" / "outbox_sweeper" / "function.yaml")

    with google_signer("demo") as signer:
        given = {"profile": "google", "project": "demo", "service_audience": "https://us.example"}
        given |= {"google_keys_url": signer.url, "service_callers": "scheduler@demo.example"}
        platform = build_platform(load({variable(name): value for name, value in given.items()}))
        token = signer.service("scheduler@demo.example", "https://us.example").rpartition(".")[0] + KEPT_BACK
        headers = {"Authorization": f"Bearer {token}"}
        called = Flask("us").test_request_context("/", method="POST", headers=headers)
        # It comes as far as the handler, and there is none.
        with called as pushed, pytest.raises(KeyError, match="sweep_up"):
            dispatch(platform, tick, {}, pushed.request)
        with pytest.raises(Unauthenticated):
            authenticate(platform, Presented(service, headers))


def test_make_run_is_refused_in_the_google_profile(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-m", "shared.local", "serve"],
        env=process_environment({"COS_PROFILE": "google", "COS_DATA_DIR": str(tmp_path)}),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert found.returncode == 2
    assert "COS_PROFILE" in found.stderr


def test_slack_s_webhooks_must_be_a_json_object(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load({"COS_PROFILE": "google", "GOOGLE_CLOUD_PROJECT": "demo"})
    for wrong in ("no json", "[]"):
        monkeypatch.setenv("SLACK_WEBHOOKS", wrong)
        with pytest.raises(Misconfigured, match="slack_webhooks"):
            _ = build_platform(settings).staff_chat

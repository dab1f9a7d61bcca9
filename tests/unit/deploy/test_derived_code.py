"""What deployed functions get is read from the code: settings, credentials, other ports, queries."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shared.deploy.derived_code import (
    base_settings,
    google_ports,
    imported_files,
    named_queries,
    service_settings,
)
from shared.errors import Misconfigured
from shared.manifest import ROOT
from shared.wiring import GOOGLE
from tests.said import nothing

WIRING = """
GOOGLE: Mapping[str, Factory] = {
    "store": lambda p: _class("google.store:Store")(project=p.settings.project),
    "keys": lambda p: _class("google.keys:Keys")(environment=environment()),
    "texts": lambda p: _class("google.texts:Texts")(token=p.secrets.get("token"), number=p.settings.number),
    "secrets": lambda p: _class("google.secrets:Secrets")(),
    "desk": lambda p: _class("google.desk:Desk")(texts=p.texts, reason=lambda id: said(p.store, id)),
}

def build_platform(settings):
    return settings.profile
"""
RUNTIME = {
    "auth.py": "def _service(platform):\n    return platform.settings.callers\n"
    "def _user(platform):\n    return platform.settings.issuer\n",
    "push.py": "class Consumer:\n    def run(self):\n        return self.platform.settings.patience\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    _write(tmp_path / "shared/wiring.py", WIRING)
    for name, text in RUNTIME.items():
        _write(tmp_path / "shared/runtime" / name, text)
    return tmp_path


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_port_needs_what_its_factory_reads_and_what_the_ports_it_uses_read(project: Path) -> None:
    ports = google_ports(project)
    assert ports["store"].settings == {"project"}
    assert ports["texts"].secrets == {"token"}
    desk = ports["desk"]
    assert desk.uses == {"texts", "store", "secrets"}
    assert desk.settings == {"project", "number"}
    assert desk.secrets == {"token"}
    assert desk.adapter == "google.desk:Desk"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('GOOGLE: M = {"texts": lambda p: _class("a:B")(p.secrets.get(NAME))}', "NAME"),
        ('GOOGLE: M = {"texts": make_texts}', "texts"),
        ("OTHER: M = {}", "GOOGLE"),
    ],
)
def test_a_wiring_that_cannot_be_read_is_refused(project: Path, text: str, word: str) -> None:
    other = project / "other"
    _write(other / "shared/wiring.py", text)
    with pytest.raises(Misconfigured, match=word):
        google_ports(other)


def test_the_runtime_reads_some_settings_always_and_some_only_of_calling_services(project: Path) -> None:
    assert base_settings(project) == {"profile", "issuer", "patience"}
    assert service_settings(project) == {"callers"}


def test_in_the_product_every_function_reads_its_profile_project_address_and_log_level() -> None:
    assert base_settings(ROOT) == {"profile", "project", "log_level", "public_url"}
    assert service_settings(ROOT) == {"profile", "service_audience", "service_callers"}


def test_every_port_of_the_google_profile_is_read() -> None:
    assert set(google_ports(ROOT)) == set(GOOGLE)
    assert google_ports(ROOT)["messenger"].secrets == {"twilio_account_sid", "twilio_auth_token"}
    assert google_ports(ROOT)["bus_operations"].uses == {"bus", "clock", "documents"}


def test_queries_are_found_in_the_function_and_in_shared_code_it_imports(project: Path) -> None:
    _write(project / "functions/one/main.py", "from shared.ask import table\nQUERY = 'plates/a_v1'\n")
    _write(project / "shared/ask.py", "def table():\n    return 'plates/b_v1'\n")
    _write(project / "functions/two/main.py", "QUERY = 'plates/c_v1'\n")
    known = ["plates/a_v1", "plates/b_v1", "plates/c_v1"]
    assert named_queries(project, "one", known) == {"plates/a_v1", "plates/b_v1"}
    assert project / "shared/ask.py" in imported_files(project, "one")


def adapters_not_there(wiring: str) -> list[str]:
    """What `_class("module:name")` names and no adapter has: found out when the port is first used."""
    found = []
    for module, name in re.findall(r'_class\("([\w.]+):(\w+)"\)', wiring):
        file = ROOT / "shared" / "adapters" / f"{module.replace('.', '/')}.py"
        pattern = rf"^(?:class |def )?{name}\b"
        if not file.is_file() or not re.search(pattern, file.read_text(encoding="utf-8"), re.MULTILINE):
            found.append(f"shared/wiring.py: there is no [{module}:{name}] in shared/adapters")
    return found


def test_every_adapter_the_wiring_names_is_there() -> None:
    wiring = (ROOT / "shared" / "wiring.py").read_text(encoding="utf-8")
    nothing(adapters_not_there(wiring))
    for wrong in ("google.blob:GcsBlobs", "google.blobs:GcsBlob"):
        seeded = wiring.replace("google.blobs:GcsBlobs", wrong)
        assert adapters_not_there(seeded) == [f"shared/wiring.py: there is no [{wrong}] in shared/adapters"]

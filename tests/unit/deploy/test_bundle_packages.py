from __future__ import annotations

import pytest

from shared.deploy.bundle_imports import Closure, Import
from shared.deploy.bundle_packages import distribution_of, shipped_packages
from shared.errors import Misconfigured

FILE = "functions/sell/main.py"
RUNTIME = Closure(
    {}, (Import("pydantic.BaseModel", "shared/manifest.py", 1), Import("yaml", "shared/y.py", 2))
)


def _packages(*imports: str, declared: tuple[str, ...] = (), kind: str = "job", words: str = "") -> list[str]:
    own = tuple(Import(name, FILE, line) for line, name in enumerate(imports, 1))
    whole = Closure({}, (*RUNTIME.imports, *own))
    said = set(words.split())
    return shipped_packages(whole, RUNTIME, function="sell", kind=kind, declared=declared, words=said)


def test_what_the_runtime_imports_and_what_serves_it_need_no_word_in_the_manifest() -> None:
    assert _packages() == ["pydantic", "pyyaml"]
    assert _packages("pydantic.Field", kind="http") == ["functions-framework", "pydantic", "pyyaml"]
    assert _packages(kind="service") == ["pydantic", "pyyaml", "uvicorn", "websockets"]


def test_what_the_function_imports_besides_is_what_its_manifest_names() -> None:
    found = _packages("email_validator.validate_email", declared=("email-validator",))
    assert found == ["email-validator", "pydantic", "pyyaml"]


def test_a_package_missing_in_the_manifest_is_told_with_file_line_and_word() -> None:
    said = (
        r"functions/sell/main\.py:2: \[numpy\] is imported, functions/sell/function\.yaml must name \[numpy\]"
    )
    with pytest.raises(Misconfigured, match=said):
        _packages("yaml", "numpy")


def test_a_package_nobody_imports_is_told() -> None:
    with pytest.raises(Misconfigured, match=r"function\.yaml: \[packages\] names \[numpy\], which nothing"):
        _packages(declared=("numpy",))


def test_a_package_that_comes_anyway_is_told() -> None:
    with pytest.raises(Misconfigured, match=r"names \[pydantic\], which comes with its kind or ports"):
        _packages("pydantic", declared=("pydantic",))


def test_time_zones_need_their_data_which_no_import_names() -> None:
    with pytest.raises(Misconfigured, match=r"must name \[tzdata\]"):
        _packages(words=".zone")
    assert "tzdata" in _packages(words=".zone", declared=("tzdata",))
    with pytest.raises(Misconfigured, match=r"names \[tzdata\], which nothing"):
        _packages(words="zone", declared=("tzdata",))


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("google.cloud.bigquery", "google-cloud-bigquery"),
        ("google.cloud.firestore_v1.types.Value", "google-cloud-firestore"),
        ("google.api_core.exceptions", "google-api-core"),
        ("google.protobuf.struct_pb2.NULL_VALUE", "protobuf"),
        ("google.genai.types", "google-genai"),
        ("google.auth", "google-auth"),
        ("opentelemetry.trace.get_current_span", "opentelemetry-api"),
        ("opentelemetry.sdk.trace.TracerProvider", "opentelemetry-sdk"),
        ("yaml", "pyyaml"),
        ("jwt.PyJWK", "pyjwt"),
        ("pydantic_core._pydantic_core", "pydantic-core"),
    ],
)
def test_a_module_belongs_to_the_distribution_that_has_its_file(module: str, distribution: str) -> None:
    assert distribution_of(Import(module, FILE, 1)) == distribution


def test_a_module_of_nobody_is_told() -> None:
    with pytest.raises(
        Misconfigured, match=r"main\.py:3: \[nowhere\.at_all\] belongs to no installed package"
    ):
        distribution_of(Import("nowhere.at_all", FILE, 3))

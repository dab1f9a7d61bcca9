"""The condensed schema in build/infra: made once from the locked npm package, kept under the lock's hash."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Set
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.infra.plugin_messages import NESTING, messages
from tests.infra.schema_source import Json, provider_schema

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "infra"
LIBRARY = Path("node_modules", "@cdktf", "provider-google", "lib")
_INSTALL = [
    "npm",
    "ci",
    "--ignore-scripts",
    "--legacy-peer-deps",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
]
"""`--legacy-peer-deps`: the other tool's libraries are not needed to read the schema."""


class MissingSchema(Exception):
    """The package the schema is read from is not there and could not be installed."""


def schema_file() -> Path:
    """The condensed schema, installed and condensed when it is not there yet (a few seconds, once)."""
    path = BUILD / f"provider-schema-{_key()}.json"
    if not path.exists():
        with _alone():
            if not path.exists():
                _condense(path)
    return path


def _condense(path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="npm-", dir=BUILD) as folder:  # 300 MB that nobody reads again
        _install(Path(folder))
        found = provider_schema(Path(folder) / LIBRARY)
    write_whole(path, json.dumps(found, separators=(",", ":")).encode())


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: two installations side by side take longer than one after the other."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "installing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def load() -> Json:
    """provider, resource_schemas and data_source_schemas, as `terraform providers schema -json` says them."""
    found: Json = json.loads(schema_file().read_bytes())
    return found


def schema_message(types: Set[str]) -> bytes:
    """The answer to GetSchema with these resources and data sources alone: all of them cost Terraform a
    quarter of a second at each command."""
    return _as_message({part: _only(part, types) for part in ("resource_schemas", "data_source_schemas")})


def _only(part: str, types: Set[str]) -> Json:
    return {name: schema for name, schema in load()[part].items() if name in types}


def _key() -> str:
    sources = [HERE / name for name in ("package-lock.json", "schema_source.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


def _install(folder: Path) -> None:
    if shutil.which("npm") is None:
        raise MissingSchema("npm is not on this machine: the provider's schema cannot be installed.")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name, folder / name)
    ended = subprocess.run(_INSTALL, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    if ended.returncode:
        raise MissingSchema(f"npm ci ended with [{ended.returncode}]: {ended.stderr.strip()[-1000:]}")


def write_whole(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Whole or not at all: another process may read, or start, it at this moment."""
    part = path.with_suffix(f".{os.getpid()}.part")
    part.write_bytes(content)
    part.chmod(mode)
    part.replace(path)


def _as_message(schema: Json) -> bytes:
    parts = {
        part: [messages["Named"](key=name, value=_schema(found)) for name, found in schema[part].items()]
        for part in ("resource_schemas", "data_source_schemas")
    }
    answer: Any = messages["Schemas"](provider=_schema(load()["provider"]), **parts)
    encoded: bytes = answer.SerializeToString()
    return encoded


def _schema(found: Json) -> Any:
    return messages["Schema"](block=_block(found["block"]))


def _block(block: Json) -> Any:
    flags = ("required", "optional", "computed", "deprecated")
    return messages["Block"](
        attributes=[
            messages["Attribute"](
                name=name,
                type=json.dumps(attribute["type"]).encode(),
                **{flag: True for flag in flags if attribute.get(flag)},
            )
            for name, attribute in block["attributes"].items()
        ],
        block_types=[_nested(name, nested) for name, nested in block["block_types"].items()],
    )


def _nested(name: str, nested: Json) -> Any:
    return messages["NestedBlock"](
        type_name=name,
        block=_block(nested["block"]),
        nesting=NESTING[nested["nesting_mode"]],
        min_items=nested.get("min_items", 0),
        max_items=nested.get("max_items", 0),
    )

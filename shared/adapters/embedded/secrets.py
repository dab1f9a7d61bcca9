"""Secrets of a laptop: made once, kept in one file only its owner reads."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from shared.errors import Misconfigured

DEV_VALUES: Mapping[str, str] = {
    "twilio_account_sid": "AC" + "0" * 32,
    "twilio_auth_token": "dev-twilio-token",
    "slack_webhooks": "{}",
    "google_maps_api_key": "none",
}
GENERATED = ("link_signing_key", "webhook_signing_key", "receipt_signing_key")


class FileSecrets:
    """`given` (from the environment) goes before the file; missing dev values are added to the file."""

    def __init__(self, path: Path, *, given: Mapping[str, str] | None = None) -> None:
        self._path = path
        self._given = given or {}
        self._values = self._read()
        known = {**DEV_VALUES, **{name: secrets.token_urlsafe(32) for name in GENERATED}}
        if not known.keys() <= self._values.keys():
            self._values = known | self._values
            self._write()

    def get(self, name: str) -> str:
        value = self._given.get(name.upper()) or self._values.get(name)
        if not value:
            raise Misconfigured(f"Secret [{name}] is not in [{self._path}] and [{name.upper()}] is not set")
        return value

    def _read(self) -> dict[str, str]:
        try:
            return dict(json.loads(self._path.read_text()))
        except FileNotFoundError:
            return {}
        except ValueError as error:
            raise Misconfigured(
                f"Secrets file [{self._path}] is no JSON object; mend or delete it"
            ) from error

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(self._values, file, indent=2)
        fresh.replace(self._path)

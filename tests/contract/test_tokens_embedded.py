from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import jwt
import pytest

from shared.adapters.embedded.tokens import LocalTokens
from shared.ports import Claims
from shared.testing.contracts.tokens import TokensContract


class LocalRig:
    def __init__(self, folder: Path) -> None:
        self.tokens, self.others = LocalTokens(folder / "a.key"), LocalTokens(folder / "b.key")

    def user(self, claims: Claims, *, at: datetime) -> str:
        return self.tokens.issue(claims, now=at)

    def service(self, subject: str, *, at: datetime) -> str:
        return self.tokens.issue(Claims("service", subject), now=at)

    def unsigned(self, payload: dict[str, Any]) -> str:
        return jwt.encode(payload, "", algorithm="none")


class TestLocalTokens(TokensContract):
    @pytest.fixture
    def rig(self, tmp_path: Path) -> LocalRig:
        return LocalRig(tmp_path)

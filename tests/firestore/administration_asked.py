"""What the owner's commands ask of the documents: part of the recording, not of the suite."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from shared.admin.acts import Operator
from shared.admin.keys import issue_key, revoke_key, rotate_key
from shared.admin.tenants import create_tenant, require_tenant
from shared.errors import NotFound
from shared.testing.harness import running


def test_tenants_and_keys_are_asked_for(tmp_path: Path) -> None:
    operator = Operator("ann")
    with running(tmp_path, delivering=False) as product:
        create_tenant(product.platform, operator, "southside", name="Southside", time_zone="America/Chicago")
        issue_key(product.platform, operator, "southside", "web-form")
        rotate_key(product.platform, operator, "southside", "web-form", overlap=timedelta(hours=1))
        assert len(revoke_key(product.platform, operator, "southside", "web-form")) == 2
        with pytest.raises(NotFound, match="southside"):
            require_tenant(product.platform, "nowhere")

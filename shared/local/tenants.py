"""The two sample dealerships and their development keys."""

from __future__ import annotations

from shared.platform import Platform
from shared.ports import Write
from shared.runtime.auth import key_hash
from shared.runtime.webhook import sms_number_path

DEVELOPMENT_KEYS = {"autohaus": "dev-key-123", "northside": "dev-key-456"}
NAMES = {"autohaus": "AutoHaus Chicago", "northside": "Northside Motors"}
SMS_NUMBERS = {"autohaus": "+13125550100", "northside": "+13125550149"}
"""The one number each dealership's customers see."""


def seed_tenants(platform: Platform) -> None:
    """Makes the sample tenants and their API keys when they are not there; changes nothing else."""
    for tenant_id, key in DEVELOPMENT_KEYS.items():
        if platform.documents.get(f"tenants/{tenant_id}") is not None:
            continue
        now = platform.clock.now()
        number = SMS_NUMBERS[tenant_id]
        tenant = {
            "name": NAMES[tenant_id],
            "time_zone": "America/Chicago",
            "created_at": now,
            "sms_number": number,
        }
        api_key = {"tenant_id": tenant_id, "name": "development", "created_at": now, "revoked": False}
        platform.documents.commit(
            [
                Write(f"tenants/{tenant_id}", tenant),
                Write(f"api_keys/{key_hash(key)}", api_key),
                Write(sms_number_path(number), {"tenant_id": tenant_id, "created_at": now}),
            ]
        )

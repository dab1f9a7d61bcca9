"""What opens something by its address alone, or names a customer in it, is in no request log."""

from __future__ import annotations

import re
import uuid

import pytest

from functions.inbox.requests import Wanted
from shared.adapters.signed_links import PAGES, HmacLinks
from shared.manifest import all_manifests
from tests.infra.offline import Plan

LINK = HmacLinks(keys="k", base_url="https://x.test").sign("quote|q1")


@pytest.fixture(scope="module")
def filters(foundation: Plan) -> dict[str, str]:
    found = foundation.of("google_logging_project_exclusion")
    return {one.values["name"]: one.values["filter"] for one in found}


def test_every_address_of_a_signed_link_is_left_out(filters: dict[str, str]) -> None:
    (pattern,) = re.findall(r'requestUrl=~"(.+)"$', filters["signed-links"])
    paths = [route.path for one in all_manifests() for route in one.routes if route.link]
    assert {f"{page}{{uuid}}" for page in PAGES.values()} <= set(paths)
    for path in paths:
        assert re.search(pattern, "https://x.test" + path.format(uuid=LINK)), path
    assert not re.search(pattern, f"https://x.test/api/quotes/{uuid.uuid4().hex}")


def test_no_request_for_a_customers_conversations_by_number_is_kept(filters: dict[str, str]) -> None:
    words = re.findall(r'requestUrl:"([^"]+)"', filters["numbers-of-customers"])
    assert all(word in "https://x.test/api/inbox/threads?state=open&phone=%2B13125550142" for word in words)
    assert "phone=" in words and "phone" in Wanted.model_fields

"""Whose number it is that customers text."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.admin.acts import Operator
from shared.admin.tenants import give_number
from shared.errors import AlreadyExists, InvalidInput, NotFound
from shared.testing.harness import Harness, running


@pytest.fixture
def product(tmp_path: Path):  # type: ignore[no-untyped-def]  # a fixture
    with running(tmp_path, delivering=False) as found:
        yield found


def give(product: Harness, tenant: str, number: str) -> str:
    return give_number(product.platform, Operator("test"), tenant, number)


def holder(product: Harness, digits: str) -> str:
    found = product.platform.documents.get(f"sms_numbers/{digits}")
    return str(found.data["tenant_id"]) if found else ""


def test_texts_to_the_number_are_the_dealership_s_and_to_the_old_one_nobody_s(product: Harness) -> None:
    assert give(product, "autohaus", "+13125550777") == "+13125550100"
    assert (holder(product, "13125550777"), holder(product, "13125550100")) == ("autohaus", "")
    assert give(product, "autohaus", "+13125550777") == "+13125550777"
    assert holder(product, "13125550777") == "autohaus"


def test_another_s_number_and_what_is_no_number_are_refused(product: Harness) -> None:
    with pytest.raises(AlreadyExists, match="northside"):
        give(product, "autohaus", "+13125550149")
    for number in ("3125550100", "+1312", "+1312555010a", ""):
        with pytest.raises(InvalidInput, match="NUMBER"):
            give(product, "autohaus", number)
    with pytest.raises(NotFound):
        give(product, "nobody", "+13125550888")

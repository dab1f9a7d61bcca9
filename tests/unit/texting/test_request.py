"""Asking for a text message."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import InvalidInput
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork
from shared.testing.harness import Harness, running
from shared.texting.request import Purpose, Recipient, request_text
from shared.texting.segments import fitted, segments

TO = Recipient("+13125550142", person_id="p1")


def ask(product: Harness, *, key: str, body: str = "Your car is ready", cause: str = "c1") -> str:
    def handler(work: UnitOfWork) -> str:
        return request_text(work, to=TO, purpose=Purpose.SERVICE, body=body, key=key)

    return run_unit(product.platform, Cause(cause, "quotes", "autohaus", cause), handler)


def test_the_same_key_is_one_text_however_often_and_by_whomever_it_is_asked_for(tmp_path: Path) -> None:
    with running(tmp_path, delivering=False) as product:
        first = ask(product, key="quote:q1:1", cause="c1")
        assert ask(product, key="quote:q1:1", body="other words", cause="c2") == first
        assert ask(product, key="quote:q1:2", cause="c3") != first
        assert next(one["data"] for one in product.events("text-requested")) == {"text_id": first}
        assert len(product.events("text-requested")) == 2
        text = product.tenant().documents.get(f"texts/{first}")
        assert text is not None and text.data["body"] == "Your car is ready"
        assert (text.data["state"], text.data["requested_by"]) == ("requested", "quotes")


def test_the_same_key_within_one_work_is_one_text(tmp_path: Path) -> None:
    with running(tmp_path, delivering=False) as product:

        def twice(work: UnitOfWork) -> set[str]:
            return {
                request_text(work, to=TO, purpose=Purpose.REPLY, body=body, key="k")
                for body in ("one", "two")
            }

        assert len(run_unit(product.platform, Cause("c", "inbox", "autohaus", "c"), twice)) == 1


def test_two_dealerships_use_the_same_key_for_two_texts(tmp_path: Path) -> None:
    with running(tmp_path, delivering=False) as product:

        def handler(work: UnitOfWork) -> str:
            return request_text(work, to=TO, purpose=Purpose.REPLY, body="hello", key="k")

        ids = {
            run_unit(product.platform, Cause("c", "inbox", tenant, "c"), handler)
            for tenant in ("autohaus", "northside")
        }
        assert len(ids) == 2


@pytest.mark.parametrize("body", ["", "  \n", "x" * 1601], ids=["empty", "blank", "overlong"])
def test_a_body_nobody_could_send_is_refused_at_once(tmp_path: Path, body: str) -> None:
    with running(tmp_path, delivering=False) as product, pytest.raises(InvalidInput):
        ask(product, key="k", body=body)


@pytest.mark.parametrize(
    ("body", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("🚗" * 35, 1),
        ("🚗" * 36, 2),
        ("", 1),
    ],
)
def test_segments_are_counted_as_the_networks_do(body: str, parts: int) -> None:
    assert segments(body) == parts


@given(st.text(min_size=1, max_size=3000))
def test_a_fitted_text_fits_and_a_short_one_is_left_alone(body: str) -> None:
    cut = fitted(body)
    assert len(cut) <= 1600
    assert cut == body or (len(body) > 1600 and cut.endswith("…"))

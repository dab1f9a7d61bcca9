"""Links that people hold: nobody makes or changes one, and each opens one thing until it ends."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import links
from shared.adapters.signed_links import HmacLinks
from shared.errors import Gone, Misconfigured, NotFound, Unauthenticated
from shared.manifest import Route
from shared.platform import Platform
from shared.ports import Write
from shared.runtime.auth import Caller, Presented, authenticate
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.runtime.work import UnitOfWork
from shared.testing.harness import settings_for
from shared.wiring import build_platform

OURS = HmacLinks(keys="first-key", base_url="https://cos.example.com/")
ROUTE = Route(
    method="GET",
    path="/api/public/quote/{uuid}",
    handler="show",
    summary="-",
    auth=("public_link",),
    link="quote",
)


@given(st.text(max_size=60))
def test_a_link_is_a_uuid_of_version_8_that_holds_and_is_always_the_same(name: str) -> None:
    link = OURS.sign(name)
    assert uuid.UUID(link).version == 8 and uuid.UUID(link).variant == uuid.RFC_4122
    assert OURS.holds(link) and OURS.sign(name) == link


@given(st.text(max_size=20), st.integers(0, 127))
def test_a_link_with_any_bit_changed_does_not_hold(name: str, bit: int) -> None:
    changed = uuid.UUID(int=uuid.UUID(OURS.sign(name)).int ^ 1 << bit)
    assert not OURS.holds(str(changed))


@pytest.mark.parametrize("word", ["", "q", "../x", "not-a-uuid", "{12345678123456781234567812345678}"])
def test_what_is_no_uuid_holds_nothing(word: str) -> None:
    assert not OURS.holds(word)


def test_a_link_in_other_letters_or_made_at_random_holds_nothing() -> None:
    assert not OURS.holds(OURS.sign("x").upper())
    assert not any(OURS.holds(str(uuid.uuid4())) for _ in range(1000))


def test_a_key_is_replaced_without_a_gap() -> None:
    after = HmacLinks(keys="second-key first-key", base_url="")
    assert after.holds(OURS.sign("q1")) and after.sign("q1") != OURS.sign("q1")
    assert not HmacLinks(keys="second-key", base_url="").holds(OURS.sign("q1"))
    with pytest.raises(Misconfigured, match=r"\[link_signing_key\]"):
        HmacLinks(keys=" ", base_url="")


def test_a_page_is_under_the_products_address() -> None:
    assert OURS.url("track", "u") == "https://cos.example.com/track/u"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Platform]:
    platform = build_platform(settings_for(tmp_path))
    platform.documents.commit(
        [Write(f"tenants/{name}", {"name": name}) for name in ("autohaus", "northside")]
    )
    yield platform
    platform.close()


def issued(platform: Platform, *, tenant: str = "autohaus", name: str = "q1/1") -> str:
    def make(work: UnitOfWork) -> str:
        ends_at = work.now + timedelta(days=1)
        return links.issue(work, kind="quote", subject="quotes/q1", ends_at=ends_at, name=name)

    return run_unit(platform, Cause("c1", "quotes", tenant, "c1"), make)


def opened(platform: Platform, link: str, route: Route = ROUTE) -> Caller:
    return authenticate(platform, Presented(route, {}, path_values={"uuid": link}))


def test_a_link_opens_its_record_for_its_dealership(platform: Platform) -> None:
    caller = opened(platform, issued(platform, tenant="northside"))
    assert (caller.kind, caller.tenant_id, caller.subject) == ("public_link", "northside", "quotes/q1")


def test_a_handler_that_runs_again_makes_no_second_link(platform: Platform) -> None:
    assert issued(platform) == issued(platform) != issued(platform, name="q1/2")


def test_a_link_opens_nothing_but_its_kind(platform: Platform) -> None:
    other = ROUTE.model_copy(update={"link": "track"})
    with pytest.raises(NotFound):
        opened(platform, issued(platform), other)


def test_a_forged_link_is_refused_without_a_read(platform: Platform) -> None:
    with pytest.raises(NotFound):
        authenticate(
            platform.granting(["links"], to="quotes"),
            Presented(ROUTE, {}, path_values={"uuid": str(uuid.uuid4())}),
        )


def test_a_signed_link_that_nobody_issued_opens_nothing(platform: Platform) -> None:
    with pytest.raises(NotFound):
        opened(platform, platform.links.sign("autohaus|quote|never"))


def test_a_revoked_link_says_so_and_only_its_dealership_revokes_it(platform: Platform) -> None:
    link = issued(platform)
    with pytest.raises(NotFound):
        run_unit(
            platform, Cause("c2", "quotes", "northside", "c2"), lambda w: links.revoke(w, links.digest(link))
        )
    assert opened(platform, link).subject == "quotes/q1"
    run_unit(platform, Cause("c3", "quotes", "autohaus", "c3"), lambda w: links.revoke(w, links.digest(link)))
    with pytest.raises(Gone, match="withdrawn"):
        opened(platform, link)


def test_a_link_ends_at_its_moment_and_may_be_extended(platform: Platform) -> None:
    link = issued(platform)

    def end(work: UnitOfWork) -> None:
        links.extend(work, links.digest(link), work.now)

    def go_on(work: UnitOfWork) -> None:
        links.extend(work, links.digest(link), work.now + timedelta(hours=1))

    run_unit(platform, Cause("c4", "quotes", "autohaus", "c4"), end)
    with pytest.raises(Gone, match="ended"):
        opened(platform, link)
    run_unit(platform, Cause("c5", "quotes", "autohaus", "c5"), go_on)
    assert opened(platform, link).subject == "quotes/q1"


def test_the_uuid_is_stored_nowhere(platform: Platform) -> None:
    link = issued(platform)
    stored = platform.documents.get(links.path_of(links.digest(link)))
    assert stored is not None and link not in str(stored) and stored.data["tenant_id"] == "autohaus"


@pytest.mark.parametrize(
    "wrong", [{"link": None}, {"path": "/api/public/quote/{quote_id}"}, {"auth": ("user",)}]
)
def test_a_route_that_is_half_public_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="link"):
        Route.model_validate({**ROUTE.model_dump(), **wrong})


def test_a_closed_dealerships_link_opens_nothing(platform: Platform) -> None:
    link = issued(platform)
    platform.documents.commit([Write("tenants/autohaus", {"name": "autohaus", "state": "closed"})])
    with pytest.raises(Exception, match="closed") as raised:
        opened(platform, link)
    assert not isinstance(raised.value, Unauthenticated)

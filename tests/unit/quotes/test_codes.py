"""The code of the phone on file."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from functions.quotes.codes import (
    BETWEEN_TEXTS,
    HOLDS,
    MOST_TEXTS,
    MOST_TRIES,
    WITHIN,
    judge,
    may_text,
    new_code,
)

NOW = datetime(2026, 11, 20, 15, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def texted(code: str = "123456", before: dict[str, Any] | None = None, now: datetime = NOW) -> dict[str, Any]:
    return new_code(before, code, digest=digest, now=now)


def verdict(known: dict[str, Any] | None, code: str = "123456", now: datetime = NOW) -> str:
    return judge(known, code, digest=digest, now=now)[0]


def test_a_code_holds_for_ten_minutes_and_not_a_moment_longer() -> None:
    assert verdict(texted(), now=NOW + HOLDS - SECOND) == "right"
    assert verdict(texted(), now=NOW + HOLDS) == "ended"


def test_without_a_code_none_is_right() -> None:
    assert verdict(None) == "no_code"


def test_a_used_code_is_no_code() -> None:
    said, after = judge(texted(), "123456", digest=digest, now=NOW)
    assert said == "right" and verdict(after) == "no_code"


def test_only_the_newest_code_holds() -> None:
    both = texted("654321", texted("123456"), NOW + BETWEEN_TEXTS)
    assert (verdict(both, "123456"), verdict(both, "654321")) == ("wrong", "right")


def test_after_five_wrong_tries_the_right_code_is_not_taken_either() -> None:
    known = texted()
    for _ in range(MOST_TRIES):
        said, known = judge(known, "000000", digest=digest, now=NOW)
        assert said == "wrong"
    assert verdict(known) == "used_up"


def test_the_next_text_waits_and_only_so_many_go_in_a_day() -> None:
    known, now = texted(), NOW
    assert may_text(None, NOW) is None
    soon = may_text(known, NOW + BETWEEN_TEXTS - SECOND)
    assert soon is not None and soon.again_at == NOW + BETWEEN_TEXTS
    for _ in range(MOST_TEXTS - 1):
        now += BETWEEN_TEXTS
        assert may_text(known, now) is None
        known = texted(before=known, now=now)
    full = may_text(known, now + BETWEEN_TEXTS)
    assert full is not None and full.again_at == NOW + WITHIN
    assert may_text(known, NOW + WITHIN) is None


def test_the_code_itself_is_not_kept() -> None:
    assert "123456" not in str(texted())


@given(
    st.lists(
        st.tuples(st.sampled_from(["text", "123456", "000000", "111111"]), st.integers(0, 400)), max_size=60
    )
)
def test_however_they_are_mixed_no_code_is_guessed_more_often_than_allowed(
    steps: list[tuple[str, int]],
) -> None:
    known: dict[str, Any] | None = None
    now, tries, texts, rights = NOW, 0, [], 0
    for step, seconds in steps:
        now += seconds * SECOND
        if step == "text":
            if may_text(known, now) is None:
                known, tries, rights = texted(before=known, now=now), 0, 0
                texts.append(now)
            continue
        said, after = judge(known, step, digest=digest, now=now)
        known = after or known
        tries += said == "wrong"
        rights += said == "right"
    assert tries <= MOST_TRIES and rights <= 1
    assert all(sum(1 for one in texts if one > now - WITHIN and one <= now) <= MOST_TEXTS for now in texts)

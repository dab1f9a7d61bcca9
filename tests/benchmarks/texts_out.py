"""A text from the commit that asks for it to the provider, beside the messenger alone.

Every text of the product is asked for in a commit with its event, decided on (consent, hours, frequency), its
decision stored, claimed, handed over and written down, nine commits in all; the messenger alone keeps one
row and asks nobody.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from shared.events.texting import TextRequested
from shared.ports import Sms
from shared.runtime.cause import Cause
from shared.runtime.unit import run_unit
from shared.testing.harness import Harness, running
from shared.texting.request import Purpose, Recipient, request_text

TEXTS = 300
BASELINE = "the same messenger, called straight"


def run(say: Callable[[str], None] = lambda _: None) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name, running(Path(name), delivering=False) as product:
        say("texts_out: the messenger alone")
        bare = [timed(partial(straight, product, number)) for number in range(TEXTS)]
        say("texts_out: decided, recorded, sent")
        ours = [timed(partial(through, product, number)) for number in range(TEXTS)]
        sent = len(product.platform.messenger.sent(10_000)) - TEXTS  # type: ignore[attr-defined]  # the outbox
    notes = f"p50 {median(ours):.1f} ms of {TEXTS}, one after the other; {sent} sent, each to another number"
    return [
        {
            "measure": "text asked for to handed over, p95, ms",
            "ours": round(quantiles(ours, n=20)[-1], 1),
            "baseline": round(quantiles(bare, n=20)[-1], 1),
            "baseline_name": BASELINE,
            "notes": notes,
        }
    ]


def straight(product: Harness, number: int) -> None:
    product.platform.messenger.send_sms(
        Sms(f"+1555{2_000_000 + number}", "Your code is 1"), key=f"bare-{number}"
    )


def through(product: Harness, number: int) -> None:
    def ask(work: Any) -> str:
        to = Recipient(f"+1555{3_000_000 + number}")
        return request_text(work, to=to, purpose=Purpose.OTP, body="Your code is 1", key=f"k{number}")

    cause = Cause(f"bench-{number}", "bench", "autohaus", f"bench-{number}")
    text_id = run_unit(product.platform, cause, ask)
    answer = product.deliver("text_sender", TextRequested(text_id=text_id), cause=f"bench-{number}")
    assert answer.status == 200, answer.text


def timed(act: Callable[[], None]) -> float:
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000

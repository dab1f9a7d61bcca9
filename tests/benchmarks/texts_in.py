"""Texts from the webhook to the colleague, beside a plain function that checks the signature and keeps them.

Every text of the product is verified, kept once, read for words of consent, given to a person, an open repair
order and a colleague, and asked to be passed on, each step a commit with its ledger rows. The plain function
verifies with Twilio's own library and inserts a row.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from typing import Any
from wsgiref.types import WSGIApplication

from shared.local.wsgi_call import call_wsgi
from shared.ports import Query
from shared.testing.harness import Harness, running
from shared.testing.twilio_webhooks import SMS_PATH, Twilio, Webhook, new_sid
from tests.texting_desk import STAFF, VEHICLES, repair_order

ALONE, TOGETHER, SENDERS, FLOOD = 150, 600, 4, 10_000
WAIT_S = 900.0
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

PLAIN = """
import sqlite3, threading
from twilio.request_validator import RequestValidator
kept = threading.local()
table = "CREATE TABLE IF NOT EXISTS texts (sid TEXT PRIMARY KEY, sender TEXT, body TEXT)"

def plain(request):
    if not hasattr(kept, "db"):
        kept.db = sqlite3.connect({path!r}, isolation_level=None, timeout=30)
        kept.db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; " + table)
    form, signature = request.form, request.headers["X-Twilio-Signature"]
    if not RequestValidator("dev-twilio-token").validate(request.url, form, signature):
        return "", 403
    row = form["MessageSid"], form["From"], form["Body"]
    kept.db.execute("INSERT OR IGNORE INTO texts VALUES (?, ?, ?)", row)
    return "<Response></Response>", 200, {{"Content-Type": "text/xml"}}
"""


def run(say: Callable[[str], None] = lambda _: None) -> list[dict[str, Any]]:
    """Rows `{measure, ours, baseline, baseline_name, notes}`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say("texts_in: plain function")
        bare = plain_function(folder)
        bare_ms = sorted(timed(bare, one) for one in texts(ALONE, "plain"))
        bare_rate = TOGETHER / spent(bare, texts(TOGETHER, "plain together"))
        with running(folder / "data", log_level="ERROR") as product:
            say("texts_in: one after the other")
            open_shop(product)
            ours_ms = sorted(routed_ms(product, one) for one in texts(ALONE, "alone"))
            say("texts_in: together")
            rate = sustained(product, texts(TOGETHER, "together"))
            say(f"texts_in: {FLOOD:,} of one number")
            flood = flooded(product)
    alone = f"p50 {median(ours_ms):.1f} ms of {ALONE}; two functions with the bus between them"
    together = f"{TOGETHER} texts, {SENDERS} senders at once, until the last is routed"
    kept = f"{flood['kept']:,} kept, {flood['passed_on']} passed on, {flood['raised']} matter raised"
    return [
        _row("inbound SMS to routed, p95, ms", p95(ours_ms), p95(bare_ms), alone),
        _row("inbound SMS to routed, sustained, texts/s", rate, bare_rate, together),
        _row(f"{FLOOD:,} texts of one number, texts/s until all are routed", flood["rate"], bare_rate, kept),
    ]


def _row(measure: str, ours: float, baseline: float, notes: str) -> dict[str, Any]:
    return {
        "measure": measure,
        "ours": round(ours, 1),
        "baseline": round(baseline, 1),
        "baseline_name": "plain function: Twilio's validator, one SQLite insert",
        "notes": notes,
    }


def p95(sorted_ms: Sequence[float]) -> float:
    return sorted_ms[int(len(sorted_ms) * 0.95)]


def texts(count: int, words: str, sender: str = "") -> list[Webhook]:
    """Signed beforehand: signing is Twilio's work. Every second one is of a customer with an open order."""
    twilio = Twilio(base="http://localhost")
    return [
        twilio.text(f"Is my car ready? {words} {n}", sender=sender or f"+1312555{n % 500:04d}", sid=new_sid())
        for n in range(count)
    ]


def open_shop(product: Harness) -> None:
    orders = [repair_order(f"RO-{n}", customer_phone=f"+1312555{n:04d}") for n in range(0, 500, 2)]
    members = [
        {"staff_id": f"advisor-{n}", "name": f"Advisor {n}", "role": "advisor", "phone": f"+131255502{n}"}
        for n in range(10, 22)
    ]
    for kind, rows in (("staff", [*STAFF, *members]), ("vehicles", VEHICLES), ("repair_orders", orders)):
        response = product.call("POST", f"/api/records/{kind}", json=rows, persona="operator")
        if response.status != 200:
            raise RuntimeError(response.text)
    # Whatever hour it is: a night's text is routed and told in the morning.
    hours = {day: ["00:00", "23:59:59"] for day in DAYS}
    product.call("PUT", "/api/inbox/rules", json={"hours": hours}, persona="ceo")
    routed_ms(product, texts(1, "first")[0])


def plain_function(folder: Path) -> WSGIApplication:
    import functions_framework

    source = folder / "plain.py"
    source.write_text(PLAIN.format(path=str(folder / "plain.db")))
    app: WSGIApplication = functions_framework.create_app("plain", str(source), "http")  # type: ignore[no-untyped-call]  # untyped
    return app


def post(app: WSGIApplication, webhook: Webhook) -> None:
    headers = {**webhook.headers, "Host": "localhost"}
    response = call_wsgi(app, "POST", webhook.target, headers=headers, body=webhook.body)
    if response.status != 200:
        raise RuntimeError(f"[{response.status}] {response.text}")


def timed(app: WSGIApplication, webhook: Webhook) -> float:
    began = time.perf_counter()
    post(app, webhook)
    return (time.perf_counter() - began) * 1000


def spent(app: WSGIApplication, webhooks: Sequence[Webhook]) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(lambda one: post(app, one), webhooks))
    return time.perf_counter() - began


def waiting(product: Harness) -> int:
    found = product.tenant().documents.query(Query("inbound_texts", (("state", "==", "received"),), limit=1))
    return len(found)


def routed_ms(product: Harness, webhook: Webhook) -> float:
    began = time.perf_counter()
    post(product.product.app(_function(product)), webhook)
    while waiting(product):
        time.sleep(0.001)
    return (time.perf_counter() - began) * 1000


def _function(product: Harness) -> str:
    return product.product.function_for("POST", SMS_PATH)


def sustained(product: Harness, webhooks: Sequence[Webhook]) -> float:
    began = time.perf_counter()
    spent(product.product.app(_function(product)), webhooks)
    took = _routed_after(product, began)
    _check(product)
    return len(webhooks) / took


def _routed_after(product: Harness, began: float) -> float:
    """Seconds until no text waits for its route; what is sent in turn is waited for and not counted."""
    while waiting(product):
        time.sleep(0.02)
    took = time.perf_counter() - began
    product.settle(WAIT_S)
    return took


def flooded(product: Harness) -> dict[str, Any]:
    """All of one number, as fast as they come in."""
    sender, texts_before = "+13125559999", len(_staff_texts(product))
    began = time.perf_counter()
    spent(product.product.app(_function(product)), texts(FLOOD, "flood", sender))
    took = _routed_after(product, began)
    _check(product)
    (thread,) = product.tenant().documents.query(Query("threads", (("phone", "==", sender),)))
    kept = product.tenant().documents.query(Query(f"{thread.path}/messages"))
    raised = [one for one in product.events("attention-requested") if one["data"]["kind"] == "text_flood"]
    passed_on = len(_staff_texts(product)) - texts_before
    if len(kept) != FLOOD:
        raise RuntimeError(f"[{len(kept)}] of [{FLOOD}] texts are in the conversation")
    return {"rate": FLOOD / took, "kept": len(kept), "passed_on": passed_on, "raised": len(raised)}


def _staff_texts(product: Harness) -> list[Any]:
    return product.tenant().documents.query(Query("texts", (("purpose", "==", "staff_message"),)))


def _check(product: Harness) -> None:
    if left := waiting(product) or len(product.platform.bus_operations.dead_letters()):
        raise RuntimeError(f"[{left}] texts were not routed")

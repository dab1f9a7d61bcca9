"""A request for attention reaches somebody by the way its urgency asks for, and once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from shared.ports import Message, Query
from shared.testing.harness import push_of
from tests.functions.attention_rig import Desk

URGENT: dict[str, Any] = {"urgency": "critical", "kind": "trip_problem", "roles": ("advisor",)}


def test_an_urgent_matter_is_texted_to_one_person_shown_and_posted(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.hire("bob", "advisor")
    desk.open_session("ann", "s-ann")
    assert desk.request(**URGENT, summary="The truck broke down", link="/trips/t1").status == 200
    (text,) = desk.texts()
    assert text["staff_id"] == "ann" and text["purpose"] == "staff_alert"
    assert text["body"] == "[Critical] The truck broke down http://localhost:8080/trips/t1"
    frame = desk.latest_frame("s-ann")
    assert frame and (frame["plate_id"], frame["seq"]) == ("ATTENTION_CARD", 1)
    assert frame["dataset"][0]["summary"] == "The truck broke down"
    assert [post["channel"] for post in desk.posts()] == ["#service"]
    assert sorted(desk.decisions()) == [("plate", "sent", ""), ("slack", "sent", ""), ("sms", "sent", "")]


def test_figures_of_the_books_are_not_said_where_everybody_reads(desk: Desk) -> None:
    desk.hire("ceo", "ceo")
    desk.request(kind="anomaly", urgency="critical", roles=("ceo",), summary="Transport: $5,000.00 posted")
    assert desk.texted() == ["ceo"] and desk.posts() == []
    assert "slack" not in desk.item().told


def test_the_same_delivery_again_changes_nothing(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.request("once", **URGENT)
    before = desk.item()
    assert desk.request("once", **URGENT).status == 200
    assert (desk.item(), len(desk.texts()), len(desk.posts())) == (before, 1, 1)


def test_more_about_an_open_matter_is_rolled_up_without_a_second_text(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    for number in range(5):
        desk.request(f"cause-{number}", **URGENT, subject=f"trips/t{number}", group="trips of today")
    item = desk.item()
    assert (item.count, len(desk.texts()), len(desk.posts())) == (5, 1, 1)
    kept = desk.harness.tenant().documents
    requests = [kept.get(f"{item.path}/requests/event-cause-{number}") for number in range(5)]
    assert all(requests), "none of the requests is lost"


def test_different_matters_are_not_thrown_together(desk: Desk) -> None:
    desk.request("one", subject="sessions/s1")
    desk.request("two", subject="sessions/s2")
    desk.request("three", subject="sessions/s1", kind="opt_out_review")
    assert len(desk.items()) == 3


def test_what_can_wait_waits_for_the_digest(desk: Desk) -> None:
    desk.hire("ceo", "ceo")
    desk.request(kind="heartbeat", summary="All quiet", urgency="low", roles=("ceo",))
    assert desk.texts() == desk.posts() == []
    assert desk.decisions() == [("digest", "held", "digest")]
    assert desk.item().digest_at is not None


def test_money_at_stake_makes_it_more_urgent(desk: Desk) -> None:
    desk.hire("ceo", "ceo")
    desk.request(kind="anomaly", roles=("ceo",), urgency="high", value_usd=Decimal("5000"))
    assert desk.item().band == "critical" and desk.texted() == ["ceo"]


def test_the_one_it_names_comes_before_others_of_the_role(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.hire("zoe", "advisor")
    desk.request(**URGENT, staff_ids=("zoe",))
    assert desk.texted() == ["zoe"]


def test_who_is_present_comes_before_who_is_not_and_who_is_off_comes_last(desk: Desk) -> None:
    for name in ("ann", "bob", "cem"):
        desk.hire(name, "advisor")
    desk._put("presence/ann", {"state": "off", "until": None})
    desk._put("presence/cem", {"state": "available", "until": None})
    desk.request(**URGENT)
    assert desk.texted() == ["cem"]


def test_nobody_of_the_role_works_here_so_the_operator_hears_of_it(desk: Desk) -> None:
    desk.hire("olga", "operator")
    desk.request(**URGENT)
    assert desk.texted() == ["olga"]


def test_nobody_at_all_works_here_and_the_matter_is_in_the_list_all_the_same(desk: Desk) -> None:
    assert desk.request(**URGENT).status == 200
    assert desk.texts() == []
    assert ("sms", "nobody", "no_staff") in desk.decisions()
    (shown,) = desk.call("GET", "/api/attention", "advisor").json()["items"]
    assert shown["item_id"] == desk.item().item_id


def test_who_has_no_conversation_on_a_screen_is_shown_none_and_it_says_so(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.open_session("ann", "s-texts", channel="sms")
    desk.request(**URGENT)
    assert ("plate", "nobody", "no_session") in desk.decisions()
    assert [text["key"].split(":")[0] for text in desk.texts()] == ["attention"], (
        "one text, not a frame besides"
    )
    (shown,) = desk.call("GET", "/api/attention", "advisor").json()["items"]
    assert "a panel on the screen to nobody, for none of them has a conversation" in " ".join(shown["why"])


def test_at_night_a_text_waits_for_the_morning_and_safety_does_not(night: Desk) -> None:
    night.hire("ann", "advisor")
    night.request("late", **URGENT)
    assert night.texts() == [] and ("sms", "held", "quiet_hours") in night.decisions()
    night.request("unsafe", kind="safety_flag", subject="vehicles/v1", roles=("advisor",), safety=True)
    (text,) = night.texts()
    assert text["body"].startswith("[Safety] ")


def test_an_unusual_figure_is_told_at_night_unless_the_person_said_otherwise(night: Desk) -> None:
    night.hire("ceo", "ceo")
    night.hire("ceo-2", "ceo", phone=None)
    asked: dict[str, Any] = {"kind": "anomaly", "roles": ("ceo",), "urgency": "critical"}
    night.request("one", subject="anomalies/a1", **asked)
    assert night.texted() == ["ceo"]
    night.call(
        "PUT", "/api/attention/me/preferences", "ceo", json={"quiet_start": "22:00", "quiet_end": "06:00"}
    )
    night.request("two", subject="anomalies/a2", **asked)
    assert night.texted() == ["ceo"]


def test_after_the_days_alerts_it_is_held_back_and_safety_is_not(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.call("PUT", "/api/attention/me/preferences", "advisor", json={"texts_per_day": 1})
    desk._put("attention_preferences/ann", {"texts_per_day": 1})
    for number in range(3):
        desk.request(f"cause-{number}", **URGENT, subject=f"trips/t{number}")
    assert len(desk.texts()) == 1
    desk.request("unsafe", **URGENT, subject="trips/t9", safety=True)
    assert len(desk.texts()) == 2


def test_the_particulars_may_have_words_and_a_page_for_the_text_alone(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk._put(
        "anomalies/a1", {"alert_text": "Transport cost $5,000.00", "alert_url": "https://x.test/alert/u"}
    )
    desk.request(**URGENT, detail="anomalies/a1")
    (text,) = desk.texts()
    assert text["body"] == "[Critical] Transport cost $5,000.00 https://x.test/alert/u"
    (post,) = desk.posts()
    assert "x.test" not in post["text"] and "$5,000" not in post["text"], "many read the staff's chat"
    assert "x.test" not in str(desk.item()) and "x.test" not in str(desk.harness.events())


def test_an_anomalys_text_carries_its_signed_page(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk._put("anomalies/a1", {"link_uuid": "0a1b"})
    desk.request(**URGENT, detail="anomalies/a1", link="/anomalies/a1")
    assert desk.texts()[0]["body"].endswith(" http://localhost:8080/alert/0a1b")


def test_a_summary_without_end_still_fits_a_text(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.request(**URGENT, summary="word " * 500)
    assert len(desk.texts()[0]["body"]) <= 320
    assert desk.texts()[0]["body"].endswith(f"/attention/{desk.item().item_id}")


def test_what_cannot_be_read_is_kept_as_rejected_and_brought_to_nobody(desk: Desk) -> None:
    message = Message("attention-requested", b'{"kind": 1}', {"ce-id": "x", "ce-tenantid": "autohaus"})
    assert desk.harness.product.deliver("attention_dispatcher", push_of(message)).status == 200
    assert desk.items() == []
    assert desk.harness.platform.documents.query(Query("rejected"))


def test_one_dealerships_matter_reaches_nobody_of_another(desk: Desk) -> None:
    desk.hire("ann", "advisor")
    desk.hire("nora", "advisor", tenant="northside")
    desk.request(**URGENT, tenant="northside")
    assert desk.texts() == [] and [text["staff_id"] for text in desk.texts("northside")] == ["nora"]
    assert desk.call("GET", "/api/attention", "ceo").json()["items"] == []


def test_every_decision_is_in_the_ledger_without_words_or_numbers(desk: Desk) -> None:
    desk.hire("ann", "advisor", phone="+13125550147")
    desk.request(**URGENT, summary="The truck broke down")
    rows = desk.ledger("attention.decided")
    assert len(rows) == 3 and {row["subject"] for row in rows} == {desk.item().path}
    assert "truck" not in str(rows) and "5550147" not in str(desk.harness.events())

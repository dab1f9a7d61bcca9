"""A customer's text reaches the colleague who answers for what it is about."""

from __future__ import annotations

from tests.texting_desk import ACCORD, ADVISOR, ADVISOR_2, ANN, BOB, CIVIC, SELLER, Desk, deal, repair_order


def test_a_customer_with_an_open_repair_order_reaches_its_advisor(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    text = desk.said("Is it done yet?")
    (thread,) = desk.threads()
    assert text["state"] == "passed_on" and text["thread_id"] == thread.thread_id
    assert (thread.department, thread.assigned_staff_id, thread.state) == ("service", "advisor", "open")
    assert thread.about["id"] == "RO-1"
    assert desk.texts_to(ADVISOR) == [
        f"#{thread.number} Ann Smith, 2003 Honda Accord in service (RO-1): Is it done yet?"
        f"\nAnswer: #{thread.number} your words"
    ]


def test_a_customer_with_an_open_deal_reaches_its_seller(desk: Desk) -> None:
    desk.records("deals", deal())
    desk.said("Any news?")
    assert len(desk.texts_to(SELLER)) == 1 and desk.threads()[0].department == "sales"


def test_an_order_is_found_by_the_person_when_the_number_is_another(desk: Desk) -> None:
    person = desk.product.call(
        "POST",
        "/api/crm/intake",
        json={"source": "WEB_LEAD", "name": "Ann Smith", "phone": BOB},
        api_key=True,
    ).json()["master_person_id"]
    desk.records("repair_orders", repair_order(customer_phone=None, master_person_id=person))
    desk.said("Is it done yet?", sender=BOB)
    (thread,) = desk.threads(BOB)
    assert thread.person_id == person and thread.about["id"] == "RO-1"


def test_an_order_under_another_number_of_the_same_person_is_theirs(desk: Desk) -> None:
    lead = {"source": "WEB_LEAD", "name": "Ann Smith", "phones": [ANN, BOB]}
    desk.product.call("POST", "/api/crm/intake", json=lead, api_key=True)
    desk.records("repair_orders", repair_order(customer_phone=ANN))
    desk.said("Is it done yet?", sender=BOB)
    assert desk.threads(BOB)[0].about["id"] == "RO-1" and len(desk.stored("persons")) == 1


def test_a_closed_order_is_nothing_open(desk: Desk) -> None:
    desk.records("repair_orders", repair_order(status="closed"))
    assert desk.said("Hello")["state"] == "asked"


def test_an_unknown_number_is_a_new_person_who_is_known_the_next_time(desk: Desk) -> None:
    desk.said("I need new brakes")
    desk.said("and tires")
    (person,) = desk.stored("persons")
    assert person["phones"] == [ANN] and person["sources"] == ["SMS"]
    assert desk.threads()[0].person_id == person["person_id"]
    assert [one["data"]["is_new_person"] for one in desk.product.events("text-routed")] == [True, False]
    assert [one["data"]["source"] for one in desk.product.events("person-linked")] == ["SMS"]


def test_a_later_lead_with_the_number_is_that_person(desk: Desk) -> None:
    desk.said("I need new brakes")
    lead = {"source": "WEB_LEAD", "name": "Ann Smith", "email": "ann@example.com", "phone": ANN}
    answer = desk.product.call("POST", "/api/crm/intake", json=lead, api_key=True).json()
    (known,) = desk.stored("persons", ("sources", "array_contains", "SMS"))
    possible = [one["person_id"] for one in answer["possible_persons"]]
    assert known["person_id"] in (answer["master_person_id"], *possible)


def test_a_person_only_the_shop_s_own_records_name_is_founded_under_that_name(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    desk.said("Hello")
    (person,) = desk.stored("persons")
    assert (person["name"], person["name_words"]) == ("Ann Smith", ["ann", "smith"])


def test_of_a_family_with_one_number_it_is_whose_order_it_is(desk: Desk) -> None:
    people = {}
    for name in ("Ann Smith", "Otto Smith"):
        lead = {"source": "WEB_LEAD", "name": name, "phone": ANN, "birth_date": f"198{len(name) % 9}-01-01"}
        people[name] = desk.product.call("POST", "/api/crm/intake", json=lead, api_key=True).json()
    otto = people["Otto Smith"]["master_person_id"]
    assert otto != people["Ann Smith"]["master_person_id"]
    desk.records("repair_orders", repair_order(customer_name="Otto Smith", master_person_id=otto))
    desk.said("Is it done yet?")
    assert desk.threads()[0].person_id == otto


def test_words_choose_between_an_order_and_a_deal(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    desk.records("deals", deal())
    desk.said("What would the monthly payment be with financing?")
    desk.said("Did you find the noise in the brakes?")
    assert len(desk.texts_to(SELLER)) == 1 and len(desk.texts_to(ADVISOR)) == 1
    assert {one.department for one in desk.threads()} == {"sales", "service"}
    assert len({one.number for one in desk.threads()}) == 2


def test_a_number_or_a_model_named_in_the_text_chooses(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    desk.records("deals", deal())
    desk.said("How is the accord?")
    assert [one.about["id"] for one in desk.threads()] == ["RO-1"]
    desk.said("and D-1?")
    assert desk.threads()[0].about["id"] == "D-1"
    desk.said(f"VIN {CIVIC[-6:]} please")
    assert desk.threads()[0].about["id"] == "D-1"
    assert ACCORD not in str(desk.product.events("text-routed"))


def test_what_was_talked_of_last_goes_on(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    desk.records("deals", deal())
    desk.said("How is the accord?")
    desk.clock.wait(hours=3)
    assert desk.said("ok thanks, and when?")["state"] == "passed_on"
    assert desk.threads()[0].about["id"] == "RO-1" and len(desk.threads()) == 1


def test_between_two_conversations_of_the_same_minutes_the_customer_is_asked(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    desk.records("deals", deal())
    desk.said("How is the accord?")
    desk.said("How is D-1?")
    assert desk.said("ok, how much?")["state"] == "asked"
    (question,) = desk.texts_to(ANN)
    assert "1 Purchase of 2019 Toyota Camry (D-1)" in question
    assert "2 2003 Honda Accord in service (RO-1)" in question


def test_another_order_that_is_named_is_its_own_advisor_s(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    other = {"vin": CIVIC, "advisor_staff_id": "advisor-2", "opened_at": "2026-11-10T15:00:00Z"}
    desk.records("repair_orders", repair_order("RO-2", **other))
    desk.said("Is it done yet?")
    desk.said("and the Camry, RO-2?")
    assert len(desk.texts_to(ADVISOR)) == len(desk.texts_to(ADVISOR_2)) == 1
    (thread,) = desk.threads()
    assert (thread.about["id"], thread.assigned_staff_id) == ("RO-2", "advisor-2")
    desk.said("thanks")
    assert len(desk.texts_to(ADVISOR_2)) == 2


# who is there


def away(desk: Desk, persona: str, state: str = "away", **more: object) -> None:
    desk.call("PUT", "/api/inbox/presence", {"state": state, **more}, persona=persona)


def test_when_the_assigned_colleague_is_away_the_best_present_one_takes_it(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    away(desk, "advisor")
    desk.said("Is it done yet?")
    assert desk.threads()[0].assigned_staff_id == "advisor-2"
    assert desk.texts_to(ADVISOR) == [] and len(desk.texts_to(ADVISOR_2)) == 1


def test_away_ends_at_the_time_that_was_said(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    until = desk.clock.now().replace(hour=17).isoformat()
    away(desk, "advisor", until=until)
    desk.clock.wait(hours=2)
    desk.said("Is it done yet?")
    assert len(desk.texts_to(ADVISOR)) == 1


def test_work_is_shared_by_who_has_the_fewest_customers_waiting(desk: Desk) -> None:
    for number in range(6):
        desk.said("I need new brakes", sender=f"+1312555018{number}")
    assigned = [one["assigned_staff_id"] for one in desk.stored("threads")]
    assert sorted(assigned) == ["advisor"] * 3 + ["advisor-2"] * 3


def test_when_everybody_is_away_the_assigned_colleague_still_gets_it(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    for persona in ("advisor", "ceo"):
        who = {"staff_id": "advisor-2"} if persona == "ceo" else {}
        away(desk, persona, **who)
    desk.said("Is it done yet?")
    assert len(desk.texts_to(ADVISOR)) == 1


def test_a_colleague_who_left_gets_nothing(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    left = {"staff_id": "advisor", "name": "Ada", "role": "advisor", "phone": ADVISOR, "active": False}
    desk.records("staff", left)
    desk.said("Is it done yet?")
    assert desk.texts_to(ADVISOR) == [] and desk.threads()[0].assigned_staff_id == "advisor-2"


def test_a_colleague_without_a_phone_is_told_by_the_attention_list(desk: Desk) -> None:
    desk.records(
        "staff", {"staff_id": "advisor", "name": "Ada", "role": "advisor", "departments": ["service"]}
    )
    desk.records("repair_orders", repair_order())
    desk.said("Is it done yet?")
    (asked,) = [one for one in desk.attention() if one["kind"] == "unanswered_customer"]
    assert asked["staff_ids"] == ["advisor"] and ANN not in str(asked)


def test_a_colleague_who_wants_slack_is_told_there(desk: Desk) -> None:
    desk.records("repair_orders", repair_order())
    away(desk, "advisor", "available", notify="slack", slack_channel="#service")
    desk.said("Is it done yet?")
    (post,) = desk.stored("staff_posts")
    assert (
        post["channel"] == "#service" and "Is it done yet?" in post["text"] and desk.texts_to(ADVISOR) == []
    )


def test_a_dealership_without_staff_is_told_by_roles_and_loses_nothing(desk: Desk) -> None:
    text_id = desk.text("I need new brakes", to="+13125550149")
    desk.product.settle()
    (text,) = desk.stored("inbound_texts", tenant="northside")
    assert (text["text_sid"], text["state"]) == (text_id, "unstaffed")
    (thread,) = desk.stored("threads", tenant="northside")
    assert thread["state"] == "open" and thread["due_at"]
    assert [one["roles"] for one in desk.attention()] == [["operator", "ceo"]]

"""A customer texts the one number, the right colleague answers, nobody waits unnoticed. On every profile."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from shared.local.wsgi_call import Response
from shared.ports import Query, Write
from shared.testing.twilio_webhooks import AUTOHAUS, Twilio, Webhook, behind_proxy, new_sid
from tests.journeys.product import Product, eventually
from tests.journeys.text_journeys import BASE, number, post, to

ACCORD = "1HGCM82633A004352"
ALWAYS = {
    day: ["00:00", "23:59:59"]
    for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
}


def twilio(product: Product) -> Twilio:
    return Twilio(BASE, token=product.twilio_token, more=behind_proxy(BASE))


def send(product: Product, webhook: Webhook) -> Response:
    return post(product, webhook.target, webhook.body, webhook.headers)


def say(product: Product, words: str, *, sender: str) -> dict[str, Any]:
    """A text comes in; answers its document once it is routed."""
    sid = new_sid()
    send(product, twilio(product).text(words, sender=sender, sid=sid))

    def look() -> dict[str, Any] | None:
        found = product.platform.tenant("autohaus").documents.get(f"inbound_texts/{sid}")
        return dict(found.data) if found and found.data["state"] != "received" else None

    return eventually(look, f"[{words}] is routed")


def stored(product: Product, collection: str, *where: tuple[str, str, Any]) -> list[dict[str, Any]]:
    found = product.platform.tenant("autohaus").documents.query(Query(collection, where))
    return [dict(one.data) for one in found]


def asked_for(product: Product, phone: str) -> list[str]:
    """Texts somebody wanted to send to the number, whatever hour it is."""
    found = stored(product, "texts", ("to", "==", phone))
    return [one["body"] for one in sorted(found, key=lambda one: one["requested_at"])]


def records(product: Product, kind: str, *rows: dict[str, Any]) -> None:
    response = product.call("POST", f"/api/records/{kind}", json=list(rows), api_key=True)
    assert response.status == 200 and not response.json()["errors"], response.text


class Shop:
    """Two advisors nobody else of this run is, with a customer whose car one of them has."""

    def __init__(self, product: Product) -> None:
        self.product, self.customer = product, number()
        # Whatever hour it is: by the shipped hours a night's text waits for the morning.
        response = product.call("PUT", "/api/inbox/rules", json={"hours": ALWAYS}, persona="ceo")
        assert response.status == 200, response.text
        self.run = uuid.uuid4().hex[:8]
        self.order = f"RO-{self.run}"
        self.advisors = {f"a-{self.run}": number(), f"b-{self.run}": number()}
        for staff_id, phone in self.advisors.items():
            member = {"staff_id": staff_id, "name": staff_id, "role": "advisor", "phone": phone}
            records(product, "staff", {**member, "departments": ["service"]})
        vehicle = {"vin": ACCORD, "year": 2003, "make": "Honda", "model": "Accord", "status": "in_service"}
        records(product, "vehicles", vehicle)
        order = {
            "ro_number": self.order,
            "vin": ACCORD,
            "status": "in_progress",
            "opened_at": "2026-11-16T15:00:00Z",
        }
        customer = {"customer_name": f"Ann {self.run.title()}", "customer_phone": self.customer}
        records(product, "repair_orders", {**order, **customer, "advisor_staff_id": f"a-{self.run}"})

    @property
    def phone(self) -> str:
        """Of the advisor who has the order."""
        return self.advisors[f"a-{self.run}"]

    def close(self) -> None:
        """They leave, so that no other journey's customer is given to them."""
        for staff_id in self.advisors:
            gone = {"staff_id": staff_id, "name": staff_id, "role": "advisor", "active": False}
            records(self.product, "staff", gone)


def call(product: Product, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
    response = product.call(method, path, json=body, persona="ceo")
    assert response.status == status, response.text
    return response.json()


class InboxJourneys:
    def test_a_customer_s_text_reaches_the_advisor_whose_answer_comes_from_the_one_number(
        self, product: Product
    ) -> None:
        shop = Shop(product)
        text = say(product, "Is my car ready?", sender=shop.customer)
        thread = call(product, "GET", f"/api/inbox/threads/{text['thread_id']}")["thread"]
        assert thread["about"]["id"] == shop.order and thread["assigned_staff_id"] == f"a-{shop.run}"
        (told,) = asked_for(product, shop.phone)
        assert told.startswith(f"#{thread['number']} Ann") and "Is my car ready?" in told
        say(product, f"#{thread['number']} Yes, at five", sender=shop.phone)
        eventually(lambda: to(product, shop.customer) == ["Yes, at five"], "the answer")
        (sent,) = [one for one in product.texts_out() if one["to"] == shop.customer]
        assert sent["from"] in (AUTOHAUS, None)
        shown = call(product, "GET", f"/api/inbox/threads/{text['thread_id']}")
        assert shown["thread"]["state"] == "answered"
        assert [one["direction"] for one in shown["messages"]] == ["in", "out"]
        shop.close()

    def test_a_stranger_is_asked_once_and_the_first_words_go_on_with_the_answer(
        self, product: Product
    ) -> None:
        shop, stranger = Shop(product), number()
        assert say(product, "Hello, Otto here", sender=stranger)["state"] == "asked"
        eventually(lambda: len(to(product, stranger)) == 1, "the question")
        text = say(product, "1", sender=stranger)
        thread = call(product, "GET", f"/api/inbox/threads/{text['thread_id']}")["thread"]
        assert (thread["department"], thread["state"]) == ("service", "open")
        assert any("Otto here" in one["body"] for one in stored(product, "texts") if one["staff_id"])
        (person,) = stored(product, "persons", ("phones", "array_contains", stranger))
        assert thread["person_id"] == person["person_id"] and person["sources"] == ["SMS"]
        assert len(asked_for(product, stranger)) == 1
        shop.close()

    def test_forged_and_replayed_webhooks_change_nothing(self, product: Product) -> None:
        sender = number()
        forged = Twilio(BASE, token="made-up", more=behind_proxy(BASE)).text("Hello", sender=sender)
        answer = product.call(
            "POST",
            forged.target,
            body=forged.body,
            content_type=forged.headers["Content-Type"],
            headers=forged.headers,
        )
        assert answer.status == 401, answer.text
        webhook = twilio(product).text("I need new brakes", sender=sender)
        for _ in range(3):
            assert send(product, webhook).text == "<Response></Response>"
        eventually(lambda: stored(product, "threads", ("phone", "==", sender)), "the conversation")
        assert len(stored(product, "inbound_texts", ("sender", "==", sender))) == 1

    def test_a_stop_in_the_middle_ends_sending_at_once(self, product: Product) -> None:
        shop = Shop(product)
        text = say(product, "Is my car ready?", sender=shop.customer)
        path = f"/api/inbox/threads/{text['thread_id']}"
        say(product, "STOP", sender=shop.customer)
        refused = call(product, "POST", f"{path}/reply", {"text": "Yes"}, status=409)
        assert "asked not to be texted" in refused["detail"]
        number = call(product, "GET", path)["thread"]["number"]
        say(product, f"#{number} Yes", sender=shop.phone)
        assert "was not sent" in asked_for(product, shop.phone)[-1]
        assert "Yes" not in asked_for(product, shop.customer)
        say(product, "START", sender=shop.customer)
        call(product, "POST", f"{path}/reply", {"text": "Yes"})
        eventually(lambda: "Yes" in to(product, shop.customer), "the answer after START")
        shop.close()

    def test_conversations_are_merged_split_and_all_of_it_is_undone(self, product: Product) -> None:
        shop = Shop(product)
        one = say(product, "Is my car ready?", sender=shop.customer)
        two = say(product, "do you have floor mats?", sender=shop.customer)
        paths = [f"/api/inbox/threads/{text['thread_id']}" for text in (one, two)]

        def words(path: str) -> list[str]:
            return [message["text"] for message in call(product, "GET", path)["messages"]]

        call(product, "POST", f"{paths[1]}/merge", {"into": one["thread_id"]})
        assert words(paths[0]) == words(paths[1]) == ["Is my car ready?", "do you have floor mats?"]
        order = {"message_ids": [one["text_sid"]], "department": "general"}
        call(product, "POST", f"{paths[0]}/split", order)
        assert words(paths[0]) == ["do you have floor mats?"]
        for _ in range(2):
            call(product, "POST", f"{paths[0]}/undo", {})
        assert (words(paths[0]), words(paths[1])) == (["Is my car ready?"], ["do you have floor mats?"])
        call(product, "POST", f"{paths[0]}/undo", {}, status=409)
        shop.close()

    def test_who_waits_too_long_is_given_to_somebody_else_and_raises_attention(
        self, product: Product
    ) -> None:
        shop = Shop(product)
        documents = product.platform.tenant("autohaus").documents
        text = say(product, "Is my car ready?", sender=shop.customer)
        thread = documents.get(f"threads/{text['thread_id']}")
        assert thread
        # An hour passes.
        late = {name: thread.data[name] - timedelta(hours=1) for name in ("due_at", "first_unanswered_at")}
        documents.commit([Write(thread.path, {**thread.data, **late}, thread.version)])
        assert product.run("unanswered_watch").status == 200
        after = call(product, "GET", f"/api/inbox/threads/{text['thread_id']}")["thread"]
        assert (
            after["reassigned"][0]["from"] == f"a-{shop.run}"
            and after["assigned_staff_id"] != f"a-{shop.run}"
        )
        found = eventually(
            lambda: stored(product, "attention_items", ("subject", "==", thread.path)), "the matter"
        )
        assert found[0]["kind"] == "unanswered_customer"
        shop.close()

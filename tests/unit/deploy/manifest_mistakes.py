"""Manifests gone wrong: what is changed in whose, and the words that must come of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Raw = dict[str, Any]
Edit = Callable[[Raw], object]


def route(number: int = 0, **changes: Any) -> Edit:
    return lambda raw: raw["routes"][number].update(changes)


def put(**fields: Any) -> Edit:
    return lambda raw: raw.update(fields)


def another(path: str, **changes: Any) -> Edit:
    """One more route of the function's first handler."""
    return lambda raw: raw["routes"].append({**raw["routes"][0], "path": path, **changes})


def publish(topic: str) -> Edit:
    return lambda raw: raw["publishes"].append(topic)


MISTAKES: dict[str, tuple[str, Edit, str]] = {
    "unknown topic told": (
        "chat",
        publish("message-recieved"),
        "[message-recieved] is no topic of shared/events; did you mean [message-received]?",
    ),
    "unknown topic heard": (
        "membrane",
        put(subscribes="mesage-received"),
        "field [subscribes]: [mesage-received] is no topic of shared/events; did you mean [",
    ),
    "topic nobody tells": (
        "membrane",
        put(subscribes="handoff-requested", publishes=["audit-recorded"]),
        "field [subscribes]: [handoff-requested] is told by no function",
    ),
    "topic Pub/Sub refuses": (
        "chat",
        publish("google-leads"),
        "field [publishes.2]: [google-leads] is no name Pub/Sub takes",
    ),
    "unknown role": (
        "operations",
        route(roles=["operator", "cheif"]),
        "field [routes.0.roles]: [cheif] is no role; there is advisor, ceo",
    ),
    "roles without users": (
        "operations",
        route(auth=["api_key"]),
        "field [routes.0.roles]: [operator, ceo] are roles of users; auth has no [user]",
    ),
    "roles that keep nobody out": (
        "operations",
        route(auth=["user", "public"]),
        "field [routes.0.roles]: [operator, ceo] keep nobody out: auth has [public]",
    ),
    "unknown credential kind": (
        "chat",
        route(auth=["cookie"]),
        "field [routes.0.auth.0]: [cookie] is none of",
    ),
    "path twice in one function": (
        "chat",
        another("/api/chat"),
        "field [routes.2.path]: [POST /api/chat] is [/api/chat] of [chat] already",
    ),
    "path of another function": (
        "system",
        another("/api/chat", method="POST"),
        "[POST /api/chat] is [/api/chat] of [chat] already",
    ),
    "path with another name for its parameter": (
        "chat",
        another("/api/chat/{id}", method="GET", handler="show_frames"),
        "[GET /api/chat/{id}] is [/api/chat/{session_id}] of [chat] already",
    ),
    "path the load balancer cannot tell apart": (
        "system",
        another("/api/chat/{session_id}/state"),
        "[GET /api/chat/{session_id}/state] goes to [chat]: the load balancer sends [/api/chat/*] there",
    ),
    "path hidden by a parameter": (
        "system",
        another("/api/chat/state"),
        "[GET /api/chat/state] is also [/api/chat/{session_id}] of [chat]",
    ),
    "path with a star inside": (
        "system",
        another("/api/*/state"),
        "field [routes.4.path]: [/api/*/state] has a part that is no plain name",
    ),
    "path with half a parameter": (
        "system",
        another("/api/state-{id}"),
        "[/api/state-{id}] has a part that is no plain name and no whole {parameter}",
    ),
    "path with an empty part": (
        "system",
        another("/api//state"),
        "[/api//state] has a part that is no plain name",
    ),
    "path with a parameter twice": (
        "chat",
        another("/api/chat/{a}/to/{a}"),
        "[/api/chat/{a}/to/{a}] has the parameter [a] twice",
    ),
    "path with a parameter nobody takes": (
        "chat",
        route(1, path="/api/chat/{session}"),
        "[/api/chat/{session}] has the parameter [session], which [show_frames] does not take",
    ),
    "path of the runtime": ("system", another("/_ready"), "[/_ready] belongs to the runtime"),
    "path of the laptop": ("system", another("/local/state"), "[/local/state] belongs to the runtime"),
    "path in capitals": (
        "system",
        another("/api/State"),
        "[/api/State] does not fit: String should match pattern",
    ),
    "unknown secret": (
        "crm_intake",
        put(secrets=["twilio_auth_tokn"]),
        "field [secrets.0]: [twilio_auth_tokn] is no secret of shared/adapters/embedded/secrets.py",
    ),
    "secret of a port": (
        "crm_intake",
        lambda raw: raw.update(ports=[*raw["ports"], "messenger"], secrets=["twilio_auth_token"]),
        "field [secrets.0]: [twilio_auth_token] comes with a port already",
    ),
    "unknown setting": (
        "membrane",
        put(settings=["gemini_modell"]),
        "field [settings.0]: [gemini_modell] is no setting; did you mean [gemini_model]?",
    ),
    "setting of a laptop": (
        "membrane",
        put(settings=["sample_seed"]),
        "field [settings.0]: [sample_seed] is a laptop's setting",
    ),
    "unknown port": (
        "chat",
        lambda raw: raw["ports"].append("blobz"),
        "field [ports.3]: [blobz] is none of 'documents', 'bus'",
    ),
    "port twice": ("chat", lambda raw: raw["ports"].append("bus"), "field [ports]: [bus] stands there twice"),
    "unknown package": (
        "crm_intake",
        put(packages=["phonenumber"]),
        "[phonenumber] is no package that pyproject.toml ships; did you mean [phonenumbers]?",
    ),
    "package of development": ("crm_intake", put(packages=["pytest"]), "[pytest] is no package"),
    "unknown handler": (
        "chat",
        route(handler="take_mesage"),
        "field [routes.0.handler]: [take_mesage] is no function of main.py; did you mean [take_message]?",
    ),
    "handler not handed on": (
        "question_expiry",
        put(handler="expire_question"),
        "field [handler]: [expire_question] is no function of main.py; did you mean [expire_questions]?",
    ),
    "handler nobody names": (
        "chat",
        lambda raw: raw["routes"].pop(),
        "field [handler]: [show_frames] is handed to entry_point in main.py and named by no route",
    ),
    "unknown field": (
        "chat",
        put(time_out_seconds=5),
        "[time_out_seconds] is no field of a manifest; did you mean [timeout_seconds]?",
    ),
    "missing field": ("chat", lambda raw: raw.pop("meaning"), "field [meaning]: [meaning] is missing"),
    "missing field of a route": (
        "chat",
        lambda raw: raw["routes"][0].pop("summary"),
        "field [routes.0.summary]: [summary] is missing",
    ),
    "name of another folder": (
        "chat",
        put(name="chatter"),
        "field [name]: [chatter] is not the folder's name [chat]",
    ),
    "kind without its trigger": ("chat", put(kind="event"), "kind [event] needs its routes, topic"),
    "trigger of another kind": (
        "chat",
        put(schedule={"cron": "* * * * *"}),
        "field [schedule]: [http] is a kind without it; it belongs to schedule or job",
    ),
    "cron with six fields": (
        "outbox_sweeper",
        put(schedule={"cron": "0 * * * * *"}),
        "field [schedule.cron]: [0 * * * * *] is not five fields",
    ),
    "cron out of range": (
        "outbox_sweeper",
        put(schedule={"cron": "61 * * * *"}),
        "field [schedule.cron]: [61 * * * *] never fires or cannot be read",
    ),
    "cron that never comes": (
        "outbox_sweeper",
        put(schedule={"cron": "0 0 30 2 *"}),
        "field [schedule.cron]: [0 0 30 2 *] never fires",
    ),
    "cron of other programs": (
        "outbox_sweeper",
        put(schedule={"cron": "0 0 * * 1#2"}),
        "field [schedule.cron]: [0 0 * * 1#2] is not five fields",
    ),
    "unknown time zone": (
        "outbox_sweeper",
        put(schedule={"cron": "0 0 * * *", "time_zone": "America/Chicgo"}),
        "field [schedule.time_zone]: [America/Chicgo] is no time zone of the IANA list; did you mean "
        "[America/Chicago]?",
    ),
    "too long a request": (
        "chat",
        put(timeout_seconds=3601),
        "field [timeout_seconds]: [3601] is no whole number from 1 to 3600, a function's time limit",
    ),
    "too long an event": (
        "membrane",
        put(timeout_seconds=601),
        "field [timeout_seconds]: [601] is no whole number from 1 to 600, a push subscription's",
    ),
    "half a second": ("chat", put(timeout_seconds=2.5), "field [timeout_seconds]: [2.5] is no whole number"),
    "too long a schedule": ("outbox_sweeper", put(timeout_seconds=1801), "from 1 to 1800, Cloud Scheduler's"),
    "too much memory": (
        "chat",
        put(memory_mib=65536),
        "field [memory_mib]: [65536] is beyond Cloud Run's 128 to 32768",
    ),
    "too little memory": (
        "chat",
        put(memory_mib=64),
        "field [memory_mib]: [64] does not fit: Input should be greater",
    ),
    "too little for a job": (
        "identity_training",
        put(memory_mib=256),
        "field [memory_mib]: [256] is beyond Cloud Run's 512 to 32768",
    ),
    "too many at once": (
        "chat",
        put(concurrency=1001),
        "field [concurrency]: [1001] is over Cloud Run's 1000",
    ),
    "too large a body": (
        "chat",
        route(max_body_bytes=40_000_000),
        "field [routes.0.max_body_bytes]: [40000000] is beyond the 33554432 bytes",
    ),
    "too few attempts": (
        "membrane",
        put(max_attempts=4),
        "field [max_attempts]: [4] does not fit: Input should be",
    ),
    "too long a back-off": (
        "membrane",
        put(max_backoff_seconds=601),
        "field [max_backoff_seconds]: [601] is beyond Pub/Sub's 0 to 600",
    ),
    "a back-off below zero": ("membrane", put(min_backoff_seconds=-1), "[-1] is beyond Pub/Sub's 0 to 600"),
    "a back-off that shrinks": (
        "membrane",
        put(min_backoff_seconds=20),
        "field [min_backoff_seconds]: [20] is over max_backoff_seconds, [10]",
    ),
}

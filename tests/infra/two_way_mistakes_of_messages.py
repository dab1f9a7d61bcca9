"""Seeded mistakes of messages and names: the check that must see it, the seed, and words of what it says."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tests.infra.two_way_seeds import (
    CHAT,
    CONSUMER,
    MEMBRANE,
    SCHEDULE,
    STRANGER,
    SWEEPER,
    Seed,
    foundation,
    not_in_foundation,
    not_in_product,
    product,
    retyped,
    service,
)

MISTAKES: Mapping[str, tuple[str, Seed, str]] = {
    "a topic nobody made": (
        "topics",
        not_in_foundation('google_pubsub_topic.event["message-received"]'),
        "lacks [message-received]",
    ),
    "a topic no event has": (
        "topics",
        foundation(
            'google_pubsub_topic.event["message-received"]', lambda v: v.update(name="message-recieved")
        ),
        "has [message-recieved]",
    ),
    "a history of another topic": (
        "topics",
        foundation(
            'history["message-received--history"]',
            lambda v: v.update(topic="projects/p/topics/lead-received"),
        ),
        "lacks [message-received--history of message-received]",
    ),
    "rows in the wrong table": (
        "rows",
        foundation(
            'subscription.rows["audit-recorded"]',
            lambda v: v["bigquery_config"][0].update(table="offline-project.ledger.money_v1"),
        ),
        "lacks [audit-recorded →",
    ),
    "a column the table does not have": (
        "rows",
        foundation('google_bigquery_table.this["brain.model_usage_v1"]', lambda v: v.update(schema="[]")),
        "lacks [brain.model_usage_v1 ",
    ),
    "a subscription nobody made": (
        "consumers",
        not_in_product(CONSUMER),
        "lacks [message-received → membrane]",
    ),
    "a subscription to another topic": (
        "consumers",
        product(CONSUMER, lambda v: v.update(topic="lead-received")),
        "has [lead-received → membrane]",
    ),
    "a subscription nobody answers": (
        "consumers",
        product(CONSUMER, lambda v: v["push_config"][0].update(push_endpoint="https://nobody.test")),
        "has [message-received → https://nobody.test]",
    ),
    "a deadline shorter than the function": (
        "consumers",
        product(CONSUMER, lambda v: v.update(ack_deadline_seconds=10)),
        "subscription of functions/membrane: the deadline is [10] s",
    ),
    "events in any order": (
        "consumers",
        product(CONSUMER, lambda v: v.update(enable_message_ordering=False)),
        "subscription of functions/membrane: ordering is [False]",
    ),
    "dead letters of another consumer": (
        "consumers",
        product(CONSUMER, lambda v: v["dead_letter_policy"][0].update(dead_letter_topic="x")),
        "dead letters is [x]",
    ),
    "fewer deliveries": (
        "consumers",
        product(CONSUMER, lambda v: v["dead_letter_policy"][0].update(max_delivery_attempts=5)),
        "deliveries is [5], not [",
    ),
    "a subscription that expires": (
        "consumers",
        product(CONSUMER, lambda v: v.update(expiration_policy=[])),
        "expiry is [[]]",
    ),
    "a token for another audience": (
        "consumers",
        product(CONSUMER, lambda v: v["push_config"][0]["oidc_token"][0].update(audience="x")),
        "audience is [x]",
    ),
    "a caller the code turns away": (
        "consumers",
        product(
            CONSUMER, lambda v: v["push_config"][0]["oidc_token"][0].update(service_account_email=STRANGER)
        ),
        f"called as [{STRANGER}]",
    ),
    "a schedule nobody made": ("schedules", not_in_product(SCHEDULE), "lacks [outbox-sweeper]"),
    "another hour": (
        "schedules",
        product(SCHEDULE, lambda v: v.update(schedule="0 0 1 1 *")),
        "cron is [0 0 1 1 *]",
    ),
    "an attempt shorter than the function": (
        "schedules",
        product(SWEEPER, lambda v: service(v).update(timeout_seconds=1700)),
        "the function may take [1700] s",
    ),
    "a schedule's token for another audience": (
        "schedules",
        product(SCHEDULE, lambda v: v["http_target"][0]["oidc_token"][0].update(audience="x")),
        "audience is [x]",
    ),
    "a schedule with a token for Google's own API": (
        "schedules",
        product(SCHEDULE, lambda v: v["http_target"][0].update(oidc_token=[])),
        "schedule of functions/outbox_sweeper: it is called without a token",
    ),
    "dead letters the agent may not write": (
        "agents",
        not_in_foundation('pubsub_gives_up["membrane--dead-letters"]'),
        "Pub/Sub's agent lacks [roles/pubsub.publisher on topic membrane--dead-letters]",
    ),
    "pushes the agent may not sign": (
        "agents",
        foundation("pubsub_signs_as_push", lambda v: v.update(role="roles/iam.serviceAccountUser")),
        "Pub/Sub's agent lacks [roles/iam.serviceAccountTokenCreator on account pubsub-push]",
    ),
    "rows the agent may not write": (
        "agents",
        foundation("pubsub_writes_rows", lambda v: v.update(role="roles/bigquery.dataViewer")),
        "Pub/Sub's agent lacks [roles/bigquery.dataEditor on dataset",
    ),
    "videos Gemini may not fetch": (
        "agents",
        not_in_foundation("vertex_reads_files"),
        "Vertex's agent lacks [roles/storage.objectViewer on bucket",
    ),
    "a right the agent has no use for": (
        "agents",
        foundation("pubsub_takes_what_it_gives_up", lambda v: v.update(role="roles/pubsub.admin")),
        "Pub/Sub's agent has [roles/pubsub.admin on project offline-project]",
    ),
    "a schedule that starts another job": (
        "schedules",
        product(
            'module.schedule["identity_training"]', lambda v: v["http_target"][0].update(uri="https://x")
        ),
        "[https://x] does not start the job",
    ),
    "a caller nobody lets in": (
        "invokers",
        not_in_product('function["membrane"].google_cloud_run_v2_service_iam'),
        "lacks [membrane by serviceAccount:pubsub-push@",
    ),
    "a public function closed": (
        "invokers",
        product(
            'function["chat"].google_cloud_run_v2_service_iam',
            lambda v: v.update(member=f"serviceAccount:{STRANGER}"),
        ),
        "lacks [chat by allUsers]",
    ),
    "an event function reachable from outside": (
        "doors",
        product(MEMBRANE, lambda v: service(v).update(ingress_settings="ALLOW_ALL")),
        "functions/membrane: ingress is [ALLOW_ALL]",
    ),
    "a bucket nobody made": (
        "names",
        not_in_foundation('google_storage_bucket.this["bundles"]'),
        "the bucket [offline-project-bundles]",
    ),
    "an account nobody made": (
        "names",
        not_in_foundation('google_service_account.this["fn-chat"]'),
        "the account [fn-chat@",
    ),
    "a repository nobody made": (
        "names",
        not_in_foundation('google_artifact_registry_repository.this["functions"]'),
        "the repository [functions]",
    ),
    "dead letters nobody made": (
        "names",
        not_in_foundation('google_pubsub_topic.dead_letters["membrane--dead-letters"]'),
        "the topic [membrane--dead-letters]",
    ),
    "an address nobody reserved": (
        "names",
        not_in_foundation("google_compute_global_address"),
        "the address [cos]",
    ),
    "a table that can be deleted": (
        "guards",
        foundation("google_bigquery_table.this", lambda v: v.update(deletion_protection=False)),
        "[deletion_protection] is [False]",
    ),
    "a bucket in the product": (
        "state",
        lambda w: dataclasses.replace(w, product=retyped(w.product, CHAT, "google_storage_bucket")),
        "belongs to terraform/foundation",
    ),
    "an index nobody made": (
        "indexes",
        not_in_foundation("google_firestore_index.this"),
        "composite indexes lacks [",
    ),
    "an index in another direction": (
        "indexes",
        foundation(
            "google_firestore_index.this",
            lambda v: v["fields"][0].update(order="DESCENDING", array_config=None),
        ),
        "no query of the code needs it",
    ),
    "documents that never end": (
        "indexes",
        foundation("google_firestore_field.ttl", lambda v: v.update(ttl_config=[])),
        "fields that end a document lacks [",
    ),
    "an end that is indexed": (
        "indexes",
        foundation("google_firestore_field.ttl", lambda v: v.update(index_config=[])),
        "fields without an index lacks [",
    ),
    "other rules than those tested": (
        "rules",
        foundation(
            "google_firebaserules_ruleset", lambda v: v["source"][0]["files"][0].update(content="allow all")
        ),
        "not those of terraform/firestore.rules",
    ),
    "rules released to nobody": (
        "rules",
        foundation("google_firebaserules_release", lambda v: v.update(name="firestore")),
        "Firestore reads [cloud.firestore]",
    ),
}

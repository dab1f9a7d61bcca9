"""Seeded mistakes of settings and rights: the check that must see it, the seed, and words of what it says."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from tests.infra.two_way_seeds import (
    CHAT,
    JOB,
    MEMBRANE,
    SERVICE,
    STRANGER,
    Seed,
    environment,
    fact,
    foundation,
    manifest,
    not_in_foundation,
    not_in_product,
    product,
    retyped,
    roles,
    service,
)

MISTAKES: Mapping[str, tuple[str, Seed, str]] = {
    "a function Terraform forgot": ("functions", not_in_product(CHAT), "lacks [chat]"),
    "a function without a manifest": (
        "functions",
        product(CHAT, lambda v: v.update(name="chatter")),
        "has [chatter]",
    ),
    "a variable nobody set": (
        "variables",
        product(CHAT, lambda v: service(v)["environment_variables"].pop("COS_PROFILE")),
        "functions/chat: its environment lacks [COS_PROFILE]",
    ),
    "a variable nobody reads": (
        "variables",
        product(CHAT, environment("COS_BUCKET", "b")),
        "functions/chat: its environment has [COS_BUCKET]",
    ),
    "a setting the code begins to read": (
        "variables",
        fact("chat", settings=["profile", "bucket"]),
        "functions/chat: its environment lacks [COS_BUCKET]",
    ),
    "a variable of the job nobody reads": (
        "variables",
        product(
            JOB,
            lambda v: v["template"][0]["template"][0]["containers"][0]["env"].append(
                {"name": "DEBUG", "value": "1", "value_source": []}
            ),
        ),
        "functions/identity_training: its environment has [DEBUG]",
    ),
    "a variable of the service nobody set": (
        "variables",
        product(SERVICE, lambda v: v["template"][0]["containers"][0]["env"].pop()),
        "functions/chat_stream: its environment lacks [",
    ),
    "a library's variable where the library is not": (
        "variables of libraries",
        product(
            JOB,
            lambda v: v["template"][0]["template"][0]["containers"][0]["env"].append(
                {"name": "THREADS", "value": "1", "value_source": []}
            ),
        ),
        "functions/identity_training: THREADS",
    ),
    "a value the process refuses": (
        "values",
        product(CHAT, environment("COS_LOG_LEVEL", "loud")),
        "functions/chat: COS_LOG_LEVEL is [loud]",
    ),
    "another default in Terraform": (
        "values",
        product(CHAT, environment("COS_LOG_LEVEL", "DEBUG")),
        "functions/chat: COS_LOG_LEVEL is [DEBUG], the code's default is [INFO]",
    ),
    "the embedded profile in the cloud": (
        "values",
        product(CHAT, environment("COS_PROFILE", "embedded")),
        "functions/chat: COS_PROFILE is [embedded]",
    ),
    "an empty audience": (
        "values",
        product(MEMBRANE, environment("COS_SERVICE_AUDIENCE", "")),
        "functions/membrane: COS_SERVICE_AUDIENCE is []",
    ),
    "a credential nobody mounted": (
        "secrets",
        fact("chat", secrets=["twilio_auth_token"]),
        "functions/chat: what is mounted lacks [/secrets/twilio_auth_token → twilio_auth_token]",
    ),
    "a credential nobody made": (
        "secrets",
        fact("chat", secrets=["webhook_signing_key"]),
        "Secret Manager lacks [webhook_signing_key]",
    ),
    "a credential nobody reads": (
        "secrets",
        product(
            CHAT,
            lambda v: service(v)["secret_volumes"].append(
                {"mount_path": "/secrets/token", "secret": "token"}
            ),
        ),
        "functions/chat: what is mounted has [/secrets/token → token]",
    ),
    "a grant no check reads": (
        "kinds of grants",
        lambda w: dataclasses.replace(
            w,
            foundation=retyped(
                w.foundation,
                'publisher["fn-chat roles/pubsub.publisher audit',
                "google_pubsub_topic_iam_policy",
            ),
        ),
        "publisher",
    ),
    "a role nobody granted": (
        "rights",
        not_in_foundation('account["fn-chat roles/datastore.user project"]'),
        "account [fn-chat] lacks [roles/datastore.user on project offline-project]",
    ),
    "a role no port needs": (
        "rights",
        foundation(
            'account["fn-chat roles/datastore.user project"]',
            lambda v: v.update(role="roles/datastore.owner"),
        ),
        "account [fn-chat] has [roles/datastore.owner on project offline-project]",
    ),
    "a port whose role nobody granted": (
        "rights",
        manifest("chat", ports=("documents", "bus", "tokens", "models")),
        "account [fn-chat] lacks [roles/aiplatform.user on project",
    ),
    "a port the function no longer uses": (
        "rights",
        manifest("chat", ports=("bus", "tokens")),
        "account [fn-chat] has [roles/datastore.user on project",
    ),
    "a role on all topics": (
        "publishers",
        foundation(
            'publisher["fn-chat roles/pubsub.publisher audit',
            lambda v: v.update(topic="projects/offline-project/topics/lead-received"),
        ),
        "functions/chat: topics its account may publish has [lead-received]",
    ),
    "a topic its manifest begins to publish": (
        "publishers",
        manifest("chat", publishes=("lead-received",)),
        "functions/chat: topics its account may publish lacks [lead-received]",
    ),
    "an account two functions share": (
        "accounts",
        product(
            CHAT,
            lambda v: service(v).update(
                service_account_email="fn-system@offline-project.iam.gserviceaccount.com"
            ),
        ),
        "functions/chat runs as [fn-system@",
    ),
    "an account nothing runs as": (
        "accounts",
        foundation('google_service_account.this["fn-chat"]', lambda v: v.update(email=STRANGER)),
        f"has [{STRANGER}]",
    ),
    "a basic role": (
        "too much",
        foundation(
            'account["fn-chat roles/datastore.user project"]', lambda v: v.update(role="roles/editor")
        ),
        "roles/editor on project",
    ),
    "an event function open to everybody": (
        "too much",
        product(
            'function["membrane"].google_cloud_run_v2_service_iam', lambda v: v.update(member="allUsers")
        ),
        "[allUsers] holds [roles/run.invoker on invoke membrane]",
    ),
    "a bucket open to everybody": (
        "too much",
        foundation("google_storage_bucket_iam_member.user", lambda v: v.update(member="allUsers")),
        "open to everybody",
    ),
    "a right of an account nobody made": (
        "too much",
        foundation(
            "google_storage_bucket_iam_member.user", lambda v: v.update(member=f"serviceAccount:{STRANGER}")
        ),
        "an account nobody made",
    ),
    "a port roles.yaml does not know": (
        "ports",
        roles(lambda r: r["ports"].pop("models")),
        "lacks [models]",
    ),
    "a role without a reason": (
        "ports",
        roles(lambda r: r["ports"]["models"][0].pop("reason")),
        "[roles/aiplatform.user] has no reason",
    ),
    "a role of a port that nothing asks for": (
        "permissions",
        roles(lambda r: r["ports"]["blobs"].append({"role": "roles/pubsub.publisher", "at": "topic"})),
        "port [blobs] has [roles/pubsub.publisher], and nothing it calls asks for it",
    ),
    "a port without the role its calls need": (
        "permissions",
        roles(lambda r: r["ports"]["warehouse"].pop(0)),
        "port [warehouse] has no role with [bigquery.jobs.create]",
    ),
    "a role with more than is needed": (
        "permissions",
        roles(lambda r: r["ports"]["documents"][0].update(role="roles/datastore.owner")),
        "port [documents] has [roles/datastore.owner], which no check knows",
    ),
    "a role at a wider place": (
        "permissions",
        roles(lambda r: r["ports"]["bus"][0].update(at="project")),
        "port [bus] has [roles/pubsub.publisher] at [project]; it works at [topic]",
    ),
    "an account that cannot push what it builds": (
        "permissions",
        roles(lambda r: r["accounts"]["functions-build"]["roles"].pop(1)),
        "account [functions-build] lacks [roles/artifactregistry.writer] at [repository functions]",
    ),
    "an account with a role for nothing": (
        "permissions",
        roles(
            lambda r: r["accounts"]["scheduler"]["roles"].append(
                {"role": "roles/run.invoker", "at": "project"}
            )
        ),
        "account [scheduler] has [roles/run.invoker] at [project], needed by nothing",
    ),
    "an API nobody turned on": (
        "services",
        not_in_foundation('google_project_service.this["pubsub.googleapis.com"]'),
        "APIs lacks [pubsub]",
    ),
    "an API nothing calls": (
        "services",
        foundation("google_project_service.this", lambda v: v.update(service="dns.googleapis.com")),
        "APIs has [dns]",
    ),
    "an API without a resource": (
        "services",
        not_in_foundation('google_project_service.this["cloudbuild.googleapis.com"]'),
        "APIs lack [cloudbuild]",
    ),
    "a role the pipeline lacks": (
        "pipeline",
        not_in_foundation('account["deployer roles/cloudscheduler.admin project"]'),
        "makes [google_cloud_scheduler_job] and lacks ['roles/cloudscheduler.admin']",
    ),
    "a permission the pipeline lacks": (
        "pipeline",
        foundation(
            "google_project_iam_custom_role.this",
            lambda v: v["permissions"].remove("pubsub.subscriptions.update"),
        ),
        "makes [google_pubsub_subscription] and lacks ['pubsub.subscriptions.update']",
    ),
    "an account the pipeline cannot act as": (
        "pipeline",
        not_in_foundation('google_service_account_iam_member.acting["deployer fn-chat"]'),
        "run as [fn-chat]",
    ),
    "a type the pipeline does not know": (
        "pipeline",
        lambda w: dataclasses.replace(w, product=retyped(w.product, CHAT, "google_dns_record_set")),
        "makes [google_dns_record_set] and lacks a line",
    ),
}

"""What Google Cloud takes, where a manifest could ask for more.

Sources: cloud.google.com/run/quotas and /run/docs/configuring (memory, CPU, concurrency, time limits,
request size), cloud.google.com/pubsub/docs/pubsub-basics#resource_names and the REST reference's
Subscription (names, deadlines, retry policy), cloud.google.com/scheduler/docs/reference/rest (attempt
deadline), cloud.google.com/iam/docs (service account ids),
cloud.google.com/load-balancing/docs/url-map-concepts (paths).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

NAME_CHARACTERS = 27
"""A service account's id has 30, `fn-` among them."""

CPU_BY_MEMORY_MIB = ((256, 0.1666), (512, 0.3333), (1024, 0.5833))
"""vCPU that Cloud Run functions give to so much memory; above, Cloud Run wants whole ones."""
WHOLE_CPU_BY_MEMORY_MIB = ((4096, 1), (8192, 2), (16384, 4), (24576, 6), (32768, 8))
"""The least vCPU with which Cloud Run takes so much memory."""
MOST_MEMORY_MIB = WHOLE_CPU_BY_MEMORY_MIB[-1][0]
LEAST_JOB_MEMORY_MIB = 512

MOST_SECONDS: Mapping[str, tuple[int, str]] = {
    "event": (600, "a push subscription's acknowledgement deadline"),
    "schedule": (1800, "Cloud Scheduler's attempt deadline"),
    "http": (3600, "a function's time limit"),
    "service": (3600, "Cloud Run's time limit"),
    "job": (86400, "a Cloud Run job's time limit"),
}
MOST_CONCURRENCY = 1000
MOST_BODY_BYTES = 32 * 1024 * 1024
MOST_BACKOFF_SECONDS = 600

TOPIC = re.compile(r"(?!goog)[A-Za-z][A-Za-z0-9._~%+-]{2,254}")
TOPIC_ADDITIONS = ("--history", "--warehouse", "--dead-letters")
"""What the names of subscriptions and topics beside a topic or consumer end in."""

CRON = re.compile(r"(?:[0-9A-Za-z*,/-]+ ){4}[0-9A-Za-z*,/-]+")
"""Five fields, without the signs that only some programs know (`L`, `#`, seconds)."""

PATH_CHARACTERS = 1024
SEGMENT = re.compile(r"[a-z0-9][a-z0-9_.-]*|\{[a-z][a-z0-9_]*\}")
"""A load balancer's rules end in a star after a slash, so what varies is a whole segment."""

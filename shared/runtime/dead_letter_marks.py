"""When each capability last gave a message up: one small document each, for whoever looks at the product.

The bus knows its dead letters too, but asking it takes seconds in the cloud and it forgets replayed ones.
"""

from __future__ import annotations

from datetime import datetime

from shared.errors import Transient
from shared.observability import log
from shared.platform import Platform
from shared.ports import Query, Write

COLLECTION = "dead_letter_marks"


def mark(platform: Platform, function: str) -> None:
    """Never raises: the message is on its way to the dead letters either way."""
    try:
        platform.documents.commit([Write(f"{COLLECTION}/{function}", {"at": platform.clock.now()})])
    except Transient as error:
        log("WARNING", "no dead-letter mark could be set", error=type(error).__name__)


def marks(platform: Platform) -> dict[str, datetime]:
    """The latest time by capability."""
    return {document.id: document.data["at"] for document in platform.documents.query(Query(COLLECTION))}

"""A commit whose answer was lost may stand all the same: the store is asked before it counts as a failure."""

from __future__ import annotations

from collections.abc import Sequence

from shared.errors import Unavailable
from shared.ports import Documents, Write


def commit_one(documents: Documents, write: Write) -> str:
    """Commits a document that nobody else would write alike; answers its version.

    Raises as `Documents.commit` does; `Unavailable` when it did not stand at the time it was looked at.
    """
    try:
        return documents.commit([write])[0]
    except Unavailable:
        present = documents.get(write.path)
        if write.data is None or present is None or present.data != write.data:
            raise
        return present.version


def commit_with_token(documents: Documents, writes: Sequence[Write], token: str) -> None:
    """Commits; `token` is the path of one of the documents, which no other commit ever writes, if any."""
    try:
        documents.commit(writes)
    except Unavailable:
        if not token or documents.get(token) is None:
            raise

"""A file inside a form (`multipart/form-data`), as browsers and `curl -F` send it: the first part with a name
of a file. What is said of it stands in the query, as without a form."""

from __future__ import annotations

import re

from shared.errors import Malformed

_NAMED = re.compile(rb"filename\*?=", re.IGNORECASE)
_TYPE = re.compile(rb"^content-type:\s*([^\r\n;]+)", re.IGNORECASE | re.MULTILINE)
LONGEST_BOUNDARY = 72


def file_of(body: bytes) -> tuple[str, bytes]:
    """Its declared type and its bytes. Raises `Malformed` for a form without a file."""
    boundary, found, _ = body.partition(b"\r\n")
    if not found or not boundary.startswith(b"--") or len(boundary) > LONGEST_BOUNDARY:
        raise Malformed("the form does not begin with its boundary")
    start = 0
    while (start := body.find(boundary, start)) >= 0:
        head_end = body.find(b"\r\n\r\n", start)
        if head_end < 0:
            break
        head = body[start + len(boundary) : head_end]
        if _NAMED.search(head):
            end = body.find(b"\r\n" + boundary, head_end)
            if end < 0:  # looked for once, so a form of millions of parts is read once
                break
            declared = _TYPE.search(head)
            return (declared[1].decode("latin-1").strip() if declared else ""), body[head_end + 4 : end]
        start = head_end
    raise Malformed("the form holds no file")

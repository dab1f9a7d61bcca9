"""The process of a Cloud Run service: one ASGI app, on all addresses and on `$PORT`, as containers listen."""

from __future__ import annotations

import sys

from shared.settings import load

GRACE_S = 8
"""For requests that are open when it is told to end; the platform kills it after 10."""


def serve(app: str) -> None:
    """`app` is `module:name`. What follows on the command line are further options of uvicorn's; the last of
    a kind counts (`python main.py --host 127.0.0.1`). Told to end (SIGTERM), the app's lifespan closes it."""
    import uvicorn

    listening = ["--host", "0.0.0.0", "--port", str(load().port), "--timeout-graceful-shutdown", str(GRACE_S)]
    # What uvicorn says of every socket it opens holds the caller's token.
    quiet = ["--log-level", "warning"]
    uvicorn.main([app, *listening, *quiet, *sys.argv[1:]])

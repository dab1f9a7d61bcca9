"""The process of a Cloud Run service: one ASGI app, on all addresses and on `$PORT`, as containers listen."""

from __future__ import annotations

import sys

from shared.settings import load


def serve(app: str) -> None:
    """`app` is `module:name`. What follows on the command line are further options of uvicorn's; the last of
    a kind counts (`python main.py --host 127.0.0.1`). Told to end (SIGTERM), the app's lifespan closes it."""
    import uvicorn

    uvicorn.main([app, "--host", "0.0.0.0", "--port", str(load().port), *sys.argv[1:]])

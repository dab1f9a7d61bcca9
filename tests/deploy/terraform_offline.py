"""`terraform` without a network, as the release calls it: the real program, with a stand-in for provider
google and the state in a file instead of a bucket.

    python -m tests.deploy.terraform_offline <state> -chdir=<root> <command> …
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.infra import workspace
from tests.infra.provider import attached

_STATE = "terraform.tfstate"


def main(state: Path, chdir: str, command: str, *options: str) -> int:
    root = Path(chdir.removeprefix("-chdir="))
    if command == "init":
        # `get` fetches the modules; an init would ask the registry for the provider.
        _without_backend(root, options)
        command, options = "get", ("-no-color",)
    if state.exists():
        shutil.copy(state, root / _STATE)
    with attached(root.parent) as variables:
        words = [workspace.terraform_program(), chdir, command, *options]
        done = subprocess.run(words, env=workspace.environment() | variables)
    if command == "apply" and (root / _STATE).exists():
        shutil.copy(root / _STATE, state)
    return done.returncode


def _without_backend(root: Path, options: tuple[str, ...]) -> None:
    wanted = {"-backend-config=bucket=autohaus-prod-tfstate", "-backend-config=prefix=product"}
    if not wanted <= set(options):
        raise SystemExit(f"init without the place of the state: {options}")
    for path in root.glob("*.tf"):
        path.write_text(workspace.without_backend(path.read_text()))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))

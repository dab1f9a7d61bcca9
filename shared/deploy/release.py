"""Brings a release to Google Cloud or takes it back: `python -m shared.deploy.release <command> --project …`.

    plan      what would change; stops when the foundation is behind
    upload    bundles and images that are not there yet, and the release's own file
    deploy    under a lock: apply, smoke test, note as the current release; on a failure back to the last
    promote   note what `make bundle` made as the current release, after mending something by hand
    rollback  --to ID: apply an earlier release, test it, note it as the current one
    status    which release is the current one, who releases right now
    unlock    remove the lock of a build that is gone

Ends with 0 when done; 1 when the product is as it was; 3 when a person must look what runs.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from shared.deploy.release_archive import MANIFEST, Release, pack
from shared.deploy.release_bucket import Bucket
from shared.deploy.release_lock import LOCK, Patience, unlock
from shared.deploy.release_shell import ReleaseError, Shell, to_log
from shared.deploy.release_steps import Steps, Target, Unknown
from shared.deploy.smoke import Waiting, smoke
from shared.deploy.smoke_checks import Expected, degraded
from shared.deploy.smoke_web import Unreachable, Web

ROOT = Path(__file__).resolve().parents[2]
DONE, AS_BEFORE, LOOK = 0, 1, 3
FIRST_MINUTES = 60.0
"""A certificate made for a new domain takes up to an hour."""


@dataclass(frozen=True)
class LiveTest:
    """The smoke test on the live product."""

    minutes: float
    settle_seconds: float
    ca_file: str | None = None
    plain_port: int = 80

    def degraded(self, url: str) -> frozenset[str]:
        try:
            return degraded(self._web(url))
        except Unreachable as error:
            to_log(f"how the product is before this release cannot be seen: {error}")
            return frozenset()

    def wrong(self, url: str, release: Release, *, tolerated: frozenset[str], is_first: bool) -> list[str]:
        minutes = max(self.minutes, FIRST_MINUTES) if is_first and self.minutes else self.minutes
        waiting = Waiting(minutes * 60, self.settle_seconds)
        return smoke(self._web(url), Expected(release.functions, tolerated, self.plain_port), waiting, to_log)

    def _web(self, url: str) -> Web:
        return Web(url.rstrip("/"), ca_file=self.ca_file)


def plan(steps: Steps, options: argparse.Namespace) -> None:
    planned = steps.plan(_release(options))
    steps.tell(planned)


def upload(steps: Steps, options: argparse.Namespace) -> None:
    steps.upload(_release(options), options.bundles)


def deploy(steps: Steps, options: argparse.Namespace) -> None:
    steps.deploy(_release(options))


def promote(steps: Steps, options: argparse.Namespace) -> None:
    steps.promote(_release(options), steps.current())


def rollback(steps: Steps, options: argparse.Namespace) -> None:
    if not options.to:
        raise ReleaseError(
            "rollback needs --to ID, one of: gcloud storage ls gs://<project>-bundles/releases/"
        )
    steps.rollback(options.to)


def status(steps: Steps, options: argparse.Namespace) -> None:
    current, lock = steps.bucket.read("releases/current.tfvars.json"), steps.bucket.read(LOCK)
    to_log(f"current release: {current.content if current else 'none'}")
    to_log(f"releasing right now: {lock.content if lock else 'nobody'}")


def remove_lock(steps: Steps, options: argparse.Namespace) -> None:
    held = unlock(steps.bucket)
    to_log(f"the lock of [{held.holder}] is removed" if held else "there is no lock")


COMMANDS: Mapping[str, Callable[[Steps, argparse.Namespace], None]] = {
    "plan": plan,
    "upload": upload,
    "deploy": deploy,
    "promote": promote,
    "rollback": rollback,
    "status": status,
    "unlock": remove_lock,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code."""
    options = _parser().parse_args(arguments)
    try:
        COMMANDS[options.command](_steps(options), options)
    except Unknown as error:
        to_log(str(error))
        return LOOK
    except ReleaseError as error:
        to_log(f"STOPPED: {error}")
        return AS_BEFORE
    except KeyboardInterrupt:
        to_log("interrupted; the next plan shows what is half done")
        return LOOK
    return DONE


def _release(options: argparse.Namespace) -> Release:
    return pack(ROOT, options.bundles / MANIFEST, options.folder)


def _steps(options: argparse.Namespace) -> Steps:
    programs = {name: path for name in ("terraform", "docker", "gcloud") if (path := getattr(options, name))}
    shell = Shell(programs)
    project = options.project
    target = Target(
        project=project,
        region=options.region,
        environment=options.environment,
        state_bucket=options.state_bucket or f"{project}-tfstate",
        images=options.repository,
    )
    test = LiveTest(options.smoke_minutes, options.settle_seconds, options.ca_file, options.plain_port)
    return Steps(
        shell=shell,
        bucket=Bucket(shell, f"{project}-bundles"),
        target=target,
        test=test,
        say=to_log,
        build=options.build,
        folder=options.folder,
        patience=Patience(waits=timedelta(minutes=options.lock_minutes)),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m shared.deploy.release",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("command", choices=sorted(COMMANDS))
    add("--project", required=True)
    add("--region", default="us-central1")
    add("--environment", default="production", help="which file of terraform/environments")
    add("--state-bucket", default="", help="default: <project>-tfstate")
    add("--repository", default="images", help="the Artifact Registry repository of images")
    add("--to", default="", help="rollback: the id of a release")
    add("--build", default=f"by hand: {getpass.getuser()}", help="who releases, for the lock and the record")
    add("--bundles", type=Path, default=ROOT / "build" / "bundles", help="what `make bundle` wrote")
    add("--folder", type=Path, default=ROOT / "build" / "releases", help="where releases are unpacked")
    add("--lock-minutes", type=float, default=30, help="how long to wait for another release")
    add("--smoke-minutes", type=float, default=10, help="how long to wait for a first answer")
    add("--settle-seconds", type=float, default=180, help="how long a check may fail at first")
    add("--plain-port", type=int, default=80, help="where plain HTTP is asked")
    add("--ca-file", help="further certificates the smoke test trusts")
    for program in ("terraform", "docker", "gcloud"):
        add(f"--{program}", default="", help="where it is, when not on the search path")
    return parser


if __name__ == "__main__":
    sys.exit(main())

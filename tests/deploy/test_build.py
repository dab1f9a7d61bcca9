"""cloudbuild.yaml, run step by step against a project that does not exist."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.world import BUCKET, World, new_world, opened

FUNCTION = "crm_intake"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[World]:
    new_world(tmp_path / "world")
    with opened(tmp_path / "world") as made:
        yield made


@pytest.fixture(scope="module")
def after_one_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deployed") / "world"
    new_world(folder)
    with opened(folder) as made:
        ended = made.build()
        assert (ended.failed, ended.code) == ("", 0), ended.log
        made.forget_calls()
    return folder


@pytest.fixture
def deployed(after_one_release: Path, tmp_path: Path) -> Iterator[World]:
    """With one release live."""
    shutil.copytree(after_one_release, tmp_path / "world", symlinks=True)
    with opened(tmp_path / "world") as made:
        yield made


def test_the_first_build_deploys_everything_and_notes_it_as_current(fresh: World) -> None:
    ended = fresh.build()
    assert (ended.failed, ended.code) == ("", 0), ended.log
    assert fresh.live() == {name: one["sha256"] for name, one in fresh.release()["bundles"].items()}
    current = fresh.current()
    assert current is not None and current["release"] == fresh.release()
    assert {f"{name}-{fresh.sha(name)[:12]}.zip" for name in fresh.live()} == fresh.objects("bundles")
    assert "none, this is the first" in ended.log
    assert not (fresh.bucket / "releases" / "lock.json").exists()


def test_the_images_of_service_and_job_are_pushed_with_the_start_of_their_hash(fresh: World) -> None:
    fresh.build()
    pushed = {one["package"].rpartition("/")[2]: one["tags"][0] for one in fresh.read("registry.json", [])}
    assert pushed == {
        "chat-stream": fresh.sha("chat_stream")[:12],
        "identity-training": fresh.sha("identity_training")[:12],
    }
    (build,) = fresh.calls("docker build", "chat-stream")
    assert "--build-arg=PYTHON=3.13" in build


def test_an_unchanged_build_uploads_builds_and_applies_nothing(deployed: World) -> None:
    ended = deployed.build("build-2")
    assert ended.code == 0, ended.log
    assert "nothing changes, nothing is deployed" in ended.log
    assert deployed.calls("terraform", " apply ") == []
    assert deployed.calls("docker build") == []
    assert deployed.calls("storage cp", "/bundles/") == []


def test_a_changed_function_is_the_only_one_that_is_deployed(deployed: World) -> None:
    before = deployed.live()
    deployed.change(FUNCTION, "second")
    ended = deployed.build("build-2")
    assert ended.code == 0, ended.log
    after = deployed.live()
    assert {name for name in after if after[name] != before[name]} == {FUNCTION}
    assert f'update: module.function["{FUNCTION}"]' in ended.log
    assert ended.log.count("release:   update: ") == 2, "once in the plan, once in the deployment"
    assert len(deployed.calls("storage cp", "--no-clobber", f"gs://{BUCKET}/bundles/")) == 1
    assert deployed.calls("docker build") == []


def test_an_apply_that_fails_half_way_is_taken_back(deployed: World) -> None:
    before, current = deployed.live(), deployed.current()
    for name in before:
        deployed.change(name, "second")
    deployed.write("half.json", 1)
    ended = deployed.build("build-2")
    assert (ended.failed, ended.code) == ("deploy", 1)
    assert deployed.live() == before
    assert deployed.current() == current
    assert "failed and was taken back" in ended.log and "is live again and passed the smoke test" in ended.log


def test_a_release_that_answers_wrongly_is_taken_back(deployed: World) -> None:
    before, current = deployed.live(), deployed.current()
    deployed.change(FUNCTION, "with a bug")
    deployed.write("broken.json", [deployed.sha(FUNCTION)])
    ended = deployed.build("build-2")
    assert (ended.failed, ended.code) == ("deploy", 1)
    assert "POST /api/crm/intake: should answer 401 without a credential and answers 500" in ended.log
    assert deployed.live() == before
    assert deployed.current() == current


def test_going_back_brings_the_terraform_of_that_release_too(deployed: World) -> None:
    """A route, a limit or a setting of the failed release must not stay behind."""
    before = deployed.read("state.json", {})
    functions = deployed.workspace / "terraform" / "derived" / "functions.json"
    changed = json.loads(functions.read_text())
    changed[FUNCTION]["memory_mib"] = 4096
    functions.write_text(json.dumps(changed))
    deployed.change("system", "with a bug")
    deployed.write("broken.json", [deployed.sha("system")])
    ended = deployed.build("build-2")
    assert ended.code == 1, ended.log
    assert deployed.read("state.json", {}) == before


def test_a_rollback_that_fails_is_loud(deployed: World) -> None:
    deployed.change(FUNCTION, "with a bug")
    deployed.write("broken.json", [deployed.sha(FUNCTION)])
    current = deployed.current()
    assert current is not None
    (deployed.bucket / current["object"]).write_text("cut off")
    ended = deployed.build("build-2")
    assert (ended.failed, ended.code) == ("deploy", 3)
    assert "THE ROLLBACK FAILED TOO" in ended.log and "a person must look" in ended.log
    assert "answers 500" in ended.log, "the first failure is told as well"


def test_going_back_is_tested_live_as_well(deployed: World) -> None:
    """What runs again may have been broken by something else meanwhile."""
    before = deployed.sha(FUNCTION)
    deployed.change(FUNCTION, "with a bug")
    deployed.write("broken.json", [deployed.sha(FUNCTION), before])
    ended = deployed.build("build-2")
    assert (ended.failed, ended.code) == ("deploy", 3)
    assert "failed:  the smoke test failed: POST /api/crm/intake" in ended.log
    assert deployed.live()[FUNCTION] == before


def test_a_first_release_that_fails_says_that_there_is_nothing_to_go_back_to(fresh: World) -> None:
    fresh.write("broken.json", [fresh.sha(FUNCTION)])
    ended = fresh.build()
    assert (ended.failed, ended.code) == ("deploy", 3)
    assert "is the first: there is nothing to go back to" in ended.log
    assert fresh.current() is None


def test_what_was_not_well_before_is_not_held_against_a_release(deployed: World) -> None:
    deployed.write("degraded.json", ["operations"])
    deployed.change(FUNCTION, "second")
    ended = deployed.build("build-2")
    assert ended.code == 0, ended.log
    assert "degraded before this release, so not held against it: operations_primitive" in ended.log


def test_a_foundation_that_is_behind_stops_the_build_before_anything_changes(deployed: World) -> None:
    deployed.write("foundation.json", ["topic a", "topic b", "topic quote-sent", "account fn-quotes"])
    deployed.change(FUNCTION, "second")
    before = deployed.live()
    ended = deployed.build("build-2")
    assert (ended.failed, ended.code) == ("plan", 1)
    assert (
        "the foundation is behind this release, which needs [account fn-quotes], [topic quote-sent]"
        in ended.log
    )
    assert "terraform -chdir=terraform/foundation" in ended.log
    assert deployed.live() == before


def test_the_sample_domain_is_refused_before_anything_is_waited_for(fresh: World) -> None:
    fresh.write("url", "https://cos.example.com")
    ended = fresh.build()
    assert (ended.failed, ended.code) == ("plan", 1)
    assert "[domain] is still the sample [https://cos.example.com]" in ended.log


def test_without_a_foundation_nothing_is_built(fresh: World) -> None:
    (fresh.bucket / "foundation" / "applied.json").unlink()
    ended = fresh.build()
    assert (ended.failed, ended.code) == ("upload", 1)
    assert "was never applied" in ended.log
    assert fresh.calls("docker build") == []


def test_while_another_build_releases_the_second_changes_nothing(deployed: World) -> None:
    lock = {"holder": "build-7", "until": "2999-01-01T00:00:00+00:00"}
    deployed.put("releases/lock.json", json.dumps(lock))
    deployed.change(FUNCTION, "second")
    before = deployed.live()
    ended = deployed.build("build-8")
    assert (ended.failed, ended.code) == ("deploy", 1)
    assert "[build-7] is releasing until 2999-01-01" in ended.log and "unlock" in ended.log
    assert deployed.live() == before
    assert json.loads((deployed.bucket / "releases" / "lock.json").read_text()) == lock


def test_the_lock_of_a_build_that_died_is_taken_over_when_its_time_is_over(deployed: World) -> None:
    lock = {"holder": "build-7", "until": "2020-01-01T00:00:00+00:00"}
    deployed.put("releases/lock.json", json.dumps(lock))
    deployed.change(FUNCTION, "second")
    ended = deployed.build("build-8")
    assert ended.code == 0, ended.log
    assert "[build-7] left its lock behind" in ended.log
    assert deployed.live()[FUNCTION] == deployed.sha(FUNCTION)


def test_failing_checks_end_the_build_before_anything_is_uploaded(fresh: World) -> None:
    fresh.write("faults.json", {"make check": 1})
    ended = fresh.build()
    assert ended.failed == "checks"
    assert fresh.objects("bundles") == set()
    assert fresh.calls("docker build") == []


def test_a_step_that_does_not_wait_for_the_checks_is_noticed(fresh: World) -> None:
    path = fresh.workspace / "cloudbuild.yaml"
    hasty = path.read_text().replace("waitFor: [checks, bundles, docker]", "waitFor: [bundles, docker]")
    assert hasty != path.read_text()
    path.write_text(hasty)
    fresh.write("faults.json", {"make check": 1})
    assert fresh.build().failed == "checks"
    assert fresh.objects("bundles") != set(), "what does not wait has been done when the checks fail"


def test_checks_can_be_chosen_and_left_out(fresh: World) -> None:
    assert fresh.build(_CHECK="static").code == 0
    assert fresh.calls("make static") != []
    fresh.forget_calls()
    assert fresh.build("build-2", _CHECK="none").code == 0
    assert fresh.calls("nodejs") == []
    assert fresh.calls("make VENV=") == ["make VENV=" + str(fresh.folder / "machine" / "venv") + " bundle"]


def test_another_environment_is_told_to_terraform(fresh: World) -> None:
    assert fresh.build(_ENVIRONMENT="staging").code == 0
    assert all("environments/staging.tfvars" in call for call in fresh.calls("terraform", " plan "))


def test_an_environment_without_a_file_is_named_with_those_there_are(fresh: World) -> None:
    ended = fresh.build(_ENVIRONMENT="stagging")
    assert ended.failed == "plan"
    assert "[stagging] has no file" in ended.log and "there is production, staging" in ended.log


def test_the_state_lies_where_it_was_said(fresh: World) -> None:
    assert fresh.build(_STATE_BUCKET="elsewhere").code == 0
    assert all("bucket=elsewhere" in call for call in fresh.calls("terraform", " init "))

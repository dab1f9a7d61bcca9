from __future__ import annotations

from pathlib import Path

import pytest

from shared.adapters.embedded.secrets import FileSecrets
from shared.adapters.google.secrets import MountedSecrets
from shared.errors import Misconfigured


def test_a_laptop_makes_its_keys_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / ".cos" / "secrets.json"
    key = FileSecrets(path).get("link_signing_key")
    assert len(key) >= 32
    assert FileSecrets(path).get("link_signing_key") == key
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text('{"twilio_auth_token": "from the file", "mine": "kept"}')
    secrets = FileSecrets(path, given={"TWILIO_AUTH_TOKEN": "from the environment"})
    assert secrets.get("twilio_auth_token") == "from the environment"
    assert FileSecrets(path).get("twilio_auth_token") == "from the file"
    assert FileSecrets(path).get("mine") == "kept"


def test_an_unknown_secret_names_itself_and_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"\[shop_key\].*secrets\.json.*\[SHOP_KEY\]"):
        FileSecrets(tmp_path / "secrets.json").get("shop_key")
    with pytest.raises(Misconfigured, match=r"\[shop_key\].*\[SHOP_KEY\]"):
        MountedSecrets(environment={}, folder=tmp_path).get("shop_key")


def test_a_broken_secrets_file_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("{")
    with pytest.raises(Misconfigured, match=r"secrets\.json"):
        FileSecrets(tmp_path / "secrets.json")


def test_a_mounted_file_follows_a_rotation(tmp_path: Path) -> None:
    secrets = MountedSecrets(environment={"SHOP_KEY": "variable"}, folder=tmp_path)
    assert secrets.get("shop_key") == "variable"
    (tmp_path / "shop_key").write_text("first\n")
    assert secrets.get("shop_key") == "first"
    (tmp_path / "shop_key").write_text("second")
    assert secrets.get("shop_key") == "second"


def test_a_secret_mounted_as_a_folder_of_its_own_follows_a_rotation(tmp_path: Path) -> None:
    secrets = MountedSecrets(environment={"SHOP_KEY": "variable"}, folder=tmp_path)
    (tmp_path / "shop_key").mkdir()
    assert secrets.get("shop_key") == "variable"
    (tmp_path / "shop_key" / "value").write_text("first\n")
    assert secrets.get("shop_key") == "first"
    (tmp_path / "shop_key" / "value").write_text("second")
    assert secrets.get("shop_key") == "second"


@pytest.mark.parametrize("name", ["../etc/passwd", "", "a/b", "UPPER"])
def test_a_secret_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(Misconfigured):
        MountedSecrets(environment={}, folder=tmp_path).get(name)

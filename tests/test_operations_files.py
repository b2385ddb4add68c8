"""The files for running it say what the guide says, and the tests that the threat model names exist."""

import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml

from bot.cli import run_command
from knowledge.settings import Settings
from tests.conftest import ROOT


def test_the_container_is_closed_limited_and_reads_its_secrets_from_files():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    service = compose["services"]["haln"]
    assert service["read_only"]
    assert service["user"].split(":")[0] not in ("0", "root")
    assert service["cap_drop"] == ["ALL"]
    assert {"mem_limit", "pids_limit", "cpus", "tmpfs", "volumes"} <= service.keys()
    assert set(service["secrets"]) == set(compose["secrets"])
    assert "HALN_DISCORD_TOKEN" not in service["environment"]


@pytest.fixture
def scale():
    return yaml.safe_load((ROOT / "compose.scale.yaml").read_text(encoding="utf-8"))


def test_over_several_processes_each_container_is_closed_and_limited(scale):
    services = scale["services"]
    assert set(services) == {"database", "bot-0", "bot-1", "web-0", "web-1", "refresher"}
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert {"mem_limit", "pids_limit", "cpus", "volumes", "logging"} <= service.keys(), name
        assert not [
            key
            for key in service["environment"]
            if re.search("PASSWORD|TOKEN|URL", key) and "_FILE" not in key and key != "HALN_WEB_URL"
        ], name
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        if name != "database":
            assert service["read_only"]
            assert service["user"].split(":")[0] not in ("0", "root")
            assert service["depends_on"] == {"database": {"condition": "service_healthy"}}
    used = {secret for service in services.values() for secret in service["secrets"]}
    assert used == set(scale["secrets"])
    assert set(scale["volumes"]) == {"data", "database"}


def test_its_bots_serve_every_shard_once_and_its_settings_are_ones(scale, tmp_path):
    served = []
    for name, service in scale["services"].items():
        if name == "database":
            continue
        (tmp_path / "secret").write_text("postgresql://haln:sample@database/haln")
        environment = {
            key: str(tmp_path / "secret")
            if key.endswith("_FILE")
            else re.sub(r"\$\{\w+:\?.*", "https://a.example.org", value)
            for key, value in service["environment"].items()
        }
        settings = Settings.from_environment(environment)
        assert settings.kept_in == "PostgreSQL on database, database haln"
        if name.startswith("bot"):
            served.append((settings.shards.count, settings.shards.ids))
    assert sorted(served) == [(2, (0,)), (2, (1,))]


def test_its_commands_exist(scale, capsys):
    for service in scale["services"].values():
        if "command" in service:
            program, *arguments = service["command"]
            assert program == "haln"
            assert run_command([*arguments, "--help"]) == 0
            asked = service.get("healthcheck", {}).get("test")
            assert asked == (["CMD", "haln", "health", "--web"] if arguments == ["web"] else None)
    assert "--every" in capsys.readouterr().out


def test_every_setting_in_these_files_exists():
    for name in (
        "compose.yaml",
        "compose.scale.yaml",
        "Dockerfile",
        "docs/haln-assistant.service",
        "docs/operations.md",
    ):
        for setting in re.findall(r"\bHALN_([A-Z_]+)", (ROOT / name).read_text(encoding="utf-8")):
            field = setting.lower()
            assert field in Settings.model_fields or field.removesuffix("_file") in Settings.model_fields, name


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_systemd_takes_the_unit_as_it_is(tmp_path):
    unit = (ROOT / "docs" / "haln-assistant.service").read_text(encoding="utf-8")
    assert "ExecStart=/opt/haln-assistant/.venv/bin/haln run\n" in unit
    (tmp_path / "haln-assistant.service").write_text(unit.replace("/opt/haln-assistant/.venv/bin/haln", sys.executable))
    checked = subprocess.run(
        ["systemd-analyze", "verify", "haln-assistant.service"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_secrets_are_read_from_files(tmp_path):
    (tmp_path / "token").write_text("a.b.c\n")
    settings = Settings.from_environment({"HALN_DISCORD_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.discord_token.get_secret_value() == "a.b.c"


def test_the_container_asks_the_running_bot_whether_it_is_well():
    assert 'CMD ["haln", "health"]' in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_s_account_is_a_number_as_in_the_compose_files(scale):
    """So that a host can see that it is not root's, whatever names it has."""
    account = re.search(r"^USER (\d+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)[1]
    assert account != "0"
    assert {s["user"] for n, s in scale["services"].items() if n != "database"} == {f"{account}:{account}"}


def test_the_tests_that_the_threat_model_names_exist():
    named = re.findall(r"`(tests/[\w/]+\.py)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_everything_that_is_installed_is_locked_by_version_and_hash():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE))
    assert "://" not in text
    assert "nvidia" not in text
    for entry in re.split(r"\n(?=\S)", text):
        assert entry.startswith("#") or "--hash=sha256:" in entry, entry
    pinned = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE))
    pinned = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in pinned.items()}
    assert {name: version for name, version in locked.items() if pinned.get(name, version) != version} == {}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    # Each way of using it: the containers over PostgreSQL are of the same image.
    of_extras = [one for name in extras.keys() - {"dev", "llm-test"} for one in extras[name]]
    wanted = [*project["dependencies"], *of_extras, "hatchling"]
    names = {re.split(r"[<>=\[;]", one)[0].strip().lower().replace(".", "-") for one in wanted}
    assert names - locked.keys() == {"torch"}, "run `make lock`"
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in dockerfile
    # torch is in a lock of its own, because it comes from an index of its own.
    assert '--no-deps --require-hashes --index-url "$TORCH_INDEX" -r torch.lock' in dockerfile
    torch = re.sub(r"^#.*\n", "", (ROOT / "torch.lock").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert re.fullmatch(r"torch==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n", torch)
    assert torch.startswith(f"torch=={pinned['torch']} "), "docs/operations.md says how to write torch.lock anew"

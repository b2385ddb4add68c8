"""The files for running it say what the guide says, and the tests that the threat model names exist."""

import re
import tomllib

import yaml

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


def test_every_setting_in_these_files_exists():
    for name in ("compose.yaml", "Dockerfile", "docs/haln-assistant.service", "docs/operations.md"):
        for setting in re.findall(r"\bHALN_([A-Z_]+)", (ROOT / name).read_text(encoding="utf-8")):
            field = setting.lower()
            assert field in Settings.model_fields or field.removesuffix("_file") in Settings.model_fields, name


def test_secrets_are_read_from_files(tmp_path):
    (tmp_path / "token").write_text("a.b.c\n")
    settings = Settings.from_environment({"HALN_DISCORD_TOKEN_FILE": str(tmp_path / "token")})
    assert settings.discord_token.get_secret_value() == "a.b.c"


def test_the_container_asks_the_running_bot_whether_it_is_well():
    assert 'CMD ["haln", "health"]' in (ROOT / "Dockerfile").read_text(encoding="utf-8")


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
    wanted = [*project["dependencies"], *project["optional-dependencies"]["llm"], "hatchling"]
    names = {re.split(r"[<>=\[;]", one)[0].strip().lower().replace(".", "-") for one in wanted}
    assert names - locked.keys() == {"torch"}, "run `make lock`"
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert "--require-hashes -r requirements.lock" in dockerfile
    # torch is in a lock of its own, because it comes from an index of its own.
    assert "--no-deps --require-hashes --index-url \"$TORCH_INDEX\" -r torch.lock" in dockerfile
    torch = re.sub(r"^#.*\n", "", (ROOT / "torch.lock").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert re.fullmatch(r"torch==(\S+)((?: \\\n    --hash=sha256:[0-9a-f]{64})+)\n", torch)
    assert torch.startswith(f"torch=={pinned['torch']} "), "docs/operations.md says how to write torch.lock anew"

import pytest

from knowledge.errors import SettingsError
from knowledge.settings import Settings, Switch


def test_defaults_and_overrides(tmp_path):
    settings = Settings.from_environment({"HALN_TOP_K": "7", "HALN_STARTER_LIBRARY": "off"}, data_dir=tmp_path)
    assert (settings.top_k, settings.starter_library, settings.data_dir) == (7, Switch.OFF, tmp_path)
    assert settings.database_path == tmp_path / "haln.db"


def test_other_programs_variables_are_none_of_ours():
    assert Settings.from_environment({"PATH": "/bin", "HALNX": "1"}).top_k == 10


def test_an_empty_variable_counts_as_not_set():
    assert Settings.from_environment({"HALN_DISCORD_TOKEN": "  "}).discord_token is None


def test_an_unknown_setting_is_refused_and_the_nearest_named():
    with pytest.raises(SettingsError, match=r"HALN_STARTER_LIBRAY.*Did you mean HALN_STARTER_LIBRARY\?"):
        Settings.from_environment({"HALN_STARTER_LIBRAY": "off"})


@pytest.mark.parametrize(
    ("name", "value"),
    [("HALN_TOP_K", "0"), ("HALN_TOP_K", "many"), ("HALN_CHUNK_TOKENS", "3"), ("HALN_STARTER_LIBRARY", "maybe")],
)
def test_a_value_out_of_bounds_is_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=name):
        Settings.from_environment({name: value})


def test_the_token_is_never_shown():
    settings = Settings.from_environment({"HALN_DISCORD_TOKEN": "very-secret"})
    assert "very-secret" not in repr(settings)
    assert "very-secret" not in str(settings.model_dump())


def test_a_language_model_has_an_address_and_a_name():
    address = {"HALN_LLM_BASE_URL": "http://127.0.0.1:11434/v1", "HALN_LLM_MODEL": "sample-model"}
    settings = Settings.from_environment(address | {"HALN_LLM_API_KEY": "very-secret"})
    assert (settings.llm_base_url, settings.llm_seconds, settings.llm_daily_tokens) == (
        "http://127.0.0.1:11434/v1",
        30,
        200_000,
    )
    assert "very-secret" not in repr(settings)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"HALN_LLM_BASE_URL": "http://127.0.0.1:1/v1"}, "needs HALN_LLM_MODEL"),
        ({"HALN_LLM_MODEL": "sample-model"}, "need HALN_LLM_BASE_URL"),
        ({"HALN_LLM_API_KEY": "very-secret"}, "need HALN_LLM_BASE_URL"),
        ({"HALN_LLM_BASE_URL": "127.0.0.1:1/v1"}, "an address such as"),
        ({"HALN_LLM_BASE_URL": "http://name:very-secret@host/v1"}, "nothing before the host"),
        ({"HALN_LLM_API_KEY": "very secret"}, "HALN_LLM_API_KEY is not usable"),
        ({"HALN_LLM_SECONDS": "0"}, "HALN_LLM_SECONDS"),
        ({"HALN_LLM_DAILY_TOKENS": "-1"}, "HALN_LLM_DAILY_TOKENS"),
    ],
)
def test_half_a_language_model_is_refused_without_its_key(values, problem):
    with pytest.raises(SettingsError, match=problem) as caught:
        Settings.from_environment(values)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://haln:secret@db.example.org:5432/haln?sslmode=verify-full", "db.example.org:5432, database haln"),
        ("postgresql://haln:secret@/haln?host=/run/postgresql", "/run/postgresql, database haln"),
        ("postgresql:///", "this machine, database of the account"),
    ],
)
def test_where_it_is_kept_is_said_without_account_and_password(address, shown):
    settings = Settings.from_environment({"HALN_DATABASE_URL": address})
    assert settings.kept_in == f"PostgreSQL on {shown}"
    assert settings.for_network("north").kept_in == f"PostgreSQL on {shown}, network north"
    assert Settings.from_environment({"HALN_DATA_DIR": "/data"}).kept_in == "/data"


def test_shards_are_counted_from_0():
    settings = Settings.from_environment({"HALN_DISCORD_SHARDS": "3", "HALN_DISCORD_SHARD_IDS": "0, 2"})
    assert (settings.shards.count, settings.shards.ids) == (3, (0, 2))
    assert [settings.shards.serve(server << 22) for server in range(4)] == [True, False, True, True]
    assert Settings.from_environment({"HALN_DISCORD_SHARDS": "2"}).shards.ids == (0, 1)
    with pytest.raises(SettingsError, match="less than HALN_DISCORD_SHARDS"):
        Settings.from_environment({"HALN_DISCORD_SHARD_IDS": "1"})

"""The settings of the assistant: typed, bounded, unknown names rejected. Passed in, never global.

Read from environment variables that begin with `HALN_`. pydantic-settings is not used: it ignores unknown
environment variables, and a mistyped setting that silently does nothing is what operators lose an afternoon to.
"""

import difflib
import os
import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator

from knowledge.database_settings import DatabaseSettings
from knowledge.domain.networks import MAIN
from knowledge.errors import SettingsError
from knowledge.web_settings import Switch as Switch

PREFIX = "HALN_"
BUNDLED_MODEL = "bundled"
NO_RERANKER = "off"


# What may be in a file that only the assistant can read, as container systems hand secrets over.
_SECRETS = (
    "database_url",
    "discord_client_secret",
    "discord_token",
    "llm_api_key",
    "mail_password",
    "web_api_token",
)
_IN_FILE = "_FILE"


class LogLevel(StrEnum):
    """The amount that is logged to standard error."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def _content(variable: str, path: str) -> str:
    """Return the text in the file that a variable names.

    Raises:
        SettingsError: It cannot be read, or is empty.
    """
    try:
        text = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        problem = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SettingsError(f"{variable} names {path}, which cannot be read ({problem}).") from None
    if not text:
        raise SettingsError(f"{variable} names {path}, which is empty.")
    return text


class Settings(DatabaseSettings):
    """The settings in force. The field `data_dir` is set by `HALN_DATA_DIR`, and so on."""

    starter_library: Annotated[
        Switch, Field(description="Index the library that ships with the assistant on first use.")
    ] = Switch.ON
    embedding_model: Annotated[
        str,
        Field(
            min_length=1,
            description="`bundled`, a folder with a sentence-transformers model, or a hub's NAME, best NAME@REVISION.",
        ),
    ] = BUNDLED_MODEL
    model_download: Annotated[
        Switch, Field(description="Whether a model that is not on this machine may be downloaded.")
    ] = Switch.OFF
    device: Annotated[
        str,
        BeforeValidator(lambda name: str(name).strip().lower()),
        Field(
            pattern=r"^[a-z]+(:\d+)?$",
            description="Where models run: `auto` (a graphics card, where there is one and the extra `gpu` is "
            "installed), `cpu`, or torch's name of a device, such as `cuda:1` or `mps`.",
        ),
    ] = "auto"
    # On a processor small batches are quicker: texts of one length share a batch, and little of it is padding.
    embedding_batch_size: Annotated[int, Field(ge=1, le=1024, description="Texts that the model embeds at a time.")] = 8
    reranker_model: Annotated[
        str,
        Field(
            min_length=1,
            description="A cross-encoder that reads the first results again with the question and orders them anew: a "
            "folder, or a model's name on a hub. `off` leaves the order as it is.",
        ),
    ] = NO_RERANKER
    reranker_depth: Annotated[
        int,
        Field(ge=1, le=200, description="How many of the first results the reranker reads; each costs time."),
    ] = 30
    chunk_tokens: Annotated[
        int,
        Field(
            ge=32,
            le=2048,
            description="The most tokens in a chunk, title and headings included; "
            "never more than the model's window. Changing it needs `haln index rebuild`.",
        ),
    ] = 250
    top_k: Annotated[int, Field(ge=1, le=100, description="Results of a search when -k is not given.")] = 10
    max_file_mb: Annotated[int, Field(ge=1, le=10_000, description="The largest file that is read, in megabytes.")] = 50
    web_private: Annotated[
        str,
        Field(
            pattern=r"^(?:on|off|[\w.:\[\]-]+(?:,\s*[\w.:\[\]-]+)*)$",
            description="Which servers of this machine and its own network web sources may lead to: `off` (none), "
            "names with commas between (`intranet.local, 127.0.0.1:8000`), or `on` (all, and files by `file:`).",
        ),
    ] = "off"
    web_user_agent: Annotated[
        str, Field(min_length=3, max_length=200, pattern=r"^[ -~]+$", description="The name given to web servers.")
    ] = "HALN-Assistant/0.1 (library of the Health Anchors Learning Network)"
    web_delay_seconds: Annotated[
        float, Field(ge=0, le=60, description="Seconds between two requests to one web server.")
    ] = 1.0
    web_timeout_seconds: Annotated[
        float, Field(gt=0, le=600, description="The most seconds that one page may take altogether.")
    ] = 30.0
    web_max_pages: Annotated[
        int, Field(ge=1, le=100_000, description="The most pages that are read of one sitemap, feed or site.")
    ] = 500
    conversation_minutes: Annotated[
        int,
        Field(
            ge=1,
            le=10_080,
            description="For how many minutes a question is remembered, so that a follow-up is understood.",
        ),
    ] = 60
    question_days: Annotated[
        int,
        Field(
            ge=0,
            le=3_650,
            description="For how many days questions and answers are kept, without the asker's name; 0 keeps none.",
        ),
    ] = 365
    name_model: Annotated[
        str,
        Field(
            min_length=1,
            description="The spaCy model that takes part in finding people's names in shared examples: `auto` (the "
            "small English one that comes along; en_core_web_lg or _md if installed), `off`, or one's name or folder.",
        ),
    ] = "auto"
    example_review_months: Annotated[
        int,
        Field(ge=1, le=120, description="After how many months authors are asked whether their example still holds."),
    ] = 12
    example_draft_days: Annotated[
        int, Field(ge=1, le=3650, description="For how many days an untouched draft of an example is kept.")
    ] = 90
    example_retention_days: Annotated[
        int,
        Field(ge=1, le=3650, description="For how many days the text of a declined or withdrawn example is kept."),
    ] = 365
    review_reminder_days: Annotated[
        int, Field(ge=1, le=365, description="After how many days moderators are reminded of an example that waits.")
    ] = 3
    quiet_hours: Annotated[
        str,
        Field(
            pattern=r"^(?:[01]?\d|2[0-3])-(?:[01]?\d|2[0-3])$",
            description="Hours, UK time, in which nobody is reminded of anything: `18-8` is from six in the evening to "
            "eight in the morning.",
        ),
    ] = "18-8"
    peer_requests: Annotated[
        int,
        Field(ge=1, le=30, description="How many requests a member gets in 30 days, unless they chose otherwise."),
    ] = 2
    peer_answer_days: Annotated[
        int, Field(ge=1, le=90, description="After how many days a request to meet that got no answer lapses.")
    ] = 14
    peer_inactive_days: Annotated[
        int, Field(ge=7, le=3650, description="Members who were not here for so many days are not suggested.")
    ] = 180
    member_days: Annotated[
        int,
        Field(ge=30, le=3650, description="A profile whose owner was not here for so many days is deleted."),
    ] = 730
    introduction_days: Annotated[
        int, Field(ge=60, le=3650, description="For how many days introductions and questions to peers are kept.")
    ] = 365
    operator: Annotated[
        str | None,
        Field(
            min_length=2,
            max_length=200,
            description="Who runs the assistant and answers for what it keeps, as members read it before they agree.",
        ),
    ] = None
    contact: Annotated[
        str | None,
        Field(
            min_length=3,
            max_length=200,
            description="Where members complain: a mail address, a web page or a telephone number.",
        ),
    ] = None
    health_port: Annotated[
        int,
        Field(
            ge=0,
            le=65535,
            description="The port of the running bot's `/healthz` and `/metrics` (Prometheus); 0: none.",
        ),
    ] = 0
    health_host: Annotated[
        str,
        Field(
            pattern=r"^[\w.:-]+$",
            description="The address that port is opened on. Nobody is asked for a name there: keep it inside.",
        ),
    ] = "127.0.0.1"
    log_level: Annotated[LogLevel, Field(description="What goes to the log on standard error.")] = LogLevel.WARNING
    log_format: Annotated[
        Literal["text", "json"], Field(description="How it is written: for people, or an object a line for programs.")
    ] = "text"
    discord_read_messages: Annotated[
        Switch,
        Field(
            description="Ask Discord for the text of all messages (a privileged intent): members can then ask on in "
            "the bot's threads without mentioning it, and forum posts are read, not only their titles."
        ),
    ] = Switch.OFF
    discord_servers: Annotated[
        str,
        Field(
            pattern=r"^(?:\d{1,19}(?:,\s*\d{1,19})*)?$",
            description="Ids of the Discord servers that the bot works on, with commas between; `haln servers allow` "
            "registers others.",
        ),
    ] = ""
    questions_per_minute: Annotated[
        int, Field(ge=1, le=1000, description="Questions that one member may ask in a minute in Discord.")
    ] = 6
    discord_token: Annotated[SecretStr | None, Field(description="The Discord bot's token.")] = None
    llm_base_url: Annotated[
        str | None,
        Field(
            max_length=500,
            description="The address of an OpenAI-compatible server, up to and with its /v1.",
        ),
    ] = None
    llm_model: Annotated[
        str | None,
        Field(min_length=1, max_length=200, description="The language model's name as that server knows it."),
    ] = None
    llm_api_key: Annotated[SecretStr | None, Field(description="The key for that server, where it wants one.")] = None
    llm_seconds: Annotated[
        int, Field(ge=1, le=300, description="The longest that a language model may take for an answer, in seconds.")
    ] = 30
    llm_daily_tokens: Annotated[
        int,
        Field(
            ge=0,
            le=1_000_000_000,
            description="The most tokens, read and written, that a language model may cost in a day (UTC).",
        ),
    ] = 200_000

    @field_validator("llm_base_url")
    @classmethod
    def _an_address(cls, address: str | None) -> str | None:
        # Without a name and password in it: messages show an address, and never a key.
        if address is not None and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#@]*)?", address):
            raise ValueError("give an address such as http://127.0.0.1:11434/v1, with nothing before the host")
        return address

    @field_validator("llm_api_key")
    @classmethod
    def _a_key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and not re.fullmatch(r"[!-~]+", key.get_secret_value()):
            raise ValueError("a key has no spaces and no letters beyond ASCII; copy it again")
        return key

    @model_validator(mode="after")
    def _a_language_model_has_an_address_and_a_name(self) -> Self:
        if self.llm_base_url and not self.llm_model:
            raise ValueError("HALN_LLM_BASE_URL needs HALN_LLM_MODEL, the name of the model to use there")
        if not self.llm_base_url and (self.llm_model or self.llm_api_key):
            raise ValueError("HALN_LLM_MODEL and HALN_LLM_API_KEY need HALN_LLM_BASE_URL, the address of their server")
        return self

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> Self:
        """Read the settings from `environ` (the process's own by default); `overrides` win where they are not `None`.

        An empty variable counts as not set. A secret may also be read from a file: `HALN_DISCORD_TOKEN_FILE`.

        Raises:
            SettingsError: A name is unknown or a value is out of bounds; the message names both and the nearest name.
        """
        environ = os.environ if environ is None else environ
        known = {PREFIX + name.upper(): name for name in cls.model_fields}
        values: dict[str, object] = {}
        for variable, value in environ.items():
            if not variable.startswith(PREFIX):
                continue
            if (secret := known.get(variable.removesuffix(_IN_FILE))) in _SECRETS and variable.endswith(_IN_FILE):
                if value.strip() and not environ.get(variable.removesuffix(_IN_FILE), "").strip():
                    values[secret] = _content(variable, value.strip())
                continue
            if variable not in known:
                close = difflib.get_close_matches(variable, known, n=1)
                hint = f" Did you mean {close[0]}?" if close else " The README lists the settings."
                raise SettingsError(f"Unknown setting {variable}.{hint}")
            if value.strip():
                values[known[variable]] = value.strip()
        values |= {name: value for name, value in overrides.items() if value is not None}
        network = str(values.pop("network", MAIN))
        try:
            cls.model_validate({**values, "network": network})
            return cls.model_validate(values).for_network(network)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            problem = first["msg"].removeprefix("Value error, ")
            if not first["loc"]:  # settings that do not go together
                raise SettingsError(f"{problem}.") from None
            name = PREFIX + str(first["loc"][0]).upper()
            raise SettingsError(f"{name} is not usable: {problem}.") from None

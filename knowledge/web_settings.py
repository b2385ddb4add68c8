"""The settings of the web page; a part of `knowledge.settings.Settings`, which reads them."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, SecretStr, model_validator

from knowledge.domain.outbox import Shards
from knowledge.mail_settings import ADDRESS as _ADDRESS
from knowledge.mail_settings import LOOPBACK, MailSettings

_DOMAIN = r"@?[\w-]+(?:\.[\w-]+)+"


class Switch(StrEnum):
    """An on/off setting."""

    ON = "on"
    OFF = "off"


class WebSettings(MailSettings):
    """The settings of the web page."""

    web: Annotated[Switch, Field(description="Whether `haln run` serves the web page beside the chat or the bot.")] = (
        Switch.ON
    )
    web_host: Annotated[
        str,
        Field(
            pattern=r"^[\w.:-]+$",
            description="The address that the web page is served on. Others than this machine's own need HALN_WEB_URL.",
        ),
    ] = "127.0.0.1"
    web_port: Annotated[
        int, Field(ge=0, le=65_535, description="The port of the web page; 0 takes any that is free.")
    ] = 8017
    web_url: Annotated[
        str | None,
        Field(
            pattern=r"^https?://[\w.-]+(:\d{1,5})?/?$",
            description="The address at which people reach the web page, for links in mails and feeds: "
            "`https://assistant.example.org`.",
        ),
    ] = None
    web_listed: Annotated[Switch, Field(description="Whether search engines may list the library's pages.")] = (
        Switch.OFF
    )
    web_api_token: Annotated[
        SecretStr | None,
        Field(
            min_length=16,
            description="The token that programs send to use the interface under `/api`; without one it is off.",
        ),
    ] = None
    web_members: Annotated[
        str,
        Field(
            pattern=rf"^(?:\*|(?:{_ADDRESS}|{_DOMAIN})(?:,\s*(?:{_ADDRESS}|{_DOMAIN}))*)?$",
            description="Who may sign in on the web page: mail addresses and domains with commas between "
            "(`nhs.net, sam@example.org`), or `*` for everybody with an address. Empty: nobody.",
        ),
    ] = ""
    web_moderators: Annotated[
        str,
        Field(
            pattern=rf"^(?:{_ADDRESS}(?:,\s*{_ADDRESS})*)?$",
            description="The mail addresses of those who review shared examples on the web page, with commas between.",
        ),
    ] = ""
    web_session_days: Annotated[
        int, Field(ge=1, le=365, description="For how many days somebody who signed in by mail stays signed in.")
    ] = 30
    web_account_days: Annotated[
        int,
        Field(
            ge=60,
            le=3650,
            description="An account of the web page that nobody signed in to for so many days is deleted, with "
            "everything that belongs to it; published examples stay as they are credited.",
        ),
    ] = 730
    discord_client_id: Annotated[
        str | None,
        Field(
            pattern=r"^\d{1,19}$",
            description="The Discord application's client id, with which members sign in on the web page by Discord.",
        ),
    ] = None
    discord_client_secret: Annotated[SecretStr | None, Field(description="That application's client secret.")] = None

    discord_shards: Annotated[
        int,
        Field(
            ge=1,
            le=1024,
            description="Into how many parts Discord splits the bot's servers; it asks for more than one from 2,500 "
            "servers on.",
        ),
    ] = 1
    discord_shard_ids: Annotated[
        str,
        Field(
            pattern=r"^(?:\d{1,4}(?:,\s*\d{1,4})*)?$",
            description="The parts that this process serves, counted from 0, with commas between; empty: all.",
        ),
    ] = ""

    @property
    def shards(self) -> Shards:
        """Return the parts of the bot's servers that this process serves."""
        ids = tuple(dict.fromkeys(int(part) for part in self.discord_shard_ids.split(",") if part.strip()))
        return Shards(count=self.discord_shards, ids=ids or tuple(range(self.discord_shards)))

    @model_validator(mode="after")
    def _what_goes_together(self) -> Self:
        if self.web_url is None and self.web_host not in LOOPBACK:
            raise ValueError("HALN_WEB_HOST needs HALN_WEB_URL, the address at which people reach the web page")
        if bool(self.discord_client_id) != bool(self.discord_client_secret):
            raise ValueError("HALN_DISCORD_CLIENT_ID and HALN_DISCORD_CLIENT_SECRET go together")
        if max(self.shards.ids) >= self.discord_shards:
            raise ValueError("HALN_DISCORD_SHARD_IDS are counted from 0 and less than HALN_DISCORD_SHARDS")
        return self

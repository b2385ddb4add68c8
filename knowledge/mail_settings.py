"""The settings of mail; a part of `knowledge.settings.Settings`, which reads them."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ADDRESS = r"[^\s@,]+@[\w-]+(?:\.[\w-]+)+"


class MailSecurity(StrEnum):
    """The way in which the connection to the mail server is made safe."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailSettings(BaseModel):
    """The mail server, and who mails are from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mail_server: Annotated[
        str | None,
        Field(
            pattern=r"^[\w.-]+(:\d{1,5})?$",
            description="The mail server that sends sign-in links and digests: `smtp.example.org:587`.",
        ),
    ] = None
    mail_from: Annotated[
        str | None, Field(pattern=rf"^{ADDRESS}$", description="The address that mails come from.")
    ] = None
    mail_security: Annotated[
        MailSecurity,
        Field(description="How the connection to the mail server is made safe; `none` only on this machine."),
    ] = MailSecurity.STARTTLS
    mail_user: Annotated[
        str | None, Field(min_length=1, max_length=200, description="The name at the mail server.")
    ] = None
    mail_password: Annotated[SecretStr | None, Field(description="The password at the mail server.")] = None

    @model_validator(mode="after")
    def _mail_goes_together(self) -> Self:
        if self.mail_server and not self.mail_from:
            raise ValueError("HALN_MAIL_SERVER needs HALN_MAIL_FROM, the address that mails come from")
        if self.mail_security is MailSecurity.NONE and self.mail_server:
            host = self.mail_server.rpartition(":")[0] or self.mail_server
            if host not in LOOPBACK:
                raise ValueError(
                    "HALN_MAIL_SECURITY=none is for a mail server on this machine only; use starttls or tls"
                )
        return self

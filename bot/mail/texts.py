"""Texts of mail that cannot be sent: to members in one line, to the operator in the log."""

SENDER = "HALN Assistant"

REFUSED = "The mail server does not know this address."
FAILED = "The mail server cannot be reached. Try again in a few minutes."

CAUSES = {
    "off": "mail is switched off: set HALN_MAIL_SERVER and HALN_MAIL_FROM",
    "reach": "{server} cannot be reached: check HALN_MAIL_SERVER and that the server runs",
    "slow": "{server} did not answer within {seconds} seconds",
    "no_tls": "{server} does not offer STARTTLS: if it takes TLS from the start, set HALN_MAIL_SECURITY=tls",
    "certificate": "the certificate of {server} is not trusted: {detail}",
    "tls": "no secure connection to {server}: check the port and HALN_MAIL_SECURITY ({detail})",
    "password": "{server} does not take HALN_MAIL_USER and HALN_MAIL_PASSWORD",
    "sender": "{server} does not send for HALN_MAIL_FROM ({code})",
    "later": "{server} asks to try again later ({code})",
    "policy": "{server} takes no mail from here ({code}): check its rules for relaying",
    "content": "{server} did not take a message ({code})",
    "other": "{server} said something that is not understood ({detail})",
}

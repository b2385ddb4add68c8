"""Texts of mail that cannot be sent: to members in one line, to the operator in the log."""

from knowledge.digest.storage.protocols import Frequency

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

SIGNED = "HALN Assistant, Health Anchors Learning Network"

DIGEST_TITLE = "New since {day}"
DIGEST_SUBJECT = "New: {first}"
DIGEST_SUBJECT_MORE = "New: {first}, and {more} more"
DIGEST_EXAMPLES = "Shared by members"
DIGEST_DOCUMENTS = "In the library"
DIGEST_EVENTS = "Coming up"
DIGEST_QUESTIONS = "Could you answer this?"
DIGEST_LESSON = "One that did not go to plan"
DIGEST_MORE = "And {number} more in the library"
DIGEST_MORE_EVENTS = "And {number} more events"
DIGEST_WHY = {
    Frequency.WEEKLY: "You chose to get this once a week. It comes only when there is something new.",
    Frequency.MONTHLY: "You chose to get this once a month. It comes only when there is something new.",
}
DIGEST_STOP = "Stop this digest"
DIGEST_CHANGE = "Change how often it comes"
NOTHING_NEW = "Nothing new has come in since then."
PREVIEW_FOOTER = "Everything above is from the library of the Health Anchors Learning Network."

CONFIRM_SUBJECT = "Is this your address? Your digest of what is new"
CONFIRM_WHY = {
    Frequency.WEEKLY: "Somebody on Discord, we hope it was you, wants a digest of what is new sent here once a week.",
    Frequency.MONTHLY: "Somebody on Discord, we hope it was you, wants a digest of what is new sent here once a month.",
}
CONFIRM_LINK = "Open this page and press “Send it here”"
CONFIRM_NOT_YOU = "If it was not you, do nothing: nothing more is sent to you, and your address is not kept."

TEST_SUBJECT = "A test of HALN Assistant's mail"
TEST_BODY = "This is a test, sent by `haln mail check`. Whoever reads it knows that mail works.\n"

"""What members agree to when they make a profile, in one screen, versioned: another text asks everybody anew."""

from knowledge.settings import Settings

CONSENT_VERSION = "2"

_TEXT = """\
Your profile for finding peers

What is kept: what you write in your profile, your searches, and your questions and replies to members; numbers \
computed from it to find people who fit; whom you asked to meet and what came of it; and whom you blocked.
Who sees it: nobody, until you switch on "findable". From then on other members see your name, role, organisation and \
what you wrote, where it fits what they look for. Moderators see the same and no more: never whom you blocked, and \
never whom you turned down.
For how long: until you delete it, or until you have not been here for {days} days. Introductions are deleted after \
{introduction_days} days.
You decide: pause, change, download or delete everything at any time. Deleting works at once."""


def consent_text(settings: Settings) -> str:
    """The text to agree to."""
    return _TEXT.format(days=settings.member_days, introduction_days=settings.introduction_days)

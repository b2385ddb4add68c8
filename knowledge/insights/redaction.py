"""Takes out of questions what may identify a person, before anybody but who asked reads them."""

from knowledge.privacy.personal_data import PersonalDataCheck

_WORDS = {
    "PERSON": "a person",
    "EMAIL_ADDRESS": "an email address",
    "PHONE_NUMBER": "a phone number",
    "UK_POSTCODE": "a postcode",
    "ADDRESS": "an address",
    "DATE_OF_BIRTH": "a date of birth",
}
_ANY = "a number"


class Redactor:
    """Redacts texts, each once: the check takes milliseconds a text, and pages show the same ones again."""

    _MOST_KEPT = 1000

    def __init__(self, check: PersonalDataCheck) -> None:
        self._check = check
        self._known: dict[str, str] = {}

    def redacted(self, text: str) -> str:
        """Return the text with words like "[a person]" in the place of what may identify somebody.

        Raises:
            ModelError: The check does not work: then nothing is shown.
        """
        # Several threads ask: what another has dropped by now is still returned.
        redacted = self._known.get(text)
        if redacted is None:
            if len(self._known) >= self._MOST_KEPT:
                self._known.clear()
            shown, position = [], 0
            for found in self._check.find(text):
                shown += [text[position : found.start], f"[{_WORDS.get(found.kind, _ANY)}]"]
                position = found.end
            redacted = "".join([*shown, text[position:]])
            self._known[text] = redacted
        return redacted

"""The check for personal data: Presidio's UK recognisers, our own for what it does not know, and people's names.

Presidio's recognisers are used one by one: its engine would want a language model, and one of them would fetch a list
from the internet.
"""

import threading
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from typing import TYPE_CHECKING

from knowledge.privacy.absent_packages import absent
from knowledge.privacy.identifiers import find_identifiers, is_health_number
from knowledge.privacy.name_model import NAME_MODEL_AUTO, NAME_MODEL_OFF, has_name_model, open_name_model
from knowledge.privacy.person_names import PersonNames
from knowledge.privacy.personal_data import Found, outermost
from knowledge.settings import Settings

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer
    from presidio_analyzer.nlp_engine import NlpArtifacts

Finder = Callable[[str], Iterable[Found]]
# Somebody who mistypes the letters in front has still written down a National Insurance number.
_NINO_LOOKALIKE = r"\b[A-Za-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-Da-d]\b"
_FEWEST_PHONE_DIGITS = 10
_NAME_SCORE = 0.85


class PresidioCheck:
    """Presidio's and our own recognisers; `HALN_NAME_MODEL` names the language model that takes part for names.

    Loaded with the first text (a few seconds); may be used from several threads.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._finders: list[Finder] = []

    @property
    def has_name_model(self) -> bool:
        """Return whether a language model takes part in looking for names."""
        return has_name_model(self._settings.name_model)

    def find(self, text: str) -> list[Found]:
        """Return the places that may identify a person, in order.

        Raises:
            ModelError: The model that HALN_NAME_MODEL names is not there.
        """
        with self._lock:
            if not self._finders:
                # A model of the operator's own may be one that needs torch.
                with absent() if self._settings.name_model in (NAME_MODEL_AUTO, NAME_MODEL_OFF) else nullcontext():
                    names = PersonNames(open_name_model(self._settings.name_model))
                    recognisers = [_recogniser_finder(recogniser) for recogniser in _recognisers()]
                self._finders = [*recognisers, _identifiers, _name_finder(names)]
            return outermost(found for finder in self._finders for found in finder(text))


def _recogniser_finder(recogniser: "EntityRecognizer") -> Finder:
    def find(text: str) -> list[Found]:
        # Presidio says that it needs the tokens of a language model here; these recognisers look at the text only.
        results = recogniser.analyze(text, recogniser.supported_entities, None)  # type: ignore[arg-type]
        return [
            Found(result.entity_type, result.start, result.end, round(result.score, 2))
            for result in results
            if result.entity_type != "UK_NHS" or is_health_number(text, result.start, result.end)
        ]

    return find


def _identifiers(text: str) -> Iterable[Found]:
    return (Found(*found) for found in find_identifiers(text))


def _name_finder(names: PersonNames) -> Finder:
    def find(text: str) -> list[Found]:
        return [Found("PERSON", start, end, _NAME_SCORE) for start, end in names.find(text)]

    return find


def _recognisers() -> "list[EntityRecognizer]":
    """Return Presidio's recognisers as they are used here."""
    # A second or two to import, because it brings spaCy along.
    import tldextract
    from presidio_analyzer import Pattern, RecognizerResult
    from presidio_analyzer.predefined_recognizers import (
        EmailRecognizer,
        NhsRecognizer,
        PhoneRecognizer,
        UkNinoRecognizer,
        UkPostcodeRecognizer,
    )

    # The list of top-level domains that comes with the package: nothing is fetched, nothing is written.
    domains = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

    class OfflineEmailRecognizer(EmailRecognizer):
        """Presidio's own asks the internet for top-level domains on first use."""

        def validate_result(self, pattern_text: str) -> bool:
            return bool(domains(pattern_text).fqdn)

    class LenientPhoneRecognizer(PhoneRecognizer):
        """A recogniser of possible numbers, not only those in use, if written as one: years and amounts are not."""

        def analyze(
            self, text: str, entities: list[str], nlp_artifacts: "NlpArtifacts | None" = None
        ) -> list[RecognizerResult]:
            found = super().analyze(text, entities, nlp_artifacts)  # type: ignore[arg-type]
            return [result for result in found if _like_a_phone_number(text[result.start : result.end])]

    lookalike = Pattern("NINO with any letters", _NINO_LOOKALIKE, 0.4)
    return [
        NhsRecognizer(),
        UkNinoRecognizer(patterns=[*UkNinoRecognizer.PATTERNS, lookalike]),
        OfflineEmailRecognizer(),
        UkPostcodeRecognizer(),
        LenientPhoneRecognizer(supported_regions=("GB",), leniency=0),
    ]


def _like_a_phone_number(text: str) -> bool:
    return text.startswith(("0", "+", "(")) and sum(c.isdigit() for c in text) >= _FEWEST_PHONE_DIGITS

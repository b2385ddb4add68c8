"""Marks what may identify a patient or a colleague in an example, to its author first and then to the moderator.

The recognisers are presidio-analyzer's, used one by one: its engine would want a language model, and one of its
recognisers would fetch a list from the internet. What is found is a place and a kind; the words are never logged.
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from knowledge.domain.examples import TEXT_FIELDS, Author, Content, Finding
from knowledge.domain.vocabulary import Credit
from knowledge.errors import ModelError
from knowledge.settings import Settings

if TYPE_CHECKING:
    from presidio_analyzer import EntityRecognizer
    from presidio_analyzer.nlp_engine import NlpArtifacts

NAME_MODEL_AUTO = "auto"
NAME_MODEL_OFF = "off"
# The larger the better; whichever is installed.
_NAME_MODELS = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm")
_LABELS = {
    "UK_NHS": "NHS number",
    "UK_NINO": "National Insurance number",
    "PHONE_NUMBER": "phone number",
    "EMAIL_ADDRESS": "email address",
    "UK_POSTCODE": "postcode",
    "PERSON": "name of a person",
    "OWN_NAME": "your own name, though you asked not to be named",
    "OWN_ORGANISATION": "your organisation, though you asked to be anonymous",
}
_OWN = ("OWN_NAME", "OWN_ORGANISATION")
# Somebody who mistypes the letters in front has still written down a National Insurance number.
_NINO_LOOKALIKE = r"\b[A-Za-z]{2} ?[0-9]{2} ?[0-9]{2} ?[0-9]{2} ?[A-Da-d]\b"
_FEWEST_PHONE_DIGITS = 10


class Found(NamedTuple):
    """A place `text[start:end]` that may identify a person; `score` is how sure the recogniser is, 0 to 1."""

    kind: str
    start: int
    end: int
    score: float


class PersonalDataCheck(Protocol):
    """Finds what may identify a person in a text."""

    def find(self, text: str) -> list[Found]:
        """Return the places, in order, none inside another."""


def findings(content: Content, author: Author, check: PersonalDataCheck) -> tuple[Finding, ...]:
    """Return what may identify a person in an example, by field.

    Who asked not to be named is told where the text does.
    """
    found: list[Finding] = []
    for field in TEXT_FIELDS:
        text: str = getattr(content, field)
        places = [*(check.find(text) if text.strip() else ()), *_own_places(text, content, author)]
        found += [_finding(field, place) for place in outermost(places)]
    return tuple(found)


def credit_findings(before: Sequence[Finding], content: Content, author: Author) -> tuple[Finding, ...]:
    """Return the findings after a change of credit: another credit makes other words of the author give them away."""
    kept = [finding for finding in before if finding.kind not in _OWN]
    own = [_finding(f, place) for f in TEXT_FIELDS for place in _own_places(getattr(content, f), content, author)]
    return (*kept, *own)


def _finding(field: str, place: Found) -> Finding:
    label = _LABELS.get(place.kind, place.kind)
    return Finding(kind=place.kind, label=label, field=field, start=place.start, end=place.end, score=place.score)


def outermost(places: Iterable[Found]) -> list[Found]:
    """Return places in order; of two that overlap the surer stays, then the longer."""
    kept: list[Found] = []
    for place in sorted(places, key=lambda p: (-p.score, p.start - p.end, p.start)):
        if all(place.end <= other.start or place.start >= other.end for other in kept):
            kept.append(place)
    return sorted(kept, key=lambda p: p.start)


def _own_places(text: str, content: Content, author: Author) -> Iterator[Found]:
    """Yield where a text names its author or their organisation, though they asked that it should not be known."""
    hidden: list[tuple[str, str]] = []
    if content.credit in (Credit.ANONYMOUS, Credit.ORGANISATION):
        hidden.append(("OWN_NAME", author.name or ""))
    if content.credit is Credit.ANONYMOUS:
        hidden.append(("OWN_ORGANISATION", content.organisation))
    for kind, name in hidden:
        if name.strip():
            words = r"\s+".join(re.escape(word) for word in name.split())
            for match in re.finditer(rf"\b{words}\b", text, re.IGNORECASE):
                yield Found(kind, match.start(), match.end(), 1.0)


class PresidioCheck:
    """The UK recognisers of presidio-analyzer, and people's names where a spaCy model is installed.

    Loaded with the first text (a few seconds); may be used from several threads.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._finders: list[Callable[[str], Iterable[Found]]] = []

    def find(self, text: str) -> list[Found]:
        """Return the places that may identify a person, in order.

        Raises:
            ModelError: The model that HALN_NAME_MODEL names is not there.
        """
        with self._lock:
            if not self._finders:
                self._finders = [_recogniser_finder(recogniser) for recogniser in _recognisers()]
                if (names := _name_finder(self._settings.name_model)) is not None:
                    self._finders.append(names)
            return outermost(found for finder in self._finders for found in finder(text))


def _recogniser_finder(recogniser: "EntityRecognizer") -> Callable[[str], list[Found]]:
    def find(text: str) -> list[Found]:
        # Presidio says that it needs the tokens of a language model here; these recognisers look at the text only.
        results = recogniser.analyze(text, recogniser.supported_entities, None)  # type: ignore[arg-type]
        return [Found(result.entity_type, result.start, result.end, round(result.score, 2)) for result in results]

    return find


def _recognisers() -> "list[EntityRecognizer]":
    """Return Presidio's recognisers as they are used here."""
    # Seconds to import, because it brings spaCy and torch along.
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


def _like_an_acronym(text: str) -> bool:
    """Return what a small model takes for a name most often: COVID-19, Greener NHS."""
    return any(c.isdigit() for c in text) or any(len(word) > 2 and word.isupper() for word in text.split())


def _name_finder(wanted: str) -> Callable[[str], list[Found]] | None:
    """Return a finder of people's names with a spaCy model, or `None` where there is none to use."""
    if wanted == NAME_MODEL_OFF:
        return None
    import spacy

    if wanted == NAME_MODEL_AUTO:
        model = next((name for name in _NAME_MODELS if spacy.util.is_package(name)), None)
        if model is None:
            return None
    else:
        model = wanted
    try:
        language = spacy.load(model)
    except (OSError, ValueError) as error:
        raise ModelError(
            f"HALN_NAME_MODEL names {model}, which is no spaCy model on this machine ({type(error).__name__}). Install "
            "one (python -m spacy download en_core_web_sm) or set it to off."
        ) from None

    def find(text: str) -> list[Found]:
        return [
            Found("PERSON", entity.start_char, entity.end_char, 0.85)
            for entity in language(text).ents
            if entity.label_ == "PERSON" and not _like_an_acronym(entity.text)
        ]

    return find

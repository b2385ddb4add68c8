"""The network's own words as enums: each value is stored, each label is what members read."""

from enum import StrEnum


class Term(StrEnum):
    """A word of the network's vocabulary; `label` is how members read it."""

    @property
    def label(self) -> str:
        """Return the value in plain words, e.g. `case_study` -> "case study"."""
        return _LABELS.get(self, self.value.replace("_", " "))


class Pillar(Term):
    """A means by which an anchor organisation acts (Health Foundation, five pillars)."""

    EMPLOYMENT = "employment"
    PROCUREMENT = "procurement"
    ESTATES = "estates"
    ENVIRONMENT = "environment"
    PARTNERSHIP = "partnership"


class Level(Term):
    """A scale at which anchor work happens (HALN, four levels; `national` for bodies above them)."""

    HYPER_LOCAL = "hyper_local"
    LOCAL = "local"
    SYSTEM = "system"
    REGIONAL = "regional"
    NATIONAL = "national"


class Stage(Term):
    """A stage of an organisation's anchor work."""

    STARTING = "starting"
    EARLY = "early"
    ESTABLISHED = "established"


class Sector(Term):
    """A sort of organisation that a member works for."""

    NHS_TRUST = "nhs_trust"
    ICS = "ics"
    COUNCIL = "council"
    HOUSING_ASSOCIATION = "housing_association"
    UNIVERSITY = "university"
    VCSE = "vcse"
    PRIVATE = "private"
    OTHER = "other"


class IntroductionState(Term):
    """The state of an introduction between two members."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class DueKind(Term):
    """A kind of message to a member about their introductions, matches and questions to peers."""

    REQUEST = "request"
    INTRODUCED = "introduced"
    LAPSED = "lapsed"
    DID_YOU_SPEAK = "did_you_speak"
    DID_IT_CHANGE = "did_it_change"
    SOMEONE_FITS = "someone_fits"
    QUESTION = "question"
    REPLY = "reply"
    PROFILE_EXPIRES = "profile_expires"
    RENEW_CONSENT = "renew_consent"


class Nation(Term):
    """A nation in which work happens."""

    ENGLAND = "england"
    SCOTLAND = "scotland"
    WALES = "wales"
    NORTHERN_IRELAND = "northern_ireland"
    UK = "uk"
    INTERNATIONAL = "international"


class Kind(Term):
    """A kind of document."""

    CASE_STUDY = "case_study"
    EVENT = "event"
    EXAMPLE = "example"
    GLOSSARY = "glossary"
    LESSON = "lesson"
    PROGRAMME = "programme"
    REPORT = "report"
    RESOURCE = "resource"
    TOOLKIT = "toolkit"


class EvidenceKind(Term):
    """A kind of evidence that a document rests on, so that a reader can weigh it."""

    EVALUATION = "evaluation"
    CASE_STUDY = "case_study"
    REPORT = "report"
    GUIDANCE = "guidance"
    PRACTITIONER = "practitioner"
    MEMBER_EXAMPLE = "member_example"


class Outcome(Term):
    """An outcome of the described work."""

    WORKED = "worked"
    PARTLY = "partly"
    DID_NOT_WORK = "did_not_work"
    IN_PROGRESS = "in_progress"
    UNKNOWN = "unknown"

    @classmethod
    def for_examples(cls) -> "tuple[Outcome, ...]":
        """Return what a shared example can have come to; "in progress" is no outcome yet."""
        return cls.WORKED, cls.PARTLY, cls.DID_NOT_WORK


class Measured(Term):
    """A way in which a document says that the described work was measured."""

    INDICATOR = "indicator"
    BASELINE = "baseline"


class FeedbackReason(Term):
    """A reason why an answer did not help."""

    NOT_RELEVANT = "not_relevant"
    WRONG = "wrong"
    OUT_OF_DATE = "out_of_date"
    TOO_LONG = "too_long"
    OTHER = "other"


class Credit(Term):
    """A way of telling readers who a shared example is from."""

    NAMED = "named"
    ORGANISATION = "organisation"
    ANONYMOUS = "anonymous"


class ExampleState(Term):
    """A state of a shared example. It begins as a draft.

    Published, declined and withdrawn are where it can end; a correction ends as applied.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    PUBLISHED = "published"
    APPLIED = "applied"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


_LABELS: dict[Term, str] = {
    Level.HYPER_LOCAL: "hyper-local",
    Sector.NHS_TRUST: "NHS trust or health board",
    Sector.ICS: "integrated care system",
    Sector.VCSE: "charity, community group or social enterprise",
    Sector.PRIVATE: "private company",
    Nation.ENGLAND: "England",
    Nation.SCOTLAND: "Scotland",
    Nation.WALES: "Wales",
    Nation.NORTHERN_IRELAND: "Northern Ireland",
    Nation.UK: "UK",
    EvidenceKind.PRACTITIONER: "practitioner's account",
    EvidenceKind.MEMBER_EXAMPLE: "member's example",
    Outcome.PARTLY: "worked in part",
    Outcome.IN_PROGRESS: "still under way",
    Outcome.UNKNOWN: "not known",
    Measured.INDICATOR: "says what was measured",
    Measured.BASELINE: "measured against a baseline",
    FeedbackReason.NOT_RELEVANT: "not what I asked",
    FeedbackReason.WRONG: "not right",
    FeedbackReason.OTHER: "something else",
}

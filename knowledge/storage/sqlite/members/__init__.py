"""Members in SQLite: `MemberStore` over the one file, in parts."""

from knowledge.storage.sqlite.members.introductions import Introductions
from knowledge.storage.sqlite.members.profiles import Profiles
from knowledge.storage.sqlite.members.questions import Questions
from knowledge.storage.sqlite.members.searches import Searches
from knowledge.storage.sqlite.members.vectors import MemberVectors


class SQLiteMemberStore(Profiles, MemberVectors, Introductions, Questions, Searches):
    """Implements `knowledge.storage.member_protocols.MemberStore`; see there for what each method promises."""


__all__ = ["SQLiteMemberStore"]

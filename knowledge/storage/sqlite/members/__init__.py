"""Members in SQLite: `MemberStore` over the one file, in parts."""

from knowledge.storage.sqlite.members.introductions import SQLiteIntroductions
from knowledge.storage.sqlite.members.profiles import SQLiteProfiles
from knowledge.storage.sqlite.members.questions import SQLitePeerQuestions
from knowledge.storage.sqlite.members.searches import SQLiteSearches
from knowledge.storage.sqlite.members.vectors import SQLiteMemberVectors


class SQLiteMemberStore(SQLiteProfiles, SQLiteMemberVectors, SQLiteIntroductions, SQLitePeerQuestions, SQLiteSearches):
    """Implements `knowledge.storage.member_protocols.MemberStore`; see there for what each method promises."""


__all__ = ["SQLiteMemberStore"]

"""What a question asks of the database, on PostgreSQL."""

from tests.contract.same import same_as
from tests.knowledge.answering import test_statements

globals().update(same_as(test_statements))

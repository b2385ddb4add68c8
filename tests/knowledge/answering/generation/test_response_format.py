"""The form that a server is asked for, and reading what it sends instead."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.answering.generation.response_format import formatted_sentences, response_format


def test_every_sentence_has_to_cite_a_passage_that_was_given():
    asked = response_format(3)
    schema = asked["json_schema"]["schema"]
    sentence = schema["properties"]["sentences"]["items"]
    citations = sentence["properties"]["citations"]
    assert (asked["type"], asked["json_schema"]["strict"]) == ("json_schema", True)
    assert (citations["items"]["enum"], citations["minItems"]) == ([1, 2, 3], 1)
    # What servers that hold to the schema strictly insist on.
    for one in (schema, sentence):
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])


def test_other_forms_are_left_to_others():
    for text in ("It grew [1].", "", "{}", '{"answer": "It grew."}', '["It grew."]', 'He said {"sentences": []}'):
        assert formatted_sentences(text) is None


@given(st.text(alphabet=st.sampled_from(list('{}[]",:1 \\u"textcitations'))))
def test_whatever_follows_is_read_without_an_error(rest):
    assert formatted_sentences('{"sentences": [' + rest) is not None

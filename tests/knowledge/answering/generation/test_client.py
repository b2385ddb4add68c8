"""The client against a real server on this machine that behaves in every bad way."""

import json

import pytest
from pydantic import SecretStr

from knowledge.answering.generation.client import ChatClient
from knowledge.answering.generation.reply import MOST_CHARACTERS, Reply
from knowledge.answering.generation.response_format import response_format
from knowledge.errors import LanguageModelError, LanguageModelRefusedError
from tests.knowledge.answering.generation.conftest import KEY
from tests.scripted_llm import (
    body,
    breaks_a_promise,
    breaks_off,
    hangs_after,
    never_answers,
    never_ends,
    one_endless_line,
    piece,
    says,
    sends,
    status,
    trickles,
)

ASKED = [{"role": "user", "content": "my private question"}]


def client(url, seconds=5.0, key=KEY):
    return ChatClient(url, "sample-model", SecretStr(key) if key else None, seconds)


def test_an_answer_is_streamed_and_its_tokens_are_counted(server):
    scripted, reply = server(says("Sample words [1].", tokens=42)), Reply()
    client(scripted.url).complete(ASKED, reply)
    assert (reply.text.strip(), reply.tokens, reply.whole, reply.begun) == ("Sample words [1].", 42, True, True)
    request, headers = scripted.requests[0], scripted.headers[0]
    assert (request["model"], request["messages"], request["stream"]) == ("sample-model", ASKED, True)
    assert headers["Authorization"] == f"Bearer {KEY}"


def test_without_a_key_none_is_sent(server):
    scripted = server(says("Words."))
    client(scripted.url + "/", key=None).complete(ASKED, Reply())
    assert "Authorization" not in scripted.headers[0]


def test_an_answer_stopped_for_its_length_is_not_whole(server):
    reply = Reply()
    client(server(says("Sample words [1]. And", finish="length")).url).complete(ASKED, reply)
    assert (reply.whole, reply.full) == (False, True)


def test_a_server_that_does_not_hang_up_costs_no_answer(server):
    reply = Reply()
    client(server(hangs_after("Sample words [1].")).url, 30.0).complete(ASKED, reply)
    assert reply.text == "Sample words [1]."


def test_an_answer_without_end_is_cut(server):
    reply = Reply()
    client(server(never_ends).url).complete(ASKED, reply)
    assert reply.full
    assert len(reply.text) < 2 * MOST_CHARACTERS


@pytest.mark.parametrize(
    ("script", "problem"),
    [
        (breaks_off("Half of an"), "broke off"),
        (breaks_a_promise("Half of an"), "connection failed"),
        (says("", done=True), "was empty"),
        (says("   "), "was empty"),
        (sends("[DONE]"), "broke off"),
        (sends("not json at all"), "no piece of an answer"),
        (sends("[1, 2]"), "no piece of an answer"),
        (sends({"choices": "many"}), "no piece of an answer"),
        (sends({"choices": [{"delta": {"content": ["x"]}}]}), "no piece of an answer"),
        (sends({"choices": [{"delta": "x"}]}), "no piece of an answer"),
        (sends([piece("x"), {"error": {"message": "overloaded, said my private question"}}]), "reported an error"),
        (sends([piece("x", finish="content_filter")]), "reason of its own"),
        (body('{"choices": [{"message": {"content": "whole"}}]}'), "does not stream"),
        (body("<html>Gateway</html>", "text/html"), "does not stream"),
        (one_endless_line, "does not stream|took longer"),
        (status(500), "failed .500."),
        (status(503, Retry_After="7"), "failed .503."),
        (status(429, Retry_After="7"), "too much to do .429."),
        (status(400), "failed .400."),
        (status(418, raw="x" * 1_000_000), "failed .418."),
    ],
)
def test_what_goes_wrong_is_one_error_without_what_was_asked(server, script, problem):
    with pytest.raises(LanguageModelError, match=problem) as caught:
        client(server(script).url).complete(ASKED, Reply())
    assert "private" not in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        (401, "HALN_LLM_API_KEY"),
        (403, "HALN_LLM_MODEL"),
        (404, "HALN_LLM_BASE_URL"),
        (402, "paid"),
    ],
)
def test_what_the_operator_has_to_mend_says_so(server, code, advice):
    with pytest.raises(LanguageModelRefusedError, match=advice):
        client(server(status(code)).url).complete(ASKED, Reply())


def test_what_is_asked_follows_no_redirection(server):
    elsewhere = server(says("Words."))
    with pytest.raises(LanguageModelRefusedError, match=r"sends elsewhere \(307\)"):
        client(server(status(307, Location=elsewhere.url)).url).complete(ASKED, Reply())
    assert elsewhere.requests == []


def test_no_proxy_comes_between_this_machine_and_itself(server, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    reply = Reply()
    client(server(says("Words.")).url).complete(ASKED, reply)
    assert reply.whole


@pytest.mark.parametrize("script", [never_answers, trickles(), trickles("A beginning")])
def test_the_time_limit_is_over_everything(server, script):
    reply = Reply()
    with pytest.raises(LanguageModelError, match=r"longer than 0\.3 seconds"):
        client(server(script).url, 0.3).complete(ASKED, reply)
    assert reply.begun


def test_a_server_that_is_not_there_costs_nothing(server):
    scripted = server(says("Words."))
    url = scripted.url
    scripted.close()
    reply = Reply()
    with pytest.raises(LanguageModelError, match="cannot be reached"):
        client(url).complete(ASKED, reply)
    assert not reply.begun


def test_an_option_that_a_server_does_not_know_is_left_out_from_then_on(server):
    def unknown(name):
        return status(400, raw=json.dumps({"error": {"message": "no", "param": name}}))

    scripted = server(unknown("max_tokens"), unknown("temperature"), says("Words."))
    asking, reply = client(scripted.url), Reply()
    asking.complete(ASKED, reply)
    asking.complete(ASKED, Reply())
    assert reply.whole
    last = scripted.requests[-1]
    assert len(scripted.requests) == 4
    assert last["max_completion_tokens"] == scripted.requests[0]["max_tokens"]
    assert not {"max_tokens", "temperature"} & set(last)


FORM = response_format(2)


def test_the_form_of_an_answer_is_asked_for(server):
    scripted = server(says("Words."))
    client(scripted.url).complete(ASKED, Reply(), FORM)
    assert scripted.requests[0]["response_format"] == FORM


@pytest.mark.parametrize(
    "refused",
    [
        status(400, raw=json.dumps({"error": {"message": "no", "param": "response_format"}})),
        status(
            500, raw=json.dumps({"error": {"message": 'response_format type must be one of "text" or "json_object"'}})
        ),
        status(400, raw=json.dumps({"error": {"message": 'Either "json_schema" or "grammar" can be specified'}})),
        status(422, raw=json.dumps({"detail": [{"loc": ["body", "response_format", "type"]}]})),
    ],
)
def test_a_server_that_knows_no_such_form_is_asked_without_it_from_then_on(server, refused):
    scripted = server(refused, says("Words."))
    asking, reply = client(scripted.url), Reply()
    asking.complete(ASKED, reply, FORM)
    asking.complete(ASKED, Reply(), FORM)
    assert reply.whole
    assert ["response_format" in request for request in scripted.requests] == [True, False, False]


def test_a_server_that_fails_for_another_reason_is_not_asked_again(server):
    scripted = server(status(500))
    with pytest.raises(LanguageModelError, match="500"):
        client(scripted.url).complete(ASKED, Reply(), FORM)
    assert len(scripted.requests) == 1


def test_an_option_is_not_given_up_for_ever(server):
    refused = json.dumps({"error": {"param": "temperature"}})
    scripted = server(status(400, raw=refused))
    with pytest.raises(LanguageModelError, match="400"):
        client(scripted.url).complete(ASKED, Reply())
    assert len(scripted.requests) == 2

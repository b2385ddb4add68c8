import jsonschema_rs
import pytest

from bot.web.app import create_app
from knowledge.domain.library import SearchResponse
from knowledge.guidance.related import Reply
from tests.bot.web.conftest import ADDRESS, QUESTION, Browser
from tests.knowledge.matching.people import GARDEN, add

TOKEN = "a-token-of-some-length"


@pytest.fixture
def program(make_site):
    app = create_app(make_site(web_api_token=TOKEN))
    return Browser(app, base_url=ADDRESS, headers={"Authorization": f"Bearer {TOKEN}"})


def test_a_question_gets_the_answer_that_everybody_gets(program):
    answer = Reply.model_validate(program.post("/api/ask", json={"question": QUESTION}).json())
    assert answer.answered
    assert answer.citations[0].document_id == "jobs"
    assert "set-cookie" not in program.post("/api/ask", json={"question": QUESTION}).headers


def test_one_reply_holds_resources_people_and_the_next_event(make_site, sources):
    (sources / "webinar.md").write_text(
        "---\ntitle: Open grounds webinar\nkind: event\nstarts: '2099-09-01'\n---\n\n"
        "Opening hospital grounds to the public.\n"
    )
    (sources / "grounds.md").write_text(
        "# Grounds\n\nThe Sample Trust is opening hospital grounds and clinic grounds to the public of Narnia.\n"
    )
    site = make_site(web_api_token=TOKEN)
    add(site.backend.peers, "kim", GARDEN)
    program = Browser(create_app(site), base_url=ADDRESS, headers={"Authorization": f"Bearer {TOKEN}"})
    reply = program.post("/api/ask", json={"question": "Opening hospital or clinic grounds to the public"}).json()
    assert "grounds" in {one["document_id"] for one in (*reply["citations"], *reply["nearest"])}
    assert reply["people"] == 1
    assert reply["next_event"]["title"] == "Open grounds webinar"
    assert reply["next_event"]["starts"] == "2099-09-01"


def test_a_follow_up_is_understood(program):
    program.post("/api/ask", json={"question": QUESTION, "conversation": "mine"})
    followed = program.post("/api/ask", json={"question": "And the retention after one year?", "conversation": "mine"})
    assert followed.status_code == 200


def test_a_search_takes_filters(program):
    found = SearchResponse.model_validate(program.get("/api/search?q=roofs&k=2").json())
    assert found.results[0].document_id == "green"
    assert len(found.results) == 2
    filtered = program.get("/api/search?q=roofs&pillar=employment").json()
    assert {result["document_id"] for result in filtered["results"]} == {"jobs"}


def test_documents_come_with_their_text(program):
    listed = program.get("/api/documents?nation=wales").json()
    assert (listed["count"], listed["documents"][0]["id"]) == (1, "jobs")
    one = program.get("/api/documents/jobs").json()
    assert one["sections"][0]["text"].startswith("The Sample Hospital Trust")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/documents/nothing", 404),
        ("/api/nothing", 404),
        ("/api/search?q=", 400),
        ("/api/search?q=roofs&k=0", 400),
        ("/api/search?q=roofs&k=x", 400),
        ("/api/search?q=roofs&pillar=nonsense", 400),
    ],
)
def test_what_is_wrong_is_said_in_one_line_of_json(program, path, status):
    answer = program.get(path)
    assert answer.status_code == status
    assert "\n" not in answer.json()["error"]


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"question": 1}', b'{"question": "", "more": 1}', b'{"question": ""}']
)
def test_a_body_that_is_no_question_is_refused(program, body):
    answer = program.post("/api/ask", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"])
def test_without_the_token_nothing_is_told(make_site, header):
    headers = {} if header is None else {"Authorization": header}
    other = Browser(create_app(make_site(web_api_token=TOKEN)), base_url=ADDRESS, headers=headers)
    for answer in (other.get("/api/documents"), other.post("/api/ask", json={"question": QUESTION})):
        assert answer.status_code == 401
        assert "jobs" not in answer.text


def test_without_a_token_in_the_settings_it_is_off(browser):
    answer = browser.get("/api/documents")
    assert answer.status_code == 404
    assert "HALN_WEB_API_TOKEN" in answer.json()["error"]


def test_the_description_describes_what_comes(program):
    description = program.get("/api/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    samples = {
        "/api/search": program.get("/api/search?q=roofs").json(),
        "/api/documents": program.get("/api/documents").json(),
        "/api/documents/{document_id}": program.get("/api/documents/jobs").json(),
        "/api/ask": program.post("/api/ask", json={"question": QUESTION}).json(),
    }
    assert samples.keys() == description["paths"].keys()
    for path, sample in samples.items():
        operation = next(iter(description["paths"][path].values()))
        schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema_rs.validator_for({**schema, "components": description["components"]}).validate(sample)

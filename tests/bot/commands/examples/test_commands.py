"""`haln examples ...` as authors, moderators and programs use it. The model and the name check are fakes here."""

import json

import pytest


def test_submit_acknowledges_with_one_line_of_json(run, form):
    status, out, err = run("examples", "submit", form(what_happened="NHS943 came."))
    receipt = json.loads(out)
    assert (status, out.count("\n"), receipt["state"], receipt["duplicates"]) == (0, 1, "submitted", [])
    assert [finding["label"] for finding in receipt["personal_data"]] == ["NHS number"]
    assert "NHS number in “what happened”, characters 1 to 6" in err
    assert "943" not in err + out
    status, out, err = run("examples", "submit", form(), "--json")
    assert (status, err) == (0, "")
    assert json.loads(out)["duplicates"][0]["id"] == receipt["id"]


def test_submit_once_for_each_request(run, form):
    first = json.loads(run("examples", "submit", form(request_id="r1"))[1])["id"]
    assert json.loads(run("examples", "submit", form(request_id="r1"))[1])["id"] == first
    assert json.loads(run("examples", "submit", form(), "--request-id", "r1")[1])["id"] == first
    assert len(json.loads(run("examples", "list", "--json")[1])["examples"]) == 1


def test_what_is_incomplete_is_kept_and_completed(run, form):
    status, out, err = run("examples", "submit", form(clearance=False, outcome=None))
    receipt = json.loads(out)
    assert (status, receipt["state"], receipt["missing"]) == (1, "draft", ["outcome", "clearance"])
    assert "happy for it to be shared" in err
    status, out, _ = run("examples", "edit", receipt["id"], form(), "--author", "sample-author")
    assert (status, json.loads(out)["state"]) == (0, "submitted")
    status, _, err = run("examples", "edit", receipt["id"], form(), "--author", "sample-other")
    assert (status, err) == (1, "haln: Only its author may change an example.\n")


def test_a_draft_is_shown_as_it_will_look(run, form):
    status, out, err = run("examples", "submit", form(), "--draft")
    receipt = json.loads(out)
    assert (status, receipt["state"], receipt["missing"]) == (0, "draft", [])
    assert "Bicycle repair (sample)\nSample Trust · member's example" in err
    assert "What was done\nWe opened a bicycle workshop" in err
    status, out, _ = run("examples", "edit", receipt["id"], form(), "--author", "sample-author", "--json")
    assert json.loads(out)["state"] == "submitted"


def test_a_review_from_queue_to_search_and_back(run, submitted):
    given = submitted()
    assert json.loads(run("examples", "list", "--state", "submitted", "--json")[1])["examples"][0]["id"] == given
    assert run("search", "bicycle", "--json")[1].count(given) == 0
    status, out, _ = run("examples", "review", given, "approve", "--moderator", "sample-m", "--json")
    assert (status, json.loads(out)["state"]) == (0, "published")
    [result, *_] = json.loads(run("search", "bicycle", "--outcome", "did_not_work", "--json")[1])["results"]
    assert (result["document_id"], result["kind"], result["evidence"]) == (given, "example", "member_example")
    assert json.loads(run("search", "bicycle", "--outcome", "worked", "--json")[1])["results"] == []
    assert "Bicycle repair" in run("search", "bicycle")[1]
    status, out, err = run("examples", "review", given, "decline", "--moderator", "sample-n", "--reason", "No.")
    assert (status, out) == (1, "")
    assert f"Example {given} is already published. It was approved by sample-m" in err
    status, out, _ = run("examples", "withdraw", given, "--author", "sample-author", "--json")
    assert (status, json.loads(out)["state"]) == (0, "withdrawn")
    assert json.loads(run("search", "bicycle", "--json")[1])["results"] == []
    audit = json.loads(run("examples", "show", given, "--json")[1])["audit"]
    assert [event["action"] for event in audit] == ["start", "submit", "claim", "approve", "publish", "withdraw"]
    assert run("index", "verify")[0] == 0


def test_changes_are_asked_for_with_a_reason_and_the_author_sees_it_without_a_name(run, submitted):
    given = submitted()
    status, _, err = run("examples", "review", given, "request-changes", "--moderator", "sample-m")
    assert (status, err) == (1, "haln: A reason is needed: it goes to the author, without your name.\n")
    assert (
        run("examples", "review", given, "request-changes", "--moderator", "sample-m", "--reason", "For whom?")[0] == 0
    )
    out = run("examples", "mine", "sample-author", "--json")[1]
    [mine] = json.loads(out)["examples"]
    assert (mine["state"], mine["audit"][-1]["reason"]) == ("changes_requested", "For whom?")
    assert "sample-m" not in out
    assert "changes requested" in run("examples", "mine", "sample-author")[1]
    assert "request changes by moderator: For whom?" in run("examples", "show", given, "--as", "sample-author")[1]
    assert run("examples", "show", given, "--as", "sample-other")[0] == 1
    assert "no examples" in run("examples", "mine", "sample-other")[1]


def test_the_other_commands_of_moderators_and_authors(run, published, submitted):
    given, second = published(), submitted(author="sample-other")
    assert run("examples", "review", second, "claim", "--moderator", "sample-m")[0] == 0
    assert run("examples", "review", second, "release", "--moderator", "sample-m")[0] == 0
    tag = ("--pillar", "estates", "--outcome", "partly", "--level", "system", "--nation", "england")
    assert run("examples", "tag", given, "--moderator", "sample-m", *tag)[0] == 0
    shown = json.loads(run("examples", "show", given, "--json")[1])
    assert (shown["pillars"], shown["outcome"], shown["state"]) == (["estates"], "partly", "published")
    merged = run("examples", "merge", second, given, "--moderator", "sample-m")[1]
    assert merged == f"{second} is merged into {given}; its author is told.\n"
    credit = ("named", "--author", "sample-author", "--name", "Sam Sample", "--organisation", "Sample Council")
    assert run("examples", "credit", given, *credit)[0] == 0
    assert json.loads(run("examples", "show", given, "--json")[1])["credited_to"] == "Sam Sample, Sample Council"
    assert "asked again after" in run("examples", "confirm", given, "--author", "sample-author")[1]
    taken = ("withdraw", given, "--moderator", "sample-m", "--reason", "A patient is recognisable.", "--json")
    assert json.loads(run("examples", *taken)[1])["state"] == "withdrawn"
    assert json.loads(run("examples", "tidy", "--json")[1]) == {"published": 0, "drafts": 0, "texts": 0, "messages": 0}


def test_a_banned_member_shares_no_more_but_withdraws(run, submitted, form):
    given = submitted()
    assert run("examples", "ban", "sample-author")[0] == 0
    status, _, err = run("examples", "submit", form())
    assert (status, "cannot share examples at the moment" in err) == (1, True)
    assert run("examples", "withdraw", given, "--author", "sample-author")[0] == 0
    assert json.loads(run("examples", "ban", "sample-author", "--lift", "--json")[1])["banned"] is False
    assert run("examples", "submit", form())[0] == 0


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["submit", "/no/such/file.json"], 1, "Give the path of a file, or - for standard input."),
        (["submit", "{form}", "--nope"], 2, "No such option"),
        (["show", "ex-nothing"], 1, "no example with the id ex-nothing"),
        (["withdraw", "ex-nothing"], 2, "--author"),
        (["withdraw", "ex-nothing", "--author", "a"], 1, "no example"),
        (["review", "ex-nothing", "approve"], 2, "--moderator"),
        (["review", "ex-nothing", "praise", "--moderator", "m"], 2, "'approve'"),
        (["export", "--format", "pdf"], 2, "'csv'"),
        (["list", "--state", "lost"], 2, "'submitted'"),
        (["import", "/no/such/file.csv", "--mapping", "/no/such/map"], 1, "cannot be read"),
    ],
)
def test_errors_are_one_clear_line(run, form, arguments, status, message):
    arguments = [str(form()) if argument == "{form}" else argument for argument in arguments]
    code, out, err = run("examples", *arguments)
    assert (code, out) == (status, "")
    assert len(err.splitlines()) == 1
    assert message in err


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"outcome": "great"}, "outcome cannot be 'great'; use worked, partly, did_not_work"),
        ({"outcom": "worked"}, "did you mean outcome?"),
        ({"pillars": ["roads"]}, "pillars cannot be 'roads'"),
        ({"what": "x" * 4001}, "what is not usable: string should have at most 4000 characters"),
        ({"clearance": "maybe"}, "clearance must be yes or no"),
        ({"what": ["a"]}, "what must be text"),
        ({"author": None}, "Who gave it?"),
    ],
)
def test_a_field_that_cannot_be_is_named(run, form, changes, message):
    status, out, err = run("examples", "submit", form(**changes))
    assert (status in (1, 2), out) == (True, "")
    assert message in err


def test_what_a_member_gave_is_exported_and_forgotten_with_them(run, published, submitted):
    given, waiting = published(credit="named", author_name="Sam Sample"), submitted(title="Waits")
    held = json.loads(run("member", "export", "sample-author", "--json")[1])
    assert {example["id"] for example in held["examples"]} == {given, waiting}
    status, out, _ = run("member", "forget", "sample-author", "--json")
    assert (status, json.loads(out)["removed"]["submissions"]) == (0, 2)
    assert json.loads(run("examples", "show", given, "--json")[1])["credited_to"] == "A member of the network"
    assert json.loads(run("examples", "show", waiting, "--json")[1])["state"] == "withdrawn"
    for command in ("export", "forget"):
        assert run("member", command, "sample-author")[0] == 1

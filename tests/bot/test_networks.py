"""Two networks in one installation, by the command line, the web page and the Model Context Protocol."""

import json
import os
import sqlite3
from contextlib import contextmanager

import pytest
from mcp import Client
from starlette.testclient import TestClient

from bot.backend import Backend
from bot.mcp_server import create_server
from bot.web.app import create_app
from bot.web.site import Site
from indexer.pipeline import Indexer
from indexer.shared_documents import follow_shares
from knowledge.calibration.similarity import SimilarityScale, SimilarityScales
from knowledge.dates import utc_now
from knowledge.library import Library
from knowledge.matching.peers import Peers
from knowledge.networks.directory import add_network
from knowledge.privacy.member_data import PersonalData
from tests.fakes import WordCheck, WordEmbedder
from tests.knowledge.matching.people import GARDEN, add

QUESTION = "How many entry jobs were kept for local residents?"
OURS, THEIRS = "kept 40 entry jobs", "kept 70 entry jobs"
ADDRESS = "http://localhost:8017"


@pytest.fixture
def networks(settings, tmp_path, monkeypatch):
    """The settings of three networks; the first two have a document of the same id, the third has none."""
    opened = Library.open
    monkeypatch.setattr(Library, "open", lambda chosen, *_: opened(chosen, lambda _: WordEmbedder()))
    monkeypatch.setenv("HALN_STARTER_LIBRARY", "off")
    monkeypatch.setenv("HALN_CHUNK_TOKENS", str(settings.chunk_tokens))
    found = [settings]
    for name, title in (("wales", "Anchors Wales"), ("scotland", "Anchors Scotland")):
        add_network(settings, name, title, utc_now())
        found.append(settings.for_network(name))
        SimilarityScales(found[-1].data_dir).keep(WordEmbedder.name, SimilarityScale(intercept=0, slope=1))
    for chosen, trust, count in ((found[0], "Hospital Trust", 40), (found[1], "Health Board", 70)):
        folder = tmp_path / f"documents-{chosen.network}"
        folder.mkdir()
        (folder / "jobs.md").write_text(
            f"---\ntitle: Jobs of {chosen.network}\norganisation: Sample {trust}\n---\n\n"
            f"The Sample {trust} kept {count} entry jobs for local residents in 2022.\n"
        )
        (folder / "roofs.md").write_text("# Roofs\n\nThe Sample University planted roofs on six buildings.\n")
        with library_of(chosen) as library:
            Indexer(library).add([str(folder)])
    return found


@contextmanager
def library_of(settings):
    library = Library.open(settings)
    try:
        yield library
    finally:
        library.close()


def share(networks, run, *, add=True):
    """Show the second network's document on jobs to the third."""
    command = ("network", "share" if add else "unshare", "wales", "--set", "*/jobs.md", "--with", "scotland", "--json")
    status, out, err = run(*command)
    assert (status, err) == (0, "")
    return json.loads(out)


def test_the_command_line_is_for_the_network_that_it_names(networks, run, monkeypatch):
    listed = [run(*arguments, "index", "list")[1] for arguments in ((), ("--network", "wales"))]
    assert ["Jobs of main" in out for out in listed] == [True, False]
    assert ["Jobs of wales" in out for out in listed] == [False, True]
    assert THEIRS in run("ask", QUESTION, "--network", "wales")[1]
    assert "HALN_NETWORK" not in os.environ
    assert OURS in run("ask", QUESTION)[1]
    monkeypatch.setenv("HALN_NETWORK", "wales")
    assert THEIRS in run("ask", QUESTION)[1]
    assert OURS in run("--network=main", "ask", QUESTION)[1]
    status, _, err = run("--network", "nowhere", "ask", QUESTION)
    assert status == 2
    assert "There is no network nowhere here, only main, wales, scotland." in err
    asked = [len(library_of_questions(chosen)) for chosen in networks]
    assert asked == [2, 2, 0]


def library_of_questions(settings):
    with library_of(settings) as library, library.questions._connections.read() as connection:
        return connection.execute("SELECT id FROM questions").fetchall()


@pytest.mark.parametrize("name", ["register", "Wales", "-x", "a" * 21, "../up"])
def test_what_no_network_can_be_called_is_refused(settings, run, name):
    status, _, err = run("network", "add", "--title", "A network", "--", name)
    assert status == 2
    assert "A network cannot be called" in err
    assert not (settings.data_dir / "networks").exists()


def test_a_server_belongs_to_one_network(networks, run):
    assert run("network", "server", "wales", "123")[0] == 0
    for arguments in (("network", "server", "main", "123"), ("servers", "allow", "123")):
        status, _, err = run(*arguments)
        assert status == 2
        assert "belongs to the network wales" in err
    assert json.loads(run("network", "list", "--json")[1])["networks"][1]["servers"] == [123]
    assert json.loads(run("network", "remove-server", "123", "--json")[1])["network"] == "wales"
    assert run("servers", "allow", "123")[0] == 0
    status, _, err = run("--network", "wales", "servers", "allow", "123")
    assert status == 2
    assert "belongs to the network main" in err


def test_no_connection_opens_the_file_of_another_network(networks, monkeypatch):
    opened = []
    connect = sqlite3.connect

    def noting(path, *arguments, **more):
        opened.append(str(path))
        return connect(path, *arguments, **more)

    monkeypatch.setattr("sqlite3.connect", noting)
    for chosen in networks[:2]:
        opened.clear()
        with library_of(chosen) as library:
            backend = Backend(library, utc_now, WordCheck())
            assert backend.assistant.ask(QUESTION).answered
            add(backend.peers, "7", GARDEN)
            backend.privacy.export("7")
            backend.privacy.forget("7")
        assert opened
        assert {path for path in opened if "haln.db" in path} == {str(chosen.database_path)}


def test_the_web_page_shows_its_own_network_only(networks):
    for chosen, mine, other in ((networks[0], OURS, THEIRS), (networks[1], THEIRS, OURS)):
        with library_of(chosen) as library:
            site = Site(Backend(library, utc_now, WordCheck()), utc_now)
            browser = TestClient(create_app(site), base_url=ADDRESS)
            for page in ("/search?q=entry+jobs", "/documents/jobs", "/browse"):
                text = browser.get(page).text
                assert f"Jobs of {chosen.network}" in text
                assert other not in text
            assert mine in browser.get("/documents/jobs").text
            site.close()


async def test_a_program_reads_its_own_network_only(networks):
    for chosen, mine in ((networks[0], "40"), (networks[1], "70")):
        with library_of(chosen) as library:
            async with Client(create_server(Backend(library, utc_now, WordCheck()))) as client:
                asked = await client.call_tool("ask", {"question": QUESTION})
                read = await client.call_tool("get_document", {"document_id": "jobs"})
        for answer in (asked, read):
            assert f"kept {mine} entry jobs" in json.dumps(answer.structured_content)


def test_a_shared_set_is_found_as_the_others_and_gone_when_unshared(networks, run):
    scotland = networks[2]
    assert not json.loads(run("--network", "scotland", "ask", QUESTION, "--json")[1])["answered"]
    assert share(networks, run)["added"] == ["wales-jobs"]
    answer = json.loads(run("--network", "scotland", "ask", QUESTION, "--json")[1])
    assert [(c["document_id"], c["shared_by"]) for c in answer["citations"]] == [("wales-jobs", "Anchors Wales")]
    assert "Sample Health Board · shared by Anchors Wales" in run("--network", "scotland", "ask", QUESTION)[1]
    with library_of(scotland) as library:
        assert [one.id for one in library.store.documents()] == ["wales-jobs"]
        site = Site(Backend(library, utc_now, WordCheck()), utc_now)
        page = TestClient(create_app(site), base_url=ADDRESS)
        assert "shared by Anchors Wales" in page.get("/search?q=entry+jobs").text
        assert "Anchors Wales" in page.get("/documents/wales-jobs").text
        site.close()
        assert follow_shares(library) == ((), (), ())
    # The first network sees nothing of it, and what was shared is not shown on.
    assert run("network", "share", "scotland", "--set", "*", "--with", "main")[0] == 0
    assert "Jobs of wales" not in run("index", "list")[1]
    assert share(networks, run, add=False)["removed"] == ["wales-jobs"]
    assert not json.loads(run("--network", "scotland", "ask", QUESTION, "--json")[1])["answered"]
    assert run("--network", "scotland", "index", "list")[1] == ""


def test_what_changes_or_is_removed_in_a_shared_set_follows(networks, run, tmp_path):
    share(networks, run)
    file = tmp_path / "documents-wales" / "jobs.md"
    file.write_text(file.read_text().replace("70", "75"))
    assert run("--network", "wales", "index", "refresh")[0] == 0
    with library_of(networks[2]) as library:
        assert follow_shares(library).updated == ("wales-jobs",)
        assert "75" in library.store.sections("wales-jobs")[0].text
    assert run("--network", "wales", "index", "remove", "jobs")[0] == 0
    assert run("--network", "scotland", "index", "refresh")[0] == 0
    with library_of(networks[2]) as library:
        assert library.store.documents() == []


def test_no_document_says_of_itself_that_it_is_shared(networks, run, tmp_path):
    path = tmp_path / "claims.md"
    path.write_text("---\ntitle: Claims\nshared_by: Anchors Wales\n---\n\nSome text of somebody.\n")
    assert run("index", "add", str(path))[0] == 0
    with library_of(networks[0]) as library:
        assert library.store.document("claims").metadata.shared_by is None


def test_a_member_who_is_erased_in_one_network_stays_in_the_other_or_goes_everywhere(networks, run):
    def held():
        found = []
        for chosen in networks:
            with library_of(chosen) as library:
                found.append(personal(library).holds("7"))
        return found

    def personal(library):
        return Backend(library, utc_now, WordCheck()).privacy

    for chosen in networks:
        with library_of(chosen) as library:
            add(Peers(library, utc_now), "7", GARDEN)
            assert isinstance(personal(library), PersonalData)
    assert held() == [True, True, True]
    assert run("--network", "wales", "member", "delete", "7", "--yes")[0] == 0
    assert held() == [True, False, True]
    status, out, err = run("member", "delete", "7", "--yes", "--everywhere", "--json")
    assert (status, err) == (0, "")
    assert [json.loads(line).get("network", "main") for line in out.splitlines()] == ["main", "scotland"]
    assert held() == [False, False, False]
    assert "Nothing is held about 7." in run("member", "delete", "7", "--yes", "--everywhere")[2]


def test_a_backup_and_a_restore_are_of_one_network(networks, run, tmp_path):
    file = tmp_path / "wales.db"
    assert run("--network", "wales", "backup", file)[0] == 0
    (tmp_path / "later.md").write_text("# Later\n\nSome text that came after the backup.\n")
    for network in ("wales", "main"):
        assert run("--network", network, "index", "add", tmp_path / "later.md")[0] == 0
    assert run("--network", "wales", "restore", file, "--yes")[0] == 0
    assert "Later" not in run("--network", "wales", "index", "list")[1]
    assert "Later" in run("index", "list")[1]
    assert run("--network", "wales", "doctor", "--json")[0] in (0, 1)
    out = json.loads(run("doctor", "--json")[1])
    assert "networks" in out["checks"]
    assert [one for one in out["findings"] if one["check"] == "networks"] == []


def test_a_network_is_removed_with_everything_and_others_lose_what_it_showed(networks, run, tmp_path, monkeypatch):
    monkeypatch.setenv("HALN_BACKUP_FOLDER", str(tmp_path / "backups"))
    share(networks, run)
    run("network", "server", "wales", "42")
    with library_of(networks[1]) as library:
        add(Peers(library, utc_now), "ann", GARDEN)
    assert run("--network", "wales", "member", "delete", "ann", "--yes")[0] == 0
    folder = networks[1].data_dir
    for refused, why in (("main", "installation's own"), ("nobody", "no network"), ("wales", "add --with-servers")):
        status, out, err = run("network", "remove", refused, "--yes")
        assert (status, out) == (2, "")
        assert why in err
    assert "--yes" in run("network", "remove", "wales", "--with-servers")[2]  # nobody can be asked here
    assert folder.is_dir()

    status, out, err = run("network", "remove", "wales", "--with-servers", "--yes", "--json")
    assert (status, err) == (0, "")
    done = json.loads(out)
    assert (done["servers"], done["shown_to"]) == ([42], ["scotland"])
    assert not folder.exists()
    assert "wales" not in run("network", "list")[1]
    assert THEIRS not in run("--network", "scotland", "ask", QUESTION)[1]
    assert OURS in run("ask", QUESTION)[1]

    # The name is free, and the backup can be brought back, with the notes of who was erased beside it.
    run("network", "add", "wales", "--title", "Anchors Wales")
    assert run("--network", "wales", "restore", done["backup"], "--yes")[0] == 0
    assert THEIRS in run("--network", "wales", "ask", QUESTION)[1]
    assert (tmp_path / "backups" / "networks" / "wales" / "erasures.jsonl").is_file()


def test_a_removal_that_was_cut_off_is_gone_on_with(networks, run, monkeypatch):
    from knowledge.networks import removal

    with monkeypatch.context() as cut:
        cut.setattr(removal, "drop_database", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            removal.remove_network(networks[0], "scotland", utc_now(), with_servers=False, unshare=print)
    assert networks[2].data_dir.is_dir()
    assert run("--network", "scotland", "ask", QUESTION)[0] == 2
    # Whoever looks is told, and what to do.
    again = "`haln network remove scotland` goes on"
    assert again in run("network", "server", "scotland", "42")[2]
    assert again in run("network", "list")[1]
    assert [one["network"] for one in json.loads(run("network", "list", "--json")[1])["removals"]] == ["scotland"]
    (found,) = [one for one in json.loads(run("doctor", "--offline", "--json")[1])["findings"] if again in one["text"]]
    assert (found["check"], found["level"]) == ("networks", "problem")
    assert run("network", "remove", "scotland", "--yes")[0] == 0
    assert not networks[2].data_dir.exists()
    assert json.loads(run("network", "list", "--json")[1])["removals"] == []


def test_a_network_whose_database_is_gone_is_told_and_not_begun_anew(networks, run):
    networks[2].database_path.unlink()
    assert "its database is gone" in run("network", "list")[1]
    assert "network scotland is gone" in run("doctor", "--offline")[1]
    assert not networks[2].database_path.exists()


def test_what_an_operator_mistypes_is_told_and_changes_nothing(networks, run, tmp_path):
    for arguments, why in (
        (("add", "Wales", "--title", "Anchors"), "up to 20 small letters"),
        (("add", "wales", "--title", " "), "1 to 100 characters"),
        (("add", "register", "--title", "Anchors"), "what all have in common"),
        (("server", "Wales", "42"), "Did you mean wales?"),
        (("server", "wales", "anchors"), "anchors is no id of a server"),
        (("share", "wales", "--set", "*", "--with", "nobody"), "no network nobody here, only main, wales, scotland"),
        (("share", "wales", "--set", "*", "--with", "wales"), "sees its own documents anyway"),
    ):
        status, out, err = run("network", *arguments)
        assert (status, out) == (2, "")
        assert why in err
    assert "with that title" in run("network", "add", "wales", "--title", "Anchors Wales")[1]
    assert "is Cymru now, no longer Anchors Wales" in run("network", "add", "wales", "--title", "Cymru")[1]
    assert "belonged to no network" in run("network", "remove-server", "42")[1]
    _, out, err = run("network", "share", "wales", "--set", tmp_path / "nothing", "--with", "scotland")
    assert "No document of wales is in" in err
    assert "shows 0 documents" in out
    assert "was not shown" in run("network", "unshare", "wales", "--set", "typo", "--with", "scotland")[1]

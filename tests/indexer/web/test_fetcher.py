"""One address at a time, against a real server on the loopback: every way in which a server can be unkind."""

import gzip
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpcore2
import pytest

from indexer.web.addresses import joined, normalised, same_site
from indexer.web.fetcher import Fetcher
from indexer.web.network import require_public
from knowledge.errors import SourceBusyError, SourceError, SourceGoneError
from knowledge.settings import Settings
from tests.indexer.webserver import Answer, raw_server, serving, trickling_headers, vouched_for_by_nobody


@pytest.fixture
def server():
    with serving() as started:
        yield started


@pytest.fixture
def fetcher(tmp_path):
    made = []

    def make(**changes):
        chosen = {"web_private": "on", "web_delay_seconds": 0, "max_file_mb": 1, **changes}
        waits = []
        made.append(Fetcher(Settings(data_dir=tmp_path, **chosen), sleep=waits.append))
        made[-1].waits = waits
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def web(fetcher):
    return fetcher()


def test_a_page_is_fetched_under_our_name_and_asked_for_again_by_its_marks(web, server):
    marks = {"ETag": '"one"', "Last-Modified": "Mon, 01 Jan 2024 00:00:00 GMT"}
    url = server.says("/a", "<p>hello</p>", headers=marks)
    fetched = web.fetch(url)
    assert (fetched.content, fetched.media_type, fetched.etag) == (b"<p>hello</p>", "text/html", '"one"')
    assert web.fetch(url, etag='"one"') is None
    assert web.fetch(url, last_modified=marks["Last-Modified"]) is None
    assert web.fetch(url, etag='"two"').content == b"<p>hello</p>"
    assert server.asked[0][1]["User-Agent"].startswith("HALN-Assistant/")


def test_redirects_are_followed_and_a_circle_is_found_out(web, server):
    url = server.says("/old", "", status=301, headers={"Location": "/new"})
    server.says("/new", "here")
    assert web.fetch(url).address == server.url("/new")
    server.says("/x", "", status=302, headers={"Location": "/y"})
    loop = server.says("/y", "", status=302, headers={"Location": "/x"})
    with pytest.raises(SourceError, match="leads back to itself"):
        web.fetch(loop)
    for number in range(20):
        server.says(f"/n{number}", "", status=302, headers={"Location": f"/n{number + 1}"})
    with pytest.raises(SourceError, match="more than 8 times"):
        web.fetch(server.url("/n0"))
    with pytest.raises(SourceError, match="without saying where"):
        web.fetch(server.says("/z", "", status=302))


@pytest.mark.parametrize("target", ["file:///etc/passwd", "FILE:///etc/passwd"])
def test_a_redirect_to_a_file_is_refused_even_where_files_are_allowed(web, server, target):
    with pytest.raises(SourceError, match="a file of this machine"):
        web.fetch(server.says("/f", "", status=302, headers={"Location": target}))


def test_a_server_that_trickles_is_left_when_the_time_is_up(fetcher, server):
    quick = fetcher(web_timeout_seconds=0.3)
    with pytest.raises(SourceBusyError, match=r"too slow: more than 0\.3 seconds"):
        quick.fetch(server.says("/slow", b"x" * 10_000, trickle=0.01))
    with raw_server(trickling_headers) as url, pytest.raises(SourceBusyError, match="too slow"):
        quick.fetch(url)


@pytest.mark.parametrize(
    ("status", "error", "message"),
    [
        (404, SourceError, "404"),
        (410, SourceGoneError, "gone for good"),
        (403, SourceError, "status 403"),
        (500, SourceBusyError, "status 500"),
    ],
)
def test_what_a_server_refuses_is_an_error_of_its_own_kind(web, server, status, error, message):
    with pytest.raises(error, match=message):
        web.fetch(server.says("/x", "no", status=status))


def test_a_short_wait_is_obeyed_and_a_long_one_is_left_for_later(web, server):
    answers = iter([Answer(status=429, headers={"Retry-After": "3"}), Answer(b"now")])
    server.answers["/soon"] = lambda _: next(answers)
    assert web.fetch(server.url("/soon")).content == b"now"
    assert web.waits == [3.0]
    with pytest.raises(SourceBusyError) as busy:
        web.fetch(server.says("/later", "", status=429, headers={"Retry-After": "900"}))
    assert busy.value.wait == 900
    at = format_datetime(datetime.now(UTC) + timedelta(hours=2))
    with pytest.raises(SourceBusyError) as busy:
        web.fetch(server.says("/date", "", status=503, headers={"Retry-After": at}))
    assert 7100 < busy.value.wait <= 7200


def test_robots_txt_is_obeyed_and_read_once(web, server):
    server.says("/robots.txt", "User-agent: *\nDisallow: /private\nCrawl-delay: 2\n", media_type="text/plain")
    with pytest.raises(SourceError, match=r"robots\.txt"):
        web.fetch(server.says("/private/a", "secret"))
    assert web.fetch(server.says("/open", "open")).content == b"open"
    assert server.paths() == ["/open"]
    assert web.waits
    assert max(web.waits) <= 2


def test_a_site_whose_robots_txt_cannot_be_read_is_left_alone(web, server):
    server.says("/robots.txt", "", status=500)
    with pytest.raises(SourceError, match=r"robots\.txt"):
        web.fetch(server.says("/a", "a"))


def test_requests_to_one_server_are_spaced(fetcher, server):
    polite = fetcher(web_delay_seconds=5)
    polite.fetch(server.says("/a", "a"))
    assert len(polite.waits) == 1
    assert 4 < polite.waits[0] <= 5


def test_packed_content_is_unpacked_and_a_bomb_is_not(web, server):
    packed = {"Content-Encoding": "gzip"}
    assert web.fetch(server.says("/p", gzip.compress(b"page"), headers=packed)).content == b"page"
    with pytest.raises(SourceError, match="HALN_MAX_FILE_MB"):
        web.fetch(server.says("/bomb", gzip.compress(b"0" * 30_000_000), headers=packed))
    with pytest.raises(SourceError, match="HALN_MAX_FILE_MB"):
        web.fetch(server.says("/large", b"0" * 1_000_001))
    with pytest.raises(SourceError, match="damaged"):
        web.fetch(server.says("/odd", b"no gzip", headers=packed))


def test_a_certificate_that_nobody_vouches_for_is_said_plainly(fetcher, tmp_path):
    context, authority = vouched_for_by_nobody()
    with serving(context) as server:
        with pytest.raises(SourceError, match=r"cannot prove that it is 127\.0\.0\.1"):
            fetcher().fetch(server.says("/a", "a"))
        trusting = ssl.create_default_context()
        authority.configure_trust(trusting)
        chosen = Settings(data_dir=tmp_path, web_private="on", web_delay_seconds=0)
        vouched = Fetcher(chosen, tls=trusting)
        assert vouched.fetch(server.url("/a")).content == b"a"
        vouched.close()


def test_a_server_that_is_not_there_or_speaks_no_http(web):
    for address, problem in (
        ("http://127.0.0.1:1/", "Connection refused"),
        ("http://no-such-host.invalid/", "the name no-such-host.invalid is not known"),
    ):
        with pytest.raises(SourceBusyError, match=rf"^the server cannot be reached \({problem}\)"):
            web.fetch(address)
    with (
        raw_server(lambda connection, _: connection.sendall(b"SSH-2.0\r\n")) as url,
        pytest.raises(SourceBusyError, match="cannot be reached"),
    ):
        web.fetch(url)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://2130706433:{port}/",
        "http://[::ffff:127.0.0.1]:{port}/",
        "http://0x7f000001:{port}/",
        "http://0x7f.1:{port}/",
        "http://0177.0.0.1:{port}/",
        "http://127.1:{port}/",
        "http://0:{port}/",
        "http://[::127.0.0.1]:{port}/",
        "http://①②⑦.⓪.⓪.①:{port}/",
        "http://１２７。0。0。1:{port}/",
        "http://ⓛocalhost:{port}/",
    ],
)
def test_the_private_network_is_refused_before_anything_is_sent(fetcher, server, address):
    server.says("/", "inside")
    careful = fetcher(web_private="off")
    with pytest.raises(SourceError, match="HALN_WEB_PRIVATE"):
        careful.fetch(address.format(port=server.port))
    assert server.asked == []


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1%eth0", "fd00::1",
     "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "224.0.0.1", "100.64.0.1", "::10.0.0.1", "::127.0.0.1",
     "::ffff:0:10.0.0.1", "fec0::1", "64:ff9b:1::a00:1", "2001:db8::1", "ff02::1", "4000::1", "::"],
)  # fmt: skip
def test_addresses_that_are_not_of_the_public_internet(address):
    with pytest.raises(SourceError, match="own network"):
        require_public("example.org", ["93.184.215.14", address])


def test_public_addresses_are_accepted():
    require_public("example.org", ["93.184.215.14", "2606:2800:220:1:248:1893:25c8:1946"])


def test_files_are_refused_unless_they_are_allowed(fetcher, tmp_path):
    (tmp_path / "a page.txt").write_text("text")
    address = (tmp_path / "a page.txt").as_uri()
    with pytest.raises(SourceError, match="HALN_WEB_PRIVATE"):
        fetcher(web_private="off").fetch(address)
    assert fetcher().fetch(address).content == b"text"
    with pytest.raises(SourceError, match="cannot be read"):
        fetcher().fetch((tmp_path / "none").as_uri())


@pytest.mark.parametrize(
    ("address", "one_form"),
    [
        ("HTTPS://Example.org:443/A/?b=c d#part", "https://example.org/A/?b=c%20d"),
        ("webcal://example.org/x.ics", "https://example.org/x.ics"),
        ("http://example.org", "http://example.org/"),
        ("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9"),
    ],
)
def test_each_address_has_one_form(address, one_form):
    assert normalised(address) == one_form
    assert normalised(one_form) == one_form


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a/b",
        "https://",
        "https://u:p@example.org/",
        "https://a:port/",
        "http://[/",
        "http:127.0.0.1/",
        "http:\\\\127.0.0.1/",
        "http:///127.0.0.1/",
        "http://127.0.0.1\\@example.org/",
        "http://example.org@127.0.0.1/",
        "http://127.0.0.1@example.org/",
        "gopher://a/",
        "data:text/html,x",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_web_address(address):
    with pytest.raises(SourceError):
        normalised(address)


def test_links_on_a_page():
    assert joined("https://a.org/b/c", "../d#e") == "https://a.org/d"
    assert joined("https://a.org/", "mailto:x@a.org") is None
    assert same_site("https://www.a.org/x", "https://a.org/y")
    assert not same_site("https://a.org/", "https://b.a.org/")


def test_a_name_that_leads_here_the_second_time_is_looked_up_once(fetcher, monkeypatch):
    """DNS rebinding: what was checked is what is connected to."""
    answers, connected = iter(["93.184.215.14", "127.0.0.1", "127.0.0.1"]), []

    def looked_up(_host, port, *_, **__):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]

    def connect(_self, host, *_, **__):
        connected.append(host)
        raise httpcore2.ConnectError("nobody is there")

    monkeypatch.setattr("indexer.web.network.socket.getaddrinfo", looked_up)
    monkeypatch.setattr(httpcore2.SyncBackend, "connect_tcp", connect)
    with pytest.raises(SourceBusyError):
        fetcher(web_private="off").fetch("http://rebinding.example/")
    assert connected == ["93.184.215.14"]


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "[::ffff:127.0.0.1]", "localhost", "u:p@127.0.0.1"])
def test_a_redirect_to_an_odd_spelling_of_this_machine_is_refused(fetcher, server, host):
    allowed = fetcher(web_private=f"127.0.0.1:{server.port}")
    target = f"http://{host}:{server.port}/inside"
    server.says("/inside", "a secret")
    with pytest.raises(SourceError, match=r"own network|without saying where to"):
        allowed.fetch(server.says("/out", "", status=302, headers={"Location": target}))
    assert server.paths() == ["/out"]

"""Forms, documents and spreadsheets that come in, and the collection that goes out."""

import csv
import io
import json
import re
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[4] / "docs" / "examples.md"


@pytest.mark.parametrize("form_", ["csv", "json", "markdown"])
def test_exports_hold_what_is_published_and_nobody_who_is_anonymous(run, published, submitted, tmp_path, form_):
    named = published(credit="named", author_name="Sam Sample")
    hidden = published(title="Hidden", credit="anonymous", organisation="Sample Secret Trust", author="sample-hidden")
    submitted(title="Not yet")
    out = run("examples", "export", "--format", form_)[1]
    assert named in out
    assert hidden in out
    assert "Sam Sample" in out
    assert "Not yet" not in out
    assert "Secret" not in out
    assert "sample-hidden" not in out
    target = tmp_path / "out"
    assert run("examples", "export", target, "--format", form_)[0] == 0
    written = target.read_bytes() if target.is_file() else b"".join(path.read_bytes() for path in target.iterdir())
    assert b"Secret" not in written
    assert named.encode() in written
    assert run("examples", "export", "/proc/nowhere/out", "--format", form_)[0] == 1


def test_exports_are_filtered(run, published):
    published(pillars=["estates"], nation="scotland", outcome="worked")
    published(title="Other", pillars=["environment"])

    def exported(*options):
        out = run("examples", "export", "--format", "json", *options)[1]
        return [example["title"] for example in json.loads(out)["examples"]]

    assert exported() == ["Bicycle repair (sample)", "Other"]
    assert exported("--pillar", "estates") == exported("--nation", "scotland") == exported("--outcome", "worked")
    assert exported("--pillar", "estates") == ["Bicycle repair (sample)"]
    assert exported("--since", "2100-01-01") == exported("--until", "2000-01-01") == []
    assert exported("--state", "submitted") == []
    assert run("examples", "export", "--since", "yesterday")[0] == 2


def test_a_spreadsheet_runs_nothing_of_an_export_and_it_can_be_imported_again(run, published, tmp_path, monkeypatch):
    published(title='=HYPERLINK("http://x.example")', what="- one\n- two", measured=" +1", credit="anonymous")
    target = tmp_path / "collection.csv"
    run("examples", "export", target)
    [row] = csv.DictReader(io.StringIO(target.read_text(encoding="utf-8-sig")))
    assert row["title"].startswith("'=")
    assert row["what"].startswith("'- one")
    assert row["measured"].startswith("' +1") or row["measured"].startswith("'+1")
    mapping = tmp_path / "map.json"
    fields = ("title", "what", "what_happened", "measured", "pillars", "outcome", "level", "nation")
    mapping.write_text(json.dumps({"columns": {f: f for f in fields}, "defaults": {"clearance": True}}))
    monkeypatch.setenv("HALN_DATA_DIR", str(tmp_path / "elsewhere"))
    report = json.loads(run("examples", "import", target, "--mapping", mapping, "--json")[1])
    assert (report["rows"], len(report["imported"])) == (1, 1)
    again = json.loads(run("examples", "show", report["imported"][0]["id"], "--json")[1])
    assert (again["title"], again["what"]) == ('=HYPERLINK("http://x.example")', "- one\n- two")


def test_words_are_taken_as_people_write_them(run, tmp_path):
    path = tmp_path / "form.yaml"
    path.write_text(
        "what: We opened a workshop\nwhat_happened: It closed\noutcome: Did not work\nlevel: hyper-local\n"
        "pillars: Environment; Estates\nclearance: yes\nauthor: 4711\nnation: Northern Ireland\n"
    )
    given = json.loads(run("examples", "submit", path)[1])["id"]
    shown = json.loads(run("examples", "show", given, "--json")[1])
    assert (shown["outcome"], shown["level"], shown["pillars"], shown["nation"], shown["credit"]) == (
        "did_not_work",
        "hyper_local",
        ["environment", "estates"],
        "northern_ireland",
        "anonymous",
    )


def test_a_document_is_read_by_its_headings(run, tmp_path):
    path = tmp_path / "story.md"
    path.write_text(
        "---\noutcome: partly\nclearance: true\norganisation: Sample Council\n---\n# Growing food\n\n"
        "## Background\n\nThe canteen wanted herbs.\n\n## What we did\n\nWe dug beds.\n\n"
        "## Results\n\nSlugs ate half.\n\n## What we would do differently\n\nRaised beds.\n\n"
        "## How we measured it\n\nBy the basket.\n"
    )
    given = json.loads(run("examples", "submit", path, "--author", "sample-author")[1])["id"]
    shown = json.loads(run("examples", "show", given, "--json")[1])
    fields = ("title", "for_whom", "what", "what_happened", "differently", "measured")
    assert [shown[field] for field in fields] == [
        "Growing food",
        "The canteen wanted herbs.",
        "We dug beds.",
        "Slugs ate half.",
        "Raised beds.",
        "By the basket.",
    ]


def test_the_mapping_of_the_readme_imports_a_sheet(run, tmp_path):
    [block] = re.findall(r"^```\n(columns: .*?)^```$", GUIDE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    mapping = tmp_path / "map.yaml"
    mapping.write_text(block)
    sheet = tmp_path / "sheet.csv"
    header = "Ref,Project name,What did you do?,Result,RAG,Trust"
    sheet.write_text(f"{header}\nA1,Bicycles (sample),We repaired bicycles.,Forty rode.,Amber,Sample Trust\n")
    status, out, err = run("examples", "import", sheet, "--mapping", mapping)
    assert (status, err) == (0, "")
    assert out.startswith("1 row: 1 imported")
    [given] = json.loads(run("examples", "list", "--json")[1])["examples"]
    assert (given["what"], given["outcome"], given["nation"]) == ("We repaired bicycles.", "partly", "england")
    mapping.write_text(block.replace('"', ""))
    status, out, err = run("examples", "import", sheet, "--mapping", mapping)
    assert (status, out) == (1, "")
    assert "Put column names" in err
    assert "in quotation marks" in err


def test_one_is_said_of_one(run, published, tmp_path):
    published()
    assert "1 example written to" in run("examples", "export", tmp_path / "out.csv")[2]


def test_an_export_says_when_where_and_how_often_each_was_used(run, published, tmp_path):
    given = published(happened="March 2022 to 2023", region="Gwent", pillars=["estates"])
    published(title="Other", happened="2021", credit="anonymous")
    assert run("ask", "What came of the bicycle workshop next to the canteen?", "--json")[0] == 0
    held = json.loads(run("examples", "export", "--format", "json")[1])
    [first, other] = held["examples"]
    assert (first["period"], first["happened_from"], first["happened_to"]) == ("March 2022 to 2023", "2022-03", "2023")
    assert (first["region"], other["period"]) == ("Gwent", "2021")
    assert isinstance(first["answers"], int)
    summary = held["summary"]
    assert (summary["examples"], summary["regions"]) == (2, {"Gwent": 1, "not said": 1})
    assert summary["years"] == {"2021": 1, "2022": 1, "2023": 1}
    assert summary["answers"] == first["answers"] + other["answers"]
    page = run("examples", "export", "--format", "summary")[1]
    assert "| Gwent | 1 |" in page
    run("examples", "export", tmp_path / "pages", "--format", "markdown")
    assert (tmp_path / "pages" / "summary.md").read_text() == page
    assert "(summary.md)" in (tmp_path / "pages" / "index.md").read_text()
    assert "March 2022 to 2023" in (tmp_path / "pages" / f"{given}.md").read_text()


def test_an_export_of_a_time_and_a_region(run, published):
    published(happened="March 2022 to 2023", region="Gwent")
    published(title="Other", happened="2021")
    published(title="Undated")

    def exported(*options):
        out = run("examples", "export", "--format", "json", *options)[1]
        return [example["title"] for example in json.loads(out)["examples"]]

    assert exported("--region", "gwent") == ["Bicycle repair (sample)"]
    assert exported("--happened-since", "2022-06-01") == ["Bicycle repair (sample)"]
    assert exported("--happened-until", "2022-02-28") == ["Other"]
    assert exported("--happened-since", "2021-05-01", "--happened-until", "2022-04-01") == [
        "Bicycle repair (sample)",
        "Other",
    ]


def test_an_import_says_every_problem_and_what_a_dry_run_said(run, tmp_path):
    mapping = tmp_path / "map.json"
    columns = {"key": "Ref", "what": "What", "what_happened": "Result", "outcome": "RAG", "nation": "Nation"}
    mapping.write_text(json.dumps({"columns": columns, "defaults": {"clearance": True}}))
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Ref,What,Result,RAG,Nation\nA,We dug.,Slugs.,worked,Mars\nB,,,maybe,Wales\n")
    status, out, err = run("examples", "import", sheet, "--mapping", mapping, "--dry-run")
    assert (status, out) == (
        1,
        "Dry run: nothing was stored.\n2 rows: 1 can be imported, 0 updated, 0 unchanged, 1 failed.\n",
    )
    assert [line.partition(":")[0] for line in err.splitlines()] == [
        "Row 2, column Nation",
        "Row 3, column RAG",
        "Row 3, column What",
        "Row 3, column Result",
    ]
    again = run("examples", "import", sheet, "--mapping", mapping)
    assert again[1] == "2 rows: 1 imported, 0 updated, 0 unchanged, 1 failed.\n"
    assert again[2] == err
    sheet.write_text("Ref,What,Result,RAG,Nation\nA,We dug.,Slugs ate half.,worked,Wales\n")
    status, out, err = run("examples", "import", sheet, "--mapping", mapping)
    assert (status, err) == (0, "")
    assert re.search(r"Row 2 \(We dug\.\): ex-\w+ was changed: what happened, nation\.", out)

import argparse
import html.parser
import json
import os
import re
from urllib.parse import unquote

import pytest

from glasswf import report
from glasswf.commands import report as command
from glasswf.errors import AnalysisError
from tests.figures import synthetic

NASTY = "<b>x</b>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Results with one nasty system name and three of the tables only, so that few figures have to be drawn."""
    made = synthetic.write(tmp_path_factory.mktemp("résultats du jour"), systems=((NASTY, "m", 0.10),),
                           temperatures=(2000.0, 1000.0), m_scan=(2, 2.5, 3, 3.5, 4))  # fmt: skip
    _keep(made, "diffusivity", "gates", "non_gaussian")
    return made


def _keep(folder, *tables):
    for path in (folder / "tables").iterdir():
        if path.stem not in tables:
            path.unlink()


@pytest.fixture(scope="module")
def page(folder):
    return report.build(folder, folder / "report.html").read_text(encoding="utf-8")


class _Collector(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.links = [], []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.links += [value for key, value in attributes if key in ("src", "href")]


def _parsed(page):
    collector = _Collector()
    collector.feed(page)
    return collector


def test_nothing_is_loaded_from_elsewhere(page):
    found = _parsed(page)
    assert not {"script", "link", "iframe", "object", "base"} & set(found.tags)
    assert not [link for link in found.links if re.match(r"(?:[a-z]+:)?//", link)]
    style = page[page.index("<style>") : page.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    assert found.tags.count("img") == sum(link.startswith("data:image/") for link in found.links) >= 2


def test_links_lead_to_files_beside_the_page(folder, page):
    files = [unquote(link) for link in _parsed(page).links if not link.startswith(("#", "data:"))]
    assert len(files) >= 8
    assert all((folder / file).is_file() for file in files)
    anchors = {link[1:] for link in _parsed(page).links if link.startswith("#")}
    assert all(f'id="{anchor}"' in page for anchor in anchors)


def test_curves_are_folded_up_behind_the_figures_of_the_numbers(page):
    section = page[page.index('<section id="figures">') : page.index('<section id="tables">')]
    folded = section[section.index("<details>") :]
    assert section.index('id="fig_prl_3a"') < section.index("<details>")
    assert section.count("<details>") == 1
    assert "<summary>Non-Gaussian parameter: &lt;b&gt;" in folded
    assert 'id="fig_alpha2' in folded


def test_names_are_escaped(page):
    assert NASTY not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_the_head_says_verdict_limits_and_failed_gates(page):
    head = page[: page.index('id="figures"')]
    assert "m_c = 3.11" in head
    assert "a maximum of D inside the scan is settled" in head or "not settled by this scan" in head
    assert "Cells of 600 atoms, of which 25-40 are Na; 2 replicas of each of 10 state points." in head
    assert "20 of 30 diffusivities (67 %) come from a diffusive window (Na 10 of 10, Si 5 of 10, S 5 of 10)" in head


def test_provenance_is_all_there(page):
    for fact in ("0" * 64, "1" * 64, "22 Jul 2025 stable", "3.11.2", "anion", "Na +0.6", "L. Legrand et al. (2025)",
                 "How to cite", "101", "2 h 13 min"):  # fmt: skip
        assert fact in page


def test_failed_gates_come_first(tmp_path, folder):
    made = synthetic.write(tmp_path, systems=(("NS9", "m", 0.10),), temperatures=(2000.0,), m_scan=(2, 3))
    _keep(made, "gates")
    gates = made / "tables" / "gates.csv"
    lines = gates.read_text(encoding="utf-8").replace(",false\n", ",true\n").splitlines()
    lines[-1] = lines[-1].replace(",true", ",false")
    gates.write_text("\n".join(lines) + "\n", encoding="utf-8")
    text = report.build(made, made / "r.html").read_text(encoding="utf-8")
    section = text[text.index('<section id="gates">') :]
    assert section.count('class="bad">failed') == 1
    assert section.index('class="bad">failed') < section.index("4 of 4 runs passed")
    assert "<strong>1 gate failed</strong>" in text
    assert "There are no diffusivities in these results." in text


def test_without_provenance_it_says_not_recorded(tmp_path):
    made = synthetic.write(
        tmp_path, systems=(("NS9", "m", 0.10),), temperatures=(2000.0,), m_scan=(2, 3), provenance=False
    )
    _keep(made, "gates")
    text = report.build(made, made / "r.html").read_text(encoding="utf-8")
    assert text.count("not recorded") > 10


def test_figures_are_drawn_again_only_if_the_tables_changed(folder, page):
    picture = folder / "figures" / "fig_prl_3a.png"
    os.utime(picture, (1, 1))
    assert report.build(folder, folder / "again.html").read_text(encoding="utf-8") == page
    assert picture.stat().st_mtime == 1
    table = folder / "tables" / "diffusivity.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",2000,", ",2001,"), encoding="utf-8")
    assert report.build(folder, folder / "again.html").read_text(encoding="utf-8") != page
    assert picture.stat().st_mtime > 1


def test_command(folder, page, capsys):
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["report", str(folder), "--out", str(folder / "to" / "r.html"), "--json"])
    assert arguments.run(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["report"] == str(folder / "to" / "r.html")
    assert told["verdicts"][0]["system"] == NASTY
    assert {row["source"] for row in told["scorecard"]} <= {"PRL", "Legrand"}
    assert '../figures/fig_prl_3a.pdf"' in (folder / "to" / "r.html").read_text(encoding="utf-8")


def test_an_empty_folder_is_one_clear_line(tmp_path):
    with pytest.raises(AnalysisError, match="no result tables"):
        report.build(tmp_path, tmp_path / "r.html")

"""PDFs from a template and plain data: what people typed is text and never markup, and no character stops a paper."""

import io

import pytest
import typst
from pypdf import PdfReader

from soc_portal import papers

#: Text as people or attackers type it: nothing of it may be understood.
HOSTILE = [
    '#read("/etc/passwd")', "*x* _y_ `z`", "$y$ $ $", "</script> <b>", "= not a heading", "- no list", "@label <label>",
    r"\u{41} \\", "#let x = 1", '"}', "https://example.org", "// gone", "/* gone */", "~ --- ...",
    "'single' \"double\"",
]  # fmt: skip
TEMPLATE = """#let d = json(bytes(sys.inputs.data))
#set document(title: "Paper")
#set text(lang: "en", font: "Libertinus Serif", hyphenate: false)
= Paper
#for t in d.texts { par(t) }
#if d.has_missing [Something is missing.]
"""


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "paper.typ"
    path.write_text(TEMPLATE)
    return path


def read(file):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(file)).pages).split())


def test_a_paper_is_tagged_and_says_its_title_and_language(template):
    file = papers.pdf(template, {"texts": ["Hello"]})
    assert file.startswith(b"%PDF-1.7")
    reader = PdfReader(io.BytesIO(file))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert reader.metadata.title == "Paper"
    assert b"pdfuaid" in file


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_typed_stays_as_it_is(template, text):
    assert " ".join(text.split()) in read(papers.pdf(template, {"texts": [text]}))


def test_a_template_reads_nothing_outside_its_folder(template, tmp_path):
    (tmp_path.parent / "secret.txt").write_text("A secret")
    template.write_text(TEMPLATE + '\n#read("../secret.txt")')
    with pytest.raises(typst.TypstError, match="project root"):
        papers.pdf(template, {"texts": []})


@pytest.mark.parametrize(
    ("text", "wanted", "missing"),
    [
        ("Ñandú ¿qué? “sí” — ½", "Ñandú ¿qué? “sí” — ½", False),
        ("I am happy 😀😀!", "I am happy ▯!", True),
        ("👨‍👩‍👧 family ❤️", "▯ family ❤", True),
        ("漢字かな 한국어 ok", "▯ ▯ ok", True),
        ("မြန်မာ", "▯", True),
        ("Nyob zoo, Việt Nam, Привіт, Ελλάδα", "Nyob zoo, Việt Nam, Привіт, Ελλάδα", False),
        ("a\x00b\x07c\x1b[0m", "abc[0m", False),
        ("a\tb\r\nc\rd\u2028e", "a b\nc\nd\ne", False),
        ("\u202eevil\u2066 \ufefftext", "evil text", False),
        ("e\u0301", "é", False),
        ("\ud800 half", " half", False),
        ("\U000f0000 private \u0378", "▯ private ▯", True),
        ("▯", "▯", False),
        ("", "", False),
    ],
)
def test_what_no_font_holds_is_marked_and_what_shows_nothing_is_left_out(template, text, wanted, missing):
    data, has_missing = papers.printable({"texts": [text], "number": 1, "none": None, "yes": True})
    assert data == {"texts": [wanted], "number": 1, "none": None, "yes": True}
    assert has_missing is missing
    assert ("Something is missing." in read(papers.pdf(template, {"texts": [text]}))) is missing


def test_arabic_and_urdu_are_printed(template):
    for text in ("مرحبا بكم", "اردو ٹیسٹ"):
        assert papers.printable([text]) == ([text], False)
        assert papers.pdf(template, {"texts": [text]}).startswith(b"%PDF")


def test_letters_that_can_not_stand_together_are_marked_in_their_own_text_alone(template):
    file = papers.pdf(template, {"texts": ["ж\u0488 bad", "Привіт good"]})
    assert "▯ bad" in read(file).replace("▯▯", "▯")
    assert "Привіт good" in read(file)
    assert "Something is missing." in read(file)


def test_a_long_word_breaks_and_a_short_one_does_not():
    data, _missing = papers.printable(["x" * 30, "y" * 31])
    assert data == ["x" * 30, "\u200b".join("y" * 31)]


def test_what_people_typed_is_not_kept_in_memory(template):
    papers.pdf(template, {"texts": ["ж\u0488 our secret"]})
    assert papers._letter_prints.cache_info().currsize
    assert not hasattr(papers._prints, "cache_info")

"""PDFs: a template and plain data become a tagged PDF (PDF/UA-1). This file knows nothing of plans.

What people typed reaches typst as JSON values alone, never as markup, and the compiler reads no file outside the
template's own folder. A character that no font of the portal holds would stop it: such characters are replaced by MARK,
and the paper says so (`has_missing`), so that nobody takes the gap for what was written.
"""

import functools
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

#: Stands for one or more characters that cannot be printed.
MARK = "▯"
#: Letters and signs that the fonts surely hold; only other characters are asked about.
SURE = re.compile(r"[ -~\n¡-¬®-žȘ-țˆ˜–—‘’“”†‡•…€™]*")
#: Chinese, Japanese, Korean and pictures: in none of the fonts. No need to ask for each of thousands.
NEVER = re.compile("[\u2e80-\ua4cf\uac00-\ufaff\ufe00-\ufe0f\ufe30-\ufe4f\uff00-\uffef\U0001f000-\U0010ffff]")
#: Kinds of characters that show nothing: a change of direction or half a pair would only be a trap on paper.
UNSEEN = ("Cc", "Cf", "Cs")
#: A word longer than this may break anywhere, or it would run off the page.
LONG_WORD = re.compile(r"\S{31,}")
PROBE = b'#set document(title: [x])\n#set text(lang: "en")\n#json(bytes(sys.inputs.data))'


def pdf(template: Path, data: dict[str, Any]) -> bytes:
    """The template filled with `data`, which it reads with `json(bytes(sys.inputs.data))`."""
    ready, has_missing = printable(data)
    try:
        return _compile(template, ready | {"has_missing": has_missing})
    except _typst().TypstError:
        # Each of its characters can be printed, but not as they stand together.
        return _compile(template, _plainest(ready) | {"has_missing": True})


def printable(data: Any) -> tuple[Any, bool]:
    """The data with every character that can't be printed replaced by MARK, and whether there was one."""
    texts = set(_texts(data))
    unknown = {letter for text in texts for letter in SURE.sub("", unicodedata.normalize("NFC", text))}
    missing = _missing(frozenset(unknown))
    cleaned = {text: _clean(text, missing) for text in texts}
    return _replaced(data, cleaned), bool(missing)


def _clean(text: str, missing: frozenset[str]) -> str:
    text = "\n".join(unicodedata.normalize("NFC", text).splitlines()).replace("\t", " ")
    letters = [MARK if letter in missing else letter for letter in text if letter == "\n" or not _is_unseen(letter)]
    text = re.sub(f"{MARK}+", MARK, "".join(letters))
    return LONG_WORD.sub(lambda word: "\u200b".join(word[0]), text)


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in UNSEEN or "\ufe00" <= letter <= "\ufe0f"  # those choose how one before looks


def _missing(letters: frozenset[str]) -> frozenset[str]:
    """Those of these characters that no font holds."""
    seen = [letter for letter in letters if not _is_unseen(letter)]
    return frozenset(letter for letter in seen if NEVER.match(letter) or not _letter_prints(letter))


@functools.lru_cache(maxsize=8192)
def _letter_prints(letter: str) -> bool:
    return _prints(letter)


def _prints(text: str) -> bool:
    try:
        _typst().compile(PROBE, **_options(json.dumps(text)))
    except _typst().TypstError:
        return False
    return True


def _plainest(data: Any) -> Any:
    """The data with every text that can't be printed as a whole reduced to the letters that surely can."""
    cleaned = {
        text: text if SURE.fullmatch(text) or _prints(text) else re.sub(f"[^{MARK}]", _sure_or_mark, text)
        for text in set(_texts(data))
    }
    return _replaced(data, cleaned)


def _sure_or_mark(found: re.Match) -> str:
    return found[0] if SURE.fullmatch(found[0]) else MARK


def _texts(data: Any):
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from (text for value in data.values() for text in _texts(value))
    elif isinstance(data, list):
        yield from (text for value in data for text in _texts(value))


def _replaced(data: Any, cleaned: dict[str, str]) -> Any:
    if isinstance(data, str):
        return cleaned[data]
    if isinstance(data, dict):
        return {key: _replaced(value, cleaned) for key, value in data.items()}
    return [_replaced(value, cleaned) for value in data] if isinstance(data, list) else data


def _compile(template: Path, data: dict[str, Any]) -> bytes:
    return _typst().compile(str(template), root=str(template.parent), **_options(json.dumps(data)))


def _options(data: str) -> dict[str, Any]:
    return {"format": "pdf", "pdf_standards": "ua-1", "font_paths": _fonts(), "sys_inputs": {"data": data}}


@functools.cache
def _fonts():
    """The fonts that come with typst: the same on every machine."""
    return _typst().Fonts(include_system_fonts=False, include_embedded_fonts=True)


def _typst():
    # 80 MB that only paper needs: not at every start.
    import typst

    return typst

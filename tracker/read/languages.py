"""Languages of texts: tags in their usual form (BCP 47), and what the script of a text says against them."""

from __future__ import annotations

import re
from collections.abc import Callable

_SAMPLE = 6_000
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,3}")
_ALIASES = {"cn": "zh-CN", "chs": "zh-Hans", "cht": "zh-Hant", "jp": "ja", "kr": "ko", "zh-chs": "zh-Hans",
            "zh-cht": "zh-Hant", "iw": "he", "in": "id", "eng": "en", "fra": "fr", "deu": "de", "spa": "es",
            "por": "pt", "zho": "zh", "jpn": "ja"}  # fmt: skip
"""Tags that sites write and that mean something else, or nothing."""
_NAMES = {"english": "en", "chinese": "zh", "french": "fr", "german": "de", "spanish": "es", "portuguese": "pt",
          "japanese": "ja", "korean": "ko", "italian": "it", "dutch": "nl", "russian": "ru", "arabic": "ar",
          "vietnamese": "vi", "indonesian": "id", "turkish": "tr", "polish": "pl", "swedish": "sv", "norwegian": "no",
          "danish": "da", "finnish": "fi", "greek": "el", "hebrew": "he", "hindi": "hi", "thai": "th", "czech": "cs",
          "hungarian": "hu", "romanian": "ro", "ukrainian": "uk", "persian": "fa", "urdu": "ur", "malay": "ms",
          "bulgarian": "bg", "croatian": "hr", "serbian": "sr", "slovak": "sk", "catalan": "ca", "bengali": "bn",
          "simplified chinese": "zh-Hans", "traditional chinese": "zh-Hant"}  # fmt: skip
"""Languages by the English names that discovery services use."""
_TRADITIONAL = frozenset(
    "們這國說時對會來學為後過動進還開無現問關機東車長見電話業專個發經實讓應沒產從義書兩嚴喪臨舉麼樂習鄉買亂爭於虧雲亞億僅"
    "倉價眾優夥偉傳傷偽與萬總統權據報導訊網聯線級組織紀約結給絕續維綜縣職聲聽標樣殺條極構權歐歲歷歸氣決況測準減濟涉環當"
)
_SIMPLIFIED = frozenset(
    "们这国说时对会来学为后过动进还开无现问关机东车长见电话业专个发经实让应没产从义书两严丧临举么乐习乡买乱争于亏云亚亿仅"
    "仓价众优伙伟传伤伪与万总统权据报导讯网联线级组织纪约结给绝续维综县职声听标样杀条极构权欧岁历归气决况测准减济涉环当"
)
_ONLY_TRADITIONAL, _ONLY_SIMPLIFIED = _TRADITIONAL - _SIMPLIFIED, _SIMPLIFIED - _TRADITIONAL
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]"), 0.08),
    ("ko", re.compile(r"[\uac00-\ud7af]"), 0.3),
    ("zh", re.compile(r"[\u3400-\u9fff\uf900-\ufaff]"), 0.25),
    ("ru", re.compile(r"[\u0400-\u04ff]"), 0.5),
    ("ar", re.compile(r"[\u0600-\u06ff]"), 0.5),
    ("he", re.compile(r"[\u0590-\u05ff]"), 0.5),
    ("el", re.compile(r"[\u0370-\u03ff]"), 0.5),
    ("th", re.compile(r"[\u0e00-\u0e7f]"), 0.5),
    ("hi", re.compile(r"[\u0900-\u097f]"), 0.5),
)
"""(language, its letters, the share of a text's letters that tells it)."""
_SAME_SCRIPT = {"ru": {"uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"}, "ar": {"fa", "ur", "ps", "ug", "ckb"},
                "hi": {"mr", "ne"}, "zh": {"yue", "wuu", "lzh"}, "he": {"yi"}}  # fmt: skip


def normalise_language(stated: str | None) -> str | None:
    """A language as a page or service names it as a BCP 47 tag: "zh_cn" -> "zh-CN", "Chinese" -> "zh".

    Case as RFC 5646, section 2.1.1, has it; None for what is no tag.
    """
    text = (stated or "").strip().replace("_", "-")
    if known := _NAMES.get(text.lower()) or _ALIASES.get(text.lower()):
        return known
    if not _TAG.fullmatch(text):
        return None
    first, *rest = text.split("-")
    return "-".join([first.lower(), *(_subtag(item) for item in rest)])


def _subtag(text: str) -> str:
    return text.upper() if len(text) == 2 else text.title() if len(text) == 4 and text.isalpha() else text.lower()


def script_language(text: str) -> str | None:
    """The language that a text's script tells: ja, ko, zh, zh-Hant, ru, ar ...; None for Latin letters or too few."""
    sample = text[:_SAMPLE]
    letters = sum(char.isalpha() for char in sample)
    if letters < 10:
        return None
    for language, form, share in _SCRIPTS:
        if len(form.findall(sample)) >= share * letters:
            return "zh-Hant" if language == "zh" and _is_traditional(sample) else language
    return None


def _is_traditional(sample: str) -> bool:
    traditional = sum(char in _ONLY_TRADITIONAL for char in sample)
    return traditional > 3 and traditional > 2 * sum(char in _ONLY_SIMPLIFIED for char in sample)


def choose_language(text: str, stated: list[str | None], detect: Callable[[str], str | None], usual: str) -> str:
    """The language tag of a text: the first statement that the text does not contradict, else what the text shows.

    `stated` are the statements about this page, nearest to it first; `detect` tells a Latin-script language by its
    words or gives None; `usual` is the language of the source. Templates say "en" on pages in any language.
    """
    tags = [tag for item in stated if (tag := normalise_language(item))]
    shown = script_language(text)
    if shown is None:
        seen = detect(text)
        fitting = [tag for tag in tags if _primary(tag) not in _WRITTEN_APART and seen in (None, _primary(tag))]
        fallback = usual if _primary(usual) not in _WRITTEN_APART else "en"
        return fitting[0] if fitting else seen or fallback
    allowed = {_primary(shown), *_SAME_SCRIPT.get(_primary(shown), ())}
    fitting = [tag for tag in (*tags, usual) if _primary(tag) in allowed]
    if shown == "zh-Hant":
        return next((tag for tag in fitting if _says_traditional(tag)), shown)
    return next((tag for tag in fitting if not _says_traditional(tag)), shown)


_WRITTEN_APART = frozenset(language for language, _, _ in _SCRIPTS)
"""Languages that a text in Latin letters is not in."""


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()


def _says_traditional(tag: str) -> bool:
    return bool({"Hant", "TW", "HK", "MO"} & set(tag.split("-")))

"""Whether a page says something else than before, and what: sentences without what is not the article.

Advertisement marks, counters, "updated 5 minutes ago", share bars and links to other stories come and go; a change in
them alone is no new version. An edit of one word in a sentence is.
"""

from __future__ import annotations

import difflib
import re
import unicodedata

_FOLDS = str.maketrans(
    {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "―": "-",
     "‐": "-", "‑": "-", "−": "-", "…": "...", "\u00ad": "", "\u200b": "", "\u200c": "", "\u2060": "", "\ufeff": ""}
)  # fmt: skip
"""What typesetting changes and nobody means: forms of quotes and dashes, invisible characters."""
_SENTENCE = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[]?[A-ZÀ-ÖØ-Þ0-9])|(?<=[。！？；])")
_MAX_FURNITURE = 240
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]*\.?"
_DAY_OF_WEEK = r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)(?:day|nesday|rsday|urday|sday)?\.?"
_STAMP_WORD = (
    rf"(?:\d[\d:./-]*(?:st|nd|rd|th|h)?|{_MONTH}|{_DAY_OF_WEEK}|[ap]\.?m\.?|[a-z]{{2,4}}t|utc|gmt|at|on|ago|just|now|an?"
    r"|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|months?|today|yesterday|local|time|\+|-|,|\||·|:)"
)
_SHARING = (
    r"(?:share|shares|tweet|post|print|e-?mail|save|saved|copy|link|copied|facebook|twitter|x|linkedin|whatsapp|telegram"
    r"|reddit|bluesky|threads|weibo|wechat|bookmark|comment|comments|gift|listen|this|article|story|on|via|to|more|\d+)"
)
_RELATED = (
    r"(?:read more|read also|also read|read next|related(?: stories| articles| news| content| coverage| topics| links)?"
    r"|see also|more on this(?: story| topic)?|more from [^.!?]{1,40}|recommended(?: for you| reading| stories)?"
    r"|most (?:read|popular|viewed|shared)(?: stories)?|trending(?: now)?|editor'?s'? picks?|up next|don'?t miss"
    r"|you may also like|what to read next|top stories|latest (?:news|stories)|in other news"
    r"|延伸阅读|延伸閱讀|相关阅读|相關閱讀|推荐阅读|相关新闻|相關新聞|相关报道|热门文章|猜你喜欢|更多新闻"
    r"|lire aussi|à lire aussi|sur le même sujet|lesen sie auch|mehr zum thema|lea también|leia também|más información)"
)
_FURNITURE = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?:advertisement|advertising|sponsored(?: content| post)?|ad|anzeige|werbung|publicité|publicidade?|广告|廣告"
        r"|(?:story|article) continues below(?: this)? ad(?:vertisement)?)\W*",
        rf"\W*(?:last |first )?(?:updated|modified|edited|published|posted|refreshed)(?: {_STAMP_WORD}|[:,|·-]|\s)*"
        rf"{_STAMP_WORD}\W*",
        r"\W*(?:\d+|an?|a few) (?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?) ago\W*",
        r"(?:最后)?(?:更新|修改|发布|發佈)(?:时间|時間|于|於)?\s*[:：]?\s*[\d年月日时時分秒:：/ -]{4,30}",
        r"(?:\W*\d[\d,.]*\s?[km万]?\+? (?:views?|comments?|shares?|likes?|reads?|reactions?|claps?|followers?|replies"
        r"|responses?|readers?|reposts?)\b){1,5}\W*",
        r"(?:views?|comments?|shares?|likes?|hits)\s*[:(（]?\s*\d[\d,.]*\s?[km]?\W*",
        r"(?:阅读|浏览|点击|评论|閱讀|瀏覽|點擊|評論|人气|访问)(?:次数|量|数|數|人数)?\s*[:：(（]?\s*\d[\d,.]*\s*[万次)）]*",
        r"\W*(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)[- ]min(?:ute)?s?(?: read| listen| video)?\W*",
        rf"(?=.*[a-z]){_SHARING}(?:[\s,|·/•-]+{_SHARING}){{0,14}}\W*",
        rf"{_RELATED}\W*",
        rf"{_RELATED}\s*[:：|»>→–-]\s*.{{1,200}}",
        r"(?:sign up (?:for|to)|subscribe (?:to|now)|get (?:the latest|our)|follow us|download (?:our|the) app"
        r"|click here|tap here|join our|already a subscriber)\b.{0,200}",
        r"(?:copyright\s*)?(?:©|\(c\)|copyright)\s*(?:copyright)?\s*\d{4}.{0,160}|.{0,80}\ball rights reserved\W*",
        r"(?:[A-Z.:]{1,10}\s[-+▲▼]\s?\d+(?:\.\d+)?%?[\s,;|]*){1,12}",
        r"(?:play video|watch live|watch now|listen now|listen to this article|skip to content|back to top|load more"
        r"|show more|view comments|leave a comment|open in app|turn on notifications)\W*",
    )
)
_HEADING_OF_LINKS = re.compile(rf"{_RELATED}\W*", re.IGNORECASE)
_ENDS_SENTENCE = re.compile(r"[.!?。！？…;:：；][\"'”’)\]）」』]*$")
_INLINE_STAMP = re.compile(
    r"[(\[]?\b(?:last )?(?:updated|published|posted) (?:\d{1,3}|an?|a few) (?:seconds?|secs?|minutes?|mins?|hours?|hrs?"
    r"|days?) ago\b[)\]]?\.?\s*",
    re.IGNORECASE,
)
_MAX_DIFF_LINES = 2_000
"""On each side, after what is equal at both ends; beyond it the middle is told as replaced whole."""
_MAX_DIFF_CHARS = 200_000


def article_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text in one written form, without the furniture of its page.

    White space, forms of quotes and dashes, and the parting into paragraphs do not count; every word, figure and
    other mark does. Two texts with equal sentences say the same.
    """
    found: list[str] = []
    below_links = False
    for paragraph in text.split("\n"):
        line = one_form(paragraph)
        if not line:
            continue
        below_links = (below_links and _may_be_link(line)) or bool(_HEADING_OF_LINKS.fullmatch(line))
        if not (below_links or is_furniture(line)):
            found += [part.strip() for part in _SENTENCE.split(_INLINE_STAMP.sub("", line)) if part.strip()]
    return tuple(found)


def is_furniture(line: str) -> bool:
    """Whether a paragraph is no part of an article: an advertisement mark, a stamp, a counter, a share bar, a link."""
    return len(line) <= _MAX_FURNITURE and any(form.fullmatch(line) for form in _FURNITURE)


def _may_be_link(line: str) -> bool:
    return len(line) <= 160 and not _ENDS_SENTENCE.search(line)


def one_form(paragraph: str) -> str:
    """Words in one written form: without what only typesetting changes (white space, forms of quotes and dashes)."""
    return " ".join(unicodedata.normalize("NFC", paragraph).translate(_FOLDS).split())


def is_same_title(one: str, other: str) -> bool:
    """Whether two headlines are the same but for typesetting."""
    return one_form(one) == one_form(other)


def diff_texts(old: str, new: str, old_title: str = "", new_title: str = "") -> str:
    """What changed from one text to the next, as a unified diff of sentences with one line of context; "" if nothing.

    The titles are the first line of each side. Long texts are cut: time grows with the text's length, and with the
    square of the sentences that really differ only up to a limit.
    """
    before = (one_form(old_title), *article_sentences(old))
    after = (one_form(new_title), *article_sentences(new))
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    from_, to = max(0, head - 1), min(1, tail)
    left, right = before[from_ : len(before) - tail + to], after[from_ : len(after) - tail + to]
    if before == after:
        return ""
    if max(len(left), len(right)) > _MAX_DIFF_LINES:
        lines = [f"@@ -{from_ + 1},{len(left)} +{from_ + 1},{len(right)} @@", *(f"-{line}" for line in left)]
        lines += [f"+{line}" for line in right]
    else:
        found = list(difflib.unified_diff(left, right, lineterm="", n=1))[2:]
        lines = [_moved(line, from_) if line.startswith("@@") else line for line in found]
    text = "\n".join(lines)
    return text if len(text) <= _MAX_DIFF_CHARS else text[:_MAX_DIFF_CHARS] + "\n\\ the rest of the change is not kept"


def _shared(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count


def _moved(header: str, by: int) -> str:
    """A hunk's header with the line numbers of the whole text."""
    return re.sub(r"(?<=[-+])\d+", lambda found: str(int(found[0]) + by), header)

"""From markup to the words that are read."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from moderator.domain.comment import MAX_TEXT
from moderator.sources.markup import READERS, html_to_text, markdown_to_text, read_text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("plain", "plain"),
        ("<p>one</p>\n<p>two</p>", "one\ntwo"),
        ("one<br>two<br/>three", "one\ntwo\nthree"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("a <b>silly</b> goose", "a silly goose"),
        ("go<b></b>ose", "goose"),  # inline tags do not part a word
        ("go<!-- x > y -->ose", "goose"),
        ("go<!-->ose", "goose"),
        ("a&amp;b &lt;i&gt; &#39;x&#x27; &#00000065; &nbsp;&eacute;", "a&b <i> 'x' A é"),
        ("  many \t\r\n blanks ", "many blanks"),
        ("<script>bad()</script>x<style>p{}</style>y", "xy"),
        ("<SCRIPT>a</scripty>b</ScRiPt >c", "c"),
        ("<script>never closed", ""),
        ('<img class="emoji emoji-android" alt="😀" src="x">', "😀"),
        ("<img alt=':tea:' class=emoji title=x>", ":tea:"),
        ('<img class="emoji" alt="&#128512;">', "😀"),
        ('<img src="cat.jpg" alt="cat.jpg">', ""),
        ('<a href="https://x.example/?a=1&b=2" rel="nofollow">text</a>', "text"),
        ("<a title='>'>in</a>", "in"),
        ('<a title="\'>">in</a>', "in"),
        ("<a b=c/d>in", "in"),
        ("<a b = 'c'd=e>in", "in"),
        ("<a =x>in", "in"),
        ("<a x=1\xa0y='>seen'>", "seen'>"),  # a no-break space ends no attribute
        ("<a unclosed", ""),
        ("seen<a title='unclosed>hidden", "seen"),
        ("2 < 3 <3 and </3", "2 < 3 <3 and"),
        ("<![CDATA[x]]>y<!doctype html><?php z ?>", "y"),
        ("<blockquote>quoted</blockquote>own", "own"),
        ("<aside class='quote'><blockquote>q</blockquote></aside>own", "own"),
        ("a<blockquote>b<blockquote>c</blockquote>d</blockquote>e", "a\ne"),
        ("<aside><blockquote>b</aside>own", "own"),  # the outer end closes both
        ("</blockquote>own", "own"),
        ("<blockquote>nothing but quotation</blockquote>", "nothing but quotation"),
        ("<blockquote> </blockquote>", ""),
    ],
)
def test_html_is_read_as_a_browser_shows_it(source: str, text: str):
    """Without quotes, unless there is nothing else."""
    assert html_to_text(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("plain", "plain"),
        ("keeps **strong** and _weak_ 5 * 3", "keeps **strong** and _weak_ 5 * 3"),
        ("> quoted\nown\n  > quoted too\n", "own"),
        ("> quoted\r\nown", "own"),
        ("2 > 1", "2 > 1"),
        ("[text](https://x.example) ![alt](y.png)", "text alt"),
        ("[not a link] (really)", "[not a link] (really)"),
        ('[quote="ann, post:1"]\nquoted\n[/quote]\nown', "own"),
        ("[quote]a[quote]b[/quote]c[/quote]own", "own"),
        ("before[QUOTE]q[/QUOTE]after", "beforeafter"),
        ("[quote]never closed", "never closed"),
        ("own[/quote]", "own"),
        ("[quote]q[/quote]own[quote]open", "ownopen"),
        (
            "[b]bold[/b] [url=https://x.example]there[/url] [color=#f00]red[/color]",
            "bold there red",
        ),
        ("go[b]o[/b]se, go<b>o</b>se", "goose, goose"),
        ("<you silly goose>", "<you silly goose>"),  # no tag: a board shows it as it stands
        ("> nothing but quotation", "> nothing but quotation"),
        ("[quote]nothing but quotation[/quote]", "nothing but quotation"),
        ("", ""),
    ],
)
def test_markdown_and_bbcode_keep_their_words(source: str, text: str):
    """Without quotes, unless there is nothing else."""
    assert markdown_to_text(source) == text


def test_text_without_markup_stays_as_it_is():
    """Blanks, angle brackets and all."""
    assert read_text(" <b> > x\n", "text") == (" <b> > x\n", False)


@pytest.mark.parametrize("written_as", READERS)
def test_a_long_text_is_cut_at_the_limit_and_marked(written_as: str):
    """W39: at the limit whole, one code point more cut; emoji count as one."""
    assert read_text("😀" * MAX_TEXT, written_as) == ("😀" * MAX_TEXT, False)
    assert read_text("😀" * (MAX_TEXT + 1), written_as) == ("😀" * MAX_TEXT, True)


HOSTILE = [
    "<", "<a ", '<a "', "<a b='", "<a b=", "</", "</a ", "<!", "<!--", "<!-- --", "<![", "<?",
    "<script>", "<script></", "<aside>", "</aside>", "<aside></blockquote>", "&", "&#", "&#0",
    "&#x", "&#x0", "&amp", "a<b", "<b      ", "<a  =", "\n", " ", "> ", ">\n", "[", "]", "](",
    "[a](", "[a](b", "![", "[quote]", "[/quote]", "[quote=", "[quote][/quote]", "[b", "*", "a",
    "\u0301", "<b ", "<i  ",
]  # fmt: skip


@pytest.mark.parametrize("read", [html_to_text, markdown_to_text])
@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_as_the_length_does_whatever_the_text(read: Callable[[str], str], piece: str):
    """W54, W55: four times the text, about four times the work; quadratic would be sixteen."""
    text = (piece * 100_000)[:100_000]
    assert _seconds(read, text) < 8 * _seconds(read, text[:25_000]) + 0.05


def test_open_quotes_closed_by_other_names_are_not_searched():
    """Half of the text opens quotes, the other half closes quotes that are not open."""
    shorter, longer = ("<aside>" * n + "</blockquote>" * n for n in (2_500, 10_000))
    assert _seconds(html_to_text, longer) < 8 * _seconds(html_to_text, shorter) + 0.05


def test_a_number_of_thousands_of_digits_is_no_crash():
    """int() refuses it with a ValueError; a browser shows a replacement character."""
    assert html_to_text(f"a&#{'9' * 5_000};b&#x{'f' * 5_000};c") == "a\ufffdb\ufffdc"
    assert html_to_text(f"&#{'0' * 5_000}65;") == "A"


def _seconds(read: Callable[[str], str], text: str) -> float:
    """Processor time, which a busy machine does not stretch as it does the clock's."""
    began = time.thread_time()
    read(text)
    return time.thread_time() - began

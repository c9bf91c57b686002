"""The words of MODEL_CARD.md; `card_page` fills in what `$` marks."""

from __future__ import annotations

from string import Template

PROSE = Template("""\
# The bundled model

`$name`, SHA-256 `$sha256`, $size, English only.
It gives a comment three probabilities, *hate*, *offensive* and *neither*, and says which words
led it there. The machine's version of this page is
`moderator/classifier/bundled/model.card.json`; this page is made of it.
$headline
## What it is for, and what it is not

It is for telling a message board's moderators early where to look. It is wrong often enough that
**nothing should be done to a person on its word alone**: no ban, no deletion, no report. It has
no notion of who speaks to whom, of irony, or of what was said before. It does not judge other
languages; it says that it cannot.

Which threshold serves a board is a question of that board's own talk: start in shadow mode, and
look for some days at what it would have told you.

## How it works

A comment is folded (lower case, no accents, look-alike letters, entities and invisible
characters read), cut into chunks, and each chunk turned into words, pairs of neighbouring words
and runs of 3 to 5 characters: $terms terms in all. A word that a known bad word hides in (digits,
stars or marks for letters, letters apart) is read as that word. Linear support vector machines
weigh the terms, one decision a class; some are fitted on everything, some on Davidson's rows alone,
and they are blended. One softmax, fitted on what such machines say about rows that they have not
seen, turns the decisions into probabilities. $base_rate

The label is *neither* unless P(hate) + P(offensive) ≥ 0.5; then *hate* if $hate_factor × P(hate) ≥
P(offensive), else *offensive*. The factor is tuned for macro-F1: hate is rare in the training
data, and the largest probability alone would hardly ever say it. So a comment may be labelled
*hate* while P(hate) is the smaller number; thresholds in triggers compare probabilities, never
labels.

A decision is a plain sum over words, so the explanation is exact: what is listed, what is not
listed and the intercept add up to the decision value. The scorer that serves is the scikit-learn
pipeline compiled to dictionaries; that both give the same probabilities within 1e-6 is promised
and tested.

## What it was trained on

$rows rows of Davidson et al. 2017, "Automated Hate Speech Detection and the Problem of Offensive
Language", ICWSM (t-davidson/hate-speech-and-offensive-language; tweets, three annotators or more
each; MIT), and $pool_rows rows of a pool, among them some 1,500 sentences of our own for what the
others lack (`moderator/classifier/own_sentences.py`: groups that are merely named, insults in mild
words). Their labels are not ours: each is read as a belief about our three classes and weighs as
much as it can be trusted (`moderator/classifier/pool.py` has the numbers; they are judgement, not
measurement). Sources gathered about one topic get an offset of their own in training, so that what
is usual there is not put down to the words of the topic. $left_out rows of the pool that say nearly
what a Davidson row says were left out. HateCheck was used neither for training nor for choosing.

$sources
$figures
## Where it is wrong

$limits

## Rebuild it

    make model

fits it, measures it beside the tutorial's recipe and writes this page. The same files, recipe and
library versions (all in the card) give the same bytes, on one core or several; `make model-check`
fits it again and compares. Made with $versions.
""")

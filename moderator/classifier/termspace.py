"""The terms a model knows, what each counts, and texts as features in that space."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer

from moderator.classifier.text import RobustTerms, is_gram, is_word

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermSpace:
    """The terms in use, in order, each with its idf; `counts` holds the training texts in it.

    `lexicon` holds the words that a disguise may hide.
    """

    terms: tuple[str, ...]
    idf: Floats
    counts: sparse.csr_matrix
    lexicon: tuple[str, ...]

    @classmethod
    def found_in(
        cls,
        texts: tuple[str, ...],
        lexicon: tuple[str, ...],
        *,
        fewest_rows: int,
        fewest_rows_gram: int,
        gram_scale: float,
    ) -> TermSpace:
        """All terms that occur in enough rows. An n-gram's idf is scaled by `gram_scale`."""
        vectorizer = CountVectorizer(
            analyzer=RobustTerms(lexicon),
            min_df=min(fewest_rows, len(texts)),
            dtype=np.float64,
        )
        counts = vectorizer.fit_transform(texts)
        terms = vectorizer.get_feature_names_out()
        gram = np.fromiter(map(is_gram, terms), dtype=bool, count=len(terms))
        rows_with = np.bincount(counts.indices, minlength=len(terms))
        often = ~gram | (rows_with >= fewest_rows_gram)
        idf = np.log((1 + len(texts)) / (1 + rows_with)) + 1.0
        idf = np.where(gram, gram_scale, 1.0) * idf
        return cls(
            terms=tuple(terms[often].tolist()),
            idf=single(idf[often]),  # as it is stored, so from the start
            counts=counts[:, often],
            lexicon=lexicon,
        )

    @property
    def words(self) -> NDArray[np.bool_]:
        """Which terms are words, not pairs or n-grams; shape (terms,)."""
        return np.fromiter(map(is_word, self.terms), dtype=bool, count=len(self.terms))

    @property
    def features(self) -> sparse.csr_matrix:
        """The training texts, shape (texts, terms)."""
        return ChunkNorm(self.idf).transform(self.counts)

    def narrowed(self, coef: Floats, most: int) -> TermSpace:
        """This space with only the `most` pairs and n-grams that weigh most in `coef`.

        `coef` has shape (terms, k). All words stay: which words are known tells how far a text
        can be judged.
        """
        weight = np.abs(coef).max(axis=1)
        weight[self.words] = np.inf
        wanted = most + np.count_nonzero(self.words)
        kept = np.sort(np.argsort(-weight, kind="stable")[:wanted])
        return TermSpace(
            terms=tuple(self.terms[i] for i in kept),
            idf=self.idf[kept],
            counts=self.counts[:, kept],
            lexicon=self.lexicon,
        )

    def counter(self) -> CountVectorizer:
        """What counts the terms of other texts; it splits spelled-out words by the known ones."""
        analyzer = RobustTerms(self.lexicon, self.terms)
        return CountVectorizer(analyzer=analyzer, vocabulary=self.terms, dtype=np.float64)


class ChunkNorm(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Counts to features: weighted by idf, divided by a norm that adds up over a text's parts."""

    def __init__(self, idf: Floats) -> None:
        self.idf = idf

    def fit(self, counts: sparse.csr_matrix, target: object = None) -> ChunkNorm:
        """Nothing to learn."""
        return self

    def transform(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Shape (n, terms) to the same shape; a row without known terms stays empty."""
        norm = np.sqrt(counts @ (self.idf * self.idf))
        norm[norm == 0.0] = 1.0
        return (sparse.diags(1.0 / norm) @ counts @ sparse.diags(self.idf)).tocsr()

    def __sklearn_is_fitted__(self) -> bool:
        return True


def single(numbers: Floats) -> Floats:
    """Rounded to what single precision can hold."""
    return numbers.astype(np.float32).astype(np.float64)

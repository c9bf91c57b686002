"""The tutorial's recipe, to be measured against."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.svm import SVC
from stop_words import get_stop_words

from moderator.classifier.dataset import LabelledRows
from moderator.classifier.recipe import Fitted, Parameters, Step, ignore_step
from moderator.classifier.text import clean_tutorial
from moderator.classifier.weights import Link, Reading, Rule, Weights


@dataclass(frozen=True, slots=True, kw_only=True)
class Tutorial:
    """The tutorial's classifier: tf-idf without stop words, one linear SVC a class.

    Source: "Build a hate speech classifier" style tutorials on Davidson et al. 2017, i.e.
    `OneVsRestClassifier(SVC(kernel="linear", probability=True))`. scikit-learn 1.9 deprecates
    `probability=True`; what its documentation names as the same thing stands here. One fit of
    20,000 short texts takes 6 to 14 minutes on one core.
    """

    name: str = "tutorial"

    @property
    def parameters(self) -> Parameters:
        """scikit-learn's own settings, and the stop words' number."""
        return {"C": 1.0, "kernel": "linear", "stop_words": len(get_stop_words("en"))}

    def fit(self, rows: LabelledRows, step: Step = ignore_step) -> Fitted:
        """Fit as the tutorial does; takes minutes."""
        step("fitting three support vector machines")
        pipeline = make_pipeline(
            TfidfVectorizer(preprocessor=clean_tutorial, stop_words=get_stop_words("en")),
            OneVsRestClassifier(CalibratedClassifierCV(SVC(kernel="linear"), ensemble=False)),
        )
        with warnings.catch_warnings():
            # The list holds "aren't", the vectoriser sees "aren" and "t": as in the tutorial.
            warnings.filterwarnings("ignore", message="Your stop_words may be inconsistent")
            pipeline.fit(list(rows.texts), rows.labels)
        return Fitted(pipeline=pipeline, weights=_tutorial_weights(pipeline))


def _tutorial_weights(pipeline: Pipeline) -> Weights:
    vectorizer, one_vs_rest = pipeline[0], pipeline[-1]
    machines = [e.calibrated_classifiers_[0] for e in one_vs_rest.estimators_]
    sigmoids = [machine.calibrators[0] for machine in machines]
    return Weights(
        reading=Reading.TUTORIAL,
        terms=tuple(vectorizer.get_feature_names_out().tolist()),
        idf=vectorizer.idf_.astype(np.float64),
        coef=np.column_stack([m.estimator.coef_.toarray().ravel() for m in machines]),
        intercept=np.array([m.estimator.intercept_[0] for m in machines]),
        slope=np.array([-sigmoid.a_ for sigmoid in sigmoids]),
        bias=np.array([-sigmoid.b_ for sigmoid in sigmoids]),
        link=Link.SIGMOIDS,
        rule=Rule.LARGEST,
        hate_factor=1.0,
    )

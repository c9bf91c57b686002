"""The tutorial's service as its reader ends up with it: `firefly app.predict`."""

import os

import joblib

pipeline = joblib.load(os.environ["TUTORIAL_MODEL"])


def predict(text):
    """The probabilities of the three classes."""
    hate, offensive, neither = pipeline.predict_proba([text])[0]
    return {"hate speech": hate, "offensive language": offensive, "neither": neither}

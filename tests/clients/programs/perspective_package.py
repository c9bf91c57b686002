"""The `perspective` package: its URL is an attribute of the client it holds."""

import json
import os
from urllib.error import HTTPError

from perspective.perspective import PerspectiveAPI

api = PerspectiveAPI(os.environ["KEY"])
api.api_client.url = os.environ["URL"] + "/v1alpha1/{endpoint}"
text = "You are a stupid idiot."
told = {
    "score": api.score(text),
    "whole": api.analyze_comment(text, context=[{"text": "before"}], client_token="token"),
    "suggested": api.suggest_score(text, {"TOXICITY": {"summaryScore": {"value": 1.0}}}),
}
try:
    api.score(text, tests=["FLIRTATION"])
except HTTPError as error:
    told["unknown"] = {"status": error.code, "body": json.loads(error.read())}
print(json.dumps(told))

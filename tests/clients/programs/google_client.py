"""Google's client library for Python, built from our discovery document."""

import json
import os

from googleapiclient import discovery
from googleapiclient.errors import HttpError


def client(key):
    return discovery.build(
        "commentanalyzer",
        "v1alpha1",
        developerKey=key,
        discoveryServiceUrl=f"{os.environ['URL']}/$discovery/rest?version=v1alpha1",
        static_discovery=False,
    )


def refusal(request):
    try:
        request.execute()
    except HttpError as error:
        return {"status": error.resp.status, "reason": error.reason, "details": error.error_details}


with client(os.environ["KEY"]) as service:
    comments = service.comments()
    rude = {
        "comment": {"text": "You are a stupid idiot, you moron. Nice 😀 weather on Monday."},
        "requestedAttributes": {"TOXICITY": {}, "IDENTITY_ATTACK": {"scoreThreshold": 0.99}},
        "spanAnnotations": True,
        "languages": ["en"],
        "clientToken": "request-1",
    }
    told = {
        "whole": comments.analyze(body=rude).execute(),
        "part": comments.analyze(
            body=rude, fields="attributeScores/TOXICITY/summaryScore/value"
        ).execute(),
        "suggested": comments.suggestscore(
            body={
                "comment": rude["comment"],
                "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1.0}}},
                "clientToken": "request-2",
            }
        ).execute(),
        "empty": refusal(comments.analyze(body={"comment": {"text": ""}})),
        "foreign": refusal(comments.analyze(body={**rude, "languages": ["de"]})),
    }
with client("not-a-key") as service:
    told["stranger"] = refusal(service.comments().analyze(body=rude))
print(json.dumps(told))

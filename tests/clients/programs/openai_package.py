"""The package openai: moderations."""

from __future__ import annotations

import json
import os

import openai

client = openai.OpenAI(base_url=f"{os.environ['URL']}/v1", api_key=os.environ["KEY"])
one = client.moderations.create(input="You are a stupid idiot.")
two = client.moderations.create(
    model="omni-moderation-latest", input=["You are a stupid idiot.", "What a lovely morning."]
)
told: dict[str, object] = {
    "flagged": [result.flagged for result in (*one.results, *two.results)],
    "harassment": one.results[0].category_scores.harassment,
    "sexual": one.results[0].category_scores.sexual,
    "judged": one.results[0].category_applied_input_types.harassment,
}
stranger = openai.OpenAI(
    base_url=f"{os.environ['URL']}/v1", api_key="sk-of-another-house", max_retries=0
)
for name, asked, text in (
    ("stranger", stranger, "hello there"),
    ("foreign", client, "Guten Morgen, liebe Leute, das Wetter ist heute sehr schön."),
):
    try:
        asked.moderations.create(input=text)
    except openai.APIStatusError as error:
        told[name] = [type(error).__name__, error.status_code, error.code]
print(json.dumps(told))

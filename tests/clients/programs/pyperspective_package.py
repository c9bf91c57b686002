"""The `PyPerspective` package: its URL is a name in its module."""

import json
import os

from PyPerspective import Perspective as package
from PyPerspective.errors import ApiException, InvalidAuthKey

package.base_url = os.environ["URL"] + "/v1alpha1/comments:analyze"
api = package.Perspective(os.environ["KEY"])
comment = api.get_score("You are a stupid idiot.", tests=["TOXICITY"])
told = {
    "score": comment["TOXICITY"].score,
    "type": comment["TOXICITY"].score_type,
    "span": str(comment["TOXICITY"][0]),
    "languages": [comment.requests_langs, comment.detected_langs],
}
try:
    api.get_score("hello there", tests=["FLIRTATION"])
except (ApiException, TypeError) as error:  # 1.0.4 cannot make its own exception
    told["unknown"] = type(error).__name__
try:
    package.Perspective("not-a-key")
except InvalidAuthKey:
    told["stranger"] = "InvalidAuthKey"
print(json.dumps(told))

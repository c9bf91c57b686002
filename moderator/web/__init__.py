"""HTTP only: decode, call one function, encode."""

from moderator.web.routes import build
from moderator.web.runtime import InForce, Runtime

__all__ = ["InForce", "Runtime", "build"]

"""The `watch` of a configuration: what the service tells about itself, and to whom."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from pydantic import BaseModel, ConfigDict, Field

from moderator.config.problems import KeyPath, hint, shown
from moderator.config.triggers import Words
from moderator.watch import Watch

WATCH = "watch"


class Exceptions(BaseModel):
    """What the watches leave out."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    sources: Words = Field(description="Names under `sources` that are not watched.")


class WatchBlock(BaseModel):
    """What is watched, and who is told."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, populate_by_name=True
    )

    notify: tuple[str, ...] | None = Field(
        None,
        description="Names under `channels` to tell; [] tells nobody, and the page shows it all"
        " the same. Default: every channel.",
    )
    silence: bool = Field(
        True, description="Tell when a source sends nothing for longer than its own rhythm allows."
    )
    channels: bool = Field(
        True, description="Tell through the others when a channel is broken, or fails for 10m."
    )
    undelivered: bool = Field(
        True, description="Tell when a message waits for 10m although nothing seems to fail."
    )
    drift: bool = Field(
        True, description="Tell when a source's scores are not what they were for four weeks."
    )
    abstentions: bool = Field(
        True, description="Tell when the model judges far fewer of a source's comments."
    )
    excluded: Exceptions | None = Field(None, alias="except", description="Leave these out.")

    def on(self) -> frozenset[Watch]:
        """The watches that are on."""
        switches = {
            Watch.SILENCE: self.silence,
            Watch.CHANNEL: self.channels,
            Watch.UNDELIVERED: self.undelivered,
            Watch.DRIFT: self.drift,
            Watch.ABSTENTIONS: self.abstentions,
        }
        return frozenset(watch for watch, is_on in switches.items() if is_on)

    def without(self) -> frozenset[str]:
        """The sources that are not watched."""
        return frozenset(self.excluded.sources if self.excluded else ())


def unknown_names(
    block: Mapping[str, object], channels: Collection[str], sources: Collection[str]
) -> Iterator[tuple[KeyPath, str]]:
    """Names in the block, as it was read, that nothing bears: where, and what to write instead."""
    excepted = block.get("except")
    lists = {
        ("notify",): (block.get("notify"), "channel", channels),
        ("except", "sources"): (
            excepted.get("sources") if isinstance(excepted, Mapping) else None,
            "source",
            sources,
        ),
    }
    for path, (named, noun, known) in lists.items():
        in_list = named if isinstance(named, list) else []
        for i, name in enumerate(in_list):
            if isinstance(name, str) and name not in known:
                yield (*path, i), f"no {noun} is called {shown(name)}{hint(name, known, {})}"
            elif name in in_list[:i]:
                yield (*path, i), f"{shown(name)} stands here twice"

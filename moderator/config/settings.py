"""The configuration as the service uses it: one frozen value, or every problem at once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from moderator import channels, sources
from moderator.channels.settings import ChannelSettings
from moderator.config.blocks import AkismetBlock, ConfigFile, ModelPin, PublicRoute, Retention
from moderator.config.environment import PATH_VARIABLE, VariableError, read_variable
from moderator.config.perspective import PerspectiveBlock, ambiguities, source_names
from moderator.config.problems import Problem, hint, shown
from moderator.config.review import Review
from moderator.config.triggers import SelectionBlock
from moderator.config.watch import WatchBlock
from moderator.config.yaml_source import Document, Unreadable, parse, read_bytes
from moderator.domain.errors import ConfigError
from moderator.domain.quota import Quota
from moderator.domain.trigger import Trigger
from moderator.sources.settings import SourceSettings

DEFAULT_PATH = Path("config.yaml")
SOURCE_MODELS = {word: kind.settings for word, kind in sources.KINDS.items()}
CHANNEL_MODELS = {word: kind.settings for word, kind in channels.KINDS.items()}
BUILT_IN = "built-in defaults"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """A model other than the bundled one. `sha256` is what its file must have, in hexadecimal."""

    path: Path
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A configuration without problems. Its representation holds no secret.

    `sources` and `channels` map names to the settings of their kinds. `public` names the routes
    that need no key, `quotas` say how many requests keys may make, by their names. `exempt` is in
    every trigger already. `model` is None for the bundled model.
    `path` is None for the built-in defaults; `digest` is the SHA-256 of the file's bytes, in
    hexadecimal. `warnings` are lines for the operator; `expiries` those from when on they hold.
    """

    public_url: str | None
    sources: Mapping[str, SourceSettings]
    triggers: tuple[Trigger, ...]
    channels: Mapping[str, ChannelSettings]
    public: frozenset[PublicRoute]
    quotas: Mapping[str, Quota]
    retention: Retention
    model: ModelFile | None
    path: Path | None
    digest: str
    warnings: tuple[str, ...]
    expiries: tuple[tuple[datetime, str], ...] = ()
    watch: WatchBlock = field(default_factory=WatchBlock)
    exempt: SelectionBlock | None = None
    perspective: PerspectiveBlock | None = None
    akismet: AkismetBlock | None = None

    @property
    def source_names(self) -> frozenset[str]:
        """Every source a trigger may name: those that send, and those of the Perspective routes."""
        block = self.perspective
        if block is None and "perspective" in self.public:
            block = PerspectiveBlock()
        return frozenset(self.sources) | (frozenset() if block is None else block.sources)

    def warnings_at(self, now: datetime) -> tuple[str, ...]:
        """Lines for the operator, with those on what is over by now."""
        return (*self.warnings, *(line for moment, line in self.expiries if moment <= now))

    def __repr__(self) -> str:
        names = {
            "sources": list(self.sources),
            "triggers": [trigger.name for trigger in self.triggers],
            "channels": list(self.channels),
        }
        parts = ", ".join(f"{key}={value}" for key, value in names.items())
        return f"Settings(path={self.path}, digest={self.digest[:12]}, {parts})"


def configuration_path(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """`path`, else $MODERATOR_CONFIG, else ./config.yaml if there is one, else None.

    Raises ConfigError.
    """
    if path is not None:
        return path
    try:
        named = read_variable(PATH_VARIABLE, environ)
        if named is None and PATH_VARIABLE in environ:
            raise VariableError(PATH_VARIABLE, "is set, but empty; unset it, or name a file")
    except VariableError as exc:
        problem = Problem(message=exc.reason, path=(exc.name,))
        raise ConfigError(problem.as_line(None)) from None
    if named is not None:
        return Path(named)
    # A link that leads nowhere is a mistake, not the wish for the defaults.
    return DEFAULT_PATH if os.path.lexists(DEFAULT_PATH) else None


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings in the file that `configuration_path` finds, else the built-in defaults.

    Raises ConfigError with one line a problem, in the order of the file's lines.
    """
    path = configuration_path(path, environ)
    if path is None:
        content = resources.files("moderator.config").joinpath("defaults.yaml").read_bytes()
        return _settings(parse(content), environ, None, content)
    try:
        content = read_bytes(path)
    except Unreadable as exc:
        raise ConfigError(exc.problem.as_line(str(path))) from None
    return settings_in(content, path, environ)


def settings_in(content: bytes, path: Path, environ: Mapping[str, str]) -> Settings:
    """The settings in what stands, or would stand, in the file at `path`. Raises ConfigError."""
    try:
        return _settings(parse(content), environ, path, content)
    except Unreadable as exc:
        raise ConfigError(exc.problem.as_line(str(path))) from None


def _settings(
    document: Document, environ: Mapping[str, str], path: Path | None, content: bytes
) -> Settings:
    review = Review(document, environ)
    all_sources = source_names(review.data).union(review.section("sources"))
    review.triggers(review.section("channels"), all_sources)
    review.watch(review.section("channels"), all_sources)
    file = review.whole(ConfigFile)
    if file is not None and file.perspective is not None:
        for place, message in ambiguities(file.perspective):
            review.add(place, message)
    _refuse_unknown_source(review, all_sources)
    of_channels = review.blocks("channels", CHANNEL_MODELS)
    of_sources = review.blocks("sources", SOURCE_MODELS)
    _refuse_shared_secrets(of_sources, review)
    if review.problems or file is None:
        raise _refusal(review, path)
    return Settings(
        public_url=file.public_url,
        sources=MappingProxyType(of_sources),
        triggers=tuple(block.trigger(name, file.exempt) for name, block in file.triggers.items()),
        channels=MappingProxyType(of_channels),
        public=frozenset(file.public),
        quotas=MappingProxyType(file.quotas),
        retention=file.retention,
        model=_model_file(file.model, path),
        path=path,
        digest=hashlib.sha256(content).hexdigest(),
        warnings=tuple(_warnings(file, path)),
        expiries=tuple(_expiries(file, review, path)),
        exempt=file.exempt,
        perspective=file.perspective,
        akismet=file.akismet,
        watch=file.watch,
    )


def _refusal(review: Review, path: Path | None) -> ConfigError:
    problems = sorted(review.problems, key=lambda problem: problem.line)
    return ConfigError(*(problem.as_line(_shown_path(path)) for problem in problems))


def _shown_path(path: Path | None) -> str:
    return BUILT_IN if path is None else str(path)


def _refuse_shared_secrets(of_sources: Mapping[str, SourceSettings], review: Review) -> None:
    """Two boards with one secret could speak for each other."""
    owners: dict[bytes, str] = {}
    for name, block in of_sources.items():
        for key in block.keys:
            owner = owners.setdefault(key, name)
            if owner != name:
                message = f"sources.{owner} has the same secret; each board needs one of its own"
                review.add(("sources", name, "secrets"), message)


def _refuse_unknown_source(review: Review, known: Collection[str]) -> None:
    """Akismet's routes have to be about comments that somebody sends."""
    named = review.section("akismet").get("source")
    if isinstance(named, str) and named not in known:
        message = f"no source is called {shown(named)}{hint(named, known, {})}"
        review.add(("akismet", "source"), message)


def _model_file(pin: ModelPin | None, path: Path | None) -> ModelFile | None:
    if pin is None or path is None:
        return None
    return ModelFile(path=path.parent / pin.path, sha256=pin.sha256)


def _warnings(file: ConfigFile, path: Path | None) -> Iterator[str]:
    missing = {
        "sources": (_has_sources(file), "there are none, so no board can send comments"),
        "triggers": (file.triggers, "there are none, so nobody will ever be told anything"),
    }
    for key, (present, message) in missing.items():
        if not present:
            yield Problem(message=message, path=(key,)).as_line(_shown_path(path))


def _has_sources(file: ConfigFile) -> bool:
    asks = file.perspective is not None or "perspective" in file.public
    return bool(file.sources) or asks


def _expiries(
    file: ConfigFile, review: Review, path: Path | None
) -> Iterator[tuple[datetime, str]]:
    """What will have to be said of each trigger that ends, and when."""
    for name, block in file.triggers.items():
        if block.expires is not None:
            key = ("triggers", name, "expires")
            message = (
                f"it ended at {block.expires:%Y-%m-%d %H:%M} UTC and looks at nothing any more;"
                " write a later date, or take the trigger out"
            )
            problem = Problem(message=message, path=key, line=review.line_of(key))
            yield block.expires, problem.as_line(_shown_path(path))

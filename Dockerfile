# One image for Heroku, a small box with a volume, and everything between: see docs/deployment.md.
# No BuildKit-only syntax: docker, podman and buildah all build it.

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /opt/moderator
ENV PATH=/opt/moderator/bin:$PATH
WORKDIR /src

# The locked packages first: they change seldom, and then this layer is reused.
COPY requirements.lock ./
RUN pip install --no-compile --require-hashes -r requirements.lock

COPY pyproject.toml README.md LICENSE ./
COPY alembic alembic
COPY moderator moderator
RUN pip install --no-compile --no-deps --no-build-isolation .

# Nothing below is needed to serve, score or train: the installers, the packages' own tests.
# What serving imports is compiled ahead, since the file system may be read-only later; the files'
# times do not survive every builder, so the byte code is not checked against them.
COPY scripts/slim-image /tmp/slim-image
RUN sh /tmp/slim-image /opt/moderator

FROM python:3.11-slim
LABEL org.opencontainers.image.title="moderator" org.opencontainers.image.licenses="MIT"
ENV PATH=/opt/moderator/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 HOME=/data
COPY --from=build /opt/moderator /opt/moderator
COPY deploy/config.yaml /etc/moderator/config.yaml

# Without DATABASE_URL the database is ./moderator.db, without MODERATOR_CONFIG the configuration
# is ./config.yaml: both belong in the volume. Anybody may write there: hosts pick the user's number.
RUN mkdir /data && chmod 1777 /data
VOLUME /data
WORKDIR /data
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ.get('PORT', '8000') + '/healthz', timeout=4)"]

# An argument list and no shell: the service itself gets SIGTERM.
CMD ["moderator", "serve"]

# The image of Doska: `runtime` is one environment and nothing else; `test` runs the tests.

FROM python:3.13-slim-trixie AS base
ENV PATH=/opt/doska/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
RUN groupadd --gid 10001 doska \
    && useradd --uid 10001 --gid doska --no-create-home --shell /usr/sbin/nologin doska \
    && install --directory --owner=doska --group=doska --mode=700 /files

# --- The environment without Doska: rebuilt only when the lock changes
FROM base AS dependencies
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore \
    PIP_ONLY_BINARY=:all:
WORKDIR /build
RUN python -m venv --without-pip /opt/doska
COPY requirements.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --python /opt/doska/bin/python install --require-hashes -r requirements.lock

# --- The browser interface; Node comes from a wheel and stays here
FROM base AS interface
WORKDIR /build
COPY requirements-node.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    pip install --require-hashes --target /node -r requirements-node.lock
COPY ui ui
RUN --mount=type=cache,target=/root/.npm \
    DOSKA_NODE_FOLDER=/node python ui/build.py

# --- Doska's wheel, with the migrations and the interface in it
FROM dependencies AS wheel
COPY requirements-dev.lock ./
# What hatchling needs, out of the lock: pip takes hashes from a file of requirements only.
RUN --mount=type=cache,target=/root/.cache/pip \
    sed -nE '/^(hatchling|packaging|pathspec|pluggy|tomlkit|trove-classifiers)==/,/# via/p' \
        requirements-dev.lock > build.lock \
    && pip install --require-hashes -r build.lock
COPY pyproject.toml README.md LICENSE ./
COPY migrations migrations
COPY src src
COPY --from=interface /build/src/doska/pages src/doska/pages
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheel .

FROM dependencies AS environment
COPY --from=wheel /wheel /wheel
RUN pip --python /opt/doska/bin/python install --no-cache-dir --no-deps /wheel/*.whl

# --- The tests, of the wheel that the image ships
FROM dependencies AS test
WORKDIR /doska
COPY requirements-dev.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    pip --python /opt/doska/bin/python install --require-hashes -r requirements-dev.lock
COPY requirements-clients.lock ./
RUN --mount=type=cache,target=/root/.cache/pip \
    python -m venv --without-pip /clients \
    && pip --python /clients/bin/python install --require-hashes -r requirements-clients.lock
ENV DOSKA_CLIENTS_FOLDER=/clients
COPY --from=wheel /wheel /wheel
RUN pip --python /opt/doska/bin/python install --no-cache-dir --no-deps /wheel/*.whl
COPY --chown=doska:doska . .
ENV HYPOTHESIS_STORAGE_DIRECTORY=/tmp/hypothesis
USER 10001:10001
CMD ["python", "-m", "pytest", "-p", "no:cacheprovider", \
    "-n", "auto", "--maxprocesses", "4", "--dist", "worksteal"]

FROM base AS runtime
ENV DOSKA_HOST=0.0.0.0 \
    DOSKA_PORT=8000
COPY --from=environment /opt/doska /opt/doska
# Shows that the image works, and leaves the bytecode of what Doska uses of Python itself.
RUN PYTHONDONTWRITEBYTECODE='' doska openapi > /dev/null \
    && pip uninstall --yes --quiet --root-user-action=ignore pip
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Not urlopen: it would ask the proxy of the environment.
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=5 CMD ["python", "-c", "\
import http.client, os, sys; \
doska = http.client.HTTPConnection('127.0.0.1', int(os.environ['DOSKA_PORT']), timeout=4); \
doska.request('GET', '/health/ready'); \
sys.exit(doska.getresponse().status != 200)"]
CMD ["doska", "serve"]

# One image for web, workers, beat and the steps between two versions; docker-compose.yml says which command is which.
# Nothing secret comes near it, and the instance (jobcenter.toml) comes in as a mount.

FROM node:24-bookworm-slim AS npm
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.12-slim-bookworm AS packages
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /opt/venv \
 && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps --requirement requirements.lock

FROM python:3.12-slim-bookworm
# Pango sets the PDFs; it brings fontconfig and a fallback font. The house font comes from npm.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 jobcenter \
 && useradd --uid 10001 --gid jobcenter --no-create-home --home-dir /tmp --shell /usr/sbin/nologin jobcenter \
 && install -d -o jobcenter -g jobcenter -m 750 /var/lib/jobcenter /var/lib/jobcenter/media \
 && install -d -o jobcenter -g jobcenter -m 755 /srv/proxy /etc/jobcenter

ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    XDG_CACHE_HOME=/tmp/cache \
    STATIC_ROOT=/app/staticfiles \
    JOBCENTER_TOML=/etc/jobcenter/jobcenter.toml \
    JOBCENTER_VAR=/var/lib/jobcenter

WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY --from=npm /build/node_modules ./node_modules
COPY manage.py jobcenter.toml LICENSE ./
COPY deploy/granian.json ./deploy/granian.json
COPY static ./static
COPY templates ./templates
COPY kennzahlen ./kennzahlen
COPY massnahmen ./massnahmen
COPY beirat ./beirat
COPY jobcenter ./jobcenter
# Read with the demo's jobcenter.toml and a key that is worth nothing; needs neither database nor network.
RUN JOBCENTER_TOML=/app/jobcenter.toml SECRET_KEY=collectstatic JOBCENTER_VAR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
 && python -m compileall -q jobcenter kennzahlen massnahmen beirat \
 && rm -rf /tmp/build

# The web server's own lines look like those of the portal (docs/betrieb.md).
ENV GRANIAN_LOG_CONFIG=/app/deploy/granian.json

USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# For the web server; the services without one switch it off in docker-compose.yml.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/-/live', timeout=4)"]
CMD ["granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "2", "--host", "0.0.0.0", "--port", "8000", "jobcenter.wsgi:application"]

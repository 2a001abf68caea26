# One image for web, worker, beat and migrate; docker-compose.yml says which command each one runs.

FROM node:24-slim AS libraries
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM python:3.13-slim AS packages
RUN python -m venv /venv
COPY requirements-server.lock ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes -r requirements-server.lock

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/slipway slipway
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=itsm.settings
WORKDIR /app
COPY --from=packages /venv /venv
COPY --from=libraries /app/node_modules node_modules
COPY . .
# The key is for this one command: nothing that is built depends on it, and it is not kept.
RUN SECRET_KEY=only-to-collect-files python -m django collectstatic --noinput \
    && python -m compileall -q itsm cmdb knowledge changes transition
USER slipway
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-m", "itsm.local.probe", "live"]
CMD ["gunicorn", "--config", "python:itsm.serving", "--bind", "0.0.0.0:8000", "itsm.wsgi"]

# One image for the web server and the workers; docs/deploy/compose.yaml starts them.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data BIND=0.0.0.0
WORKDIR /app
RUN useradd --system --uid 10001 --home-dir /data --create-home cstar-desk
COPY requirements/production.txt requirements/
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements/production.txt
COPY . .
ENV PATH=/app/.venv/bin:$PATH
USER cstar-desk
VOLUME /data
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz')"]
CMD ["gunicorn", "--config", "config/gunicorn.py"]

# The portal for production; compose.yaml shows the parts together. docs/how-to/install.md explains each variable.
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PIP_NO_CACHE_DIR=1 HOST=0.0.0.0 PORT=8000 VAR_DIR=/var/lib/portal
WORKDIR /app
COPY requirements.txt .
RUN pip install --disable-pip-version-check -r requirements.txt \
    && useradd --system --create-home --home-dir /var/lib/portal portal
COPY . .
# Compiled here, since the process that serves may not write into the code.
RUN HOST=127.0.0.1 VAR_DIR=/tmp/build python manage.py compile_locale && rm -r /tmp/build
USER portal
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD python -c "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"
CMD ["sh", "-c", "python manage.py prepare && exec gunicorn soc_portal.wsgi"]

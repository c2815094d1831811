import json

import pytest
from django.db import OperationalError

from soc_portal import health


@pytest.fixture
def without_redis(settings):
    settings.REDIS_URL = ""


@pytest.mark.django_db
def test_a_healthy_portal_without_redis_says_so_to_anybody(client, without_redis):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "redis": "not used"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_redis_that_does_not_answer_is_a_503(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "down", "database": "ok", "redis": "down"}


def test_a_database_that_does_not_answer_is_a_503_without_its_reason(rf, monkeypatch, without_redis):
    def refuse():
        raise OperationalError('connection to "db.internal" failed: password=hunter2')

    monkeypatch.setattr(health.connection, "cursor", refuse)
    answer = health.healthz(rf.get("/healthz"))
    assert answer.status_code == 503
    assert json.loads(answer.content) == {"status": "down", "database": "down", "redis": "not used"}


@pytest.mark.django_db
def test_the_health_check_only_answers_reading(client):
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_every_answer_carries_the_strict_headers(client, without_redis):
    headers = client.get("/healthz").headers
    policy = set(headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    }
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in headers["Permissions-Policy"]

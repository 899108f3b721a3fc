"""The application starts, the ground answers."""

from __future__ import annotations

from flask.testing import FlaskClient


def test_health(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz").json
    assert ready["status"] == "ready"
    assert ready["schema"]


def test_openapi_is_complete(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").json
    assert document["openapi"].startswith("3.1")
    assert "/jobs/{job_id}" in document["paths"]


def test_the_api_can_be_read_as_a_page(client: FlaskClient) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "/jobs/{job_id}" in page.text

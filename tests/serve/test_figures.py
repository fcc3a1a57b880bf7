"""What a monitor reads: which part answered how, and how old the published data are."""

from __future__ import annotations

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from tests.serve.asking import ask_raw, get
from tests.serve.conftest import running
from tracker.serve.serving import Serving


def samples(address: str) -> dict[tuple[str, str, str], float]:
    """Values by name, part and status."""
    text = get(f"{address}/metrics").text
    found = (sample for family in text_string_to_metric_families(text) for sample in family.samples)
    return {(item.name, item.labels.get("part", ""), item.labels.get("status", "")): item.value for item in found}


def test_requests_are_counted_by_part_and_status_whatever_is_asked(site: Path) -> None:
    with running(Serving(site)) as address:
        for path in ("/", "/nothing", "/%ff/x", "/data/tracker.json?sql=select+1", "/api/v1/claims", "/api/v1/claims/no/such",
                     "/api/v1/nothing", "/api/nothing", "/api/v1", "/healthz"):  # fmt: skip
            get(f"{address}{path}")
        ask_raw(address, "/", host="evil.example")
        found = samples(address)
    requests = {key[1:]: value for key, value in found.items() if key[0] == "tracker_serve_requests_total"}
    assert requests["site", "200"] == 1 and requests["site", "404"] == 2 and requests["site", "400"] == 1
    assert requests["/data", "200"] == 1 and requests["/healthz", "200"] == 1
    assert requests["/api/v1/claims", "200"] == 1 and requests["/api/v1/claims/{id}", "404"] == 1
    assert all("nothing" not in part and "such" not in part for part, _ in requests)
    assert found["tracker_serve_request_seconds_count", "site", ""] == 4


def test_it_tells_how_old_the_data_are_and_nothing_of_versions(server: str) -> None:
    found = samples(server)
    assert found["tracker_serve_build_age_seconds", "", ""] >= 0
    assert found["tracker_serve_claims", "", ""] > 0
    assert found["tracker_serve_newer_unreadable", "", ""] == 0
    assert "tracker_serve_data_timestamp_seconds" in {name for name, _, _ in found}
    assert "python_info" not in get(f"{server}/metrics").text

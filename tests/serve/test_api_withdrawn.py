"""What people hid is told by its id and nothing else, so that who keeps a copy can drop it."""

from __future__ import annotations

import pytest

from tests.serve.apiclient import ApiClient, problem_of


def hidden(api: ApiClient, **params: str) -> list[str]:
    return [row["id"] for row in api.rows("/withdrawn", **params)]


def test_what_was_hidden_last_comes_first_and_not_a_word_of_it(api: ApiClient) -> None:
    answer = api.ask("/withdrawn")
    assert "words that were hidden" not in answer.text and "read wrongly" not in answer.text
    rows = answer.json()["data"]
    assert [row["id"] for row in rows] == ["hidden-event", "c-hidden-1", "c-hidden-2"]
    assert rows[0] == {
        "kind": "event",
        "id": "hidden-event",
        "at": "2026-03-09T12:00:00Z",
        "edit_id": "2026-03-hide-hidden-event",
        "self": "/api/v1/withdrawn/hidden-event",
    }


def test_who_keeps_a_copy_goes_on_where_it_stopped(api: ApiClient) -> None:
    since = {"updated_since": "2026-03-08T23:59:00Z"}
    assert hidden(api, **since) == ["c-hidden-2", "c-hidden-1", "hidden-event"]  # the oldest news first
    assert [row["id"] for row in api.walk("/withdrawn", limit=1, **since)] == hidden(api, **since)
    assert hidden(api, updated_since="2026-03-09T12:00:01Z") == []


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"kind": "event"}, {"hidden-event"}),
        ({"kind": "claim,event", "to": "2026-03-08"}, {"c-hidden-2"}),
        ({"to": "2026-03-09", "from": "2026-03-09"}, {"hidden-event", "c-hidden-1"}),
        ({"to": "2026-03-07"}, set()),
    ],
)
def test_filters_leave_what_they_say(api: ApiClient, params: dict[str, str], found: set[str]) -> None:
    assert set(hidden(api, **params)) == found


def test_a_wrong_question_is_told_as_elsewhere(api: ApiClient) -> None:
    assert "did you mean event" in problem_of(api.ask("/withdrawn?kind=events"), 400, "bad-parameters")["detail"]
    problem_of(api.ask("/withdrawn?as_of=2026-03-09"), 400, "bad-parameters")
    told = problem_of(api.ask("/withdrawn/c-hidden-3"), 404, "not-found")
    assert 'there is no withdrawal "c-hidden-3"; did you mean c-hidden-' in told["detail"]


def test_an_id_that_was_hidden_is_not_told_as_one_that_never_was(api: ApiClient) -> None:
    gone = problem_of(api.ask("/claims/c-hidden-1"), 404, "not-found")["detail"]
    assert gone == 'the claim "c-hidden-1" is not published any more: people decided so at 2026-03-09T12:00:00Z'
    assert "2026-03-09T12:00:00Z" in problem_of(api.ask("/events/hidden-event"), 404, "not-found")["detail"]
    assert "there is no claim" in problem_of(api.ask("/claims/hidden-event"), 404, "not-found")["detail"]
    assert "there is no document" in problem_of(api.ask("/documents/c-hidden-1"), 404, "not-found")["detail"]

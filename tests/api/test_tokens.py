"""Tokens carry a whole clearance, for five minutes, and nothing else."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer

from api import tokens
from api.tokens import MAX_AGE_S, make_token, read_token
from domain.errors import NotPermittedError
from domain.roles import Clearance, Role, Share, Tier

SECRET = b"s" * 32
FULL = Clearance(
    role=Role.FIELD_WORKER, organisation_id="a", is_town_hall=True, partner_of=frozenset({"b", "c"}),
    shares=(Share(owner_organisation_id="d", tier=Tier.CELL_9, purpose="účel", until=datetime(2027, 1, 1, tzinfo=UTC)),),
)  # fmt: skip


def refused(token, secret=SECRET):
    with pytest.raises(NotPermittedError) as caught:
        read_token(token, secret=secret)
    return caught.value.code


@given(
    st.builds(
        Clearance, role=st.sampled_from(list(Role)), organisation_id=st.none() | st.text(max_size=20), is_town_hall=st.booleans(),
        partner_of=st.frozensets(st.text(max_size=8), max_size=3),
        shares=st.lists(
            st.builds(
                Share, owner_organisation_id=st.text(max_size=8), tier=st.sampled_from(list(Tier)), purpose=st.text(max_size=20),
                until=st.datetimes(timezones=st.just(UTC)),
            ),
            max_size=3,
        ).map(tuple),
    )
)  # fmt: skip
def test_a_clearance_comes_back_whole(clearance):
    assert read_token(make_token(clearance, secret=SECRET), secret=SECRET) == clearance


def test_it_runs_out_after_five_minutes(monkeypatch):
    token = make_token(FULL, secret=SECRET)
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + MAX_AGE_S - 5)
    assert read_token(token, secret=SECRET) == FULL
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + MAX_AGE_S + 5)
    assert refused(token) == "token_expired"
    assert MAX_AGE_S == 300


def test_another_secret_or_any_other_letter_is_refused():
    token = make_token(FULL, secret=SECRET)
    assert refused(token, b"t" * 32) == "token_invalid"
    for place in range(0, len(token) - 1, 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert refused(changed) in {"token_invalid", "token_expired"}
    for broken in ("", ".", "a.b.c", token[:-4], token + "x", token.split(".", 1)[1]):
        assert refused(broken) == "token_invalid"


@pytest.mark.parametrize(
    "payload",
    [
        {}, [], None, "admin", {"r": "admin"}, {"r": "root", "o": None, "t": False, "p": [], "s": []},
        {"r": "viewer", "o": None, "t": False, "p": [], "s": [["a", 9, "x", "2027-01-01"]]},
        {"r": "viewer", "o": None, "t": False, "p": [], "s": [["a", 1, "x", "tomorrow"]]},
    ],
)  # fmt: skip
def test_a_well_signed_payload_of_another_form_is_refused(payload):
    token = URLSafeTimedSerializer(SECRET, salt=tokens._SALT).dumps(payload)
    assert refused(token) == "token_invalid"


def test_a_token_made_for_something_else_is_refused():
    payload = {"r": "admin", "o": None, "t": False, "p": [], "s": []}
    assert refused(URLSafeTimedSerializer(SECRET, salt="other").dumps(payload)) == "token_invalid"

"""The server without a browser: what it answers, what it refuses, and that callers do not meet each other."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient

from dollarflow.cli import call
from dollarflow.lab.guard import loopback
from dollarflow.lab.server import address_of, listen, make_app
from dollarflow.lab.settings import Setting

UPDATE = "/_dash-update-component"


@pytest.fixture(scope="module")
def app() -> Dash:
    return make_app()


@pytest.fixture
def client(app: Dash) -> FlaskClient:
    found: FlaskClient = app.server.test_client()
    return found


def body_for(app: Dash, component: str, values: dict[str, Any], changed: str) -> dict[str, Any]:
    """The call of the callback that gives a component, as a browser would send it."""
    output = next(key for key in app.callback_map if component in key and "running" not in key)
    entry = app.callback_map[output]

    def fill(items: list[dict[str, str]]) -> list[dict[str, Any]]:
        return [{**item, "value": values.get(f"{item['id']}.{item['property']}")} for item in items]

    spelled = [text.rpartition(".") for text in output.strip(".").split("...")]
    return {
        "output": output,
        "outputs": [{"id": name, "property": what} for name, _, what in spelled],
        "inputs": fill(entry["inputs"]),
        "state": fill(entry["state"]),
        "changedPropIds": [changed],
    }


def asked(app: Dash, setting: dict[str, Any]) -> dict[str, Any]:
    return body_for(app, "corridor.figure", {"setting.data": setting, "view.value": "run"}, "setting.data")


def test_an_answer_has_figures_table_and_verdict(app: Dash, client: FlaskClient) -> None:
    setting = Setting(periods=12, first=2, knobs={"deficit": 1.0})
    found = client.post(UPDATE, json=asked(app, setting.plain())).get_json()["response"]
    assert {"corridor", "facility", "spreads", "cash", "yields", "money", "flows", "headline"} <= set(found)
    assert found["verdict"]["children"].startswith("Audit passed")
    assert "Deficit, change: 1 % of GDP" in found["words"]["children"]
    assert not found["message"]["children"]
    assert all(len(trace["x"]) == 13 for trace in found["corridor"]["figure"]["data"])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"knobs": {"srf": -50}}, "IORB above the SRF rate"),
        ({"knobs": {"deficit": 1e308}}, "out of range"),
        ({"periods": -5}, "out of range"),
        ({"periods": "many"}, "not a whole number"),
        ({"carried": "title = 1"}, "title"),
        ({"carried": "title = 'x'\n[[shock]]\nvariable = 'coupon_surprise'\nset = 1e15"}, "no solution"),
    ],
)
def test_what_cannot_be_solved_is_a_message_on_the_page(app: Dash, client: FlaskClient, change: dict[str, Any], told: str) -> None:
    answer = client.post(UPDATE, json=asked(app, {**Setting(periods=12, first=2).plain(), **change}))
    assert answer.status_code == 200
    found = answer.get_json()["response"]
    assert told in found["message"]["children"]
    assert "corridor" not in found
    assert "Traceback" not in answer.get_data(as_text=True)


def test_a_message_is_only_text(app: Dash, client: FlaskClient) -> None:
    found = client.post(UPDATE, json=asked(app, {**Setting().plain(), "clock": "<img src=x onerror=alert(1)>"})).get_json()["response"]
    assert isinstance(found["message"]["children"], str)


@pytest.mark.parametrize("page", ["/", "/_dash-layout", "/_dash-dependencies", "/assets/lab.js", "/assets/lab.css"])
def test_pages_carry_the_headers_that_keep_other_hosts_out(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    answer.close()
    assert answer.status_code == 200
    rule = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in rule
    assert "unsafe-eval" not in rule
    assert "http" not in rule
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_asks_nothing_of_another_host(client: FlaskClient) -> None:
    text = client.get("/").get_data(as_text=True)
    assert 'src="http' not in text
    assert 'href="http' not in text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8050", "192.0.2.7", "localhost.evil.example", "[", ""])
def test_other_names_are_refused(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:9", "[::1]:8050"])
def test_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:9999", "https://"])
def test_other_sites_pages_are_refused(app: Dash, client: FlaskClient, origin: str) -> None:
    answer = client.post(UPDATE, json=asked(app, Setting().plain()), headers={"Origin": origin})
    assert answer.status_code == 403


def test_its_own_page_is_answered(app: Dash, client: FlaskClient) -> None:
    body = asked(app, Setting(periods=12, first=2).plain())
    assert client.post(UPDATE, json=body, headers={"Origin": "http://localhost"}).status_code == 200


def broken(app: Dash) -> list[Any]:
    """Calls that no browser with this page sends."""
    whole = asked(app, Setting().plain())
    return [
        None,
        [],
        5,
        {},
        {"output": "nothing.children"},
        {"output": ["a"]},
        {**whole, "inputs": None},
        {**whole, "inputs": []},
        {**whole, "inputs": [1, 2, 3]},
        {**whole, "inputs": whole["inputs"][:1]},
        {**whole, "inputs": [{**item, "id": "other"} for item in whole["inputs"]]},
        {**whole, "outputs": None},
        {**whole, "outputs": "corridor"},
        {**whole, "outputs": [{}]},
        {**whole, "state": {"a": 1}},
        {**whole, "changedPropIds": 7},
        {**whole, "changedPropIds": [None]},
        {**whole, "changedPropIds": ["nodot"]},
    ]


def test_malformed_calls_are_refused_without_a_trace(app: Dash, client: FlaskClient) -> None:
    for body in broken(app):
        answer = client.post(UPDATE, data=json.dumps(body), content_type="application/json")
        text = answer.get_data(as_text=True)
        assert 400 <= answer.status_code < 500, body
        assert "Traceback" not in text
        assert "File " not in text


@pytest.mark.parametrize("raw", ["", "{", "\x00", '{"output": NaN', "[" * 5000])
def test_what_is_no_json_is_refused(client: FlaskClient, raw: str) -> None:
    assert client.post(UPDATE, data=raw, content_type="application/json").status_code == 400


def test_forms_other_paths_and_giants_are_refused(client: FlaskClient) -> None:
    assert client.post(UPDATE, data={"a": "b"}).status_code == 415
    assert client.post("/", json={}).status_code == 405
    assert client.get("/../../etc/passwd").status_code in (200, 404)
    assert client.post(UPDATE, data=b" " * 2_000_000, content_type="application/json").status_code == 413
    assert client.get("/assets/../server.py").status_code == 404


def test_strange_states_never_reach_the_client_as_a_trace(app: Dash, client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    strange: list[Any] = [None, 5, "x", [], {"a": 1}, {**Setting().plain(), "knobs": {"deficit": [1]}}]
    for value in strange:
        for changed in ("setting.data", "pinned.data", "view.value"):
            body = body_for(app, "corridor.figure", {"setting.data": Setting(periods=4, first=1).plain(), changed: value}, changed)
            answer = client.post(UPDATE, json=body)
            assert answer.status_code in (200, 204)
            assert "Traceback" not in answer.get_data(as_text=True)
        body = body_for(app, "frame.data", {"start.value": value, "frame.data": value, "loaded.data": value}, "loaded.data")
        answer = client.post(UPDATE, json=body)
        assert answer.status_code in (200, 204)
        assert "Traceback" not in answer.get_data(as_text=True)


def test_callers_at_the_same_time_get_their_own_answers(app: Dash) -> None:
    def turn(value: int) -> str:
        setting = Setting(periods=12, first=2, knobs={"qt": float(value)})
        found = app.server.test_client().post(UPDATE, json=asked(app, setting.plain())).get_json()["response"]
        return str(found["words"]["children"])

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(turn, range(21, 33)))
    assert all(f"(QT): {value} bn/month" in words for value, words in enumerate(told, 21))


def test_only_the_loopback_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import dollarflow.lab.server as server

    class Ended:
        port = 1

        def serve_forever(self) -> None:
            return None

        def server_close(self) -> None:
            return None

    monkeypatch.setattr(server, "make_server", lambda host, port: Ended())
    assert call(["lab", "--port", "0"]) == 0
    assert "warning" not in capsys.readouterr().err
    assert call(["lab", "--port", "0", "--host", "0.0.0.0"]) == 0
    assert "warning: on 0.0.0.0 anybody" in capsys.readouterr().err


def test_a_taken_port_and_a_wrong_address_are_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert call(["lab", "--port", str(taken.getsockname()[1])]) == 2
    assert "choose another with --port" in capsys.readouterr().err
    assert call(["lab", "--host", "no such host", "--port", "0"]) == 2
    assert call(["lab", "--port", "70000"]) == 2


@pytest.mark.parametrize(
    ("host", "alone"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("example.org", False)]
)
def test_which_addresses_are_loopback(host: str, alone: bool) -> None:
    assert loopback(host) is alone


def test_addresses_are_written_as_browsers_take_them() -> None:
    assert address_of("::1", 80) == "http://[::1]:80/"
    with listen("127.0.0.1", 0) as opened:
        assert address_of("127.0.0.1", opened.getsockname()[1]).startswith("http://127.0.0.1:")


@pytest.mark.slow
def test_the_command_serves_until_it_is_interrupted() -> None:
    words = [sys.executable, "-m", "dollarflow", "lab", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        told = process.stdout.readline()
        address = re.findall(r"http://127\.0\.0\.1:\d+/", told)[0]
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert b"Dollar system lab" in answer.read()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert process.stderr.read() == ""

"""The examples of deploy/: they parse, name what there is, and agree with one another and with the app."""

import configparser
import re
from pathlib import Path

import yaml

from api.configuration import Configuration
from api.routes import all_routes

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
VARIABLES = {"DATA_DIR", "DATABASE_URL", "BILA_MISTA_MODE", "BILA_MISTA_URL", "BILA_MISTA_HOSTS", "BILA_MISTA_SERVER"}


def test_the_compose_file_holds_together():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    assert {key for key in compose if not key.startswith("x-")} == {"services", "volumes", "configs"}
    services = compose["services"]
    for name, service in services.items():
        assert ("image" in service) != ("build" in service), name
        assert set(service.get("depends_on", ())) <= set(services)
        for volume in service.get("volumes", ()):
            assert volume.split(":")[0] in compose["volumes"]
        for config in service.get("configs", ()):
            assert (DEPLOY / compose["configs"][config["source"]]["file"]).is_file()
    # All processes have one folder, one database and nothing of their own.
    assert services["app1"] == services["app2"]
    assert (DEPLOY / services["app1"]["build"]["context"] / services["app1"]["build"]["dockerfile"]).is_file()
    assert set(services["app1"]["environment"]) <= VARIABLES
    # Nothing but the proxy can be reached from outside, and no password stands in the file.
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert re.findall(r"postgresql://\w+:([^@]*)@", services["app1"]["environment"]["DATABASE_URL"]) == [
        "${POSTGRES_PASSWORD:?}"
    ]


def test_the_unit_starts_what_there_is():
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(DEPLOY / "bila-mista@.service", encoding="utf-8")
    service = unit["Service"]
    program, *arguments = service["ExecStart"].split()
    assert program.endswith(".venv/bin/python")
    assert arguments[:4] == ["-m", "streamlit", "run", "app.py"]
    assert arguments[arguments.index("--server.address") + 1] == "127.0.0.1"
    assert arguments[arguments.index("--server.port") + 1] == "%i"
    assert service["UMask"] == "0077"
    # Without it Streamlit's threads keep memory that is never given back; the image sets it too.
    assert service["Environment"] == "MALLOC_ARENA_MAX=1"
    assert "ENV MALLOC_ARENA_MAX=1 DATA_DIR=" in (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    assert service["ReadWritePaths"] == "/var/lib/bila-mista"


def test_the_proxies_keep_a_browser_with_its_process():
    for name in ("Caddyfile", "Caddyfile.compose"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        assert text.count("{") == text.count("}")
        assert "lb_policy cookie" in text
        assert "health_uri /api/v1/health" in text
    assert "/api/v1/health" in {getattr(route, "path", "") for route in all_routes()}


def test_every_variable_of_the_page_is_one_that_the_app_or_the_unit_reads(monkeypatch):
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    sources = "".join(
        path.read_text(encoding="utf-8")
        for path in [ROOT / "api" / "configuration.py", ROOT / "api" / "backup_secret.py", *DEPLOY.glob("*")]
    )
    named = set(re.findall(r"\b(?:BILA_MISTA_[A-Z_]+|DATABASE_URL|DATA_DIR)\b", page))
    assert named >= VARIABLES
    assert {name for name in named if name not in sources} == set()
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@h/d")
    assert Configuration.from_environment().database_url == "postgresql://u:p@h/d"

"""A small server for the map's front end alone: our files, Leaflet, and answers made here.

Boundaries and figures are the real ones of data/; points are made for the test and say so. Run it by hand with
`python -m tests.browser.map_harness.server` and open the printed address while working on web/map.
"""

import contextlib
import csv
import io
import json
import threading
import time
from pathlib import Path

import uvicorn
from fluent.syntax import FluentParser
from fluent.syntax.serializer import serialize_pattern
from PIL import Image
from starlette.applications import Starlette
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from xstatic.pkg import leaflet

from tests.tools.server import free_port

PROJECT = Path(__file__).parents[3]
HERE = Path(__file__).parent
HOSTILE = '<img src=x onerror="window.hacked=1">${window.hacked=2}`"\'</script><script>window.hacked=3</script>'
TITLES = {"boundaries": "Hranice", "concentration": "Koncentrace", "places": "Místa", "services": "Služby"}
SHARES = [
    (10, "0-10", "do 10 %", "#fde0c5"),
    (20, "10-20", "10 až 20 %", "#f59e72"),
    (30, "20-30", "20 až 30 %", "#c8553d"),
    (101, "30+", "30 % a více", "#7a1f2b"),
]
KINDS = [
    ("hostel", "Ubytovna", "#1b6ca8", "square"),
    ("market", "Tržnice", "#b8500f", "triangle"),
    ("meeting", "Místo setkávání", "#6a3d9a", "star"),
    ("other", "Jiné", "#555555", "ring"),
]


def style(**values):
    return {
        "stroke": "#4a4a4a",
        "stroke_width": 1,
        "dash": "",
        "fill": "#888888",
        "fill_opacity": 0.0,
        "radius": 6,
        "label_column": "",
        "min_zoom": 0,
        **values,
    }


def layer(identifier, title, group, geometry, fields, **values):
    source = {"publisher": "IPR Praha", "title": title}
    return {
        "id": identifier,
        "title": title,
        "titles": {"cs": title, "en": title, "uk": title},
        "description": f"Vrstva {title}",
        "group": group,
        "geometry": geometry,
        "role": "viewer",
        "source": "IPR Praha",
        "sources": [source],
        "order": 0,
        "shown_by_default": False,
        "clustered": False,
        "geometry_from": None,
        "depends_on_view": False,
        "options": [],
        "fields": fields,
        "legend": [],
        "style": style(),
        **values,
    }


def field(column, label, formatter="text", **values):
    return {
        "column": column,
        "label": label,
        "formatter": formatter,
        "terms": {},
        "tooltip": False,
        "digits": 1,
        **values,
    }


def choices(**labels):
    return [{"value": value, "label": label} for value, label in labels.items()]


def legend(rows):
    return [
        {"value": value, "label": label, "colour": colour, "shape": shape, "hatched": hatched}
        for value, label, colour, shape, hatched in rows
    ]


SHARE_LEGEND = legend([(value, label, colour, "circle", value == "30+") for _limit, value, label, colour in SHARES])
KIND_LEGEND = legend([(*row, False) for row in KINDS])
KIND_FIELD = field("kind", "Druh", "term", terms={row[0]: row[1] for row in KINDS}, tooltip=True)


def option(identifier, label, default, several, found):
    return {"id": identifier, "label": label, "default": default, "multiple": several, "choices": found}


def declared_areas():
    return [
        layer(
            "city_parts",
            "Městské části",
            "boundaries",
            "polygon",
            [field("name", "Městská část", tooltip=True), field("district", "Správní obvod", "integer")],
            shown_by_default=True,
            style=style(stroke="#6b6b6b", fill_opacity=0.02),
        ),
        layer(
            "cadastral_areas",
            "Katastrální území",
            "boundaries",
            "polygon",
            [field("name", "Katastrální území", tooltip=True)],
            style=style(stroke="#9a9a9a", dash="4 3"),
        ),
        layer(
            "concentration",
            "Podíl cizinců",
            "concentration",
            "polygon",
            [
                field("name", "Městská část"),
                field("foreigners", "Cizinci", "integer", tooltip=True),
                field("share", "Podíl", "percent", tooltip=True),
                field("as_of", "Ke dni", "date"),
            ],
            geometry_from="city_parts",
            shown_by_default=True,
            legend=SHARE_LEGEND,
            style=style(stroke="#ffffff", fill="#e4e4e4", fill_opacity=0.75),
            options=[
                option("measure", "Ukazatel", "share", False, choices(share="Podíl cizinců", count="Počet cizinců"))
            ],
        ),
    ]


def declared_points():
    return [
        layer(
            "services",
            "Služby",
            "services",
            "point",
            [
                field("name", "Název", tooltip=True),
                KIND_FIELD,
                field("web", "Web", "link"),
                field("as_of", "Stav k", "month"),
            ],
            clustered=True,
            shown_by_default=True,
            legend=KIND_LEGEND,
            style=style(radius=7),
            options=[option("kind", "Druh", "", True, choices(**{row[0]: row[1] for row in KINDS}))],
        ),
        layer(
            "places",
            "Zaznamenaná místa",
            "places",
            "point",
            [field("name", "Název", tooltip=True), KIND_FIELD],
            role="participant",
            depends_on_view=True,
            clustered=True,
            geopackage=True,
            legend=KIND_LEGEND,
        ),
        layer(
            "labels",
            "Názvy",
            "boundaries",
            "label",
            [field("name", "Název")],
            shown_by_default=True,
            style=style(fill="#3a3a3a", label_column="name", min_zoom=10),
        ),
    ]


def declared_layers():
    return [*declared_areas(), *declared_points()]


class Harness:
    """Answers the map's requests and remembers them; tests change its fields."""

    def __init__(self):
        self.reset()
        boundaries = PROJECT / "data" / "boundaries"
        self.city_parts = json.loads((boundaries / "city_parts.geojson").read_text(encoding="utf-8"))["features"]
        self.cadastral = json.loads((boundaries / "cadastral_areas.geojson").read_text(encoding="utf-8"))["features"]
        with (PROJECT / "data" / "figures" / "foreigners_2019.csv").open(encoding="utf-8") as file:
            self.figures = {row["code"]: row for row in csv.DictReader(file)}

    def reset(self):
        self.requests = []
        self.name = "Tržnice u nádraží"
        self.places = [{"id": "p1", "lon": 14.47, "lat": 50.09, "name": "První místo"}]
        self.valid_tokens = {"t1", "t2"}
        self.broken = set()
        self.tiles = None
        self.streets = "none"
        self.file_waits = threading.Event()
        self.file_waits.set()

    def app(self):
        return Starlette(
            routes=[
                Route("/", self.page),
                Route("/api/v1/start", self.start),
                Route("/api/v1/layers/{id}", self.layer),
                Route("/api/v1/tiles/{z}/{x}/{y}", self.tile),
                Route("/api/v1/streets", self.street_lines),
                Route("/api/v1/search", self.search),
                Route("/api/v1/exports/{name}", self.export),
                Mount("/assets/app", StaticFiles(directory=PROJECT / "web")),
                Mount("/assets/leaflet", StaticFiles(directory=leaflet.BASE_DIR)),
            ]
        )

    def page(self, request):
        return FileResponse(HERE / "index.html")

    def note(self, request):
        self.requests.append((request.url.path, dict(request.query_params), request.headers.get("authorization")))

    def start(self, request):
        """The first answer, without features: tests see each layer asked for."""
        self.note(request)
        lang = request.query_params["lang"]
        groups = [{"id": key, "title": title} for key, title in TITLES.items()]
        return JSONResponse(
            {
                f"/api/v1/layers?lang={lang}": {"groups": groups, "layers": declared_layers()},
                f"/api/v1/base?lang={lang}": {"tiles": self.tiles, "streets": self.streets},
                f"/api/v1/strings?lang={lang}": self.strings(lang),
            }
        )

    def strings(self, lang):
        path = PROJECT / "ui" / "locales" / lang / "javascript.ftl"
        resource = FluentParser().parse(path.read_text(encoding="utf-8"))
        return {
            entry.id.name: serialize_pattern(entry.value).strip() for entry in resource.body if hasattr(entry, "id")
        }

    def layer(self, request):
        self.note(request)
        identifier = request.path_params["id"]
        token = (request.headers.get("authorization") or "").removeprefix("Bearer ")
        if identifier in self.broken:
            return JSONResponse({"error": {"code": "store_down", "message": ""}}, status_code=500)
        if identifier == "places" and token not in self.valid_tokens:
            return JSONResponse({"error": {"code": "token_expired", "message": "Platnost vypršela."}}, status_code=401)
        maker = {
            "city_parts": self.parts,
            "cadastral_areas": self.areas,
            "concentration": self.concentration,
            "services": self.services,
            "places": self.recorded,
            "labels": self.labels,
        }[identifier]
        members = maker(request.query_params)
        body = {
            "type": "FeatureCollection",
            "legend": None,
            "note": f"Poznámka k vrstvě {identifier}.",
            "source": None,
            "fields": None,
            **members,
        }
        private = identifier == "places"
        return JSONResponse(
            {**body, "count": len(body["features"])},
            headers={"Cache-Control": "private, no-store" if private else "no-cache"},
        )

    def parts(self, _params):
        return {
            "features": [
                feature(
                    f["properties"]["code"],
                    {"name": f["properties"]["name"], "district": f["properties"]["admin_district"]},
                    f["geometry"],
                )
                for f in self.city_parts
            ]
        }

    def areas(self, _params):
        return {
            "features": [
                feature(f["properties"]["code"], {"name": f["properties"]["name"]}, f["geometry"])
                for f in self.cadastral
            ]
        }

    def concentration(self, params):
        features = []
        for part in self.city_parts:
            row = self.figures[part["properties"]["code"]]
            foreigners, population = int(row["foreigners"]), int(row["population"])
            share = 100 * foreigners / population
            value = share if params.get("measure", "share") == "share" else foreigners / 400
            cls = next(name for limit, name, _label, _colour in SHARES if value < limit)
            features.append(
                feature(
                    part["properties"]["code"],
                    {
                        "name": part["properties"]["name"],
                        "foreigners": foreigners,
                        "share": share,
                        "as_of": "2019-12-31",
                        "class": cls,
                    },
                    None,
                )
            )
        return {
            "features": features,
            "legend": SHARE_LEGEND,
            "note": "Cizinci na 100 obyvatel, 31. 12. 2019, IPR Praha (ČSÚ).",
        }

    def services(self, params):
        wanted = [v for v in params.get("kind", "").split(",") if v]
        features = []
        for index in range(60):
            kind = KINDS[index % 4][0]
            name = self.name if index == 0 else f"Zkušební bod {index}"
            # A fixed pattern over the city; the last ones have no position.
            place = (
                {"type": "Point", "coordinates": [14.30 + (index * 37 % 60) / 150, 49.99 + (index * 17 % 60) / 375]}
                if index < 57
                else None
            )
            features.append(
                feature(
                    f"s{index}",
                    {
                        "name": name,
                        "kind": kind,
                        "class": kind,
                        "web": "https://example.org/x" if index else "javascript:alert(1)",
                        "as_of": "2024-02",
                    },
                    place,
                )
            )
        return {"features": [f for f in features if not wanted or f["properties"]["kind"] in wanted]}

    def recorded(self, params):
        features = [
            feature(
                p["id"],
                {"name": p["name"], "kind": "hostel", "class": "hostel", **p.get("props", {})},
                {"type": "Point", "coordinates": [p["lon"], p["lat"]]},
            )
            for p in self.places
        ]
        if float(params.get("zoom", 0)) < 13:
            features.append(
                feature(
                    "cell",
                    {"cluster": 12, "bbox": [14.35, 50.04, 14.37, 50.06]},
                    {"type": "Point", "coordinates": [14.36, 50.05]},
                )
            )
        return {"features": features}

    def labels(self, _params):
        features = []
        for part in self.city_parts:
            outer = part["geometry"]["coordinates"][0]
            ring = outer if part["geometry"]["type"] == "Polygon" else outer[0]
            lon, lat = (sum(p[i] for p in ring) / len(ring) for i in (0, 1))
            name = part["properties"]["name"].removeprefix("Praha-")
            features.append(
                feature(
                    part["properties"]["code"],
                    {"name": name, "min_zoom": 10 if name.startswith("Praha") else 12},
                    {"type": "Point", "coordinates": [lon, lat]},
                )
            )
        return {"features": features}

    def search(self, request):
        self.note(request)
        query = request.query_params["q"].lower()
        found = [
            {
                "kind": "city_part",
                "label": f["properties"]["name"],
                "detail": "městská část",
                "lon": 14.45,
                "lat": 50.07,
                "bbox": bbox(f["geometry"]),
                "layer": "city_parts",
                "id": f["properties"]["code"],
            }
            for f in self.city_parts
            if query in f["properties"]["name"].lower()
        ]
        return JSONResponse({"results": found[:20]})

    def street_lines(self, request):
        self.note(request)
        line = {"type": "LineString", "coordinates": [[14.418, 50.083], [14.426, 50.0845], [14.434, 50.083]]}
        return JSONResponse(
            {"type": "FeatureCollection", "features": [feature("u1", {"name": "Zkušební ulice"}, line)]}
        )

    def tile(self, request):
        self.note(request)
        grey = io.BytesIO()
        Image.new("RGB", (256, 256), "#cccccc").save(grey, "PNG")
        return Response(grey.getvalue(), media_type="image/png")

    def export(self, request):
        self.note(request)
        name = request.path_params["name"]
        if name in self.broken:
            return JSONResponse(
                {"error": {"code": "export_busy", "message": "Právě vzniká jiný soubor."}}, status_code=503
            )
        if name.endswith(".gpkg"):
            self.file_waits.wait(10)
        return Response(b"obsah" * 500_000, media_type="application/octet-stream")


def feature(identifier, properties, geometry):
    return {"type": "Feature", "id": identifier, "properties": properties, "geometry": geometry}


def bbox(geometry):
    rings = (
        geometry["coordinates"]
        if geometry["type"] == "Polygon"
        else [ring for part in geometry["coordinates"] for ring in part]
    )
    points = [point for ring in rings for point in ring]
    return [min(p[0] for p in points), min(p[1] for p in points), max(p[0] for p in points), max(p[1] for p in points)]


@contextlib.contextmanager
def running_harness():
    """Yield (address, harness) of a server in a thread."""
    harness = Harness()
    port = free_port()
    server = uvicorn.Server(
        uvicorn.Config(
            harness.app(), host="127.0.0.1", port=port, log_level="warning", ws="none", timeout_graceful_shutdown=1
        )
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}", harness
    finally:
        server.should_exit = True
        thread.join(10)


if __name__ == "__main__":
    with running_harness() as (address, _harness):
        print(address)
        threading.Event().wait()

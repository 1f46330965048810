"""Opens pages of the app without a browser and collects every text that a person would read."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).parents[2] / "ui" / "main.py"
TIMEOUT_S = 60
ATTRIBUTES = ("label", "value", "body", "help", "placeholder")
PAGES = (
    "mapa", "zaznamenat", "bila_mista", "mestske_casti", "prijem", "historie", "moje_zaznamy", "protokol", "pridat_data",
    "data_a_zdroje", "nastaveni",
)  # fmt: skip
"""Pages of local mode; Správa is there in shared mode alone, see `test_admin_page`."""


def open_page(page="mapa", lang="cs", **query):
    app = AppTest.from_file(str(MAIN), default_timeout=TIMEOUT_S)
    app.query_params["lang"] = lang
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    if page != "mapa":
        app.switch_page(f"../pages/{page}.py").run()
    assert not app.exception, [element.value for element in app.exception]
    if page == "zaznamenat" and "panel" in app.session_state:
        # AppTest cannot unfold an expander; this is what unfolding leaves behind.
        app.session_state[f"n{app.session_state['panel'].draft_id[-8:]}_unfolded"] = True
        app.run()
    return app


def run(app):
    app.run()
    assert not app.exception, [element.value for element in app.exception]
    return app


def press(app, label):
    by_label(app.button, label).click()
    return run(app)


def by_label(elements, label):
    found = [element for element in elements if element.label == label]
    assert len(found) == 1, (label, [element.label for element in elements])
    return found[0]


def shown(app):
    """Return every text of the page, each once, in order; what Markdown escapes is written plainly."""
    texts = {}

    def add(value):
        if isinstance(value, str) and value.strip():
            texts[value.replace("\\", "")] = None

    def walk(block):
        for child in block.children.values():
            for attribute in ATTRIBUTES:
                add(getattr(child, attribute, None))
            for option in getattr(child, "options", None) or ():
                add(option)
            if hasattr(child, "children"):
                walk(child)
            elif child.type in {"arrow_data_frame", "dataframe"}:
                for column in child.value.columns:
                    add(column)

    walk(app.main)
    return list(texts)


def page_text(app):
    return "\n".join(shown(app))

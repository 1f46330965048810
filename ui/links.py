"""The pages of the app and links between them."""

from collections.abc import Callable, Mapping
from pathlib import Path

import streamlit as st

from domain.roles import Permission
from ui.localisation import Messages

PAGES = Path(__file__).parents[1] / "pages"
# Addresses stay Czech in every language, so that a link works for everybody.
PAGE_TITLES = {
    "mapa": "page-map",
    "zaznamenat": "page-record",
    "bila-mista": "page-board",
    "mestske-casti": "page-city-parts",
    "prijem": "page-inbox",
    "historie": "page-history",
    "moje-zaznamy": "page-trail",
    "protokol": "page-audit",
    "pridat-data": "page-import",
    "data-a-zdroje": "page-sources",
    "nastaveni": "page-settings",
    "sprava": "page-admin",
}
# Who sees a page: whoever has one of these. A page that is not named here is nobody's.
PAGE_NEEDS: Mapping[str, frozenset[Permission]] = {
    "mapa": frozenset({Permission.SEE_PUBLIC_LAYERS}),
    "zaznamenat": frozenset({Permission.RECORD_PLACE}),
    "bila-mista": frozenset({Permission.PLAN_OUTINGS}),
    "mestske-casti": frozenset({Permission.SEE_PUBLIC_LAYERS}),
    "prijem": frozenset({Permission.SEE_INBOX}),
    "historie": frozenset({Permission.SEE_HISTORY}),
    "moje-zaznamy": frozenset({Permission.SEE_OWN_TRAIL}),
    "protokol": frozenset({Permission.SEE_AUDIT}),
    "pridat-data": frozenset({Permission.IMPORT_TABLE}),
    "data-a-zdroje": frozenset({Permission.SEE_PUBLIC_LAYERS}),
    "nastaveni": frozenset({Permission.CHANGE_SETTINGS}),
    "sprava": frozenset({Permission.MANAGE_ACCOUNTS, Permission.NAME_PARTNERS, Permission.SHARE_PLACES}),
}
# Without accounts there is nothing to manage.
SHARED_ONLY = frozenset({"sprava"})


def pages_for(may: Callable[[Permission], bool], *, shared: bool) -> list[str]:
    """Return the addresses of the pages that somebody sees, in order."""
    needs = {slug: PAGE_NEEDS.get(slug, frozenset()) for slug in PAGE_TITLES if shared or slug not in SHARED_ONLY}
    return [slug for slug, wanted in needs.items() if any(may(permission) for permission in wanted)]


def page(slug: str, messages: Messages) -> st.Page:
    """Return the page with the address `slug`."""
    return st.Page(
        PAGES / f"{slug.replace('-', '_')}.py",
        title=messages(PAGE_TITLES[slug]),
        url_path="" if slug == "mapa" else slug,
        default=slug == "mapa",
    )


def link_to(slug: str, messages: Messages, label: str, **query: str) -> None:
    """Draw a link to a page that keeps the language."""
    st.page_link(page(slug, messages), label=label, query_params={"lang": messages.language.value, **query})

"""The live map as a Streamlit component: registered once, told only what changed."""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from api import process
from api.assets import assets_base
from api.tokens import MAX_AGE_S, make_token
from domain.roles import Clearance

# The module is imported by address, so the browser caches it and the websocket never carries it.
_LOADER = """
const mounted = new WeakMap();
export default function (component) {
  const base = new URL(component.data.assets, document.baseURI).href;
  let gone = false;
  let cleanup = null;
  import(`${base}/map/main.js`).then((module) => {
    if (!gone) cleanup = module.mount(component, component.data.assets);
  });
  return () => {
    gone = true;
    if (cleanup) cleanup();
  };
}
"""
_component = st.components.v2.component("bila_mista_map", js=_LOADER, html="<div></div>", isolate_styles=False)
# A token is handed out again until half of its life is over, so that the data rarely change.
_RENEW_AFTER_S = MAX_AGE_S / 2


def token_for(clearance: Clearance, *, renew: bool = False) -> str:
    """Return this session's token for the HTTP routes, made anew when it is half used up."""
    kept = st.session_state.get("map_token")
    now = time.monotonic()
    if renew or kept is None or kept[0] != clearance or now - kept[2] > _RENEW_AFTER_S:
        kept = (clearance, make_token(clearance, secret=process.signing_secret()), now)
        st.session_state["map_token"] = kept
    return str(kept[1])


def draw_map(
    data: dict[str, Any],
    *,
    on_click: Callable[[], None],
    on_record: Callable[[], None],
    on_renew: Callable[[], None],
) -> None:
    """Mount the map, or tell the mounted one what changed; see docs/architecture.md for `data`."""
    _component(
        key="map",
        data={**data, "assets": assets_base()},
        on_click_change=on_click,
        on_record_change=on_record,
        on_renew_change=on_renew,
    )

"""Front ends of `web/` as Streamlit components: one way to register them, with the shortest loader there is."""

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from api.joined_modules import joined_address


def web_component(name: str) -> ComponentRenderer:
    """Register `web/<name>/main.js` as a component. Call it once, when a module is imported.

    The module's `mount(component)` returns what ends it. It is imported by address, in one with all that it
    imports, so the browser caches it; the loader itself travels with every rerun of a page, so it is short.
    """
    loader = f"""export default c=>{{let end=()=>{{end=0}}
import(new URL("{joined_address(name)}",document.baseURI)).then(m=>{{if(end)end=m.mount(c)}})
return()=>end()}}"""
    return st.components.v2.component(f"bila_mista_{name}", js=loader, isolate_styles=False)

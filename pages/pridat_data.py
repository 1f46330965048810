"""Přidat data: a table per city part from an office becomes a measure on the map."""

from ui.import_panel import show_import
from ui.session import current_session

show_import(current_session())

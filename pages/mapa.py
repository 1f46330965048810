"""Mapa: the map fills the page, everything else steps back."""

from ui.map_page import show_map

show_map()

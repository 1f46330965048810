"""Zaznamenat: the map with the form open, under an address of its own."""

from ui.map_page import show_map

show_map(record=True)

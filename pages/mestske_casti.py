"""Městské části: all 57 in one table, one of them by `?mc=`."""

from ui.city_part_page import show_city_parts
from ui.session import current_session

show_city_parts(current_session())

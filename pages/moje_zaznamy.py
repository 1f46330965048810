"""Moje záznamy: what the person who looks noted, month by month; nobody else sees it."""

from ui.session import current_session
from ui.trail_panel import show_trail

show_trail(current_session())

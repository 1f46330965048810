"""Příjem: what came in and waits for a coordinator."""

from ui.inbox_panel import show_inbox
from ui.session import current_session

show_inbox(current_session())

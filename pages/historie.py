"""Historie: who changed what, when and why; `?misto=` names the place."""

from ui.history_panel import show_history
from ui.session import current_session

show_history(current_session())

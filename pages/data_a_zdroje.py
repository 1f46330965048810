"""Data a zdroje: whose figures these are, of when, and what they do not count."""

from ui.session import current_session
from ui.sources_page import show_sources

show_sources(current_session())

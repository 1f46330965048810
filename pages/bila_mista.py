"""Bílá místa: where much is needed, little is known and nobody answers, and what to do next."""

from ui.board_page import show_board
from ui.session import current_session

show_board(current_session())

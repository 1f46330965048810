"""Správa: people and invitations, partners, shares."""

from ui.admin_panel import show_admin

show_admin()

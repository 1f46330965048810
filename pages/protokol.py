"""Protokol: what the audit log holds of the own organisation, and the check that nobody changed it."""

from ui.audit_panel import show_audit
from ui.session import current_session

show_audit(current_session())

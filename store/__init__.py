"""The database: places, visits, imported figures, settings and the audit log of all of it.

Use `open_store`; everything else here is what its answers are made of. The only package that
imports a database driver.
"""

from store.audit import AuditRow
from store.audit_chain import AuditHead
from store.datasets import StoredDataset
from store.events import Event
from store.identities import LOCAL_ACCOUNT_ID, LOCAL_ORGANISATION_ID, OPERATOR_ACCOUNT_ID, SHOW_AS_ACCOUNT_ID
from store.place_rows import PlaceVersion
from store.store import Store, open_store, utc_now

__all__ = [
    "LOCAL_ACCOUNT_ID",
    "LOCAL_ORGANISATION_ID",
    "OPERATOR_ACCOUNT_ID",
    "SHOW_AS_ACCOUNT_ID",
    "AuditHead",
    "AuditRow",
    "Event",
    "PlaceVersion",
    "Store",
    "StoredDataset",
    "open_store",
    "utc_now",
]

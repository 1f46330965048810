"""Tables around accounts: partners, invitations, shares. They belong to `store.tables.metadata`."""

import sqlalchemy as sa

from store.tables import Codes, UtcInstant, metadata

# The owner names the partner; it does not hold the other way round by itself.
organisation_partners = sa.Table(
    "organisation_partners",
    metadata,
    sa.Column("organisation_id", sa.Text, sa.ForeignKey("organisations.id"), primary_key=True),
    sa.Column("partner_id", sa.Text, sa.ForeignKey("organisations.id"), primary_key=True),
    sa.Column("named_at", UtcInstant, nullable=False),
    sa.Column("named_by", sa.Text, nullable=False),
    sa.Index("ix_organisation_partners_partner_id", "partner_id"),
)

# Only a digest of the link's secret is kept: who reads the database cannot use the invitation.
invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False, unique=True),
    sa.Column("organisation_id", sa.Text, sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("city_parts", Codes, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("expires_at", UtcInstant, nullable=False),
    sa.Column("used_at", UtcInstant),
    sa.Column("used_by", sa.Text),
    sa.Column("withdrawn_at", UtcInstant),
)

# An owner's leave to see its places more exactly, for a purpose and a time. Rows stay when they
# have run out: they are what the history of a place's disclosure consists of.
shares = sa.Table(
    "shares",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("owner_organisation_id", sa.Text, sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("organisation_id", sa.Text, sa.ForeignKey("organisations.id"), nullable=False),
    sa.Column("tier", sa.Integer, nullable=False),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("created_at", UtcInstant, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("until", UtcInstant, nullable=False),
    sa.Column("revoked_at", UtcInstant),
    sa.Column("revoked_by", sa.Text),
    sa.Index("ix_shares_organisation_id", "organisation_id", "until"),
)

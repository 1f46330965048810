"""Organisations with a type, accounts of people, partners, invitations, shares."""

import sqlalchemy as sa
from alembic import op

revision = "0002_accounts"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.add_column("organisations", sa.Column("type", sa.Text(), nullable=False, server_default="jina"))
    op.add_column("organisations", sa.Column("is_operator", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("accounts", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("email", sa.Text(), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("city_parts", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("accounts", sa.Column("issuer", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("subject", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("erased_at", instant, nullable=True))
    op.create_index("ix_accounts_identity", "accounts", ["issuer", "subject"], unique=True)
    op.create_table(
        "organisation_partners",
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.Text(), nullable=False),
        sa.Column("named_at", instant, nullable=False),
        sa.Column("named_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name="fk_organisation_partners_organisation_id"
        ),
        sa.ForeignKeyConstraint(["partner_id"], ["organisations.id"], name="fk_organisation_partners_partner_id"),
        sa.PrimaryKeyConstraint("organisation_id", "partner_id", name="pk_organisation_partners"),
    )
    op.create_index("ix_organisation_partners_partner_id", "organisation_partners", ["partner_id"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("city_parts", sa.Text(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("used_at", instant, nullable=True),
        sa.Column("used_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_invitations_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invitations"),
        sa.UniqueConstraint("digest", name="uq_invitations_digest"),
    )
    op.create_table(
        "shares",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner_organisation_id", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.Text(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("until", instant, nullable=False),
        sa.Column("revoked_at", instant, nullable=True),
        sa.Column("revoked_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["owner_organisation_id"], ["organisations.id"], name="fk_shares_owner_organisation_id"
        ),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name="fk_shares_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
    )
    op.create_index("ix_shares_organisation_id", "shares", ["organisation_id", "until"], unique=False)

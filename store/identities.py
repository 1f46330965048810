"""Ids that mean something: local mode's organisation and account, and who must not write at all."""

LOCAL_ORGANISATION_ID = "local-organisation"
LOCAL_ACCOUNT_ID = "local-account"

# The actor of a session in "Show as": every write refuses it, in every mode.
SHOW_AS_ACCOUNT_ID = "show-as"

# The person at the server's own command line, who founds the first organisation.
OPERATOR_ACCOUNT_ID = "operator-command"

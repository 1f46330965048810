"""One table of permissions, default deny; the page of the docs is made of it."""

import pytest

from domain.errors import NotPermittedError
from domain.permissions_page import PAGE, permissions_page
from domain.roles import LOOKING, OPERATOR_ONLY, PERMISSIONS, Permission, Role, is_permitted, require_permission

P = Permission


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_every_cell_says_the_same_everywhere(role, permission):
    allowed = permission in PERMISSIONS[role]
    assert is_permitted(role, permission) == allowed
    if allowed:
        require_permission(role, permission)
    else:
        with pytest.raises(NotPermittedError, match="not_permitted"):
            require_permission(role, permission)


@pytest.mark.parametrize("role", ["root", "", None, "ADMIN", "superuser"])
@pytest.mark.parametrize("permission", list(Permission))
def test_an_unknown_role_may_nothing(role, permission):
    assert not is_permitted(role, permission)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", ["everything", "", None, "*"])
def test_an_unknown_permission_is_nobodys(role, permission):
    assert not is_permitted(role, permission)


def test_what_the_issue_says():
    assert PERMISSIONS[Role.VIEWER] == {P.SEE_PUBLIC_LAYERS}
    assert PERMISSIONS[Role.PARTICIPANT] == {P.SEE_PUBLIC_LAYERS, P.SEE_PLACES}
    for permission in (P.VERIFY_PLACE, P.MERGE_PLACES, P.SHARE_PLACES, P.SHOW_AS, P.ERASE_PLACE, P.NAME_PARTNERS):
        assert [role for role in Role if is_permitted(role, permission)] == [Role.COORDINATOR], permission
    for permission in (P.MANAGE_ACCOUNTS, P.FOUND_ORGANISATION):
        assert [role for role in Role if is_permitted(role, permission)] == [Role.ADMIN], permission
    assert not PERMISSIONS[Role.ADMIN] & {P.RECORD_PLACE, P.EDIT_PLACE, P.EXPORT_PLACES}
    assert {P.SEE_PUBLIC_LAYERS, P.SEE_PLACES} == LOOKING
    assert {P.CHANGE_SETTINGS, P.FOUND_ORGANISATION, P.BACK_UP} == OPERATOR_ONLY


def test_every_permission_is_somebodys():
    assert set(Permission) == set().union(*PERMISSIONS.values())


def test_the_page_of_the_docs_is_made_of_the_table():
    assert PAGE.read_text(encoding="utf-8") == permissions_page(), "python -m domain.permissions_page"

"""Buttons that fetch internal files through the token routes: no address of such a file opens by itself."""

from dataclasses import dataclass

from ui.map_component import forget_token, session_token
from ui.session import AppSession
from ui.web_component import web_component

_component = web_component("files")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileButton:
    """A button: what it says, the address below `/api/v1` and the name that the file gets."""

    label: str
    path: str
    name: str


def draw_file_buttons(session: AppSession, files: tuple[FileButton, ...], *, key: str) -> None:
    """Draw a button for each file."""
    messages = session.messages
    _component(
        key=key,
        data={
            "lang": messages.language.value, "token": session_token(session),
            "files": [{"label": one.label, "path": one.path, "name": one.name} for one in files],
            "labels": {name: messages(f"file-{name}") for name in ("started", "done", "failed")},
        },
        # The token ran out while the page stood open: the next run sends a new one, and the file is asked for again.
        on_renew_change=forget_token,
    )  # fmt: skip

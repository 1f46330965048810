"""Backups on a page: how old the last one is, downloading one, the schedule."""

from typing import Any

import streamlit as st

from actions.backup import EVERY_DAYS, EVERY_DAYS_SETTING, KEEP, KEEP_SETTING, last_backup, positive
from api.backup_secret import backup_folder, kept_passphrase
from domain.errors import AppError
from domain.roles import Permission
from store import utc_now
from store.sealed_file import MIN_PASSPHRASE_LENGTH
from ui.map_component import token_for
from ui.plain import escape_markdown, heading, quiet_line
from ui.session import AppSession
from ui.web_component import web_component

_component = web_component("backup")
_MOST = 365


def draw_backup(session: AppSession) -> None:
    """Draw the part about backups, for whom may take one."""
    if not session.may(Permission.BACK_UP):
        return
    messages = session.messages
    heading(messages("backup-title"))
    _draw_age(session)
    missing = len(session.store.photos.missing())
    if missing:
        st.warning(messages("backup-photos-missing", count=missing))
    _draw_download(session)
    _draw_schedule(session)


def _draw_age(session: AppSession) -> None:
    messages = session.messages
    last = last_backup(session.store.data_dir)
    if last is None:
        st.warning(messages("backup-none-yet"))
        return
    days = (utc_now() - last.at).days
    how = "checked" if last.is_checked else "downloaded"
    line = messages("backup-last", date=messages.date(last.at), days=days, how=how)
    if last.is_old(utc_now()):
        st.warning(f"{line} {messages('backup-old')}")
    else:
        st.text(line)


def _draw_download(session: AppSession) -> None:
    messages = session.messages
    shared = session.standing is not None
    quiet_line(messages("backup-what-shared" if shared else "backup-what", limit=MIN_PASSPHRASE_LENGTH))
    words = ("passphrase", "again", "button", "working", "done", "failed", "differ")
    data: dict[str, Any] = {
        "lang": messages.language.value, "asks": not shared,
        "labels": {word: messages(f"backup-{word}") for word in words},
        "token": token_for(session.clearance, account_id=session.account_id, show_as=session.showing_as is not None),
    }  # fmt: skip
    _component(key="backup_download", data=data, on_taken_change=lambda: None)


def _draw_schedule(session: AppSession) -> None:
    messages, settings = session.messages, session.store.settings
    try:
        folder = backup_folder(session.store.data_dir)
        passphrase = kept_passphrase(session.store.data_dir)
    except AppError as error:
        st.warning(escape_markdown(" ".join(messages.sentences(error))))
        return
    if folder is None:
        quiet_line(messages("backup-schedule-none"))
        return
    quiet_line(messages("backup-schedule", folder=folder.name))
    if passphrase is None:
        st.warning(messages("error-backup-secret-missing"))
    if not session.may(Permission.CHANGE_SETTINGS):
        return
    with st.form("backup_schedule", border=False):
        days = st.number_input(
            messages("backup-every"), min_value=1, max_value=_MOST,
            value=positive(settings.get(EVERY_DAYS_SETTING), EVERY_DAYS),
        )  # fmt: skip
        keep = st.number_input(
            messages("backup-keep"), min_value=1, max_value=_MOST, value=positive(settings.get(KEEP_SETTING), KEEP)
        )
        saved = st.form_submit_button(messages("backup-schedule-save"))
    if saved:
        try:
            session.require(Permission.CHANGE_SETTINGS)
            settings.set(EVERY_DAYS_SETTING, int(days), actor=session.actor)
            settings.set(KEEP_SETTING, int(keep), actor=session.actor)
            st.success(messages("settings-saved"))
        except AppError as error:
            st.warning(escape_markdown(" ".join(messages.sentences(error))))

"""Text of people and sources in Streamlit's headings and captions, which read Markdown."""

import re

import streamlit as st

# The words of a chart; those it draws by itself have less than 4.5 : 1 on white.
INK = "#333f48"
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_BREAKS = re.compile(r"\s*[\r\n\u2028\u2029]+\s*")


def escape_markdown(text: str) -> str:
    r"""Return `text` so that Markdown shows it as it is, in one line.

    CommonMark lets a backslash stand before every ASCII punctuation sign; that also takes their
    meaning from Streamlit's own `:red[…]` and `$…$`.

    Examples
    --------
    >>> escape_markdown("*a* [b](c)")
    '\\*a\\* \\[b\\]\\(c\\)'
    """
    return _PUNCTUATION.sub(r"\\\1", _BREAKS.sub(" ", text))


def heading(text: str) -> None:
    """Show a panel's or section's heading, as typed."""
    st.subheader(escape_markdown(text), anchor=False)


def fact(label: str, value: str) -> None:
    """Show a label in grey with its value right below it, both as typed."""
    with st.container(gap=None):
        quiet_line(label)
        st.text(value)


def quiet_line(text: str) -> None:
    """Show the grey line below a figure, as typed."""
    st.caption(escape_markdown(text))

"""The apps are scripts for `streamlit run`: pytest must not import them in search of doctests."""

collect_ignore_glob = ["apps/*"]

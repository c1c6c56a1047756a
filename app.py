"""The front door: `streamlit run app.py`."""

import streamlit as st

from geodata import serving

app = st.App(
    serving.FRAME_SCRIPT,
    routes=serving.routes(),
    middleware=serving.middleware(),
    lifespan=serving.lifespan,
)

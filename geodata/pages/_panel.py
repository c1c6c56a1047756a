"""A panel of our own inside a page: a component whose script comes from `assets/`, whose state the address bar holds.

The panel's script writes what is asked into the address and tells us; here the two ways in (a link that was opened, a
change just made) become one answer to "what is asked now?".
"""

from collections.abc import Mapping
from typing import Any, Final

import streamlit as st

from geodata import serving
from geodata.pages._page import Visit
from layers import Text

# Streamlit loads this text; the script itself comes by an address that carries its hash.
_ENTRY: Final = """
const open = (c) => import(new URL(c.data.assets + "%s", document.baseURI).href);
export default function (c) {
  const loading = open(c).then((m) => { m.render(c); return m; });
  return () => loading.then((m) => m.release?.(c.parentElement));
}
"""

Asked = dict[str, str]
"""What a panel is asked: the names and texts that stand in the address."""


def asked_now(key: str, names: tuple[str, ...]) -> Asked:
    """Return what the panel `key` is asked: by its last change, else by the link, else as it was left in this visit.

    Args:
        key: the panel's own.
        names: the parameters of the address that are this panel's.
    """
    told = (st.session_state.get(key) or {}).get("ask")
    if told is None:
        link = {name: st.query_params[name] for name in names if st.query_params.get(name)}
        told = link or st.session_state.get(f"{key}_left", {})
    found = {str(name): str(value) for name, value in told.items() if name in names and value}
    st.session_state[f"{key}_left"] = found
    return found


def show_panel(module: str, *, key: str, visit: Visit, asked: Asked, words: Mapping[str, Text], data: Mapping[str, Any]) -> Any:
    """Show the panel whose script is `assets/<module>.js` and return its events.

    Args:
        module: name of the script, also the class of its element.
        key: fixed name on its page.
        visit: the present visit.
        asked: from `asked_now`; the panel writes it into the address.
        words: wordings by name.
        data: whatever else it shows, plain values.
    """
    mount = st.components.v2.component(
        f"chanhe_{module}", html=f'<div class="cp-root cp-panel cp-{module}"></div>',
        css=serving.styles(), js=_ENTRY % f"{module}.js", isolate_styles=False,
    )
    told = {"assets": serving.asset_base(), "lang": visit.lang, "asked": asked, "words": {name: visit.say(text) for name, text in words.items()}}
    return mount(key=key, data={**told, **data}, on_ask_change=_nothing, on_act_change=_nothing)


def _nothing() -> None:
    """A component reports an event only where something listens for it."""

// The file of what is on screen: what there is to choose from stands in the frame's menu, how far it is stands here.
import { h, icon, replace } from "./dom.js";
import { saveFresh, stateOf } from "./files.js";
import { Panel, panelOf, release } from "./panel.js";

const LOOK = 700;

class Handing extends Panel {
  constructor(c) {
    super(c, []);
    this.looking = 0;
  }

  update() {
    const { making, made } = this.data;
    const word = (key, values) => this.word(key, values);
    (window.chanhe ??= {}).files = {
      offer: this.data, word, busy: Boolean(making),
      ask: (what) => this.act({ do: "document", ...what }),
    };
    window.dispatchEvent(new Event("chanhe-files"));
    this.heard = saveFresh(made, this.heard);
    const now = JSON.stringify([making, made?.nonce, this.lang]);
    if (this.shown !== now) {
      this.shown = now;
      const focus = document.activeElement?.dataset?.file;
      const stop = () => this.act({ do: "stop" });
      replace(this.root, stateOf(this.data, word, stop),
        made ? h("button.cp-button.cp-small.cp-icon-only", { type: "button", "data-file": "close", "aria-label": word("close"), title: word("close"), onclick: stop }, icon("close")) : null);
      if (focus) this.root.querySelector(`[data-file="${CSS.escape(focus)}"]`)?.focus();
    }
    // Only this part of the page runs again, and only while something is made.
    if (making && !this.looking) this.looking = setInterval(() => this.act({ do: "look" }), LOOK);
    if (!making) this.rest();
  }

  rest() {
    clearInterval(this.looking);
    this.looking = 0;
  }

  release() {
    this.rest();
    if (window.chanhe) delete window.chanhe.files;
    super.release();
  }
}

export function render(c) {
  panelOf(c, () => new Handing(c)).update();
}

export { release };

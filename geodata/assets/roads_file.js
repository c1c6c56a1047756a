// A file of roads or a scenario, read in the browser and handed to the page.
import { h, icon } from "./dom.js";

const TEXTS = /\.(geojson|json)$/i;
const MOST_FILE = 5e6;

export function fileControl(panel) {
  const input = h("input.cp-hidden", {
    type: "file", accept: ".geojson,.json,.gpkg,.zip,application/geo+json,application/json", id: "cp-roads-file", "data-control": "file", onchange: (e) => bring(panel, e.target),
  });
  const label = h("label.cp-button.cp-small", { for: "cp-roads-file" }, icon("upload"), panel.word("open_file"));
  return h("div.cp-roads-file", {}, input, label, h("p.cp-muted", {}, panel.word("open_adds")));
}

function bring(panel, input) {
  const [file] = input.files;
  if (!file) return;
  input.value = "";
  if (file.size > MOST_FILE) {
    panel.message = { ok: false, message: panel.word("file_big") };
    panel.update();
    return;
  }
  const reader = new FileReader();
  const text = TEXTS.test(file.name);
  reader.onload = () => {
    const read = String(reader.result);
    panel.act({ do: "file", name: file.name, ...(text ? { text: read } : { data: read.slice(read.indexOf(",") + 1) }) });
  };
  if (text) reader.readAsText(file, "utf-8");
  else reader.readAsDataURL(file);
}

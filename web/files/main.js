// Buttons for internal files: fetched with the token, handed over as a file. Streamlit calls `mount` on first show and
// whenever the data change; a token never stands in an address.

import { el, saveBlob } from "../common/dom.js";

const API = "/api/v1";
const mounts = new WeakMap();

/** Show the buttons in `component.parentElement`, or tell those that are there what changed. Answers the cleanup. */
export function mount(component) {
  const parent = component.parentElement;
  const mounted = mounts.get(parent);
  if (mounted) mounted.update(component);
  else mounts.set(parent, new Files(component));
  return () => {
    mounts.get(parent)?.root.remove();
    mounts.delete(parent);
  };
}

class Files {
  constructor(component) {
    this.seq = 0;
    this.waiting = null;
    this.buttons = el("div", { class: "bm-files" });
    this.said = el("p", { class: "bm-files-said", role: "status" });
    this.root = el("div", {}, this.buttons, this.said);
    component.parentElement.append(this.root);
    this.update(component);
  }

  update(component) {
    this.component = component;
    this.buttons.replaceChildren(
      ...component.data.files.map((file) => el("button", { type: "button", class: "bm-file", on: { click: () => this.fetch(file) } }, file.label)),
    );
    if (this.waiting && this.waiting.token !== component.data.token) {
      const { file } = this.waiting;
      this.waiting = null;
      this.fetch(file, { again: true });
    }
  }

  async fetch(file, { again = false } = {}) {
    const { data } = this.component;
    this.said.textContent = data.labels.started;
    try {
      const answer = await fetch(`${API}/${file.path}?${new URLSearchParams({ lang: data.lang })}`, {
        headers: { Authorization: `Bearer ${data.token}` },
      });
      if (answer.ok) {
        saveBlob(await answer.blob(), file.name);
        this.said.textContent = data.labels.done;
      } else if (answer.status === 401 && !again) {
        this.waiting = { file, token: data.token };
        this.component.setTriggerValue("renew", { seq: ++this.seq });
      } else {
        this.said.textContent = (await answer.json()).error.message;
      }
    } catch {
      this.said.textContent = data.labels.failed;
    }
  }
}

// Downloads a backup: the token goes in a header, the passphrase in the body, neither in an address. Streamlit calls
// `mount` on first show and whenever the data change.

const API = "/api/v1/backup";
const mounts = new WeakMap();

/** Show the form in `component.parentElement`, or tell the one that is there what changed. Answers the cleanup. */
export function mount(component) {
  const parent = component.parentElement;
  const mounted = mounts.get(parent);
  if (mounted) mounted.update(component);
  else mounts.set(parent, new Backup(component));
  return () => {
    mounts.get(parent)?.root.remove();
    mounts.delete(parent);
  };
}

class Backup {
  constructor(component) {
    this.seq = 0;
    this.root = document.createElement("form");
    this.root.style.cssText = "display:flex;flex-direction:column;gap:0.5rem;max-width:28rem";
    this.fields = [this.field("passphrase"), this.field("again")];
    this.button = document.createElement("button");
    this.button.type = "submit";
    this.button.style.cssText =
      "min-height:48px;border:1px solid var(--bm-line);border-radius:0.375rem;background:none;color:inherit;font:inherit;cursor:pointer";
    this.said = document.createElement("p");
    this.said.setAttribute("role", "status");
    this.said.style.cssText = "margin:0";
    for (const { label } of this.fields) this.root.append(label);
    this.root.append(this.button, this.said);
    this.root.addEventListener("submit", (event) => {
      event.preventDefault();
      this.download();
    });
    component.parentElement.append(this.root);
    this.update(component);
  }

  field(name) {
    const label = document.createElement("label");
    label.style.cssText = "display:flex;flex-direction:column;gap:0.25rem";
    const words = document.createElement("span");
    const input = document.createElement("input");
    input.type = "password";
    input.autocomplete = "new-password";
    input.style.cssText =
      "min-height:48px;padding:0 0.75rem;border:1px solid var(--bm-line);border-radius:0.375rem;background:none;color:inherit;font:inherit";
    label.append(words, input);
    return { name, label, words, input };
  }

  update(component) {
    this.component = component;
    const { data } = component;
    for (const { name, label, words } of this.fields) {
      words.textContent = data.labels[name];
      label.hidden = !data.asks;
      label.style.display = data.asks ? "flex" : "none";
    }
    if (!this.button.disabled) this.button.textContent = data.labels.button;
  }

  async download() {
    const { data } = this.component;
    const [passphrase, again] = this.fields.map(({ input }) => input.value);
    if (data.asks && passphrase !== again) {
      this.say(data.labels.differ);
      return;
    }
    this.button.disabled = true;
    this.button.textContent = data.labels.working;
    this.say("");
    try {
      const answer = await fetch(`${API}?lang=${data.lang}`, {
        method: "POST",
        headers: { Authorization: `Bearer ${data.token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ passphrase }),
      });
      if (answer.ok) await this.save(answer);
      else this.say((await answer.json()).error.message);
    } catch {
      this.say(data.labels.failed);
    }
    this.button.disabled = false;
    this.button.textContent = this.component.data.labels.button;
  }

  async save(answer) {
    const name = /filename="([^"]+)"/.exec(answer.headers.get("content-disposition") ?? "")?.[1] ?? "bila-mista.zaloha";
    const url = URL.createObjectURL(await answer.blob());
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    for (const { input } of this.fields) input.value = "";
    this.say(this.component.data.labels.done);
    this.component.setTriggerValue("taken", { seq: ++this.seq });
  }

  say(text) {
    this.said.textContent = text;
  }
}

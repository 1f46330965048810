// Photos in the panel of a place: shown through the token route, taken as a raw body. Streamlit calls `mount` on first
// show and whenever the data change; a token never stands in an address.

const API = "/api/v1/photos";
const mounts = new WeakMap();

/** Show the photos in `component.parentElement`, or tell those that are there what changed. Answers the cleanup. */
export function mount(component) {
  const parent = component.parentElement;
  const mounted = mounts.get(parent);
  if (mounted) mounted.update(component);
  else mounts.set(parent, new Photos(component));
  return () => {
    mounts.get(parent)?.destroy();
    mounts.delete(parent);
  };
}

class Photos {
  constructor(component) {
    this.seq = 0;
    this.urls = new Map();
    this.root = document.createElement("div");
    this.root.className = "bm-photos";
    this.root.style.cssText = "display:flex;flex-direction:column;gap:0.5rem";
    this.pictures = document.createElement("div");
    this.pictures.style.cssText = "display:flex;flex-direction:column;gap:0.5rem";
    this.label = document.createElement("label");
    this.label.style.cssText =
      "display:block;padding:0.75rem;min-height:48px;border:1px solid var(--bm-line);border-radius:0.375rem;cursor:pointer;text-align:center";
    this.words = document.createElement("span");
    this.input = document.createElement("input");
    this.input.type = "file";
    this.input.accept = "image/jpeg,image/png,image/webp";
    // Out of sight, yet within reach of the keyboard.
    this.input.style.cssText = "position:absolute;width:1px;height:1px;opacity:0";
    this.input.addEventListener("change", () => this.send());
    this.label.append(this.words, this.input);
    this.said = document.createElement("p");
    this.said.setAttribute("role", "status");
    this.said.style.cssText = "margin:0;color:var(--bm-warning)";
    this.root.append(this.pictures, this.label, this.said);
    component.parentElement.append(this.root);
    this.update(component);
  }

  update(component) {
    this.component = component;
    const { data } = component;
    this.words.textContent = data.labels.add;
    this.label.hidden = !data.may_add;
    this.label.style.display = data.may_add ? "block" : "none";
    this.show(data.photos);
  }

  async show(photos) {
    const wanted = new Set(photos);
    for (const [id, url] of this.urls) {
      if (!wanted.has(id)) {
        URL.revokeObjectURL(url);
        this.urls.delete(id);
      }
    }
    for (const id of photos) {
      if (this.urls.has(id)) continue;
      try {
        const answer = await fetch(`${API}/${id}`, { headers: this.headers() });
        if (answer.ok) this.urls.set(id, URL.createObjectURL(await answer.blob()));
      } catch {
        this.said.textContent = this.component.data.labels.failed;
      }
    }
    this.pictures.replaceChildren(
      ...photos.filter((id) => this.urls.has(id)).map((id) => {
        const image = document.createElement("img");
        image.src = this.urls.get(id);
        image.alt = this.component.data.labels.alt;
        image.style.cssText = "max-width:100%;height:auto;border-radius:0.375rem";
        return image;
      }),
    );
  }

  headers() {
    return { Authorization: `Bearer ${this.component.data.token}` };
  }

  async send() {
    const [file] = this.input.files;
    if (!file) return;
    const { data } = this.component;
    this.words.textContent = data.labels.uploading;
    this.said.textContent = "";
    const query = new URLSearchParams({ id: data.photo_id, place: data.place, consent: data.consent, lang: data.lang });
    try {
      const answer = await fetch(`${API}?${query}`, { method: "POST", headers: this.headers(), body: file });
      const body = await answer.json();
      if (answer.ok) this.component.setTriggerValue("changed", { seq: ++this.seq, id: body.id });
      else this.said.textContent = body.error.message;
    } catch {
      this.said.textContent = data.labels.failed;
    }
    this.words.textContent = data.labels.add;
    this.input.value = "";
  }

  destroy() {
    for (const url of this.urls.values()) URL.revokeObjectURL(url);
    this.root.remove();
  }
}

// Requests to /api/v1. The browser's cache and the server's ETag do the revalidating (`no-cache` asks with
// If-None-Match); a token travels in a header, never in the address, and is renewed through Python when it has run out.

const RENEW_TIMEOUT_MS = 15_000;

/** An answer that is no success: `status`, the server's stable `code`, and its sentence for people, if any. */
export class ApiError extends Error {
  constructor(status, code, sentence) {
    super(`${status} ${code}`);
    this.status = status;
    this.code = code;
    this.sentence = sentence;
  }
}

export class Api {
  /** `answers` are taken instead of asking, each once: the server's answers by address. */
  constructor({ lang, token, renew, answers = {}, base = "/api/v1" }) {
    this.answers = answers;
    this.base = base;
    this.lang = lang;
    this.token = token ?? null;
    this.renew = renew ?? (() => {});
    this.waiting = [];
  }

  /** Take the token of a new rerun; whoever waits for one goes on. */
  setToken(token) {
    if (!token || token === this.token) return;
    this.token = token;
    const waiting = this.waiting;
    this.waiting = [];
    for (const go of waiting) go();
  }

  /** The address of a path with the language and the given parameters; empty ones are left out. */
  url(path, params = {}) {
    const query = new URLSearchParams({ lang: this.lang });
    for (const [key, value] of Object.entries(params)) if (value !== undefined && value !== null && value !== "") query.set(key, value);
    return `${this.base}${path}?${query}`;
  }

  /**
   * Fetch. With `auth` the token goes along, and a 401 asks Python for a new one, once.
   * Throws ApiError, or DOMException AbortError where `signal` fired.
   */
  async fetch(path, { params, auth = false, signal } = {}) {
    let response = await this.send(path, params, auth, signal);
    if (response.status === 401 && auth) {
      // No token at all means that the role has none; only one that ran out can be renewed.
      if (!this.token) throw new ApiError(403, "token_missing", "");
      await this.waitForToken(signal);
      response = await this.send(path, params, auth, signal);
    }
    if (response.ok) return response;
    let error = {};
    try {
      error = (await response.json()).error ?? {};
    } catch {
      // The answer is not ours (a proxy's page, say): the status has to do.
    }
    throw new ApiError(response.status, error.code ?? "http", error.message ?? "");
  }

  /** The answer that came already, if it did; from now on it is asked for. */
  given(path, params) {
    const url = this.url(path, params);
    const answer = this.answers[url];
    delete this.answers[url];
    return answer;
  }

  forgetGiven() {
    this.answers = {};
  }

  async json(path, options) {
    return this.given(path, options?.params) ?? (await this.fetch(path, options)).json();
  }

  /** Fetch a file; `onProgress(bytes, total)` is told how much of a large one has come. */
  async blob(path, { onProgress, ...options } = {}) {
    const response = await this.fetch(path, options);
    const total = Number(response.headers.get("content-length"));
    if (!onProgress || !total) return response.blob();
    const reader = response.body.getReader();
    const pieces = [];
    let bytes = 0;
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      pieces.push(value);
      bytes += value.length;
      onProgress(bytes, total);
    }
    return new Blob(pieces, { type: response.headers.get("content-type") });
  }

  send(path, params, auth, signal) {
    const headers = auth && this.token ? { Authorization: `Bearer ${this.token}` } : {};
    return fetch(this.url(path, params), { headers, signal, cache: "no-cache" });
  }

  waitForToken(signal) {
    if (!this.waiting.length) this.renew();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new ApiError(401, "token_expired", "")), RENEW_TIMEOUT_MS);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

// <draft-saver data-url data-person data-sign-in and its words> around the composer's form: keeps both texts on the server while they
// are written. A textarea's defaultValue is what the server has, so that whatever differs is unsaved. One save is under
// way at a time; the server refuses what comes too late or would overwrite words not seen (tickets/drafts.py).
// Unsaved words are also kept in this tab's sessionStorage, until the server has them; a frame on another site has none.

const PAUSE = 600;
const PATIENCE = 10_000;
const LONGEST_WAIT = 15_000;
// Seen version and count by nonce and kind: they outlive the element when a refused composer is drawn again.
const known = new Map();
let restored = false;
let kept;
try { kept = sessionStorage; } catch { /* the page and the server remain */ }

class DraftSaver extends HTMLElement {
  connectedCallback() {
    this.failures = 0;
    this.drafts = [...this.querySelectorAll("textarea[data-kind]")].map((text) => this.#adopt(text));
    restored = true;
    this.listen = new AbortController();
    const options = { signal: this.listen.signal };
    this.addEventListener("input", (event) => this.#typed(event.target), options);
    this.addEventListener("focusout", () => this.#save(), options);
    this.addEventListener("click", (event) => this.#clicked(event.target), options);
    // The composer is busy until all listeners have heard of this.
    for (const end of ["htmx:afterRequest", "htmx:sendAbort"]) this.addEventListener(end, () => this.#later(0), options);
    for (const back of ["focus", "online", "pageshow"]) window.addEventListener(back, () => this.#save(), options);
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#leave() : this.#save()), options);
    for (const end of ["beforeunload", "pagehide"]) window.addEventListener(end, () => this.#leave(), options);
    document.addEventListener("submit", (event) => { if (event.target.action.endsWith("/sign-out/")) this.#forgetAll(); }, options);
    this.#save();
  }

  disconnectedCallback() {
    this.listen.abort();
    clearTimeout(this.timer);
  }

  get form() { return this.querySelector("form"); }
  get busy() { return this.form.getAttribute("aria-busy") === "true"; }

  #adopt(text) {
    const { kind } = text.dataset;
    const id = `${this.form.elements.nonce.value} ${kind}`;
    if (!known.has(id)) known.set(id, { seen: Number(text.dataset.version), count: 0 });
    const state = this.querySelector(`.composer__state[data-kind=${kind}]`);
    const draft = {
      text, kind, order: known.get(id),
      place: `draft ${this.dataset.person} ${this.form.elements.team.value} ${this.dataset.url} ${kind}`,
      words: state.querySelector("[data-state]"), button: state.querySelector("[data-discard]"),
      panel: this.querySelector(`[data-newer][data-kind=${kind}]`),
    };
    if (!("saved" in text.dataset)) {
      text.value = text.value;  // from now on it no longer follows defaultValue
      text.defaultValue = "";
    }
    if (!restored) this.#restore(draft);
    this.#remember(draft);
    this.#show(draft, draft.words.textContent);
    return draft;
  }

  #restore(draft) {
    const copy = JSON.parse(kept?.getItem(draft.place) ?? "null");
    if (!copy || copy.text === draft.text.value) return;
    draft.text.value = copy.text;
    draft.order.seen = copy.seen;
  }

  #remember(draft) {
    if (!unsaved(draft)) return kept?.removeItem(draft.place);
    try {
      kept?.setItem(draft.place, JSON.stringify({ text: draft.text.value, seen: draft.order.seen }));
    } catch { /* it is full: the page and the server remain */ }
  }

  #forgetAll() {
    for (const draft of this.drafts) kept?.removeItem(draft.place);
  }

  #typed(target) {
    const draft = this.drafts.find(({ text }) => text === target);
    if (!draft) return;
    if (draft.text.value) draft.discarded = "";
    this.#remember(draft);
    this.#show(draft, this.failures ? null : "");
    this.#later(this.failures ? this.#wait() : PAUSE);
  }

  #clicked(target) {
    const draft = this.drafts.find(({ kind }) => kind === target.closest("[data-kind]")?.dataset.kind);
    if (target.matches("[data-discard]")) {
      const words = draft.discarded ?? "";
      draft.discarded = words ? "" : draft.text.value;
      replace(draft.text, words);
    } else if (target.matches("[data-theirs], [data-mine]")) {
      const { text, version } = draft.newer;
      draft.panel.hidden = true;
      draft.order.seen = version;
      draft.text.focus();
      if (target.matches("[data-theirs]")) replace(draft.text, text);
      // Not before: the button loses the focus, which saves what is due, and that was the other text until here.
      draft.newer = null;
      this.#save();
    }
  }

  #later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#save(), pause);
  }

  #wait() {
    return Math.min(LONGEST_WAIT, 1000 * 2 ** (this.failures - 1));
  }

  #due() {
    return this.busy ? [] : this.drafts.filter((draft) => unsaved(draft) && !draft.newer);
  }

  async #save() {
    const [draft] = this.#due();
    if (this.saving || !draft) return;
    clearTimeout(this.timer);
    this.saving = true;
    await this.#send(draft);
    this.saving = false;
    if (this.isConnected && this.#due().length) this.#later(this.failures ? this.#wait() : PAUSE);
  }

  // The page may be gone in a moment: the request outlives it, and waits for no other.
  #leave() {
    for (const draft of this.#due()) this.#send(draft, true);
  }

  async #send(draft, keepalive = false) {
    const { value } = draft.text;
    const { order, kind } = draft;
    const { nonce, team, csrfmiddlewaretoken: token } = this.form.elements;
    const body = new URLSearchParams({ kind, text: value, person: this.dataset.person, composer: nonce.value, team: team.value, count: ++order.count, seen: order.seen });
    const headers = { "X-CSRFToken": token.value, "HX-Request": "true" };
    if (!this.failures) this.#show(draft, this.dataset.saving);
    let answer, said;
    try {
      answer = await fetch(this.dataset.url, { method: "POST", body, headers, keepalive, signal: AbortSignal.timeout(PATIENCE) });
      said = await answer.text();
    } catch {
      return this.#failed(draft, this.dataset.tryingAgain);
    }
    if (!this.isConnected) return;
    if (answer.status === 204) this.#saved(draft, value, Number(answer.headers.get("Draft-Version")));
    else if (answer.headers.get("Content-Type")?.startsWith("application/json")) this.#newer(draft, JSON.parse(said));
    else if (answer.status === 401) this.#failed(draft, this.dataset.signedOut, this.dataset.signIn);
    else if (this.#renewed(answer, token)) await this.#send(draft, keepalive);
    else this.#failed(draft, this.dataset.refused.replace("{reason}", () => reason(said) || this.dataset.retrying));
  }

  #renewed(answer, token) {
    const value = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}")["csrf-token"];
    if (!value || value === token.value) return false;
    document.dispatchEvent(new CustomEvent("csrf-token", { detail: { value } }));
    return true;
  }

  #saved(draft, value, version) {
    draft.order.seen = Math.max(draft.order.seen, version);
    draft.text.defaultValue = value;
    this.#remember(draft);
    if (this.failures) announce(this.dataset.saved);
    this.failures = 0;
    this.#show(draft, draft.discarded ? this.dataset.discarded : value.trim() && this.dataset.saved);
  }

  #newer(draft, newer) {
    if (this.busy) return;  // it was sent, and this save came too late
    if (newer.text) {
      draft.newer = newer;
      draft.panel.hidden = false;
      this.#show(draft, this.dataset.unsaved);
      announce(draft.panel.firstChild.textContent.trim());
    } else draft.order.seen = newer.version;  // sent or discarded elsewhere: what is written here is all there is
  }

  #failed(draft, words, link = "") {
    if (!this.failures) announce(words);
    this.failures += 1;
    if (draft.words.textContent.startsWith(words)) return;  // the link in it may be under somebody's finger
    this.#show(draft, words);
    draft.words.parentElement.classList.add("composer__state--unsaved");
    if (link) draft.words.append(" ", Object.assign(document.createElement("a"), { href: link, target: "_blank", rel: "noopener", textContent: this.dataset.signInWords }));
  }

  // `words` of null leaves those that stand there.
  #show(draft, words) {
    draft.button.hidden = !draft.text.value && !draft.discarded;
    draft.button.textContent = draft.discarded ? this.dataset.undo : this.dataset.discard;
    if (words === null) return;
    draft.words.textContent = words;
    draft.words.parentElement.classList.remove("composer__state--unsaved");
  }
}

function unsaved({ text }) {
  return text.value !== text.defaultValue;
}

function reason(html) {
  const said = new DOMParser().parseFromString(html, "text/html").querySelector("p");
  said?.querySelector("strong")?.remove();
  return said?.textContent.trim();
}

function announce(words) {
  document.getElementById("announce").textContent = words;
}

// execCommand alone keeps the browser's undo, and with it the words that were there.
function replace(text, words) {
  text.focus();
  text.select();
  if (!(words ? document.execCommand("insertText", false, words) : document.execCommand("delete"))) {
    text.value = words;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("draft-saver", DraftSaver);

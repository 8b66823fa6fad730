// The composer: a reply and a note kept apart, quick replies put in at the caret, no second submit while the first is
// on its way, and a warning before unsent words are left behind. Whatever fails, what was written stays.

const GROWS = CSS.supports("field-sizing", "content");

class ComposerBox extends HTMLElement {
  connectedCallback() {
    this.listen = new AbortController();
    const options = { signal: this.listen.signal };
    this.begun = this.#written;
    this.addEventListener("input", () => this.#begin(), options);
    // A click also where the kind is chosen already: the key "r" means "let me write the reply".
    this.addEventListener("click", (event) => { if (event.target.matches("[data-choose]")) this.text?.focus(); }, options);
    this.addEventListener("click", (event) => this.#insert(event.target.closest("[data-insert]")), options);
    // Enter on a radio button would press the form's first button, which may be one of a message that is on its way.
    this.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.type === "radio") event.preventDefault(); }, options);
    this.addEventListener("submit", (event) => this.#submit(event), { ...options, capture: true });
    for (const end of ["htmx:afterRequest", "htmx:sendAbort"]) this.addEventListener(end, () => this.#busy(false), options);
    window.addEventListener("pageshow", () => this.#busy(false), options);
    window.addEventListener("beforeunload", (event) => { if (this.#unsent()) event.preventDefault(); }, options);
    if (!GROWS) this.addEventListener("input", (event) => grow(event.target), options);
  }

  disconnectedCallback() {
    this.listen.abort();
  }

  get form() { return this.querySelector("form"); }
  get texts() { return [...this.querySelectorAll("textarea[data-kind]")]; }
  get text() { return this.texts.find((t) => t.offsetParent !== null); }

  get #written() { return this.texts.some((t) => t.value.trim()); }

  // What others write from here on the person has not seen when they send.
  #begin() {
    const last = [...document.querySelectorAll("#ticket-thread [id^='message-']")].at(-1);
    if (!this.begun && last) this.form.elements.seen_message.value = last.id.slice("message-".length);
    this.begun = this.#written;
  }

  #insert(button) {
    const text = button && this.text;
    if (!text) return;
    button.closest("details")?.removeAttribute("open");
    text.focus();
    // execCommand alone keeps the browser's undo.
    if (!document.execCommand("insertText", false, button.dataset.insert)) {
      text.setRangeText(button.dataset.insert, text.selectionStart, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  #submit(event) {
    if (this.form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else this.#busy(true);
  }

  #busy(on) {
    this.form?.setAttribute("aria-busy", on);
    // What would be typed now would be gone with the answer.
    for (const text of this.texts) text.readOnly = on;
  }

  #unsent() {
    return this.form?.getAttribute("aria-busy") !== "true" && this.texts.some((t) => t.value.trim() !== t.defaultValue.trim() && t.value.trim());
  }
}

function grow(text) {
  if (text.matches("textarea")) text.rows = Math.min(16, Math.max(3, text.value.split("\n").length + Math.floor(text.value.length / 90)));
}

customElements.define("composer-box", ComposerBox);

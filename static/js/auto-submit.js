// <auto-submit><form>…<button data-without-js>Apply</button></form></auto-submit>
// Submits when a choice changes; a text field with data-live also a moment after typing. CSS hides the button meanwhile.
// A select that is walked through with the arrow keys is submitted when it is left, or by Enter: not at every step.
// What is typed into a text field until Enter, or until it is left, is one search: the history gets one entry for it,
// however often the person pauses. Nothing is searched for while an input method is still composing.

class AutoSubmit extends HTMLElement {
  #byKey = false;
  #walked;
  #byTyping = false; // what was submitted last was a search that is being typed
  #searching = false; // the history has an entry for it
  #ended = false; // by Enter, or by leaving the field: what is typed then is another search

  connectedCallback() {
    this.listen = new AbortController();
    this.addEventListener("pointerdown", () => (this.#byKey = false));
    this.addEventListener("keydown", (event) => this.#keydown(event));
    this.addEventListener("focusout", (event) => {
      this.#leave();
      if (event.target.matches("[data-live]")) this.#ended = true;
    });
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-live]")) return;
      if (this.#byKey && event.target.matches("select")) return (this.#walked = event.target);
      // Enter in a text field fires this and then submits: the second cancels the first.
      this.timer = setTimeout(() => this.#submit(event.target));
    });
    this.addEventListener("compositionstart", () => clearTimeout(this.timer));
    for (const name of ["input", "compositionend"]) this.addEventListener(name, (event) => this.#typed(event));
    this.addEventListener("submit", () => clearTimeout(this.timer));
    document.addEventListener("htmx:beforeHistoryUpdate", ({ detail }) => {
      if (this.contains(detail.requestConfig?.elt)) this.#note(detail.history);
    }, { signal: this.listen.signal });
    this.#catchUp(document.activeElement);
  }

  disconnectedCallback() {
    this.listen.abort();
    clearTimeout(this.timer);
  }

  #keydown(event) {
    const enter = event.key === "Enter" && !event.isComposing;
    if (enter && this.#leave()) event.preventDefault();
    if (enter && event.target.matches("[data-live]")) this.#byTyping = this.#ended = true;
    this.#byKey = event.key?.startsWith("Arrow");
  }

  #typed({ target, isComposing }) {
    clearTimeout(this.timer);
    if (isComposing || !target.matches("[data-live]")) return;
    if (this.#ended) this.#ended = this.#searching = false;
    this.timer = setTimeout(() => this.#submit(target), 300);
  }

  // Called for each answer before the browser's history is changed.
  #note(entry) {
    const same = entry.path === location.pathname + location.search;
    if (same || (this.#byTyping && this.#searching)) entry.type = "replace";
    this.#searching = this.#byTyping;
  }

  // What was chosen while this file was still on its way. What a browser restores by itself has no focus.
  #catchUp(control) {
    if (!this.contains(control) || !control.matches("select")) return;
    const first = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
    if (!first.selected) this.#submit(control);
  }

  #leave() {
    const walked = this.#walked;
    this.#walked = undefined;
    if (walked) this.#submit(walked);
    return walked;
  }

  #submit(control) {
    if (!control.isConnected || control.hasAttribute("data-no-submit")) return;
    this.#byTyping = control.matches("[data-live]");
    control.form?.requestSubmit();
  }
}

customElements.define("auto-submit", AutoSubmit);

// <auto-submit><form>…<button data-without-js>Apply</button></form></auto-submit>
// Submits when a choice changes; a text field with data-live also a moment after typing. CSS hides the button meanwhile.
// A select that is walked through with the arrow keys is submitted when it is left, or by Enter: not at every step.

class AutoSubmit extends HTMLElement {
  #byKey = false;
  #walked;

  connectedCallback() {
    this.addEventListener("pointerdown", () => (this.#byKey = false));
    this.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.#leave()) event.preventDefault();
      this.#byKey = event.key.startsWith("Arrow");
    });
    this.addEventListener("focusout", () => this.#leave());
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-live]")) return;
      if (this.#byKey && event.target.matches("select")) return (this.#walked = event.target);
      // Enter in a text field fires this and then submits: the second cancels the first.
      this.timer = setTimeout(() => this.#submit(event.target));
    });
    this.addEventListener("input", (event) => {
      clearTimeout(this.timer);
      if (event.target.matches("[data-live]")) this.timer = setTimeout(() => this.#submit(event.target), 300);
    });
    this.addEventListener("submit", () => clearTimeout(this.timer));
    this.#catchUp(document.activeElement);
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
    if (control.isConnected && !control.hasAttribute("data-no-submit")) control.form?.requestSubmit();
  }
}

customElements.define("auto-submit", AutoSubmit);

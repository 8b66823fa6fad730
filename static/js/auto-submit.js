// <auto-submit><form>…<button data-without-js>Apply</button></form></auto-submit>
// Submits when a choice changes; a text field with data-live also a moment after typing. CSS hides the button meanwhile.
// A select that is walked through with the arrow keys is submitted when it is left, or by Enter: not at every step.

class AutoSubmit extends HTMLElement {
  #walked;

  connectedCallback() {
    this.addEventListener("keydown", (event) => {
      if (event.target.matches("select")) event.key === "Enter" ? this.#leave(event) : (this.byKey = event.key !== "Tab");
    });
    this.addEventListener("pointerdown", () => (this.byKey = false));
    this.addEventListener("change", (event) => {
      if (event.target.matches("select") && this.byKey) this.#walked = event.target;
      else if (!event.target.matches("textarea, input:not([type=checkbox], [type=radio], [type=date])")) this.#submit(event.target);
    });
    this.addEventListener("focusout", (event) => this.#leave(event));
    this.addEventListener("input", (event) => {
      clearTimeout(this.timer);
      if (event.target.matches("[data-live]")) this.timer = setTimeout(() => this.#submit(event.target), 300);
    });
    this.addEventListener("submit", () => clearTimeout(this.timer));
  }

  #leave(event) {
    const walked = this.#walked;
    this.#walked = undefined;
    this.byKey = false;
    if (!walked) return;
    if (event.type === "keydown") event.preventDefault();
    this.#submit(walked);
  }

  #submit(control) {
    if (control.isConnected && !control.hasAttribute("data-no-submit")) control.form?.requestSubmit();
  }
}

customElements.define("auto-submit", AutoSubmit);

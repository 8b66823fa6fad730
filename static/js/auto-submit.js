// <auto-submit><form>…<button data-without-js>Apply</button></form></auto-submit>
// Submits when a choice changes; a text field with data-live also a moment after typing. CSS hides the button meanwhile.

class AutoSubmit extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      if (event.target.matches("[data-live]")) return;
      // Enter in a text field fires this and then submits: the second cancels the first.
      this.timer = setTimeout(() => this.#submit(event.target));
    });
    this.addEventListener("input", (event) => {
      clearTimeout(this.timer);
      if (event.target.matches("[data-live]")) this.timer = setTimeout(() => this.#submit(event.target), 300);
    });
    this.addEventListener("submit", () => clearTimeout(this.timer));
  }

  #submit(control) {
    if (control.isConnected && !control.hasAttribute("data-no-submit")) control.form?.requestSubmit();
  }
}

customElements.define("auto-submit", AutoSubmit);

// One message at the edge of the screen. Success goes by itself, but not from under a pointer or the keyboard's focus;
// everything else stays until it is dismissed.

const SHOWN = 6000;

class ToastMessage extends HTMLElement {
  connectedCallback() {
    if (!this.querySelector(".toast__close")) {
      this.append(document.getElementById("toast-close").content.cloneNode(true));
      this.querySelector(".toast__close").addEventListener("click", () => this.remove());
    }
    if (!this.classList.contains("toast--success")) return;
    for (const hold of ["pointerenter", "focusin"]) this.addEventListener(hold, () => clearTimeout(this.timer));
    for (const release of ["pointerleave", "focusout"]) this.addEventListener(release, () => this.#leaveSoon());
    this.#leaveSoon();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  #leaveSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.remove(), SHOWN);
  }
}

customElements.define("toast-message", ToastMessage);

// Counts the seconds of a message that is about to leave.

class CountDown extends HTMLElement {
  connectedCallback() {
    this.end = performance.now() + 1000 * Number(this.textContent);
    this.timer = setInterval(() => { this.textContent = Math.max(0, Math.round((this.end - performance.now()) / 1000)); }, 1000);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }
}

customElements.define("count-down", CountDown);

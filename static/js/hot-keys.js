// Single-key shortcuts for everything on the page that names one:
//   <a data-hotkey="g t" data-hotkey-label="Go to Tickets">   <input data-hotkey="/" …>
// A key that no element names goes out as a "hotkey" event, for elements with keys of their own. What can be pressed
// is what "?" lists: those elements answer the "hotkeys:list" event. Off while typing, and for people who chose so.

const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]";
const WAIT = 1200;
const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;

class HotKeys extends HTMLElement {
  #pressed = "";
  #timer;

  connectedCallback() {
    this.listen = new AbortController();
    const options = { signal: this.listen.signal };
    document.addEventListener("keydown", (event) => this.#keydown(event), options);
    document.addEventListener("click", (event) => {
      if (event.target.closest?.("[commandfor=hotkey-sheet][command=show-modal]")) this.#fillSheet();
    }, { ...options, capture: true });
  }

  disconnectedCallback() {
    this.listen.abort();
  }

  #keydown(event) {
    if (event.isComposing || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey) return this.#withModifier(event);
    if (event.altKey) return;
    const typing = event.target.closest?.(TYPING);
    if (event.key === "Escape") return typing && !event.target.closest("dialog") ? event.target.blur() : undefined;
    if (typing || !this.hasAttribute("data-enabled") || document.querySelector("dialog:modal")) return;
    if (event.key.length === 1 && event.key !== " ") this.#press(event);
  }

  #withModifier(event) {
    if (event.shiftKey || event.altKey) return;
    if (event.key.toLowerCase() === "k") {
      const box = document.querySelector("[data-omnibox]");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    } else if (event.key === "Enter") {
      const form = event.target.form ?? event.target.closest?.("form");
      const send = form && [...form.elements].find((e) => e.type === "submit" && !e.disabled && visible(e));
      if (send) { event.preventDefault(); form.requestSubmit(send); }
    }
  }

  #press(event) {
    clearTimeout(this.#timer);
    const keys = `${this.#pressed} ${event.key}`.trim();
    const named = [...document.querySelectorAll("[data-hotkey]")].filter((e) => e.dataset.hotkey === "?" || visible(e));
    // The last one wins: what a page offers comes after what its frame does.
    const match = named.findLast((e) => e.dataset.hotkey === keys) ?? named.findLast((e) => e.dataset.hotkey === event.key);
    this.#pressed = "";
    if (match) {
      event.preventDefault();
      return match.matches(TYPING) ? enter(match) : match.click();
    }
    if (named.some((e) => e.dataset.hotkey.startsWith(`${event.key} `))) {
      this.#pressed = event.key;
      this.#timer = setTimeout(() => (this.#pressed = ""), WAIT);
      return event.preventDefault();
    }
    const asked = new CustomEvent("hotkey", { detail: event.key, cancelable: true });
    if (!document.dispatchEvent(asked)) event.preventDefault();
  }

  #fillSheet() {
    const words = this.querySelector("[data-everywhere]").dataset.everywhere.split("|");
    const list = ["Ctrl K", "Ctrl Enter", "Esc"].map((keys, at) => [keys, words[at]]);
    if (this.hasAttribute("data-enabled")) {
      for (const e of document.querySelectorAll("[data-hotkey]")) {
        if (e.dataset.hotkey === "?" || visible(e)) list.push([e.dataset.hotkey, e.dataset.hotkeyLabel ?? e.textContent.trim()]);
      }
      document.dispatchEvent(new CustomEvent("hotkeys:list", { detail: list }));
    }
    this.querySelector("tbody").replaceChildren(...[...new Map(list)].map(row));
  }
}

function enter(field) {
  field.focus();
  if (field.matches("select")) field.showPicker?.();
  else field.select?.();
}

function row([keys, label]) {
  const line = document.createElement("tr");
  line.insertCell().textContent = label;
  line.insertCell().append(...keys.split(" ").map((key) => Object.assign(document.createElement("kbd"), { textContent: key })));
  return line;
}

customElements.define("hot-keys", HotKeys);

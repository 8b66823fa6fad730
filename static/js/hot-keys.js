// Single-key shortcuts for everything on the page that names one:
//   <a data-hotkey="g t" data-hotkey-label="Go to Tickets">   <input data-hotkey="/" …>
// A key that no element names goes out as a "hotkey" event, for elements with keys of their own. What can be pressed
// is what "?" lists: those elements answer the "hotkeys:list" event. Off while typing, and for people who chose so.
//
// A shortcut is the letter that a key writes: that keeps German, French and Dvorak keyboards right. Where a keyboard
// writes letters of another script (Cyrillic, Greek, Hebrew, …), it is what the key writes on an American one; only
// letters tell that, so "/" and "?" go by their American place once one was pressed. Caps lock changes nothing.

const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable=true]";
const WAIT = 1200;
const LETTER = /^\p{Letter}$/u;
const LATIN = /^\p{Script=Latin}$/u;
const visible = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
// What a closed menu holds has its key, too.
const reachable = (element) => [element, element.closest("details.menu")].some((one) => one && visible(one));

class HotKeys extends HTMLElement {
  #pressed = "";
  #timer;
  #otherScript = false;

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
    if (!event.key || event.isComposing || event.defaultPrevented) return;
    if (LETTER.test(event.key)) this.#otherScript = !LATIN.test(event.key);
    if (event.ctrlKey || event.metaKey) return this.#withModifier(event);
    if (event.altKey) return;
    const typing = event.target.closest?.(TYPING);
    if (event.key === "Escape") return typing && !event.target.closest("dialog") ? event.target.blur() : undefined;
    if (typing || !this.hasAttribute("data-enabled") || document.querySelector("dialog:modal")) return;
    const key = this.#keyOf(event);
    if (key.length === 1 && key !== " ") this.#press(event, key);
  }

  #keyOf({ key, code, shiftKey }) {
    if (this.#otherScript && code === "Slash") return shiftKey ? "?" : "/";
    const written = this.#otherScript && code.startsWith("Key") ? code.slice("Key".length) : key;
    if (!LETTER.test(written)) return key;
    return shiftKey ? written.toUpperCase() : written.toLowerCase();
  }

  #withModifier(event) {
    if (event.shiftKey || event.altKey) return;
    if (this.#keyOf(event) === "k") {
      const box = document.querySelector("[data-omnibox]");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    } else if (event.key === "Enter") {
      const form = event.target.form ?? event.target.closest?.("form");
      const send = form && [...form.elements].find((e) => e.type === "submit" && !e.disabled && visible(e));
      if (send) { event.preventDefault(); form.requestSubmit(send); }
    }
  }

  #press(event, key) {
    clearTimeout(this.#timer);
    const keys = `${this.#pressed} ${key}`.trim();
    const named = [...document.querySelectorAll("[data-hotkey]")].filter(reachable);
    // The last one wins: what a page offers comes after what its frame does.
    const match = named.findLast((e) => e.dataset.hotkey === keys) ?? named.findLast((e) => e.dataset.hotkey === key);
    this.#pressed = "";
    if (match) {
      event.preventDefault();
      return match.matches(TYPING) ? enter(match) : match.click();
    }
    if (named.some((e) => e.dataset.hotkey.startsWith(`${key} `))) {
      this.#pressed = key;
      this.#timer = setTimeout(() => (this.#pressed = ""), WAIT);
      return event.preventDefault();
    }
    const asked = new CustomEvent("hotkey", { detail: key, cancelable: true });
    if (!document.dispatchEvent(asked)) event.preventDefault();
  }

  #fillSheet() {
    const words = this.querySelector("[data-everywhere]").dataset.everywhere.split("|");
    const list = ["Ctrl K", "Ctrl Enter", "Esc"].map((keys, at) => [keys, words[at]]);
    if (this.hasAttribute("data-enabled")) {
      for (const e of document.querySelectorAll("[data-hotkey]")) {
        if (reachable(e)) list.push([e.dataset.hotkey, e.dataset.hotkeyLabel ?? e.textContent.trim()]);
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

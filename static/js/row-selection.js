// Choosing rows of a table: check boxes with shift-click ranges, a box for all, a row cursor on j and k.
// Its words are in its data attributes (templates/_row_selection.html).
// A row is known by its check box's value, so that what was chosen outlives a swap of the rows.

class RowSelection extends HTMLElement {
  #chosen = new Set();
  #current;
  #last;

  connectedCallback() {
    this.listen = new AbortController();
    const options = { signal: this.listen.signal };
    this.addEventListener("click", (event) => this.#click(event), options);
    this.addEventListener("change", (event) => this.#change(event), options);
    document.addEventListener("hotkey", (event) => this.#key(event), options);
    document.addEventListener("hotkeys:list", (event) => event.detail.push(...this.#keys()), options);
    this.observer = new MutationObserver(() => this.#sync());
    this.observer.observe(this, { childList: true, subtree: true });
    this.#sync();
  }

  disconnectedCallback() {
    this.listen.abort();
    this.observer.disconnect();
  }

  get rows() { return [...this.querySelectorAll("tbody tr")]; }
  get boxes() { return [...this.querySelectorAll("tbody .cell-check input")]; }

  #keys() {
    const words = this.dataset.keys.split("|");
    return [..."jkox"].map((key, at) => [key, words[at]]).slice(0, this.boxes.length ? 4 : 3);
  }

  #click(event) {
    if (event.target.closest("[data-clear]")) return this.#set(this.boxes, false);
    if (event.target.closest("[data-copy-links]")) return this.#copyLinks();
    const box = event.target.closest("tbody .cell-check input");
    if (!box) return;
    const from = this.boxes.findIndex((b) => b.value === this.#last);
    const to = this.boxes.indexOf(box);
    if (event.shiftKey && from >= 0) this.#set(this.boxes.slice(Math.min(from, to), Math.max(from, to) + 1), box.checked);
    this.#last = box.value;
  }

  #change(event) {
    if (event.target.matches("[data-select-all]")) this.#set(this.boxes, event.target.checked);
    else if (event.target.matches("tbody .cell-check input")) this.#set([event.target], event.target.checked);
  }

  async #copyLinks() {
    const links = this.boxes.filter((b) => b.checked).map((b) => b.closest("tr").querySelector("a.subject")?.href);
    const done = await navigator.clipboard?.writeText(links.join("\n")).then(() => true, () => false);
    announce(done ? this.#say(links.length === 1 ? "copiedOne" : "copiedOther", links.length) : this.dataset.refused);
    const button = this.querySelector("[data-copy-links]");
    button.classList.toggle("is-done", Boolean(done));
    setTimeout(() => button.classList.remove("is-done"), 1500);
  }

  #say(name, number) { return this.dataset[name].replace("{n}", number); }

  #set(boxes, checked) {
    for (const box of boxes) {
      box.checked = checked;
      this.#chosen[checked ? "add" : "delete"](box.value);
    }
    this.#show();
    announce(this.#say("selected", this.#chosen.size));
  }

  // After a swap: chosen rows that are still there stay chosen, and so does the row under the cursor.
  #sync() {
    for (const box of this.boxes) if (box.checked) this.#chosen.add(box.value);
    this.#restore();
    if (this.#current && !this.querySelector(".is-current")) this.#rowOf(this.#current)?.classList.add("is-current");
  }

  #restore() {
    const boxes = this.boxes;
    for (const box of boxes) box.checked = this.#chosen.has(box.value);
    this.#chosen = new Set(boxes.filter((b) => b.checked).map((b) => b.value));
    this.#show();
  }

  #show() {
    const boxes = this.boxes;
    const number = this.#chosen.size;
    for (const box of boxes) box.closest("tr").setAttribute("aria-selected", box.checked);
    const all = this.querySelector("[data-select-all]");
    if (all) {
      all.checked = number > 0 && number === boxes.length;
      all.indeterminate = number > 0 && number < boxes.length;
    }
    for (const place of this.querySelectorAll("[data-selected-count]")) {
      if (place.textContent !== String(number)) place.textContent = number;
    }
    for (const bar of this.querySelectorAll(".bulk-bar")) bar.hidden = number === 0;
  }

  #rowOf(id) { return this.rows.find((row) => row.id === id); }

  #key(event) {
    const current = this.querySelector("tr.is-current");
    const link = current?.querySelector("a.subject");
    const box = current?.querySelector(".cell-check input");
    if (event.detail === "j") this.#move(current, 1);
    else if (event.detail === "k") this.#move(current, -1);
    else if (event.detail === "o" && link) link.click();
    else if (event.detail === "x" && box) { this.#set([box], !box.checked); this.#last = box.value; }
    else return;
    event.preventDefault();
  }

  #move(current, step) {
    const rows = this.rows;
    const next = current ? rows[rows.indexOf(current) + step] : rows[step > 0 ? 0 : rows.length - 1];
    if (!next) return;
    current?.classList.remove("is-current");
    next.classList.add("is-current");
    this.#current = next.id;
    next.querySelector("a.subject")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}

function announce(words) {
  const place = document.getElementById("announce");
  if (place) place.textContent = words;
}

customElements.define("row-selection", RowSelection);

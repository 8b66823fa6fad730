// <thread-news data-one="{n} new message" data-other="{n} new messages"><a href="#ticket-thread" hidden></a></thread-news>
// Messages that come while the thread is open: who has read to its end sees them come in, others are told of them.

class ThreadNews extends HTMLElement {
  connectedCallback() {
    this.listen = new AbortController();
    const options = { signal: this.listen.signal };
    document.addEventListener("live:before", () => this.#remember(), options);
    document.addEventListener("live:after", () => this.#tell(), options);
    this.addEventListener("click", () => this.#hide(), options);
    document.addEventListener("scroll", () => { if (this.waiting && atEnd()) this.#hide(); }, { ...options, passive: true });
  }

  disconnectedCallback() {
    this.listen.abort();
  }

  #remember() {
    this.known = new Set(messages().map((message) => message.id));
    this.end = atEnd();
  }

  #tell() {
    const fresh = messages().filter((message) => !this.known.has(message.id));
    if (!fresh.length) return;
    this.waiting = this.end ? 0 : (this.waiting ?? 0) + fresh.length;
    const number = this.waiting || fresh.length;
    const words = this.dataset[number === 1 ? "one" : "other"].replace("{n}", number);
    document.getElementById("announce").textContent = words;
    if (this.end) return fresh.at(-1).scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    const link = this.firstElementChild;
    link.textContent = words;
    if (link.hidden) link.href = `#${fresh[0].id}`;
    link.hidden = false;
  }

  #hide() {
    this.waiting = 0;
    this.firstElementChild.hidden = true;
  }
}

const messages = () => [...document.querySelectorAll("#ticket-thread .message")];
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function atEnd() {
  const last = messages().at(-1);
  return !last || last.getBoundingClientRect().bottom <= innerHeight;
}

customElements.define("thread-news", ThreadNews);

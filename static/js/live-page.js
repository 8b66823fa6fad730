// <live-page data-url data-team data-told data-every data-put data-morph> keeps an open page true: its heartbeat, each `every`
// seconds, says who is here and asks what is new; what comes takes the place of what has the same id, without taking focus, choice,
// scroll or typed text.
// Part of a page that knows what it shows asks for itself:
//   <div data-changes="address of its changes" data-since="its change number" data-about="cStar id, or nothing for a list">

const FIRST = 1_000; // the page was drawn a moment ago
const WHEN_HIDDEN = 30_000;
const IF_IT_STAYS = 3_000;
const LONGEST = 60_000;
const TYPES = 8_000;

class LivePage extends HTMLElement {
  #key = Math.random().toString(36).slice(2);
  #failed = 0;
  #typing = "";
  #told;
  #known;
  #saidHidden;
  #timer;
  #still;
  #beating;
  #again;

  connectedCallback() {
    this.#told = this.dataset.told;
    this.listen = new AbortController();
    const options = { signal: this.listen.signal };
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#in(this.#pause) : this.#beat()), options);
    for (const back of ["online", "focus", "pageshow"]) window.addEventListener(back, (event) => { if (this.#failed || event.persisted) this.#beat(); }, options);
    window.addEventListener("pagehide", () => this.#leave(), options);
    document.addEventListener("input", (event) => this.#type(event.target), options);
    document.addEventListener("focusout", () => this.#retry(), options);
    document.addEventListener("htmx:afterSettle", () => { if (this.#region !== this.#known) this.#beat(); }, options);
    this.#in(FIRST);
  }

  disconnectedCallback() {
    this.listen.abort();
    clearTimeout(this.#timer);
  }

  get #region() { return document.querySelector("[data-changes]"); }

  async #beat() {
    if (this.#beating) return (this.#again = true);
    this.#beating = true;
    try {
      await this.#news();
      this.#failed = 0;
      this.#sign("");
    } catch (error) {
      this.#failed++;
      if (error instanceof SignedOut) this.#sign("out");
      else if (this.#failed > 1 && !(error instanceof Refused)) this.#sign("away");
    }
    this.#beating = false;
    this.#in(this.#again ? 0 : this.#pause);
    this.#again = false;
  }

  #in(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#beat(), milliseconds);
  }

  // Never in step with all the others. A page that is being left is hidden first: it says so only if it stays.
  get #pause() {
    const usual = !document.hidden ? this.dataset.every * 1_000 : this.#saidHidden ? WHEN_HIDDEN : IF_IT_STAYS;
    return Math.min(LONGEST, usual * 2 ** this.#failed) * (this.#failed ? 0.5 + Math.random() / 2 : 0.9 + Math.random() / 5);
  }

  async #news() {
    const number = new URLSearchParams(this.#told).get("copy");
    // Another list has taken the place of the one that knew the rest.
    if (this.#known !== this.#region) this.#told = `copy=${number}`;
    this.#known = this.#region;
    this.#saidHidden = document.hidden;
    const answer = await ask(this.dataset.url, this.#state);
    if (answer.status === 200) {
      await this.#apply(await answer.text());
      this.#told = answer.headers.get("X-Live");
    }
    if (!document.hidden) await this.#changes(parseInt(new URLSearchParams(this.#told).get("copy")));
  }

  get #state() {
    const about = this.#region?.dataset.about;
    return {
      ...Object.fromEntries(new URLSearchParams(this.#told)),
      team: this.dataset.team,
      page: this.#key,
      ...(about !== undefined && { about }),
      ...(this.#typing && { typing: this.#typing }),
      ...(document.hidden && { hidden: "" }),
    };
  }

  async #changes(number) {
    const region = this.#region;
    if (!region || region.dataset.since >= number || region.dataset.left >= number) return;
    const { since, drawn = since } = region.dataset;
    const shown = [...region.querySelectorAll("tbody tr .cell-check input")].map((box) => box.value).join();
    const answer = await ask(region.dataset.changes, { since, drawn }, { "X-Shown": shown });
    const html = await answer.text();
    if (!region.isConnected) return; // another list stands here by now
    const whole = await this.#apply(html);
    if (answer.status === 404) region.removeAttribute("data-changes");
    // What had to be left alone is asked for again when the person is done with it.
    else if (whole) region.dataset.since = answer.headers.get("X-Live");
    else region.dataset.left = number;
  }

  #retry() {
    if (!this.#region?.dataset.left) return;
    delete this.#region.dataset.left;
    this.#in(500);
  }

  async #apply(html) {
    if (!html.trim()) return true;
    // Loaded with the first news, not with the page.
    const { putIn } = await import(this.dataset.put);
    return putIn(html, this.dataset.morph);
  }

  #type(text) {
    if (!text.matches?.(".composer [data-kind]")) return;
    clearTimeout(this.#still);
    this.#still = setTimeout(() => (this.#typing = ""), TYPES);
    const kind = text.value.trim() ? text.dataset.kind : "";
    if (this.#typing !== kind) {
      this.#typing = kind;
      this.#beat();
    }
  }

  #leave() {
    clearTimeout(this.#timer);
    if (this.#region?.dataset.about) fetch(address(this.dataset.url, { ...this.#state, gone: "" }), { keepalive: true, redirect: "manual" }).catch(() => {});
  }

  #sign(name) {
    const notices = document.getElementById("notices");
    notices.querySelector("[data-sign]")?.remove();
    // A form that was refused may have said it already.
    if (!name || (name === "out" && notices.querySelector("[data-shut-out]"))) return;
    const sign = this.querySelector(`[data-sign=${name}]`).content.firstElementChild.cloneNode(true);
    sign.dataset.sign = name;
    notices.append(sign);
  }
}

class SignedOut extends Error {}
class Refused extends Error {}

function address(path, values) {
  const url = new URL(path, location.href);
  for (const [name, value] of Object.entries(values)) url.searchParams.set(name, value);
  return url;
}

// Throws where nothing is to be had: the server is away, the person is signed out, the team is another by now.
async function ask(path, values, headers = {}) {
  const answer = await fetch(address(path, values), { headers, redirect: "manual", signal: AbortSignal.timeout(20_000) });
  if (answer.type === "opaqueredirect") throw new SignedOut();
  if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
  if (answer.status >= 400 && answer.status !== 404) throw new Refused(answer.status);
  return answer;
}

customElements.define("live-page", LivePage);

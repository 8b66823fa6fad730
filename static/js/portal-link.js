// <portal-link data-portals data-url data-sign-in> is in every page in a portal's frame. It tells the portal, and nobody
// else, what is shown, how high that is, how many tickets wait for the person, and that they are signed out. Only then
// it listens: the portal may answer with a token that signs them in again, and the page goes on as it stands.
// The page at data-url waits for nothing else (data-waits); a token may be in its address already (data-named).
// docs/embedding.md describes the messages.

const EMBED = ["embed", "1"];
const LOOK_AGAIN = 3_000;

class PortalLink extends HTMLElement {
  #told = {};
  #out = false;

  connectedCallback() {
    keepAddress();
    if (parent === window) return;
    this.listen = new AbortController();
    const options = { signal: this.listen.signal };
    window.addEventListener("message", (event) => this.#hear(event), options);
    document.addEventListener("click", (event) => this.#click(event), options);
    for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) document.body.addEventListener(name, () => this.#route(), options);
    for (const name of ["live:after", "htmx:afterSettle"]) document.addEventListener(name, () => this.#unread(), options);
    this.resizing = new ResizeObserver(() => this.#tell("height", { height: Math.ceil(document.body.getBoundingClientRect().height) }));
    this.resizing.observe(document.body);
    // Whoever finds out that the session is over says so there.
    const look = () => { if (document.querySelector("[data-shut-out], #notices [data-sign=out]")) this.#signedOut(); };
    this.watching = new MutationObserver(look);
    this.watching.observe(document.getElementById("notices"), { childList: true, subtree: true });
    look();
    this.#route();
    this.#unread();
    if ("waits" in this.dataset) this.#wait(options);
  }

  disconnectedCallback() {
    this.listen?.abort();
    this.resizing?.disconnect();
    this.watching?.disconnect();
    clearInterval(this.looking);
  }

  get portals() { return this.dataset.portals.split(" "); }

  // Where the browser says which portal it is, no other is addressed: each in vain would be an error in its console.
  get #addressed() {
    const around = location.ancestorOrigins?.[0];
    return around ? this.portals.filter((portal) => portal === around) : this.portals;
  }

  #tell(type, facts = {}) {
    const words = JSON.stringify(facts);
    if (this.#told[type] === words) return;
    this.#told[type] = words;
    for (const portal of this.#addressed) parent.postMessage({ source: "cstar-desk", type, ...facts }, portal);
  }

  #route() {
    const url = new URL(location);
    url.searchParams.delete(EMBED[0]);
    this.#tell("route", { path: url.pathname + url.search, title: document.title });
  }

  #unread() {
    const count = document.querySelector("#rail [data-unread]")?.dataset.unread;
    if (count) this.#tell("unread", { count: Number(count) });
  }

  // --- signed out ---------------------------------------------------------------------------------------------------

  #signedOut() {
    this.#out = true;
    this.#tell("signed-out");
  }

  #click(event) {
    if (event.target.closest("[data-ask]")) {
      delete this.#told["signed-out"];
      return this.#signedOut();
    }
    const link = event.target.closest(`a[target][href^="${this.dataset.signIn}"]`);
    if (!link) return;
    event.preventDefault();
    window.open(`${this.dataset.signIn}?next=${this.dataset.url}`, "_blank", "popup,width=480,height=720");
  }

  #hear({ source, origin, data }) {
    if (!this.#out || source !== parent || !this.portals.includes(origin)) return;
    if (data?.type === "token" && typeof data.token === "string") this.#signIn(data.token, origin);
  }

  async #signIn(token, portal) {
    this.#out = false;
    delete this.#told["signed-out"];
    const team = document.querySelector("live-page")?.dataset.team ?? "";
    try {
      const answer = await this.#send({ token, portal, team, next: this.dataset.next ?? "" });
      const { next, error } = await answer.json();
      if (error) this.#refused(error);
      else if ("waits" in this.dataset) location.replace(next);
      else this.#goOn();
    } catch {
      this.#out = true; // the line is down: another token is as good
    }
  }

  async #send(handed, again = true) {
    const headers = { "Content-Type": "application/json", "HX-Request": "true", ...JSON.parse(document.body.getAttribute("hx-headers")) };
    const answer = await fetch(this.dataset.url, { method: "POST", headers, body: JSON.stringify(handed) });
    const value = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}")["csrf-token"];
    if (value) document.dispatchEvent(new CustomEvent("csrf-token", { detail: { value } }));
    return value && !answer.ok && again ? this.#send(handed, false) : answer;
  }

  // For all that waits it is as if the line were there again.
  #goOn() {
    document.querySelector("#notices [data-sign]")?.remove();
    document.querySelector("[data-shut-out]")?.replaceWith(this.querySelector("[data-back]").content.cloneNode(true));
    window.dispatchEvent(new Event("online"));
  }

  #refused(sentence) {
    this.#out = true;
    const place = document.querySelector("[data-said]");
    if (place) place.firstChild.textContent = `${sentence} `;
  }

  async #wait(options) {
    const token = location.hash.slice(1);
    if (token && "named" in this.dataset) {
      history.replaceState(history.state, "", location.pathname + location.search);
      await this.#signIn(token, this.portals[0]);
      if (!this.#out) return;
    }
    this.#signedOut();
    // Or they sign in in a window of its own.
    const look = async () => {
      if (document.hidden) return;
      const answer = await fetch(location.href, { redirect: "manual" }).catch(() => null);
      if (answer?.type === "opaqueredirect") location.reload();
    };
    window.addEventListener("focus", look, options);
    this.looking = setInterval(look, LOOK_AGAIN);
  }
}

// Pages that this one fetches from, or leads to without a frame around them, know by the address what it looks like.
function keepAddress() {
  const here = () => history.replaceState(history.state, "", embedded(location.href));
  here();
  for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) document.body.addEventListener(name, here);
  if (parent !== window) return;
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const here = link && !link.target && link.origin === location.origin && !event.defaultPrevented;
    if (here && !(event.button || event.ctrlKey || event.metaKey || event.shiftKey)) link.href = embedded(link.href);
  });
  document.addEventListener("submit", ({ target: form }) => {
    if (form.method !== "get" || form.elements.embed) return;
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name: EMBED[0], value: EMBED[1] }));
  });
}

function embedded(address) {
  const url = new URL(address);
  if (url.searchParams.get(EMBED[0]) !== EMBED[1]) url.searchParams.set(...EMBED);
  return url.href;
}

customElements.define("portal-link", PortalLink);

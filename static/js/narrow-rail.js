// <narrow-rail> holds a button that makes the rail as narrow as its icons; a cookie tells the next page.

const YEAR = 31_536_000;

class NarrowRail extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#toggle);
  }

  #toggle = () => {
    const narrow = document.body.classList.toggle("rail-narrow");
    this.querySelector("button").ariaPressed = narrow;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `rail=${narrow ? "narrow" : "wide"}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  };
}

customElements.define("narrow-rail", NarrowRail);

// What lies above the page: menus, dialogs and toasts.
//
// A <details class="menu"> closes when one clicks or tabs out of it, presses Escape, or opens another.
// Dialogs open by HTML alone: <button command="show-modal" commandfor="id">. Here is what older browsers lack of that, and
// a click beside a dialog closing it.

const open = () => document.querySelectorAll("details.menu[open]");
const older = !("commandForElement" in HTMLButtonElement.prototype);

function closeOthers(target) {
  for (const menu of open()) if (!menu.contains(target)) menu.open = false;
}

function outside({ target, clientX: x, clientY: y }) {
  const box = target.getBoundingClientRect();
  return (x || y) && (x < box.left || x > box.right || y < box.top || y > box.bottom);
}

document.addEventListener("click", (event) => {
  closeOthers(event.target);
  if (event.target.closest?.("details.menu .menu__item:is(a, [type=button])")) closeOthers(null);
  const button = event.target.closest?.("button[commandfor]");
  const dialog = button && document.getElementById(button.getAttribute("commandfor"));
  if (older && dialog) {
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else if (button.getAttribute("command") === "close") dialog.close();
  }
  if (event.target.matches?.("dialog[open]:not([data-keep])") && outside(event)) event.target.close("");
});
document.addEventListener("focusin", (event) => closeOthers(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of open()) {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.closest?.("details.menu")) closeOthers(null);
});

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

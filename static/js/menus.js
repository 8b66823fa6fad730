// A <details class="menu"> closes when one clicks or tabs out of it, presses Escape, or opens another.

const open = () => document.querySelectorAll("details.menu[open]");

function closeOthers(target) {
  for (const menu of open()) if (!menu.contains(target)) menu.open = false;
}

document.addEventListener("click", (event) => {
  closeOthers(event.target);
  if (event.target.closest?.("details.menu .menu__item:is(a, [type=button])")) closeOthers(null);
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

// When a request does not arrive the page says so and keeps everything that was typed. What the server has to say of an
// error, or of a session that ended, comes with its answer (core/errors.py).

// `name` is that of the words in <template id="toast">.
function toast(id, name) {
  document.getElementById(id)?.remove();
  const template = document.getElementById("toast");
  const piece = template.content.cloneNode(true);
  piece.querySelector("p").textContent = template.dataset[name];
  piece.firstElementChild.id = id;
  document.getElementById("messages").append(piece);
}

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => toast("toast-offline", "offline"));
}
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  document.getElementById("toast-offline")?.remove();
  if (xhr.status >= 400 && /^\s*<!doctype/i.test(xhr.response)) {
    // A whole error page has no place inside this one.
    event.detail.shouldSwap = false;
    toast("toast-fault", "fault");
  }
});

// After signing in again elsewhere the server refuses this page's token once, and sends the new one along.
document.addEventListener("csrf-token", ({ detail: { value } }) => {
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": value }));
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = value;
});

// A session ends when its person is away: the server counts what a script asks for only if they did something just now,
// so that a page which asks by itself keeps nobody signed in (teams/sessions.py).
const ACTIVE = 10_000;
let acted = -ACTIVE;
for (const name of ["pointerdown", "keydown", "input", "change", "wheel"]) {
  document.addEventListener(name, (event) => { if (event.isTrusted) acted = performance.now(); }, { capture: true, passive: true });
}
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (performance.now() - acted < ACTIVE) detail.headers["X-Person-Active"] = "1";
});

// Dialogs open by HTML alone: <button command="show-modal" commandfor="id">. Here are what older browsers lack of that,
// a click beside a dialog closing it, and one dialog that asks before hx-confirm and <form data-confirm> go on.

const older = !("commandForElement" in HTMLButtonElement.prototype);

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button[commandfor]");
  const dialog = button && document.getElementById(button.getAttribute("commandfor"));
  if (older && dialog) {
    if (button.getAttribute("command") === "show-modal") dialog.showModal();
    else if (button.getAttribute("command") === "close") dialog.close();
  }
  if (event.target.matches?.("dialog[open]:not([data-keep])") && outside(event)) event.target.close("");
});

function outside({ target, clientX: x, clientY: y }) {
  const box = target.getBoundingClientRect();
  return (x || y) && (x < box.left || x > box.right || y < box.top || y > box.bottom);
}

function ask(question, label, go) {
  const dialog = document.getElementById("confirm");
  dialog.querySelector("h2").textContent = question;
  dialog.querySelector("[data-confirm-label]").textContent = label || "Continue";
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && go(), { once: true });
  dialog.showModal();
}

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question, event.detail.elt.dataset.confirmLabel, () => event.detail.issueRequest(true));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (!question || form.dataset.confirmed) return delete form.dataset.confirmed;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { submitter } = event;
  ask(question, (submitter?.dataset ?? form.dataset).confirmLabel ?? form.dataset.confirmLabel, () => {
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
  });
}, true);

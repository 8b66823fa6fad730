// Dialogs open by HTML alone: <button command="show-modal" commandfor="id">. Here is what older browsers lack of that, and
// a click beside a dialog closing it.

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

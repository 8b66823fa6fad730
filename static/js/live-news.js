// Puts what the server says is new into the page (live-page.js loads this with the first news). Each element takes the
// place of the one with its id, and only what differs is touched; one that is not there yet goes into what its data-into
// names. data-clear takes away what is not in the answer. Focus, choice and what is being typed stay as they are.
// Inside hx-ext="live" an answer to a form is put in the same way: two that overtake each other both find their place.

// Answers whether all of it could be put in: a form that the person is busy with is left alone.
export async function putIn(html, morph) {
  await loaded(morph);
  const { content } = Object.assign(document.createElement("template"), { innerHTML: html });
  document.dispatchEvent(new CustomEvent("live:before"));
  const whole = [...content.children].map((fresh) => put(fresh, content)).every(Boolean);
  document.dispatchEvent(new CustomEvent("live:after"));
  return whole;
}

let loading;
function loaded(src) {
  return (loading ??= window.Idiomorph ? Promise.resolve() : new Promise((resolve, reject) => {
    document.head.append(Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject }));
  }));
}

function put(fresh, answer) {
  if (fresh.dataset.clear) {
    for (const old of document.querySelectorAll(fresh.dataset.clear)) if (!answer.getElementById(old.id)) old.remove();
    return true;
  }
  const old = document.getElementById(fresh.id);
  if (!old) {
    document.querySelector(fresh.dataset.into || ":not(*)")?.append(fresh);
    return true;
  }
  const whole = merge(old, fresh, inHand);
  const now = document.getElementById(fresh.id);
  htmx.process(now);
  if (now.matches("tr")) flash(now);
  return whole;
}

// `busy(form)`: whether a form has to be left alone. Answers whether none was.
function merge(old, fresh, busy) {
  let whole = true;
  const callbacks = {
    beforeNodeMorphed: (node) => {
      if (node === old || node.nodeType !== Node.ELEMENT_NODE) return true;
      if (node.matches("form") && busy(node)) return (whole = false);
      return !node.matches("[hx-preserve], [data-opened], [type=checkbox]");
    },
    // What asks by itself takes itself away with its answer, which would find no place without it.
    // What the person opened stays open.
    beforeNodeRemoved: (node) => !node.matches?.(".presence, #outgoing-poll, [data-opened]"),
    beforeAttributeUpdated: (name, node) => !PERSONS.includes(name) && !(name === "class" && node.matches("tr")),
  };
  const focused = document.activeElement;
  Idiomorph.morph(old, fresh, { morphStyle: "outerHTML", callbacks });
  if (focused !== document.activeElement && focused.isConnected) focused.focus({ preventScroll: true });
  return whole;
}

// What people change in a form.
const TYPED = "select, textarea, input:not([type=hidden])";

// What forms have on its way: the answer takes the place of one that still says so. Sent once more meanwhile, it goes out
// after the answer (htmx sees to that) as it is then, so that it cannot be changed until then.
const sent = new WeakMap();
const said = (form) => JSON.stringify([...form.querySelectorAll(TYPED)].map((control) => control.value));
const hold = (form, held) => { for (const control of form.querySelectorAll(TYPED)) control.readOnly = held; };
document.addEventListener("htmx:beforeRequest", ({ target }) => { if (target.matches("[hx-ext=live] form")) sent.set(target, said(target)); });
document.addEventListener("htmx:afterRequest", ({ target, detail }) => { if (sent.delete(target) && !detail.xhr.status) hold(target, false); });
document.addEventListener("submit", ({ target }) => { if (sent.has(target)) hold(target, true); }, { capture: true });
htmx.defineExtension("live", {
  isInlineSwap: (style) => style === "live",
  handleSwap(style, target, fragment) {
    if (style !== "live") return false;
    const fresh = fragment.firstElementChild;
    if (fresh) merge(target, fresh, (form) => inHand(form) && sent.get(form) !== said(form));
    return [target];
  },
});

// What the person or the page's own modules say about an element, and the server does not know.
const PERSONS = ["aria-current", "aria-selected", "open"];

// A form that was refused holds what the person wrote as if the server had said it.
function inHand(form) {
  const busy = form.contains(document.activeElement) && document.activeElement.matches(TYPED);
  return busy || form.querySelector("[role=alert]") || [...form.elements].some(edited);
}

function edited(control) {
  if (control.matches("select")) {
    const first = [...control.options].find((option) => option.defaultSelected) ?? control.options[0];
    return control.selectedOptions[0] !== first;
  }
  return control.matches(TYPED) && control.value !== control.defaultValue;
}

function flash(row) {
  row.classList.add("is-changed");
  row.addEventListener("animationend", () => row.classList.remove("is-changed"), { once: true });
}

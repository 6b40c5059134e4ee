// A key a verdict. Everything here is a button of the page pressed for you; without this script the buttons do the same.
const press = (selector) => {
  const button = document.querySelector(selector);
  if (!button || button.disabled || document.documentElement.dataset.sent) return false;
  document.documentElement.dataset.sent = "yes"; // a key held down must not judge the next article too
  button.click();
  return true;
};
// Letters alone can be switched off (WCAG 2.1.4), for who speaks to the computer; the switch is remembered here.
const keys = document.querySelector("#keys-on");
if (keys) {
  keys.checked = localStorage.getItem("credence-queue-keys") !== "off";
  keys.addEventListener("change", () => localStorage.setItem("credence-queue-keys", keys.checked ? "on" : "off"));
  keys.closest(".queue-keys").hidden = false;
}

addEventListener("pageshow", () => { delete document.documentElement.dataset.sent; });

addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (keys && !keys.checked) return;
  if (event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
  const selector = { s: "#skip-form button", u: "#undo-form button" }[event.key]
    ?? (/^[1-5]$/.test(event.key) ? `#verdict-form [data-key="${event.key}"]` : null);
  if (selector && press(selector)) event.preventDefault();
});

// A key a verdict. Everything here is a button of the page pressed for you; without this script the buttons do the same.
const press = (selector) => {
  const button = document.querySelector(selector);
  if (!button || button.disabled || document.documentElement.dataset.sent) return false;
  document.documentElement.dataset.sent = "yes"; // a key held down must not judge the next article too
  button.click();
  return true;
};
addEventListener("pageshow", () => { delete document.documentElement.dataset.sent; });

addEventListener("keydown", (event) => {
  if (event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, textarea, select, [contenteditable]")) return;
  const selector = { s: "#skip-form button", u: "#undo-form button" }[event.key]
    ?? (/^[1-5]$/.test(event.key) ? `#verdict-form [data-key="${event.key}"]` : null);
  if (selector && press(selector)) event.preventDefault();
});

// The sliders count out anew while they move; without this script a button does.
document.documentElement.classList.add("scripted");
const form = document.querySelector("#thresholds-form");
let asked = 0;

async function count() {
  const mine = ++asked;
  const query = new URLSearchParams(new FormData(form));
  const answer = await fetch(`/about?${query}`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const open = document.querySelector("#thresholds-answer details").open;
  for (const id of ["thresholds-answer", "base-out", "point-out"]) {
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id).replaceWith(fresh);
  }
  document.querySelector("#thresholds-answer details").open = open;
  speak();
  history.replaceState(null, "", `/about?${query}#thresholds`);
}

// What a screen reader says of a slider: the share, not the number behind it.
function speak() {
  for (const output of document.querySelectorAll("#thresholds-form output"))
    document.getElementById(output.htmlFor.value).setAttribute("aria-valuetext", output.textContent);
}

speak();
let soon = 0;
form?.addEventListener("input", () => {
  clearTimeout(soon);
  soon = setTimeout(count, 60);
});

// The answer takes the form's place without the page being loaded anew, and a file can be dropped. Without this script
// the form works as forms do.
document.documentElement.classList.add("scripted");

const main = document.querySelector("main");

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.querySelector("main");
  if (!fresh) return false;
  main.replaceChildren(...fresh.childNodes);
  document.title = page.title;
  window.scrollTo(0, 0);
  main.querySelector("#verdict, [role=alert]")?.focus?.();
  document.dispatchEvent(new Event("credence:shown"));
  return true;
}

async function send(form) {
  if (form.getAttribute("aria-busy")) return;
  const before = [...main.childNodes];
  const title = document.title;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.getAttribute("action"), {
      method: "POST", body: new FormData(form), headers: { Accept: "text/html" },
    });
    if (answer.redirected) return void location.assign(answer.url); // to sign in again
    const text = await answer.text();
    form.removeAttribute("aria-busy");
    if (!show(text)) throw new Error("no page");
    history.pushState({ answer: true }, "", "/");
    back = { nodes: before, title };
  } catch {
    form.removeAttribute("aria-busy");
    say(form, "The service did not answer. Your text is still here: try again in a moment.");
  }
}

function say(form, words) {
  let told = form.querySelector(".message");
  if (!told) {
    told = document.createElement("div");
    told.className = "message problem";
    told.setAttribute("role", "alert");
    form.prepend(told);
  }
  told.textContent = words;
}

let back = null;
window.addEventListener("popstate", () => {
  if (!back) return;
  main.replaceChildren(...back.nodes);
  document.title = back.title;
  back = null;
  document.dispatchEvent(new Event("credence:shown"));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id !== "score-form" || event.submitter?.hasAttribute("data-plain")) return;
  event.preventDefault();
  send(form);
});

for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.(".drop");
    if (!zone || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.toggle("over", over);
    if (kind === "drop" && event.dataTransfer.files.length) {
      zone.querySelector("[type=file]").files = event.dataTransfer.files;
      send(zone.closest("form"));
    }
  });
}

// Tells why where the pointer or the focus rests, steps from finding to finding, shares the view, opens reviews in
// place. The same is there without this script: in titles, in the list of findings, and as pages of their own.
const KIND = { source: "attribution", cue: "attribution", content: "attribution", approximator: "hedge", unsupported: "headline" };
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let card = null, current = null, leaving = 0;
let parts = null, shown = null, lit = []; // found once an article, for it may hold twenty thousand marks

function start() {
  document.documentElement.classList.add("scripted");
  card?.remove();
  card = current = parts = shown = null;
  lit = [];
  const reading = document.querySelector(".reading");
  if (!reading) return;
  const print = document.querySelector("#print");
  if (print) print.hidden = false;
  const text = reading.querySelector(".text");
  if (!text) return;
  card = document.createElement("div");
  card.id = "why";
  card.className = "why";
  card.hidden = true;
  reading.append(card);
  reading.querySelector(".keys")?.removeAttribute("hidden");
  const first = text.querySelector("mark[id]");
  if (first) first.tabIndex = 0;
}

const isOn = (kind) => document.querySelector(`[data-switch="${kind}"]`)?.checked ?? true;
const isShown = (mark) => [...mark.classList].some((name) => name !== "now" && isOn(KIND[name] ?? name));
const stops = () => (shown ??= [...document.querySelectorAll(".text mark[id]")].filter(isShown));

function partsOf(reference) {
  if (!parts) {
    parts = new Map();
    for (const mark of document.querySelectorAll(".text mark"))
      for (const one of mark.dataset.f.split(" ")) parts.get(one)?.push(mark) ?? parts.set(one, [mark]);
  }
  return parts.get(reference) ?? [];
}

function light(references) {
  for (const mark of lit) mark.classList.remove("now");
  lit = references.flatMap(partsOf);
  for (const mark of lit) mark.classList.add("now");
}

function tell(mark) {
  clearTimeout(leaving);
  if (!card || !mark.dataset.f) return;
  if (mark.title) {
    mark.dataset.why = mark.title; // the card says it; the browser's own would cover it
    mark.removeAttribute("title");
  }
  const address = document.querySelector(".article-page").dataset.address;
  const mayReview = document.querySelector(".actions [data-review]");
  const references = mark.dataset.f.split(" ");
  light(references);
  const list = document.createElement("ul");
  mark.dataset.why.split("\n").forEach((line, at) => {
    const [kind, ...rest] = line.split(": ");
    const item = document.createElement("li");
    const name = document.createElement("b");
    name.textContent = kind;
    const why = rest.join(": ");
    item.append(name, why.charAt(0).toUpperCase() + why.slice(1) + ". ");
    if (mayReview) {
      const wrong = document.createElement("a");
      wrong.href = `${address}/review?finding=${encodeURIComponent(references[at])}`;
      wrong.dataset.review = "";
      wrong.textContent = "This is wrong";
      item.append(wrong);
    }
    list.append(item);
  });
  const foot = document.createElement("footer");
  const all = stops(), place = all.indexOf(mark);
  foot.textContent = place < 0 ? "" : `Finding ${place + 1} of ${all.length}`;
  card.replaceChildren(list, foot);
  card.hidden = false;
  // Beside the word where the pointer is, so that it gets there; below the whole finding where keys step, so that it
  // can be read.
  const box = mark.getClientRects()[0], frame = card.parentElement.getBoundingClientRect();
  const end = mark === document.activeElement ? Math.max(...lit.map((part) => part.getBoundingClientRect().bottom)) : 0;
  const bottom = end > box.bottom && end < box.bottom + 240 ? end : box.bottom;
  const left = Math.max(0, Math.min(box.left - frame.left, frame.width - card.offsetWidth));
  const below = bottom + card.offsetHeight + 12 < innerHeight || box.top < card.offsetHeight + 12;
  card.style.left = `${left}px`;
  card.style.top = `${below ? bottom - frame.top + 6 : box.top - frame.top - card.offsetHeight - 6}px`;
  current = mark;
}

function hide() {
  if (!card) return;
  card.hidden = true;
  light([]);
}

function hideSoon() {
  clearTimeout(leaving);
  leaving = setTimeout(() => { if (!card?.matches(":hover") && !card?.contains(document.activeElement)) hide(); }, 180);
}

function step(by) {
  const all = stops();
  if (!all.length) return;
  let at = all.indexOf(document.activeElement);
  if (at < 0 && current) at = all.indexOf(current);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
  if (current) current.tabIndex = -1;
  const first = all.find((mark) => mark.tabIndex === 0);
  if (first) first.tabIndex = -1;
  next.tabIndex = 0;
  next.setAttribute("aria-describedby", "why");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center", behavior: "instant" });
  tell(next);
}

document.addEventListener("pointerover", (event) => {
  if (event.pointerType === "touch") return;
  const mark = event.target.closest?.(".text mark");
  if (mark && isShown(mark)) tell(mark);
  else if (event.target.closest?.(".why")) clearTimeout(leaving);
});
document.addEventListener("pointerout", (event) => {
  if (event.pointerType !== "touch" && event.target.closest?.(".text mark, .why")) hideSoon();
});
document.addEventListener("focusin", (event) => {
  if (event.target.matches?.(".text mark")) tell(event.target);
});
document.addEventListener("focusout", (event) => {
  if (event.target.closest?.(".text mark, .why")) hideSoon();
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const on = event.target, onMark = on.matches?.(".text mark");
  if (event.key === "Escape" && card && !card.hidden) {
    if (card.contains(document.activeElement)) current?.focus();
    return hide();
  }
  if (onMark && event.key === "Enter") return void card.querySelector("a")?.focus();
  if (on.closest?.("input:not([type=checkbox]), textarea, select, dialog")) return;
  if (!document.querySelector("#keys-on")?.checked) return;
  const by = { n: 1, j: 1, p: -1, k: -1 }[event.key];
  if (by) { event.preventDefault(); step(by); }
});

document.addEventListener("change", (event) => {
  if (!event.target.dataset?.switch) return;
  shown = null;
  hide();
  const share = document.querySelector("#share");
  if (!share) return;
  const off = [...document.querySelectorAll("[data-switch]:not(:checked)")].map((box) => box.dataset.switch);
  share.href = share.getAttribute("href").split("?")[0] + (off.length ? `?hide=${off.join(",")}` : "");
});

document.addEventListener("click", async (event) => {
  const on = event.target;
  if (event.pointerType === "touch" || card?.parentElement?.clientWidth < 700) {
    const mark = on.closest?.(".text mark");
    if (mark && isShown(mark)) tell(mark);
    else if (!on.closest?.(".why")) hide();
  }
  if (on.closest?.("#print")) return window.print();
  const share = on.closest?.("#share");
  if (share && navigator.clipboard && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(share.href);
      announce("The link is copied. It shows the findings; the text only where this service keeps texts.");
    } catch { location.assign(share.href); }
    return;
  }
  const review = on.closest?.("a[data-review]");
  if (review && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    openReview(review.href);
  }
  const close = on.closest?.("dialog [data-close]");
  if (close) {
    event.preventDefault();
    close.closest("dialog").close();
  }
});

function announce(words, kind = "done") {
  let told = document.querySelector("#announced");
  if (!told) {
    told = document.createElement("div");
    told.id = "announced";
    told.setAttribute("role", "status");
    document.querySelector(".actions").after(told);
  }
  told.className = `message ${kind}`;
  told.textContent = words;
}

async function openReview(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html" } }).catch(() => null);
  const form = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#review-form");
  if (!form) return void location.assign(address);
  let box = document.querySelector("#review-dialog");
  if (!box) {
    box = document.createElement("dialog");
    box.id = "review-dialog";
    box.setAttribute("aria-label", "A review");
    document.body.append(box);
  }
  box.replaceChildren(form);
  const name = form.querySelector("#reviewer");
  if (!name.value) name.value = remembered();
  if (card?.contains(document.activeElement)) current?.focus(); // where the focus returns to when the form closes
  hide();
  box.showModal();
}

document.addEventListener("submit", async (event) => {
  const box = event.target.closest?.("#review-dialog");
  if (!box) return;
  event.preventDefault();
  const form = event.target;
  remember(form.reviewer.value);
  const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/html" } }).catch(() => null);
  const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer?.ok && answer.redirected) {
    box.close();
    const before = document.querySelector("#reviews"), after = page.querySelector("#reviews");
    if (before && after) before.replaceWith(after);
    return announce("Your review is stored. Thank you: it is how the model is held to account.");
  }
  const again = page?.querySelector("#review-form");
  if (again) return box.replaceChildren(again);
  let told = form.querySelector(".message");
  if (!told) { told = document.createElement("div"); told.className = "message problem"; told.setAttribute("role", "alert"); form.prepend(told); }
  told.textContent = page?.querySelector("main p:not(.kicker)")?.textContent || "The service did not answer. Your review is still here: try again in a moment.";
});

function remembered() { try { return localStorage.getItem("credence-reviewer") || ""; } catch { return ""; } }
function remember(name) { try { localStorage.setItem("credence-reviewer", name); } catch { /* a private window */ } }

document.addEventListener("credence:shown", start);
start();

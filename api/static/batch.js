// Keeps the page of a running batch up to date. Without this script the page loads itself anew.
const panel = document.querySelector("[data-status]");
const bar = document.querySelector("#job-progress");
const done = document.querySelector("#job-done");
const counts = document.querySelector("#job-counts");
const state = document.querySelector("#state");
const number = (value) => value.toLocaleString("en-US");
let wait = 500, state_before = "";

async function look() {
  try {
    const answer = await fetch(panel.dataset.status, { headers: { Accept: "application/json" } });
    if (answer.status === 401 || answer.status === 404) return void location.reload();
    if (!answer.ok) throw new Error(answer.status);
    const told = await answer.json();
    if (!["waiting", "running"].includes(told.state)) return void location.reload();
    if (told.state !== state_before) state.textContent = told.words;
    state_before = told.state;
    bar.value = told.share;
    done.textContent = `${number(told.done)} of ${number(told.articles)}`;
    counts.textContent = told.counts ? ` · ${told.counts}` : "";
    wait = Math.min(2000, wait + 100);
  } catch {
    state.textContent = "The service does not answer just now; trying again";
    state_before = "";
    wait = Math.min(10000, wait * 2);
  }
  setTimeout(look, wait);
}

if (panel) setTimeout(look, wait);

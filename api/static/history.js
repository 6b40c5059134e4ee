// Draws a source's history from the table of the page, so that one can point at a period and zoom in by dragging.
// Without this script the page has a drawing that stands still, and the table.
const table = document.querySelector("#history-table");
const figure = document.querySelector("#history-chart");
const still = figure?.querySelector(".table-wrap");
const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const percent = (value) => (value == null ? "–" : `${Math.round(100 * value)} %`);
const day = (seconds) => new Date(1000 * seconds).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

function read() {
  const rows = [...table.tBodies[0].rows].reverse().map((row) => row.dataset);
  const column = (name) => rows.map((row) => Number(row[name]));
  return [rows.map((row) => Date.parse(`${row.start}T00:00:00Z`) / 1000), ...["risk", "low", "high", "articles"].map(column)];
}

function changes() {
  return [...table.tBodies[0].rows].filter((row) => "changed" in row.dataset).map((row) => Date.parse(`${row.dataset.start}T00:00:00Z`) / 1000);
}

function draw(place, data, marked) {
  const line = token("--series-1"), ink = token("--quiet"), rule = token("--rule"), change = token("--series-2");
  const font = `12px ${token("--sans")}`;
  const axis = { stroke: ink, font, grid: { stroke: rule, width: 1 }, ticks: { stroke: rule, width: 1 } };
  const dashed = (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = change;
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
    for (const at of marked) {
      const x = plot.valToPos(at, "x", true);
      if (x < bbox.left || x > bbox.left + bbox.width) continue;
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }
    ctx.restore();
  };
  const edge = (label) => ({ label, stroke: "transparent", points: { show: false }, value: (_, value) => percent(value) });
  return new uPlot({
    width: place.clientWidth, height: 280, tzDate: (seconds) => uPlot.tzDate(new Date(1000 * seconds), "Etc/UTC"),
    scales: { y: { range: [0, 1] } },
    axes: [{ ...axis, space: 80, values: (_, ticks) => ticks.map(day) }, { ...axis, values: (_, ticks) => ticks.map(percent), size: 52 }],
    series: [
      { label: "From", value: (_, value) => (value == null ? "point at the line" : day(value)) },
      { label: "Typical risk", stroke: line, width: 2, points: { show: true, size: 6, fill: line }, value: (_, value) => percent(value) },
      edge("Low end"), edge("High end"),
      { label: "Articles", scale: "count", stroke: "transparent", points: { show: false }, value: (_, value) => value ?? "–" },
    ],
    bands: [{ series: [3, 2], fill: `color-mix(in srgb, ${line} 16%, transparent)` }],
    hooks: { draw: [dashed] },
  }, data, place);
}

if (table && figure && still && globalThis.uPlot) {
  const place = document.createElement("div");
  place.className = "history-plot";
  place.setAttribute("aria-hidden", "true"); // the table says the same
  const data = read();
  const marked = changes();
  still.hidden = true;
  figure.prepend(place);
  let plot = draw(place, data, marked);
  const again = () => { plot.destroy(); plot = draw(place, data, marked); };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  new ResizeObserver(() => { if (Math.abs(place.clientWidth - plot.width) > 2) plot.setSize({ width: place.clientWidth, height: 280 }); }).observe(place);
  addEventListener("beforeprint", () => { place.hidden = true; still.hidden = false; });
  addEventListener("afterprint", () => { place.hidden = false; still.hidden = true; });
}

// Charts: <div data-chart="KIND" data-source="ID OF A json_script">; the figures of each kind are described in charts/.
// Colours come from the tokens, so a chart is drawn again when the theme changes. Beside every chart stands a table.
import { backtest } from "./charts/backtest.js";
import { bars } from "./charts/bars.js";
import { calibration } from "./charts/calibration.js";
import { confidence } from "./charts/confidence.js";
import { quality, rates } from "./charts/effectiveness.js";
import { forecast } from "./charts/forecast.js";
import { funnel } from "./charts/funnel.js";
import { narrow } from "./charts/look.js";
import { score } from "./charts/score.js";
import { simulation } from "./charts/simulation.js";
import { winrates } from "./charts/winrates.js";

const echarts = await import(document.getElementById("echarts").href);
const KINDS = {
  backtest,
  bars,
  calibration,
  confidence,
  forecast,
  funnel,
  quality,
  rates,
  score,
  simulation,
  winrates,
};

function draw(place) {
  const figures = JSON.parse(document.getElementById(place.dataset.source).textContent);
  const chart = echarts.getInstanceByDom(place) ?? echarts.init(place, null, { renderer: "svg" });
  chart.setOption(KINDS[place.dataset.chart](figures), { notMerge: true });
}

const places = (root) => [...root.querySelectorAll("[data-chart]")];
const drawAll = (root = document) => places(root).forEach(draw);

drawAll();
document.addEventListener("theme-changed", () => drawAll());
document.addEventListener("htmx:load", (event) => drawAll(event.detail.elt.parentElement ?? document));
document.addEventListener("htmx:beforeCleanupElement", (event) =>
  echarts.getInstanceByDom(event.detail.elt)?.dispose(),
);
narrow.addEventListener("change", () => drawAll());
addEventListener("resize", () =>
  places(document).forEach((place) => echarts.getInstanceByDom(place)?.resize()),
);

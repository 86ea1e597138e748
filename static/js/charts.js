// Charts: <div data-chart="KIND" data-source="ID OF A json_script">. Colours come from the tokens, so a chart is drawn
// again when the theme changes. Beside every chart stands a table with the same figures. The JSON of each kind:
//   forecast {weighted, now: "this month", buckets: [{label, won, weighted, open, expected, p10, p90, target, is_current}]};
//            numbers, or null for none; open is the full value
//   funnel   {unit: "leads", stages: [{name, note, entered, advanced, here, lost, lost_note}],
//            won: {name, note, deals, share, value}, leak: {stage: 3, lines: [title, text, text]} or null}
//   score    {days: [[iso date, fit, engagement]], bands: [[name, enter]]}; drawn lengths of scoring.marks.score_curve
const echarts = await import(document.getElementById("echarts").href);
const narrow = matchMedia("(max-width: 767.98px)");
const still = matchMedia("(prefers-reduced-motion: reduce)");

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--pl-${name}`).trim();
const font = () => getComputedStyle(document.body).fontFamily;

function compact(value) {
  const size = Math.abs(value);
  const [unit, letter] = size >= 1e6 ? [1e6, "M"] : size >= 1e3 ? [1e3, "k"] : [1, ""];
  return `${value < 0 ? "−" : ""}${(size / unit).toFixed(unit === 1 ? 0 : 1)}${letter}`;
}
const round = (value) => compact(value).replace(/\.0(?=[kM])/, "");
const percent = (part, whole) => (whole ? `, ${Math.round((100 * part) / whole)}\u00a0%` : "");

// The step of an axis that has about five of them, and its end.
function steps(highest) {
  const rough = Math.max(highest, 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const interval = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= rough);
  return { interval, max: interval * Math.ceil((highest * 1.04) / interval) };
}

function base() {
  return {
    animationDuration: still.matches ? 0 : 160,
    animationDurationUpdate: still.matches ? 0 : 160,
    textStyle: { fontFamily: font(), fontSize: 11, color: token("chart-axis") },
    tooltip: {
      renderMode: "richText", // an HTML tooltip would set styles, which the policy forbids
      confine: true,
      backgroundColor: token("surface-raised"),
      borderColor: token("line-strong"),
      borderRadius: 5,
      padding: [8, 10],
      textStyle: { color: token("text"), fontSize: 12, rich: tipParts() },
    },
  };
}

function tipParts() {
  return {
    title: { color: token("text"), fontSize: 12, fontWeight: 600, lineHeight: 20 },
    name: { color: token("text-2"), fontSize: 12, width: 120, lineHeight: 18 },
    figure: { color: token("text"), fontSize: 12, width: 64, align: "right", lineHeight: 18 },
  };
}

const tip = (title, lines) =>
  [`{title|${title}}`, ...lines.map(([name, figure]) => `{name|${name}}{figure|${figure}}`)].join("\n");

const axisLabel = (extra = {}) => ({ color: token("chart-axis"), fontSize: 11, ...extra });

function valueAxis(format = String) {
  return {
    type: "value",
    axisLabel: axisLabel({ formatter: format }),
    splitLine: { lineStyle: { color: token("chart-grid") } },
  };
}

function categoryAxis(names, extra = {}) {
  return {
    type: "category",
    data: names,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: token("line-strong") } },
    axisLabel: axisLabel({ color: token("text-2"), fontSize: 12, ...extra }),
  };
}

const text = (x, y, words, extra = {}) => ({ type: "text", style: { x, y, text: words, font: `11px ${font()}`, fill: token("text-2"), ...extra } });
const box = (x, y, width, height, fill) => ({ type: "rect", shape: { x, y, width, height: Math.max(height, 0), r: 2 }, style: { fill } });

// ---- forecast: won, open × confidence, rest of open; a whisker from P10 to P90; the target dashed

function forecast({ weighted, now, buckets }) {
  const rest = (b) => (weighted ? b.open - b.weighted : b.open);
  const shown = (value) => value || null;
  const bar = (name, values, itemStyle, label) => ({ name, type: "bar", stack: "value", barMaxWidth: 64, barCategoryGap: "55%", data: values, itemStyle, label });
  const gap = { borderColor: token("surface"), borderWidth: 1, borderRadius: 2 };
  const highest = Math.max(0, ...buckets.flatMap((b) => [b.won + b.open, b.target ?? 0, b.p90 ?? 0]));
  const series = [
    bar("Won", buckets.map((b) => shown(b.won)), { ...gap, color: token("chart-won") }, wonLabel(buckets, highest)),
    bar("Open × confidence", buckets.map((b) => (weighted ? shown(b.weighted) : null)), { ...gap, color: token("chart-weighted") }),
    bar(weighted ? "Rest of open value" : "Open", buckets.map((b) => shown(rest(b))), { ...gap, color: token("chart-open"), borderColor: token("chart-weighted") }),
    expectedMarks(buckets),
  ];
  series[0].markLine = targetLine(buckets);
  series[0].markArea = currentArea(buckets, now);
  series.push(topLabels(buckets, highest));
  return {
    ...base(),
    tooltip: { ...base().tooltip, trigger: "axis", axisPointer: { type: "none" }, formatter: ([first]) => forecastTip(buckets[first.dataIndex], weighted) },
    grid: { left: narrow.matches ? 0 : 44, right: narrow.matches ? 8 : 108, top: 20, bottom: narrow.matches ? 44 : 28 },
    xAxis: categoryAxis(buckets.map(bucketName), { interval: narrow.matches && buckets.length <= 7 ? 0 : "auto", rich: { figure: { color: token("text"), fontSize: 11, fontWeight: 600, lineHeight: 18 } } }),
    yAxis: { ...valueAxis(round), show: !narrow.matches, ...steps(highest) },
    series,
  };
}

// On a phone the expected figure stands below its month, where there is room for it.
function bucketName({ label, expected }) {
  return narrow.matches ? `${label.split(" ")[0]}\n{figure|${Math.round(expected / 1000)}k}` : label;
}

function forecastTip(b, weighted) {
  const lines = [["Won", compact(b.won)], ["Open", compact(b.open)], ["Open × confidence", compact(b.weighted)]];
  if (b.expected !== null) lines.push([weighted ? "Expected, weighted" : "Expected", compact(b.expected)]);
  if (b.p10 !== null && b.p10 !== undefined) lines.push(["P10 – P90", `${compact(b.p10)} – ${compact(b.p90)}`]);
  if (b.target) lines.push(["Target", compact(b.target)]);
  return tip(b.label, lines);
}

function targetLine(buckets) {
  const targets = buckets.map((b) => b.target).filter(Boolean);
  const same = targets.length && targets.every((target) => target === targets[0]);
  if (!same) return undefined;
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: token("chart-target"), width: 1.5, type: [4, 3] },
    label: { position: narrow.matches ? "insideStartTop" : "end", distance: narrow.matches ? 2 : 24, formatter: `Target ${round(targets[0])}`, color: token("chart-target"), fontSize: 11, fontWeight: 500 },
    data: [{ yAxis: targets[0] }],
  };
}

function currentArea(buckets, now) {
  const at = buckets.findIndex((b) => b.is_current);
  if (at < 0) return undefined;
  return {
    silent: true,
    itemStyle: { color: token("surface-sunk") },
    label: { show: !narrow.matches, position: "insideTop", color: token("chart-axis"), fontSize: 11 },
    data: [[{ name: now, xAxis: at }, { xAxis: at }]],
  };
}

const hasRoom = (value, highest) => value > highest * 0.1;

// What is won stands in its bar; above the bar where the bar is too low or deals are still open.
function wonLabel(buckets, highest) {
  return {
    show: !narrow.matches,
    position: "insideTop",
    distance: 8,
    color: token("surface"),
    fontSize: 12,
    fontWeight: 600,
    formatter: ({ dataIndex: at }) => (buckets[at].open || !hasRoom(buckets[at].won, highest) ? "" : compact(buckets[at].won)),
  };
}

function topLabels(buckets, highest) {
  return {
    type: "scatter",
    symbolSize: 0,
    silent: true,
    z: 5,
    data: buckets.flatMap((b, at) => (b.open || (b.won && !hasRoom(b.won, highest)) ? [[at, b.won + b.open]] : [])),
    label: {
      show: !narrow.matches,
      position: "top",
      color: token("text-2"),
      fontSize: 11,
      formatter: ({ value: [, top] }) => compact(top),
    },
  };
}

function expectedMarks(buckets) {
  const drawn = buckets.map((b, at) => [at, b.expected, b.p10, b.p90]).filter(([, , p10]) => p10 !== null && p10 !== undefined);
  return {
    name: "Expected",
    type: "custom",
    silent: true,
    z: 6,
    data: drawn,
    renderItem: (params, api) => {
      const [x, y] = api.coord([api.value(0), api.value(1)]);
      const low = api.coord([0, api.value(2)])[1];
      const high = api.coord([0, api.value(3)])[1];
      const at = x + Math.min(api.size([1, 0])[0] * 0.225, 32) + (narrow.matches ? 5 : 12);
      const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style: { stroke: token("text"), lineWidth: 1.25 } });
      const children = [line(at, low, at, high), line(at - 4, low, at + 4, low), line(at - 4, high, at + 4, high), { type: "circle", shape: { cx: at, cy: y, r: 3.5 }, style: { fill: token("text") } }];
      if (!narrow.matches) children.push(text(at + 8, y, compact(api.value(1)), { fill: token("text"), font: `600 12px ${font()}`, verticalAlign: "middle", stroke: token("surface"), lineWidth: 3 }));
      return { type: "group", children };
    },
  };
}

// ---- funnel: at each stage a column of advanced, still here, lost; a ribbon leads to the next

function funnel(figures) {
  return narrow.matches ? funnelRows(figures) : funnelColumns(figures);
}

const wonStage = (won) => ({ ...won, entered: won.deals, advanced: won.deals, here: 0, lost: 0 });

function funnelColumns({ stages, won, unit, leak }) {
  const columns = [...stages.map((stage, at) => ({ ...stage, verb: at === stages.length - 1 ? "won" : "advanced" })), wonStage(won)];
  if (leak) columns[leak.stage].leak = leak.lines;
  return {
    ...base(),
    tooltip: { ...base().tooltip, formatter: ({ dataIndex: at }) => funnelTip(columns[at], unit) },
    grid: { left: 0, right: 0, top: 44, bottom: 8 },
    xAxis: { type: "category", show: false, data: columns.map((stage) => stage.name) },
    yAxis: { type: "value", show: false, inverse: true, min: 0, max: Math.max(stages[0].entered, 1) },
    series: [{ type: "custom", data: columns.map((stage, at) => [at, stage.entered]), renderItem: (params, api) => funnelColumn(columns, params, api) }],
  };
}

const WIDTH = 30;

function funnelColumn(columns, { dataIndex: at, coordSys }, api) {
  const stage = columns[at];
  const [middle, top] = api.coord([at, 0]);
  const step = api.size([1, 0])[0];
  const x = middle - step / 2 + 8;
  const height = (count) => api.coord([at, count])[1] - top;
  const [advanced, here, lost] = [stage.advanced, stage.here, stage.lost].map(height);
  const gap = 2;
  const children = [
    text(x, top - 40, stage.name, { fill: token("text"), font: `600 12px ${font()}` }),
    text(x, top - 22, stage.note),
    box(x, top, WIDTH, advanced, token("chart-won")),
    box(x, top + advanced + gap, WIDTH, here - gap, token("chart-here")),
    box(x, top + advanced + here + gap, WIDTH, lost - gap, token("chart-lost")),
  ];
  if (at < columns.length - 1) children.unshift(ribbon(x + WIDTH, top, step - WIDTH, advanced));
  if (stage.leak) children.push(...callout(stage.leak, x + WIDTH / 2, top + advanced + here + lost + 6, coordSys.y + coordSys.height));
  return { type: "group", children: [...children, ...funnelLabels(stage, x + WIDTH + 10, top, advanced, here, lost)] };
}

function ribbon(x, y, width, height) {
  const shape = box(x, y, width, height, token("chart-won"));
  return { ...shape, style: { ...shape.style, opacity: 0.12 }, silent: true };
}

// The costliest leak in words, at the end of a dotted line, where there is room below its column.
function callout(lines, x, from, bottom) {
  const to = Math.max(from + 84, bottom - 96);
  if (to + 44 > bottom) return [];
  const dotted = { stroke: token("text-3"), lineDash: [2, 2], fill: "none" };
  return [
    { type: "polyline", shape: { points: [[x, from], [x, to], [x + 14, to]] }, style: dotted, silent: true },
    ...lines.map((words, at) => text(x + 20, to - 6 + at * 17, words, at ? {} : { fill: token("text"), font: `600 12px ${font()}` })),
  ];
}

function funnelLabels(stage, x, top, advanced, here, lost) {
  const strong = { fontSize: 12, fontWeight: 600, fontFamily: font(), fill: token("text") };
  const first = (words) => text(x, top + 4, words, { rich: { strong } });
  if (stage.share !== undefined) return [first(`{strong|${stage.share}}`), text(x, top + 22, stage.value)];
  const labels = [first(`{strong|${stage.advanced}} ${stage.verb}${percent(stage.advanced, stage.entered)}`)];
  let y = Math.max(top + advanced + 4, top + 22);
  if (stage.here) labels.push(text(x, y, `${stage.here} still here`));
  y = Math.max(top + advanced + here + lost / 2 - 12, y + (stage.here ? 16 : 0));
  if (stage.lost) labels.push(text(x, y, `${stage.lost} lost${percent(stage.lost, stage.entered)}`, { fill: token("danger"), font: `500 11px ${font()}` }), text(x, y + 14, stage.lost_note));
  return labels;
}

function funnelTip(stage, unit) {
  return tip(stage.name, [[`Entered, ${unit}`, stage.entered], ["Advanced", stage.advanced], ["Still here", stage.here], ["Lost", stage.lost]]);
}

function funnelRows({ stages: passed, won, unit }) {
  const stages = [...passed, wonStage(won)];
  const bar = (name, key, colour) => ({
    name,
    type: "bar",
    stack: "all",
    barWidth: 16,
    data: stages.map((stage) => stage[key] || null),
    itemStyle: { color: token(colour), borderColor: token("surface"), borderWidth: 1, borderRadius: 2 },
  });
  return {
    ...base(),
    tooltip: { ...base().tooltip, trigger: "axis", axisPointer: { type: "none" }, formatter: ([first]) => funnelTip(stages[first.dataIndex], unit) },
    grid: { left: 0, right: 0, top: 16, bottom: 0 },
    xAxis: { type: "value", show: false, max: Math.max(stages[0].entered, 1) },
    yAxis: {
      ...categoryAxis(stages.map((stage) => (stage.share ? `${stage.name}  ${stage.deals}, ${stage.share}` : `${stage.name}  ${stage.entered} entered, ${stage.lost} lost`))),
      inverse: true,
      axisLine: { show: false },
      axisLabel: axisLabel({ inside: true, align: "left", verticalAlign: "bottom", margin: 0, padding: [0, 0, 12, 0], color: token("text-2") }),
    },
    series: [bar("Advanced", "advanced", "chart-won"), bar("Still here", "here", "chart-here"), bar("Lost", "lost", "chart-lost")],
  };
}

// ---- score over time: steps, fit below and engagement above, bands as dotted lines with their name at the right

function score({ days, bands }) {
  const area = (name, at, colour) => ({
    name,
    type: "line",
    step: "end",
    stack: "score",
    symbol: "none",
    lineStyle: { width: 0 },
    areaStyle: { color: token(colour), opacity: 0.88 },
    data: days.map((day) => [day[0], day[at]]),
  });
  const fit = area("Fit", 1, "fit");
  fit.markLine = {
    silent: true,
    symbol: "none",
    lineStyle: { color: token("line-strong"), type: [2, 3] },
    label: { position: "end", color: token("chart-axis"), fontSize: 11, formatter: ({ name }) => name },
    data: bands.filter(([, enter]) => enter > 0).map(([name, enter]) => ({ name: `${name} ${enter}`, yAxis: enter })),
  };
  return {
    ...base(),
    tooltip: { ...base().tooltip, trigger: "axis", axisPointer: { lineStyle: { color: token("line-strong") } }, formatter: ([first]) => scoreTip(days[first.dataIndex]) },
    grid: { left: 28, right: narrow.matches ? 50 : 60, top: 12, bottom: 24 },
    xAxis: { type: "time", axisTick: { show: false }, splitLine: { show: false }, axisLine: { lineStyle: { color: token("line-strong") } }, axisLabel: axisLabel({ hideOverlap: true, formatter: shortDay }) },
    yAxis: { ...valueAxis(), min: 0, max: 100, interval: 50 },
    series: [fit, area("Engagement", 2, "engagement")],
  };
}

const shortDay = (moment) => new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" }).format(moment);

function scoreTip([day, fit, engagement]) {
  const total = Math.round(fit + engagement);
  return tip(shortDay(new Date(day)), [["Score", total], ["Fit", fit.toFixed(1)], ["Engagement", engagement.toFixed(1)]]);
}

// ---- life of a chart

const KINDS = { forecast, funnel, score };

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
document.addEventListener("htmx:beforeCleanupElement", (event) => echarts.getInstanceByDom(event.detail.elt)?.dispose());
narrow.addEventListener("change", () => drawAll());
addEventListener("resize", () => places(document).forEach((place) => echarts.getInstanceByDom(place)?.resize()));

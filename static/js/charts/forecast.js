// Won, open × confidence, rest of open; a whisker from P10 to P90; the target dashed.
// {weighted, now: "this month", buckets: [{label, won, weighted, open, expected, p10, p90, target, is_current}]};
// numbers, or null for none; open is the full value.
import {
  base,
  brief,
  categoryAxis,
  compact,
  font,
  narrow,
  round,
  steps,
  text,
  tip,
  token,
  valueAxis,
} from "./look.js";

export function forecast({ weighted, now, buckets }) {
  const rest = (b) => (weighted ? b.open - b.weighted : b.open);
  const shown = (value) => value || null;
  const bar = (name, values, itemStyle, label) => ({
    name,
    type: "bar",
    stack: "value",
    barMaxWidth: 64,
    barCategoryGap: isDense(buckets) ? "64%" : "55%",
    data: values,
    itemStyle,
    label,
  });
  const gap = { borderColor: token("surface"), borderWidth: 1, borderRadius: 2 };
  const highest = Math.max(0, ...buckets.flatMap((b) => [b.won + b.open, b.target ?? 0, b.p90 ?? 0]));
  const series = [
    bar(
      "Won",
      buckets.map((b) => shown(b.won)),
      { ...gap, color: token("chart-won") },
      wonLabel(buckets, highest),
    ),
    bar(
      "Open × confidence",
      buckets.map((b) => (weighted ? shown(b.weighted) : null)),
      { ...gap, color: token("chart-weighted") },
    ),
    bar(
      weighted ? "Rest of open value" : "Open",
      buckets.map((b) => shown(rest(b))),
      { ...gap, color: token("chart-open"), borderColor: token("chart-weighted") },
    ),
    expectedMarks(buckets),
  ];
  series[0].markArea = currentArea(buckets, now);
  series.push(targetLine(buckets), topLabels(buckets, highest));
  return {
    ...base(),
    tooltip: {
      ...base().tooltip,
      trigger: "axis",
      axisPointer: { type: "none" },
      formatter: ([first]) => forecastTip(buckets[first.dataIndex], weighted),
    },
    grid: {
      left: narrow.matches ? 0 : 44,
      right: narrow.matches ? 8 : 108,
      top: 20,
      bottom: narrow.matches ? 44 : 28,
    },
    xAxis: categoryAxis(buckets.map(bucketName), {
      interval: narrow.matches && buckets.length <= 9 ? 0 : "auto",
      rich: { figure: { color: token("text"), fontSize: 11, fontWeight: 600, lineHeight: 18 } },
    }),
    yAxis: { ...valueAxis(round), show: !narrow.matches, ...steps(highest * 1.06) },
    series,
  };
}

// Figures stand at their bars while there is room: exact ones up to seven periods, none beyond a year of months.
const isDense = (buckets) => buckets.length > 7;
const hasFigures = (buckets) => !narrow.matches && buckets.length <= 12;
const figure = (buckets, value) => (isDense(buckets) ? brief(value) : compact(value));

// On a phone the expected figure stands below its month, where there is room for it.
function bucketName({ label, expected }) {
  return narrow.matches ? `${label.split(" ")[0]}\n{figure|${brief(expected)}}` : label;
}

function forecastTip(b, weighted) {
  const lines = [
    ["Won", compact(b.won)],
    ["Open", compact(b.open)],
    ["Open × confidence", compact(b.weighted)],
  ];
  if (b.expected !== null) lines.push([weighted ? "Expected, weighted" : "Expected", compact(b.expected)]);
  if (b.p10 !== null && b.p10 !== undefined)
    lines.push(["P10 – P90", `${compact(b.p10)} – ${compact(b.p90)}`]);
  if (b.target) lines.push(["Target", compact(b.target)]);
  return tip(b.label, lines);
}

// A dashed line over each period; months may have different targets, and a quarter the sum of its months'.
function targetLine(buckets) {
  const data = buckets.map((b, at) => [at, b.target]).filter(([, target]) => target);
  const dashed = { stroke: token("chart-target"), lineWidth: 1.5, lineDash: [4, 3] };
  return {
    name: "Target",
    type: "custom",
    silent: true,
    z: 4,
    data,
    renderItem: ({ dataIndex }, api) => {
      const [x, y] = api.coord([api.value(0), api.value(1)]);
      const half = api.size([1, 0])[0] / 2;
      const line = { type: "line", shape: { x1: x - half, y1: y, x2: x + half, y2: y }, style: dashed };
      const isLabelled = dataIndex === (narrow.matches ? 0 : data.length - 1);
      const children = isLabelled ? [line, targetLabel(x, y, half, api.value(1))] : [line];
      return { type: "group", children };
    },
  };
}

function targetLabel(x, y, half, target) {
  const words = `Target ${brief(target)}`;
  const style = {
    fill: token("chart-target"),
    font: `500 11px ${font()}`,
    stroke: token("surface"),
    lineWidth: 3,
  };
  if (narrow.matches) return text(x - half, y - 5, words, { ...style, verticalAlign: "bottom" });
  return text(x + half + 24, y, words, { ...style, verticalAlign: "middle" });
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
    show: hasFigures(buckets),
    position: "insideTop",
    distance: 8,
    color: token("surface"),
    fontSize: 12,
    fontWeight: 600,
    formatter: ({ dataIndex: at }) =>
      buckets[at].open || !hasRoom(buckets[at].won, highest) ? "" : figure(buckets, buckets[at].won),
  };
}

function topLabels(buckets, highest) {
  return {
    type: "scatter",
    symbolSize: 0,
    silent: true,
    z: 5,
    data: buckets.flatMap((b, at) =>
      b.open || (b.won && !hasRoom(b.won, highest)) ? [[at, b.won + b.open]] : [],
    ),
    label: {
      show: hasFigures(buckets),
      position: "top",
      color: token("text-2"),
      fontSize: 11,
      formatter: ({ value: [, top] }) => figure(buckets, top),
    },
  };
}

function expectedMarks(buckets) {
  const drawn = buckets
    .map((b, at) => [at, b.expected, b.p10, b.p90])
    .filter(([, , p10]) => p10 !== null && p10 !== undefined);
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
      const bar = Math.min(api.size([1, 0])[0] * (isDense(buckets) ? 0.36 : 0.45), 64);
      const at = x + bar / 2 + (narrow.matches || isDense(buckets) ? 6 : 12);
      const line = (x1, y1, x2, y2) => ({
        type: "line",
        shape: { x1, y1, x2, y2 },
        style: { stroke: token("text"), lineWidth: 1.25 },
      });
      const children = [
        line(at, low, at, high),
        line(at - 4, low, at + 4, low),
        line(at - 4, high, at + 4, high),
        { type: "circle", shape: { cx: at, cy: y, r: 3.5 }, style: { fill: token("text") } },
      ];
      if (hasFigures(buckets))
        children.push(
          text(at + 7, y, figure(buckets, api.value(1)), {
            fill: token("text"),
            font: `600 12px ${font()}`,
            verticalAlign: "middle",
            stroke: token("surface"),
            lineWidth: 3,
          }),
        );
      return { type: "group", children };
    },
  };
}

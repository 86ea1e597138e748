// Won, open × confidence, rest of open; a whisker from P10 to P90; the target dashed.
// {weighted, now: "this month", buckets: [{label, won, weighted, open, expected, p10, p90, target, is_current}]};
// numbers, or null for none; open is the full value.
import {
  base,
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
    barCategoryGap: "55%",
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
  series[0].markLine = targetLine(buckets);
  series[0].markArea = currentArea(buckets, now);
  series.push(topLabels(buckets, highest));
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
      interval: narrow.matches && buckets.length <= 7 ? 0 : "auto",
      rich: { figure: { color: token("text"), fontSize: 11, fontWeight: 600, lineHeight: 18 } },
    }),
    yAxis: { ...valueAxis(round), show: !narrow.matches, ...steps(highest) },
    series,
  };
}

// On a phone the expected figure stands below its month, where there is room for it.
function bucketName({ label, expected }) {
  return narrow.matches ? `${label.split(" ")[0]}\n{figure|${Math.round(expected / 1000)}k}` : label;
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

function targetLine(buckets) {
  const targets = buckets.map((b) => b.target).filter(Boolean);
  const same = targets.length && targets.every((target) => target === targets[0]);
  if (!same) return undefined;
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: token("chart-target"), width: 1.5, type: [4, 3] },
    label: {
      position: narrow.matches ? "insideStartTop" : "end",
      distance: narrow.matches ? 2 : 24,
      formatter: `Target ${round(targets[0])}`,
      color: token("chart-target"),
      fontSize: 11,
      fontWeight: 500,
    },
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
    formatter: ({ dataIndex: at }) =>
      buckets[at].open || !hasRoom(buckets[at].won, highest) ? "" : compact(buckets[at].won),
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
      show: !narrow.matches,
      position: "top",
      color: token("text-2"),
      fontSize: 11,
      formatter: ({ value: [, top] }) => compact(top),
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
      const at = x + Math.min(api.size([1, 0])[0] * 0.225, 32) + (narrow.matches ? 5 : 12);
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
      if (!narrow.matches)
        children.push(
          text(at + 8, y, compact(api.value(1)), {
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

// Reliability diagram: confidence on entering against the share that was won; on the dashed line both are equal.
// Small discs are whole percentages, larger the more entries; stages have their name and a 95 % whisker.
// {judged: "automatic confidence", bins: [point], stages: [point]}, none of which are shown when one stage is;
// a point is {name, percent, rate, low, high, entries, won}, all rates in per cent
import { axisLabel, base, font, narrow, tip, token, valueAxis } from "./look.js";

const LEAST = 20; // entries, below which a whisker says nothing
const whole = (rate) => `${Math.round(rate)}\u00a0%`;

export function calibration({ judged, bins, stages }) {
  const main = stages.length ? stages : bins;
  return {
    ...base(),
    tooltip: { ...base().tooltip, formatter: ({ data }) => (data?.point ? told(data.point) : "") },
    grid: { left: narrow.matches ? 36 : 44, right: 24, top: 16, bottom: 44 },
    xAxis: {
      ...percentAxis(),
      name: capital(judged),
      nameLocation: "middle",
      nameGap: 26,
      nameTextStyle: { color: token("text-2"), fontSize: 11 },
      axisLine: { show: true, lineStyle: { color: token("line-strong") } },
    },
    yAxis: percentAxis(),
    series: [
      equality(),
      ...(stages.length ? [discs(bins, "chart-open", "chart-weighted", 14)] : []),
      whiskers(main),
      { ...discs(main, "chart-won", "surface", stages.length ? 14 : 20), label: names(stages) },
    ],
  };
}

const capital = (words) => words[0].toUpperCase() + words.slice(1);
const percentAxis = () => ({
  ...valueAxis(whole),
  min: 0,
  max: 100,
  interval: narrow.matches ? 50 : 20,
  axisLabel: axisLabel({ formatter: whole }),
});

function equality() {
  return {
    type: "line",
    silent: true,
    symbol: "none",
    lineStyle: { color: token("chart-target"), type: "dashed", width: 1.5 },
    data: [
      [0, 0],
      [100, 100],
    ],
  };
}

// An area that grows with the entries, so that a hundred look ten times as heavy as ten.
function discs(points, fill, edge, largest) {
  const most = Math.max(...points.map((point) => point.entries), 1);
  return {
    type: "scatter",
    data: points.map((point) => ({
      value: [point.percent, point.rate],
      point,
      label: { position: point.percent > 70 ? "left" : "right" }, // within the frame
    })),
    symbolSize: (_, { data }) => Math.max(5, largest * Math.sqrt(data.point.entries / most)),
    itemStyle: { color: token(fill), borderColor: token(edge), borderWidth: 1 },
  };
}

const names = (stages) => ({
  show: stages.length > 0,
  distance: 7,
  formatter: ({ data }) => data.point.name,
  color: token("text"),
  fontFamily: font(),
  fontSize: 12,
  backgroundColor: token("surface"),
  padding: [1, 3],
});

function whiskers(points) {
  return {
    type: "custom",
    silent: true,
    data: points.filter((point) => point.entries >= LEAST).map((point) => [point.percent, point.low, point.high]),
    renderItem: (_, api) => {
      const [x, low] = api.coord([api.value(0), api.value(1)]);
      const [, high] = api.coord([api.value(0), api.value(2)]);
      return { type: "line", shape: { x1: x, y1: low, x2: x, y2: high }, style: { stroke: token("text"), lineWidth: 1.25 } };
    },
  };
}

function told(point) {
  return tip(point.name, [
    ["On entering", whole(point.percent)],
    ["Won", `${point.won} of ${point.entries}`],
    ["Win rate", whole(point.rate)],
    ["95 % between", `${Math.round(point.low)}–${whole(point.high)}`],
  ]);
}

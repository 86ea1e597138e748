// Two small charts over the same periods.
import { axisLabel, base, categoryAxis, counted, narrow, steps, tip, token, valueAxis } from "./look.js";

const whole = (share) => `${Math.round(share * 100)}\u00a0%`;
const labelled = (moments) =>
  categoryAxis(
    moments.map(({ label }) => (narrow.matches ? label.split(" ")[0] : label)),
    { hideOverlap: true },
  );
const byAxis = (formatter) => ({
  ...base().tooltip,
  trigger: "axis",
  axisPointer: { type: "none" },
  formatter,
});

// Leads by band, the worst at the bottom, and the mean score as a line with an axis of its own.
// {bands: [{name, sign}], moments: [{label, leads: [a count for each band], mean}]}; mean is null of no leads.
export function quality({ bands, moments }) {
  const highest = Math.max(0, ...moments.map(({ leads }) => leads.reduce((sum, number) => sum + number, 0)));
  const stacks = bands.map(({ name, sign }, at) => ({
    name,
    type: "bar",
    stack: "leads",
    barMaxWidth: 36,
    barCategoryGap: "36%",
    data: moments.map(({ leads }) => leads[at] || null),
    itemStyle: {
      color: token(`${sign}-fill`),
      borderColor: token("surface"),
      borderWidth: 1,
      borderRadius: 2,
    },
  }));
  const mean = {
    name: "Mean score",
    type: "line",
    yAxisIndex: 1,
    symbol: "circle",
    symbolSize: 6,
    data: moments.map(({ mean: score }) => score),
    lineStyle: { color: token("text"), width: 1.5 },
    itemStyle: { color: token("text") },
    label: {
      show: !narrow.matches && moments.length <= 12,
      position: "top",
      fontSize: 11,
      color: token("text"),
      textBorderColor: token("surface"),
      textBorderWidth: 3,
      formatter: ({ value }) => Math.round(value),
    },
  };
  return {
    ...base(),
    tooltip: byAxis(([{ dataIndex: at }]) => tip(moments[at].label, qualityLines(bands, moments[at]))),
    grid: { left: narrow.matches ? 8 : 44, right: narrow.matches ? 8 : 32, top: 20, bottom: 28 },
    xAxis: labelled(moments),
    yAxis: [
      { ...valueAxis((value) => counted(value)), show: !narrow.matches, ...steps(highest) },
      {
        type: "value",
        show: !narrow.matches,
        min: 0,
        max: 100,
        interval: 25,
        splitLine: { show: false },
        axisLabel: axisLabel(),
      },
    ],
    series: [...stacks, mean],
  };
}

function qualityLines(bands, { leads, mean }) {
  const lines = bands.map(({ name }, at) => [name, counted(leads[at])]).reverse();
  return [...lines, ["Mean score", mean === null ? "–" : mean.toFixed(1)]];
}

// The win rate of each period as a dot with a whisker for its interval; the rate of all deals dashed.
// {all, moments: [{label, closed, rate, low, high}]}; shares of 1, or null where nothing closed.
export function rates({ all, moments }) {
  const drawn = moments.flatMap(({ rate, low, high }, at) => (rate === null ? [] : [[at, rate, low, high]]));
  return {
    ...base(),
    tooltip: byAxis(([{ dataIndex: at }]) => tip(moments[at].label, rateLines(moments[at]))),
    grid: { left: narrow.matches ? 8 : 44, right: 8, top: 20, bottom: 28 },
    xAxis: labelled(moments),
    yAxis: { ...valueAxis(whole), show: !narrow.matches, min: 0, max: 1, interval: 0.25 },
    series: [
      {
        name: "Win rate",
        type: "line",
        showSymbol: false,
        data: moments.map(({ rate }) => rate),
        lineStyle: { width: 0 },
        markLine: {
          silent: true,
          symbol: "none",
          label: {
            position: "insideEndTop",
            fontSize: 11,
            color: token("chart-target"),
            formatter: () => `all ${whole(all)}`,
          },
          lineStyle: { color: token("chart-target"), type: "dashed", width: 1.5 },
          data: all === null ? [] : [{ yAxis: all }],
        },
      },
      { name: "Interval", type: "custom", silent: true, z: 4, data: drawn, renderItem: whisker },
    ],
  };
}

function rateLines({ closed, rate, low, high }) {
  if (rate === null) return [["Closed", counted(closed)]];
  return [
    ["Win rate", whole(rate)],
    ["95 % interval", `${whole(low)} – ${whole(high)}`],
    ["Closed", counted(closed)],
  ];
}

function whisker(params, api) {
  const [x, y] = api.coord([api.value(0), api.value(1)]);
  const [low, high] = [2, 3].map((at) => api.coord([0, api.value(at)])[1]);
  const style = { stroke: token("chart-won"), lineWidth: 1.5 };
  const line = (x1, y1, x2, y2) => ({ type: "line", shape: { x1, y1, x2, y2 }, style });
  return {
    type: "group",
    children: [
      line(x, low, x, high),
      line(x - 4, low, x + 4, low),
      line(x - 4, high, x + 4, high),
      { type: "circle", shape: { cx: x, cy: y, r: 4 }, style: { fill: token("chart-won") } },
    ],
  };
}

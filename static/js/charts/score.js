// Score over time: steps, fit below and engagement above, bands as dotted lines with their name at the right.
// {days: [[iso date, fit, engagement]], bands: [[name, enter]], events: [[iso date, total, what moved it]]}; the days
// have the drawn lengths of scoring.marks.score_curve.
import { axisLabel, base, narrow, round, tip, token, valueAxis } from "./look.js";

export function score({ days, bands, events = [] }) {
  const causes = new Map(events.map(([day, , cause]) => [day, cause]));
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
    data: bands
      .filter(([, enter]) => enter > 0)
      .map(([name, enter]) => ({ name: `${name} ${enter}`, yAxis: enter })),
  };
  return {
    ...base(),
    tooltip: {
      ...base().tooltip,
      trigger: "axis",
      axisPointer: { lineStyle: { color: token("line-strong") } },
      formatter: ([first]) => scoreTip(days, first.axisValue, causes),
    },
    grid: { left: 28, right: narrow.matches ? 50 : 60, top: 12, bottom: 24 },
    xAxis: {
      type: "time",
      axisTick: { show: false },
      splitLine: { show: false },
      axisLine: { lineStyle: { color: token("line-strong") } },
      axisLabel: axisLabel({ hideOverlap: true, formatter: shortDay }),
    },
    yAxis: { ...valueAxis(), min: 0, max: 100, interval: 50 },
    series: [fit, area("Engagement", 2, "engagement"), marks(events)],
  };
}

const shortDay = (moment) =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" }).format(moment);

// A dot on each day on which something moved the score.
const marks = (events) => ({
  name: "What moved it",
  type: "scatter",
  symbolSize: 7,
  z: 5,
  itemStyle: { color: token("surface"), borderColor: token("text"), borderWidth: 1.5 },
  data: events.map(([day, total]) => [day, total]),
});

function scoreTip(days, moment, causes) {
  const [day, fit, engagement] = days.findLast(([iso]) => Number(new Date(iso)) <= moment) ?? days[0];
  const rows = [
    ["Score", Math.round(fit + engagement)],
    ["Fit", fit.toFixed(1)],
    ["Engagement", engagement.toFixed(1)],
  ];
  return tip([shortDay(new Date(day)), causes.get(day)].filter(Boolean).join(" · "), rows);
}

// Confidence over time: steps, the automatic value dashed beside it, stages as lines with their names.
// {steps: [[iso time, confidence, automatic]], stages: [[iso time, name]]}
import { axisLabel, base, narrow, tip, token, valueAxis } from "./look.js";

const shortDay = (moment) =>
  new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" }).format(moment);

export function confidence({ steps, stages }) {
  const line = (name, at, colour, type, width) => ({
    name,
    type: "line",
    step: "end",
    symbol: "none",
    lineStyle: { color: token(colour), type, width },
    data: steps.map((step) => [step[0], step[at]]),
  });
  const value = line("Confidence", 1, "text", "solid", 2);
  value.markLine = {
    silent: true,
    symbol: "none",
    lineStyle: { color: token("line-strong"), type: [2, 3] },
    label: { position: "end", color: token("chart-axis"), fontSize: 11, formatter: ({ name }) => name },
    data: stages.slice(narrow.matches ? -3 : -8).map(([moment, name]) => ({ name, xAxis: moment })),
  };
  return {
    ...base(),
    tooltip: {
      ...base().tooltip,
      trigger: "axis",
      axisPointer: { lineStyle: { color: token("line-strong") } },
      formatter: ([first]) => told(steps, first.axisValue),
    },
    grid: { left: 28, right: 24, top: 24, bottom: 24 },
    xAxis: {
      type: "time",
      axisTick: { show: false },
      splitLine: { show: false },
      axisLine: { lineStyle: { color: token("line-strong") } },
      axisLabel: axisLabel({ hideOverlap: true, formatter: shortDay }),
    },
    yAxis: { ...valueAxis(), min: 0, max: 100, interval: 50 },
    series: [line("Automatic", 2, "engagement", "dashed", 1.5), value],
  };
}

function told(steps, moment) {
  const [at, value, automatic] = steps.findLast(([iso]) => Number(new Date(iso)) <= moment) ?? steps[0];
  return tip(shortDay(new Date(at)), [
    ["Confidence", `${value}\u00a0%`],
    ["Automatic", `${automatic}\u00a0%`],
  ]);
}

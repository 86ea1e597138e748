// Leads by score in steps: live as bars, the draft as a stepped line.
// {live: [20 counts], draft: [20 counts], step: 5, leads}
import { base, categoryAxis, counted, narrow, percent, steps, tip, token, valueAxis } from "./look.js";

export function simulation({ live, draft, step, leads }) {
  const names = live.map((_, at) => String(at * step));
  const highest = Math.max(0, ...live, ...draft);
  return {
    ...base(),
    tooltip: {
      ...base().tooltip,
      trigger: "axis",
      axisPointer: { type: "none" },
      formatter: ([{ dataIndex: at }]) =>
        tip(`${at * step} points and more`, [
          ["Live", `${counted(live[at])}${percent(live[at], leads)}`],
          ["This version", `${counted(draft[at])}${percent(draft[at], leads)}`],
        ]),
    },
    grid: { left: narrow.matches ? 8 : 48, right: 8, top: 12, bottom: 28 },
    xAxis: categoryAxis(names, { interval: narrow.matches ? 3 : 1 }),
    yAxis: { ...valueAxis((value) => counted(value)), show: !narrow.matches, ...steps(highest) },
    series: [
      {
        name: "Live",
        type: "bar",
        barCategoryGap: "16%",
        data: live,
        itemStyle: { color: token("chart-here"), borderRadius: 2 },
      },
      {
        name: "This version",
        type: "line",
        step: "middle",
        symbol: "none",
        data: draft,
        lineStyle: { color: token("chart-won"), width: 2 },
      },
    ],
  };
}

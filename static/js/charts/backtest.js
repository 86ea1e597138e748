// Win rate of each tenth of the closed leads, the best first; the rate of all of them dashed.
// {base, draft: [10 rates], live: [10 rates] or []}
import { base, categoryAxis, narrow, tip, token, valueAxis } from "./look.js";

const whole = (rate) => `${Math.round(rate * 100)}\u00a0%`;

export function backtest({ base: all, draft, live }) {
  const bar = (name, data, color, label = {}) => ({
    name,
    type: "bar",
    barGap: "10%",
    barCategoryGap: "28%",
    data,
    itemStyle: { color, borderRadius: 2 },
    label,
  });
  const labels = {
    show: !narrow.matches,
    position: "top",
    color: token("text-2"),
    fontSize: 11,
    formatter: ({ value }) => whole(value),
  };
  const series = [bar("This version", draft, token("chart-won"), labels)];
  if (live.length) series.push(bar("Live", live, token("chart-here")));
  series[0].markLine = {
    silent: true,
    symbol: "none",
    label: { show: false },
    lineStyle: { color: token("chart-target"), type: "dashed", width: 1.5 },
    data: [{ yAxis: all }],
  };
  return {
    ...base(),
    tooltip: {
      ...base().tooltip,
      trigger: "axis",
      axisPointer: { type: "none" },
      formatter: ([{ dataIndex: at }]) =>
        tip(`Tenth ${at + 1}`, [
          ["This version", whole(draft[at])],
          ...(live.length ? [["Live", whole(live[at] ?? 0)]] : []),
          ["All closed leads", whole(all)],
        ]),
    },
    grid: { left: narrow.matches ? 8 : 44, right: 8, top: 20, bottom: 28 },
    xAxis: categoryAxis(draft.map((_, at) => String(at + 1))),
    yAxis: { ...valueAxis(whole), show: !narrow.matches, min: 0, max: 1, interval: 0.25 },
    series,
  };
}

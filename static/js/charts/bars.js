// One bar for each period; its figure above it while there is room.
// {unit: "deals" or "value", tone: a token, bars: [{label, amount, lines: [[name, figure]]}]}
import { base, brief, categoryAxis, narrow, round, steps, tip, token, valueAxis } from "./look.js";

export function bars({ unit, tone, bars: all }) {
  const figure = unit === "value" ? brief : (amount) => amount.toLocaleString("en");
  const highest = Math.max(1, ...all.map(({ amount }) => amount));
  return {
    ...base(),
    tooltip: {
      ...base().tooltip,
      trigger: "axis",
      axisPointer: { type: "none" },
      formatter: ([{ dataIndex: at }]) => tip(all[at].label, all[at].lines),
    },
    grid: { left: narrow.matches ? 4 : 44, right: 4, top: 20, bottom: 28 },
    xAxis: categoryAxis(
      all.map(({ label }) => label),
      { hideOverlap: true },
    ),
    yAxis: {
      ...valueAxis(round),
      show: !narrow.matches,
      ...steps(highest),
      minInterval: unit === "value" ? 0 : 1,
    },
    series: [
      {
        type: "bar",
        barMaxWidth: 48,
        barCategoryGap: "36%",
        data: all.map(({ amount }) => amount || null),
        itemStyle: { color: token(tone), borderRadius: 2 },
        label: {
          show: all.length <= (narrow.matches ? 6 : 24),
          position: "top",
          color: token("text-2"),
          fontSize: 11,
          formatter: ({ value }) => figure(value),
        },
      },
    ],
  };
}

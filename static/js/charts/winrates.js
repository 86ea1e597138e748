// A dot for each win rate, a whisker for its 95 % interval, dashed the rate of all.
// {all: rate or null, rows: [{name, rate, low, high, note}]}; rates are fractions
import { axisLabel, base, font, narrow, text, tip, token, valueAxis } from "./look.js";

const whole = (rate) => `${Math.round(rate * 100)}\u00a0%`;

export function winrates({ all, rows }) {
  const named = rows.toReversed(); // an axis of names begins at its foot
  return {
    ...base(),
    tooltip: {
      ...base().tooltip,
      formatter: ({ dataIndex: at }) =>
        tip(named[at].name, [
          ["Win rate", whole(named[at].rate)],
          ["95 % interval", `${whole(named[at].low)} – ${whole(named[at].high)}`],
          ["Won of closed", named[at].note],
        ]),
    },
    grid: { left: 16, right: narrow.matches ? 44 : 132, top: 8, bottom: 4, containLabel: true },
    xAxis: { ...valueAxis(whole), min: 0, max: 1, interval: 0.25 },
    yAxis: {
      type: "category",
      data: named.map(({ name }) => name),
      axisTick: { show: false },
      axisLine: { show: false },
      axisLabel: axisLabel({
        color: token("text-2"),
        fontSize: 12,
        width: narrow.matches ? 92 : 180,
        overflow: "truncate",
      }),
    },
    series: [
      {
        type: "custom",
        data: named.map(({ rate, low, high }, at) => [rate, at, low, high]),
        renderItem: (params, api) => interval(named, api, params.dataIndex),
        markLine: all === null ? undefined : rateOfAll(all),
      },
    ],
  };
}

function interval(rows, api, at) {
  const [x, y] = api.coord([rows[at].rate, at]);
  const [low] = api.coord([rows[at].low, at]);
  const [high] = api.coord([rows[at].high, at]);
  const line = (x1, y1, x2, y2) => ({
    type: "line",
    shape: { x1, y1, x2, y2 },
    style: { stroke: token("chart-weighted"), lineWidth: 1.5 },
  });
  const words = narrow.matches ? whole(rows[at].rate) : `${whole(rows[at].rate)} · ${rows[at].note}`;
  const figure = { fill: token("text"), font: `500 11px ${font()}`, verticalAlign: "middle" };
  return {
    type: "group",
    children: [
      line(low, y, high, y),
      line(low, y - 4, low, y + 4),
      line(high, y - 4, high, y + 4),
      { type: "circle", shape: { cx: x, cy: y, r: 4 }, style: { fill: token("chart-won") } },
      text(high + 8, y, words, { ...figure, stroke: token("surface"), lineWidth: 3 }),
    ],
  };
}

function rateOfAll(all) {
  return {
    silent: true,
    symbol: "none",
    lineStyle: { color: token("chart-target"), type: "dashed", width: 1.5 },
    label: { show: false },
    data: [{ xAxis: all }],
  };
}

"use strict";
(() => {
  const content = JSON.parse(document.getElementById("figures").textContent);
  const options = { responsive: true, displayModeBar: false, displaylogo: false, scrollZoom: false };
  const written = (value, decimals) => {
    const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    return value < 0 && /[1-9]/.test(text) ? "−" + text : text;
  };

  const ticks = (panel, width) => {
    const room = width - 64;
    const days = panel.data.flatMap((trace) => [trace.x[0], trace.x[trace.x.length - 1]]).sort();
    if (panel.layout.xaxis.type === "date" && days[0] === days[days.length - 1]) {
      const near = (shift) => new Date(Date.parse(days[0]) + shift * 86400000).toISOString().slice(0, 10);
      return { range: [near(-3), near(3)], tickvals: [days[0]], tickformat: "%Y-%m-%d" };
    }
    const months = (new Date(days[days.length - 1]) - new Date(days[0])) / 2629800000;
    if (panel.layout.xaxis.type !== "date" || !(months > 2)) return { nticks: Math.max(2, Math.floor(room / 84)), dtick: null };
    const years = [12, 24, 36, 60, 120, 240, 600].find((step) => months / step <= room / 48) || 1200;
    const step = [1, 2, 3, 4, 6].find((size) => months / size <= room / 74);
    return { dtick: `M${step || years}`, tick0: "2000-01-01", tickformat: step ? "%b %Y" : "%Y" };
  };
  const even = (place) => {
    const { type, dtick, tickformat, tickmode } = place._fullLayout.yaxis;
    if (type !== "linear" || tickmode === "array" || !(dtick > 0)) return;
    const whole = (decimals) => Math.abs(dtick * 10 ** decimals - Math.round(dtick * 10 ** decimals)) < 1e-6 * dtick * 10 ** decimals;
    const format = `,.${[0, 1, 2, 3, 4, 5, 6, 7].find(whole) ?? 8}f`;
    if (tickformat !== format) Plotly.relayout(place, { "yaxis.tickformat": format });
  };
  for (const [key, panel] of Object.entries(content.panels)) {
    const place = document.getElementById(key);
    if (!place) continue;
    Object.assign(panel.layout.xaxis, ticks(panel, place.clientWidth));
    Plotly.newPlot(place, panel.data, panel.layout, options);
    even(place);
    place.on("plotly_afterplot", () => even(place));
  }
  const axis = (place, width) => {
    const found = ticks(content.panels[place.id], width);
    return Object.fromEntries(Object.entries(found).map(([name, value]) => [`xaxis.${name}`, value]));
  };

  document.querySelectorAll(".legend button").forEach((button) => {
    button.addEventListener("click", () => {
      const place = document.getElementById(button.closest(".legend").dataset.for);
      const shown = button.getAttribute("aria-pressed") !== "true";
      const series = place.data.flatMap((trace, number) => (trace.meta === button.dataset.series ? [number] : []));
      Plotly.restyle(place, { visible: shown }, series);
      button.setAttribute("aria-pressed", String(shown));
    });
  });

  const slide = (name, labels, start, draw) => {
    const box = document.querySelector(`[data-slider="${name}"]`);
    if (!box || !labels.length) return;
    const range = box.querySelector("input");
    const output = box.querySelector("output");
    range.max = labels.length - 1;
    const show = (number) => {
      range.value = Math.min(Math.max(number, 0), labels.length - 1);
      output.textContent = labels[range.value];
      range.setAttribute("aria-valuetext", labels[range.value]);
      draw(Number(range.value));
    };
    range.addEventListener("input", () => show(Number(range.value)));
    box.querySelectorAll("button").forEach((button) => {
      button.addEventListener("click", () => show(Number(range.value) + Number(button.dataset.step)));
    });
    show(start);
  };

  let sankey = () => {};
  const pale = (colour) => {
    const [red, green, blue] = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
    return `rgba(${red},${green},${blue},0.4)`;
  };
  if (content.flows) {
    const { labels, nodes, colours, stops } = content.flows;
    const last = nodes.length - 8;
    slide("flows", labels, 0, (stop) => {
      const links = stops[stop];
      const used = [...new Set(links.flatMap((link) => [link[0], link[1]]))].sort((a, b) => a - b);
      const place = new Map(used.map((node, number) => [node, number]));
      const sums = used.map((node) => {
        const out = links.filter((link) => link[0] === node).reduce((sum, link) => sum + link[2], 0);
        return out || links.filter((link) => link[1] === node).reduce((sum, link) => sum + link[2], 0);
      });
      const column = (node) => (node < 8 ? 0 : node >= last ? 2 : 1);
      const gap = 0.022;
      const heights = [0, 1, 2].map((which) => sums.filter((_, number) => column(used[number]) === which).reduce((sum, value) => sum + value, 0));
      const tops = [0, 0, 0];
      const counts = [0, 1, 2].map((which) => used.filter((node) => column(node) === which).length);
      const middles = used.map((node, number) => {
        const which = column(node);
        const part = (sums[number] / heights[which]) * (1 - gap * (counts[which] - 1));
        const middle = tops[which] + part / 2;
        tops[which] += part + gap;
        return Math.min(0.999, Math.max(0.001, middle));
      });
      const trace = {
        type: "sankey",
        arrangement: "snap",
        valueformat: ",.1f",
        valuesuffix: " bn",
        node: {
          label: used.map((node, number) => `${nodes[node]} ${written(sums[number], 0)}`),
          color: used.map((node) => colours[node]),
          x: used.map((node) => [0.001, 0.5, 0.999][column(node)]),
          y: middles,
          pad: 14,
          thickness: 18,
          line: { color: "#444", width: 0.5 },
        },
        link: {
          source: links.map((link) => place.get(link[0])),
          target: links.map((link) => place.get(link[1])),
          value: links.map((link) => link[2]),
          color: links.map((link) => pale(colours[link[0] < 8 ? link[0] : link[1] >= last ? link[1] : link[0]])),
        },
      };
      const layout = { template: null, margin: { l: 12, r: 12, t: 12, b: 12 }, font: { size: 12.5, color: "#1b1f24" }, paper_bgcolor: "rgba(0,0,0,0)", height: 640 };
      sankey = (width) => {
        Plotly.purge("sankey");
        Plotly.newPlot("sankey", [trace], width ? { ...layout, width } : layout, options);
      };
      sankey();
    });
  }

  const svg = (tag, attributes, text) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    if (text !== undefined) element.textContent = text;
    return element;
  };
  if (content.network) {
    document.getElementById("web").addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      const arrows = [...document.querySelectorAll("#web g.arrow")];
      const place = arrows.indexOf(document.activeElement);
      if (!step || place < 0) return;
      event.preventDefault();
      arrows[(place + step + arrows.length) % arrows.length].focus();
    });
    const { labels, nodes, pairs, stops } = content.network;
    slide("network", labels, labels.length - 1, (number) => {
      const web = document.getElementById("web");
      const told = document.getElementById("told");
      told.textContent = "";
      const stop = stops[number];
      web.replaceChildren();
      const heads = svg("defs", {});
      web.append(heads);
      const amounts = [];
      stop.arrows.forEach((arrow) => {
        const pair = pairs[arrow.pair];
        const mark = `head-${arrow.pair}`;
        const size = Math.max(7, arrow.width * 2.1);
        const marker = svg("marker", { id: mark, viewBox: "0 0 10 10", refX: 6, refY: 5, markerWidth: size, markerHeight: size, markerUnits: "userSpaceOnUse", orient: "auto" });
        marker.append(svg("path", { d: "M0,0L10,5L0,10z", fill: pair.colour }));
        heads.append(marker);
        const words = `${pair.title}, ${arrow.text} bn: ${arrow.detail}`;
        const group = svg("g", { class: "arrow", role: "img", "aria-label": words, tabindex: arrow === stop.arrows[0] ? 0 : -1 });
        group.append(svg("title", {}, words));
        for (const event of ["focus", "click", "mouseenter"]) group.addEventListener(event, () => { told.textContent = words; });
        group.append(svg("path", { class: "arrow", d: pair.path, stroke: pair.colour, "stroke-width": arrow.width, "marker-end": `url(#${mark})` }));
        web.append(group);
        if (arrow.x !== undefined) amounts.push(svg("text", { class: "amount", x: arrow.x, y: arrow.y, "text-anchor": "middle", "dominant-baseline": "middle", fill: pair.ink }, arrow.text));
      });
      web.append(...amounts);
      nodes.forEach((node, place) => {
        const { radius, text } = stop.nodes[place];
        const group = svg("g", {});
        group.append(svg("title", {}, `${node.name}: ${text}`));
        group.append(svg("circle", { cx: node.x, cy: node.y, r: radius, fill: node.colour, stroke: "#333", "stroke-width": 0.8 }));
        const gap = 12 + radius;
        const x = node.side === "middle" ? node.x : node.side === "start" ? node.x + gap : node.x - gap;
        const up = node.side === "middle" ? (node.y < 330 ? -radius - 30 : radius + 20) : -8;
        group.append(svg("text", { x, y: node.y + up, "text-anchor": node.side, "font-weight": 600 }, node.name));
        const [assets, owes] = text.split(", ");
        group.append(svg("text", { class: "small", x, y: node.y + up + 14, "text-anchor": node.side }, node.side === "middle" ? text : assets));
        if (node.side !== "middle") group.append(svg("text", { class: "small", x, y: node.y + up + 27, "text-anchor": node.side }, owes));
        web.append(group);
      });
    });
  }

  for (const [name, table] of Object.entries(content.matrices || {})) {
    const place = document.getElementById(name);
    if (!place) continue;
    const cell = (tag, text, scope) => {
      const element = document.createElement(tag);
      element.textContent = text;
      if (scope) element.scope = scope;
      return element;
    };
    slide(name, table.labels, name === "balance_sheet" ? table.labels.length - 1 : 0, (number) => {
      const head = document.createElement("thead");
      const top = document.createElement("tr");
      top.append(cell("th", "", "col"), ...table.heads.map((text) => cell("th", text, "col")));
      head.append(top);
      const body = document.createElement("tbody");
      table.stops[number].forEach((row, line) => {
        const tr = document.createElement("tr");
        if (table.rules.includes(line)) tr.className = "rule";
        const foot = line === table.lines.length - 1;
        tr.append(cell("th", table.lines[line], "row"));
        row.forEach((value, column) => {
          const sum = foot || column === row.length - 1;
          tr.append(cell("td", Math.abs(value) >= 0.05 || sum ? written(value, 1) : ""));
        });
        body.append(tr);
      });
      place.replaceChildren(head, body);
    });
  }

  const fades = () => {
    document.querySelectorAll(".scroll").forEach((box) => {
      box.classList.toggle("more", box.scrollLeft + box.clientWidth < box.scrollWidth - 2);
    });
  };
  document.querySelectorAll(".scroll").forEach((box) => box.addEventListener("scroll", fades, { passive: true }));
  window.addEventListener("resize", fades);
  fades();

  const printed = 188;
  const heights = new Map(Object.entries(content.panels).map(([key, panel]) => [key, panel.layout.height]));
  const fit = () => {
    document.querySelectorAll(".plot.js-plotly-plot").forEach((place) => {
      const width = place.clientWidth;
      if (place.id === "sankey") sankey(width);
      else Plotly.relayout(place, { width, height: printed, ...axis(place, width) });
    });
  };
  const loosen = () => {
    document.querySelectorAll(".plot.js-plotly-plot").forEach((place) => {
      if (place.id === "sankey") sankey();
      else Plotly.relayout(place, { width: null, height: heights.get(place.id), autosize: true, ...axis(place, place.clientWidth) });
    });
  };
  const folded = [...document.querySelectorAll("details:not([open])")];
  const paper = window.matchMedia("print");
  window.addEventListener("beforeprint", () => { folded.forEach((part) => { part.open = true; }); });
  window.addEventListener("afterprint", () => { folded.forEach((part) => { part.open = false; }); loosen(); });
  paper.addEventListener("change", () => { if (paper.matches) fit(); else loosen(); });
  document.documentElement.dataset.drawn = "yes";
})();

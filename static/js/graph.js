// Draws [data-graph-url] as layers with Cytoscape. The list beside the picture says the same in words.
const COLOURS = { ok: "--ok", warn: "--warn", block: "--block", unknown: "--unknown", open: "--open", none: "--none" };
const SHAPES = { ok: "ellipse", warn: "triangle", block: "rectangle", unknown: "ellipse", open: "diamond", none: "round-rectangle" };
const GAP = { along: 150, across: 80 };

// Cytoscape adds a style element unless one with this id exists; our policy allows no such element,
// and boards.css holds the one rule that it would add.
function stylesheetIsOurs() {
  const id = "__________cytoscape_stylesheet";
  if (document.getElementById(id)) return;
  const marker = document.createElement("meta");
  marker.id = id;
  document.head.append(marker);
}

function placed(nodes, direction) {
  const layers = new Map();
  for (const node of nodes) layers.set(node.level ?? 0, [...(layers.get(node.level ?? 0) ?? []), node]);
  return nodes.map((node) => {
    const layer = layers.get(node.level ?? 0);
    const along = (layer.indexOf(node) - (layer.length - 1) / 2) * GAP.along;
    const across = (node.level ?? 0) * GAP.across * (direction === "up" ? -1 : 1);
    return { data: { ...node, id: String(node.id), verdict: node.verdict ?? "none" }, position: { x: along, y: across } };
  });
}

function look() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  return [
    { selector: "node", style: { "background-color": (n) => colour(COLOURS[n.data("verdict")] ?? "--none"), shape: (n) => SHAPES[n.data("verdict")] ?? "ellipse", width: 18, height: 18, label: "data(label)", color: colour("--ink"), "font-size": 11, "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "ellipsis", "text-max-width": 130, "text-background-color": colour("--paper"), "text-background-opacity": 0.85 } },
    { selector: "node[level = 0]", style: { width: 26, height: 26, "font-weight": 600, "border-width": 3, "border-color": colour("--accent") } },
    { selector: "edge", style: { width: 1.5, "line-color": colour("--line-2"), "target-arrow-color": colour("--line-2"), "target-arrow-shape": "triangle", "arrow-scale": 0.8, "curve-style": "bezier" } },
    { selector: "node:selected, edge:selected", style: { "overlay-opacity": 0.08 } },
    { selector: "edge:active, edge.near", style: { label: "data(type)", color: colour("--ink-3"), "font-size": 10, "text-background-color": colour("--paper"), "text-background-opacity": 1 } },
  ];
}

async function draw(place) {
  place.dataset.drawn = "true";
  try {
    const [{ default: cytoscape }, answer] = await Promise.all([
      import(place.dataset.library),
      fetch(place.dataset.graphUrl, { headers: { Accept: "application/json" } }),
    ]);
    if (!answer.ok) throw new Error(String(answer.status));
    const { nodes, edges } = await answer.json();
    const known = new Set(nodes.map((node) => String(node.id)));
    stylesheetIsOurs();
    place.replaceChildren();
    const graph = cytoscape({
      container: place,
      elements: {
        nodes: placed(nodes, place.dataset.direction),
        edges: edges.filter((e) => known.has(String(e.source)) && known.has(String(e.target)))
          .map((edge) => ({ data: { ...edge, source: String(edge.source), target: String(edge.target) } })),
      },
      layout: { name: "preset", fit: true, padding: 24 },
      style: look(),
      minZoom: 0.2,
      maxZoom: 2,
      userZoomingEnabled: false,
    });
    if (graph.zoom() > 1.25) graph.zoom(1.25).center();
    graph.on("tap", "node", ({ target }) => { if (target.data("url")) window.location.assign(target.data("url")); });
    graph.on("mouseover mouseout", "node", ({ target, type }) => target.connectedEdges().toggleClass("near", type === "mouseover"));
    new MutationObserver(() => graph.style(look())).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  } catch {
    place.textContent = "The picture cannot be drawn now; the list says the same.";
  }
}

function all() {
  document.querySelectorAll("[data-graph-url]:not([data-drawn])").forEach(draw);
}

document.addEventListener("htmx:afterSettle", all);
all();

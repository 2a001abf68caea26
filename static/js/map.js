// The map of a CI: [data-map] grows by one neighbourhood at each click. What is there keeps its place, and nothing is lost:
// many new CIs of one class stand folded in one counted node, which opens; the list beside holds every single one.
const GAP = { along: 150, across: 110 };
const FOLD_FROM = 7;
const REACH = 10; // places to either side of the middle: five hundred make a block and no line
const SHAPES = { start: "round-rectangle", ci: "ellipse", fold: "round-diamond" };

// As in graph.js: Cytoscape's own style element is forbidden by our policy; boards.css holds its one rule.
function stylesheetIsOurs() {
  const id = "__________cytoscape_stylesheet";
  if (document.getElementById(id)) return;
  const marker = document.createElement("meta");
  marker.id = id;
  document.head.append(marker);
}

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function look() {
  const text = { "font-size": 12, color: colour("--ink"), "text-background-color": colour("--paper"), "text-background-opacity": 0.85, "min-zoomed-font-size": 7 };
  return [
    { selector: "node", style: { ...text, label: "data(label)", width: 20, height: 20, shape: (n) => SHAPES[n.data("sort")], "background-color": colour("--none"), "text-valign": "bottom", "text-margin-y": 4, "text-wrap": "ellipsis", "text-max-width": 135 } },
    { selector: "node[sort = 'start']", style: { width: 28, height: 28, "font-weight": 600, "background-color": colour("--accent") } },
    { selector: "node[sort = 'fold']", style: { width: 34, height: 34, "font-weight": 600, "background-color": colour("--open") } },
    { selector: "node[?grown]", style: { "border-width": 3, "border-color": colour("--ink-3") } },
    { selector: "edge", style: { ...text, "font-size": 10, width: 1.5, "line-color": colour("--line-2"), "target-arrow-color": colour("--line-2"), "target-arrow-shape": "triangle", "arrow-scale": 0.8, "curve-style": "bezier" } },
    { selector: "edge[type = '']", style: { "target-arrow-shape": "none" } },
    { selector: "edge[?group]", style: { "line-style": "dashed" } },
    { selector: "edge.near", style: { label: "data(type)", "line-color": colour("--accent"), "target-arrow-color": colour("--accent") } },
    { selector: "node:selected", style: { "border-width": 4, "border-color": colour("--accent") } },
  ];
}

// Each row of the picture has places side by side; a newcomer takes the free one nearest to whom it came by, in the next
// row (further up or down, as the step leads) where that one is full.
class Places {
  taken = new Set();

  free(row, near, step) {
    for (let at = row; ; at += step || 1) {
      for (let away = 0; away <= 2 * REACH; away += 1) {
        for (const place of [near + away, near - away]) {
          if (Math.abs(place) > REACH || this.taken.has(`${at}:${place}`)) continue;
          this.taken.add(`${at}:${place}`);
          return { row: at, place };
        }
      }
    }
  }
}

class CIMap {
  cis = new Map(); // id → what is known of it, and `seat` once it stands in the picture, `fold` while it is folded
  edges = new Map();
  folds = new Map(); // id → ids of those folded in it
  places = new Places();

  constructor(root, cytoscape) {
    this.root = root;
    this.canvas = root.querySelector(".map-canvas");
    this.canvas.replaceChildren();
    this.graph = cytoscape({ container: this.canvas, style: look(), minZoom: 0.05, maxZoom: 3, wheelSensitivity: 0.3 });
    this.graph.on("tap", "node", ({ target }) => this.pressed(target.id()));
    this.graph.on("mouseover", "node", ({ target }) => this.name(target));
    this.graph.on("mouseout", "node", ({ target }) => target.removeStyle().connectedEdges().removeClass("near"));
    new MutationObserver(() => this.graph.style(look())).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  }

  // Its name can be read however far away one stands.
  name(node) {
    const size = 12 / Math.min(1, this.graph.zoom());
    node.style({ "font-size": size, "text-max-width": 20 * size, "min-zoomed-font-size": 0, "z-index": 9 });
    node.connectedEdges().addClass("near");
  }

  pressed(id) {
    return this.folds.has(id) ? this.open(id) : this.grow(id);
  }

  async grow(id, address = this.cis.get(id)?.grow) {
    if (this.cis.get(id)?.grown) return this.choose(id);
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    const { center, nodes, edges, left_out: leftOut } = await answer.json();
    const from = this.take(nodes, edges, String(center));
    from.grown = true;
    this.graph.getElementById(from.id).data("grown", true);
    this.choose(from.id);
    this.say(leftOut ? `${leftOut} more relations of ${from.label} are not drawn; its impact page lists them.` : `${nodes.length - 1} related to ${from.label}.`);
  }

  // Take in what came; those that are new are seated, or folded by class where they are many.
  take(nodes, edges, center) {
    const fresh = [];
    for (const node of nodes) {
      const id = String(node.id);
      if (!this.cis.has(id)) {
        this.cis.set(id, { ...node, id });
        fresh.push(this.cis.get(id));
      } else if (this.cis.get(id).fold) this.unfold(id);
    }
    for (const edge of edges) this.edges.set(String(edge.id), { ...edge, id: `e${edge.id}`, source: String(edge.source), target: String(edge.target) });
    const from = this.cis.get(center);
    if (!from.seat) this.seat(from, 0, 0, "start");
    const kinds = new Map();
    for (const ci of fresh) if (ci !== from) kinds.set(`${ci.step}:${ci.class}`, [...(kinds.get(`${ci.step}:${ci.class}`) ?? []), ci]);
    for (const [kind, those] of kinds) {
      if (those.length >= FOLD_FROM) this.fold(`fold:${center}:${kind}`, those, from);
      else for (const ci of those) this.seat(ci, from.seat.row + ci.step, from.seat.place);
    }
    this.connect();
    return from;
  }

  seat(ci, row, near, sort = "ci") {
    ci.seat = this.places.free(row, near, ci.step);
    this.graph.add({ group: "nodes", data: { id: ci.id, label: ci.label, sort, grown: Boolean(ci.grown) }, position: this.point(ci.seat) });
  }

  point({ row, place }) {
    return { x: place * GAP.along, y: row * GAP.across };
  }

  fold(id, those, from) {
    const seat = this.places.free(from.seat.row + those[0].step, from.seat.place, those[0].step);
    this.folds.set(id, { ids: new Set(those.map((ci) => ci.id)), seat, of: from.id, class: those[0].class });
    for (const ci of those) ci.fold = id;
    this.graph.add([
      { group: "nodes", data: { id, sort: "fold", label: "" }, position: this.point(seat) },
      { group: "edges", data: { id: `f${id}`, source: from.id, target: id, type: "" } },
    ]);
    this.count(id);
  }

  count(id) {
    const { ids, class: kind } = this.folds.get(id);
    if (ids.size) this.graph.getElementById(id).data("label", `${ids.size} × ${kind}`);
    else {
      this.graph.getElementById(id).remove();
      this.folds.delete(id);
    }
  }

  unfold(id) {
    const ci = this.cis.get(id);
    const fold = this.folds.get(ci.fold);
    fold.ids.delete(id);
    this.seat(ci, fold.seat.row, fold.seat.place);
    this.count(ci.fold);
    delete ci.fold;
  }

  open(id) {
    const ids = [...this.folds.get(id).ids];
    for (const each of ids) this.unfold(each);
    this.connect();
    this.choose(ids[0]);
    this.say(`${ids.length} opened.`);
  }

  // Every relation between two that stand in the picture.
  connect() {
    for (const edge of this.edges.values()) {
      const both = this.cis.get(edge.source)?.seat && this.cis.get(edge.target)?.seat;
      if (both && this.graph.getElementById(edge.id).empty()) this.graph.add({ group: "edges", data: edge });
    }
  }

  choose(id) {
    this.graph.elements().unselect();
    this.graph.getElementById(id).select();
    this.chosen = id;
    this.list();
  }

  say(text) {
    this.root.querySelector("[data-map-said]").textContent = text;
    document.getElementById("live").textContent = text;
  }

  list() {
    const rows = this.root.querySelector("[data-map-rows]");
    const focused = document.activeElement?.dataset?.grow;
    rows.replaceChildren(...[...this.cis.values()].map((ci) => this.row(ci)));
    if (focused) rows.querySelector(`[data-grow="${CSS.escape(focused)}"]`)?.focus();
    this.root.querySelector("[data-map-count]").textContent = this.cis.size;
  }

  row(ci) {
    const item = document.createElement("li");
    const said = document.createElement("div");
    const link = document.createElement("a");
    const kind = document.createElement("span");
    const button = document.createElement("button");
    link.href = ci.url;
    link.textContent = ci.label;
    kind.className = "small muted";
    kind.textContent = ` ${ci.class}${ci.fold ? ", folded" : ""}`;
    said.append(link, kind);
    button.type = "button";
    button.className = "btn btn-ghost";
    button.dataset.grow = ci.id;
    button.textContent = ci.fold ? "Unfold" : ci.grown ? "Find" : "Grow";
    button.setAttribute("aria-label", `${button.textContent}: ${ci.label}`);
    button.addEventListener("click", () => (ci.fold ? this.show(ci.id) : ci.grown ? this.find(ci.id) : this.grow(ci.id).catch(() => this.fail())));
    if (ci.id === this.chosen) item.dataset.chosen = "";
    item.append(said, button);
    return item;
  }

  show(id) {
    this.unfold(id);
    this.connect();
    this.choose(id);
  }

  find(id) {
    this.choose(id);
    this.graph.zoom(Math.max(this.graph.zoom(), 0.8));
    this.graph.center(this.graph.getElementById(id));
  }

  fail() {
    this.say("That could not be read now; try again.");
  }

  all() {
    this.graph.fit(undefined, 30);
    if (this.graph.zoom() > 1.2) this.graph.zoom(1.2).center();
  }

  zoom(by) {
    this.graph.zoom({ level: this.graph.zoom() * by, renderedPosition: { x: this.canvas.clientWidth / 2, y: this.canvas.clientHeight / 2 } });
  }
}

const escaped = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

function svgOf(graph) {
  const box = graph.elements().boundingBox({ includeLabels: true });
  const [ink, line, paper] = ["--ink", "--line-2", "--paper"].map(colour);
  const lines = graph.edges().map((edge) => {
    const [a, b] = [edge.source().position(), edge.target().position()];
    const far = Math.hypot(b.x - a.x, b.y - a.y) || 1;
    const end = { x: b.x - ((b.x - a.x) / far) * 18, y: b.y - ((b.y - a.y) / far) * 18 };
    return `<line x1="${a.x}" y1="${a.y}" x2="${end.x}" y2="${end.y}" stroke="${line}" stroke-width="1.5" marker-end="url(#end)"${edge.data("group") ? ' stroke-dasharray="5 4"' : ""}><title>${escaped(edge.data("type"))}</title></line>`;
  });
  const dots = graph.nodes().map((node) => {
    const { x, y } = node.position();
    return `<circle cx="${x}" cy="${y}" r="${node.width() / 2}" fill="${node.style("background-color")}"/><text x="${x}" y="${y + node.height() / 2 + 14}" text-anchor="middle" font-size="12" fill="${ink}">${escaped(node.data("label"))}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.x1 - 20} ${box.y1 - 20} ${box.w + 40} ${box.h + 40}" font-family="sans-serif"><defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="${line}"/></marker></defs><rect x="${box.x1 - 20}" y="${box.y1 - 20}" width="${box.w + 40}" height="${box.h + 40}" fill="${paper}"/>${lines.join("")}${dots.join("")}</svg>`;
}

// A spreadsheet would run what begins like a formula.
const cell = (text) => `"${String(text).replace(/^(?=\s*[=+\-@\t\r])/, "'").replaceAll('"', '""')}"`;

function csvOf(map) {
  const names = (id) => map.cis.get(id)?.number ?? "";
  const cis = [...map.cis.values()].map((ci) => ["CI", ci.number, ci.label, ci.class, ""]);
  const relations = [...map.edges.values()].map((edge) => ["Relation", names(edge.source), edge.type, "", names(edge.target)]);
  return [["Kind", "Number", "Name", "Class", "To"], ...cis, ...relations].map((row) => row.map(cell).join(",")).join("\r\n");
}

function save(text, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

async function draw(root) {
  try {
    stylesheetIsOurs();
    const { default: cytoscape } = await import(root.dataset.library);
    const map = new CIMap(root, cytoscape);
    await map.grow("", root.dataset.map);
    map.all();
    const tools = {
      closer: () => map.zoom(1.3),
      farther: () => map.zoom(1 / 1.3),
      all: () => map.all(),
      svg: () => save(svgOf(map.graph), "image/svg+xml", `map-${root.dataset.name}.svg`),
      csv: () => save(csvOf(map), "text/csv", `map-${root.dataset.name}.csv`),
    };
    for (const [name, press] of Object.entries(tools)) root.querySelector(`[data-map-do="${name}"]`).addEventListener("click", press);
    root.ciMap = map;
    root.dataset.drawn = "true";
  } catch {
    root.querySelector(".map-canvas").textContent = "The picture cannot be drawn now; the pages of the CIs say the same.";
  }
}

document.querySelectorAll("[data-map]:not([data-drawn])").forEach(draw);

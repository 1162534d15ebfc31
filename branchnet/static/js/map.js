/* The map's data and behaviour. Folium drew the empty map; what is known of points and villages comes as JSON and is
   set as text, never as markup. All words come from the page. The table below the map can do all that a mouse can. */
(function () {
  "use strict";

  const stage = document.querySelector("[data-map]");
  if (!stage) return;
  const words = JSON.parse(document.getElementById("map-words").textContent);
  const map = window[stage.dataset.map];
  const layers = {
    points: window[stage.dataset.pointsLayer],
    communities: window[stage.dataset.communitiesLayer],
  };
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const NAMED_VILLAGES = 12;
  const MOST_COUNTY_NAMES = 40;
  const MOST_NAMES_FROM_AFAR = 30;
  const NEAR_ZOOM = 9;

  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
  const counted = (value) => (value === null ? words.not_counted : value.toLocaleString("en"));

  /* Columns to rows: {id: [1, 2], name: ["a", "b"]} to [{id: 1, name: "a"}, {id: 2, name: "b"}]. */
  function rows(columns) {
    const keys = Object.keys(columns);
    return columns.id.map((_, row) => {
      const one = {};
      for (const key of keys) one[key] = columns[key][row];
      return one;
    });
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* Marks. A point: a shape by kind, its size by copies, its name beside it. */
  function pointShape(point, size) {
    const symbol = document.getElementById(`map-shape-${point.kind}`);
    const svg = document.createElementNS(symbol.namespaceURI, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("width", size);
    svg.setAttribute("height", size);
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(symbol.namespaceURI, "use");
    use.setAttribute("href", `#${symbol.id}`);
    svg.appendChild(use);
    svg.setAttribute("class", point.copies > 0 && point.open ? "map-shape" : "map-shape map-shape-empty");
    return svg;
  }

  function pointIcon(point, most) {
    const size = Math.round(18 + 18 * Math.sqrt(point.copies / Math.max(most, 1)));
    const mark = element("span", "map-point-mark");
    mark.append(pointShape(point, size), element("span", "map-point-name", point.name));
    return L.divIcon({ className: "map-point", html: mark, iconSize: [size, size] });
  }

  function clusterIcon(cluster) {
    const n = cluster.getChildCount();
    const mark = element("span", "map-cluster-count");
    const shown = element("span", "", n);
    shown.setAttribute("aria-hidden", "true");
    mark.append(shown, element("span", "visually-hidden", fill(words.cluster, { n })));
    return L.divIcon({ className: "map-cluster", html: mark, iconSize: [34, 34] });
  }

  /* A village: a dot where books are near, a cross where not, and a ring around either where a position is rough. */
  const VillageMark = L.CircleMarker.extend({
    _updatePath() {
      const { x, y } = this._point;
      const r = map.getZoom() < NEAR_ZOOM ? 2.5 : 3.5;
      const circle = (radius) => `M${x - radius},${y}a${radius},${radius} 0 1,0 ${2 * radius},0a${radius},${radius} 0 1,0 ${-2 * radius},0`;
      const mark = this.options.covered ? circle(r) : `M${x - r},${y - r}l${2 * r},${2 * r}m0,${-2 * r}l${-2 * r},${2 * r}`;
      this._renderer._setPath(this, this.options.rough ? mark + circle(2.1 * r) : mark);
    },
  });

  /* Cards: the page's own templates, filled slot by slot. */
  function card(id, slots) {
    const made = document.getElementById(id).content.firstElementChild.cloneNode(true);
    for (const [name, text] of Object.entries(slots)) {
      made.querySelector(`[data-slot="${name}"]`).textContent = text;
    }
    return made;
  }

  function pointCard(point, villages) {
    const named = point.covers.slice(0, NAMED_VILLAGES).map((id) => villages.get(id).name).join(words.list);
    const rough = point.quality === "approximate" ? ` · ${words.approximate}` : "";
    const made = card("map-point-card", {
      name: point.name,
      kind: words.kinds[point.kind] + (point.open ? "" : ` · ${words.closed}`) + rough,
      copies: counted(point.copies) + words.qualities[point.copies_quality],
      visits: counted(point.visits),
      loans: counted(point.loans),
      last_month: point.last_month || words.none_yet,
      uncounted: point.uncounted ? fill(words.uncounted, { n: counted(point.uncounted) }) : "",
      count: counted(point.covers.length),
      villages: point.covers.length > NAMED_VILLAGES ? named + words.and_more : named,
    });
    made.querySelector('[data-slot="link"]').setAttribute("href", point.href);
    const numbers = { copies: point.copies, visits: point.visits, loans: point.loans, count: point.covers.length };
    for (const [name, number] of Object.entries(numbers)) {
      const unit = made.querySelector(`[data-slot="${name}"] + .unit`);
      // A word has no unit.
      unit.hidden = number === null;
      if (number === 1) unit.textContent = unit.dataset.one;
    }
    return made;
  }

  function villageCard(village, points) {
    const nearest = points.get(village.nearest_point_id);
    return card("map-village-card", {
      name: village.name,
      town: [words.units[village.kind], village.town].filter(Boolean).join(" · "),
      outcome: words.outcomes[village.outcome] + (village.approximate ? ` · ${words.approximate}` : ""),
      nearest: nearest ? fill(words.nearest, { name: nearest.name, km: village.km.toFixed(1) }) : words.no_point,
    });
  }

  const popup = (content) => L.popup({ minWidth: 220, maxWidth: 280, autoPanPaddingTopLeft: [60, 12], autoPanPaddingBottomRight: [12, 12] }).setContent(content);

  function drawGround() {
    const counties = window[stage.dataset.groundLayer].getLayers();
    if (counties.length > MOST_COUNTY_NAMES) return;
    map.createPane("map-names").classList.add("map-names");
    for (const county of counties) {
      county.bindTooltip(element("span", "", county.feature.properties.name), {
        permanent: true, direction: "center", className: "map-county-name", interactive: false, pane: "map-names",
      });
    }
  }

  function drawVillages(villages, points) {
    for (const village of villages.values()) {
      if (village.lat === null || village.lon === null) continue;
      const covered = village.outcome === "covered";
      const mark = new VillageMark([village.lat, village.lon], {
        covered, rough: village.approximate, radius: 8,
        className: `map-village map-village-${village.outcome}`,
      });
      mark.bindPopup(() => villageCard(village, points));
      layers.communities.addLayer(mark);
    }
  }

  function drawPoints(points, villages, withinKm) {
    const placed = [...points.values()].filter((point) => point.lat !== null && point.lon !== null);
    const most = Math.max(0, ...placed.map((point) => point.copies));
    const ring = L.circle([0, 0], { radius: withinKm * 1000, className: "map-ring", interactive: false });
    const marks = new Map();
    for (const point of placed) {
      // Of several points in one place the marks are fanned out: `place` is where the point is.
      const place = L.latLng(point.lat, point.lon);
      const mark = L.marker(place, { icon: pointIcon(point, most), title: point.name, place });
      mark.bindPopup(popup(() => pointCard(point, villages)));
      mark.on("popupopen", () => ring.setLatLng(place).addTo(map));
      mark.on("popupclose", () => ring.remove());
      marks.set(point.id, mark);
    }
    const nameThem = () => stage.classList.toggle("map-nameless", placed.length > MOST_NAMES_FROM_AFAR && map.getZoom() < NEAR_ZOOM);
    map.on("zoomend", nameThem);
    nameThem();
    layers.points.options.iconCreateFunction = clusterIcon;
    layers.points.on("spiderfied unspiderfied", fanNames);
    layers.points.addLayers([...marks.values()]);
    return marks;
  }

  /* From a row of the table to its point, and back to the row when the card closes. */
  function linkTable(marks, withinKm) {
    for (const button of document.querySelectorAll("[data-point]")) {
      const mark = marks.get(Number(button.dataset.point));
      if (!mark) continue;
      button.hidden = false;
      button.addEventListener("click", () => show(mark, button, withinKm));
    }
  }

  function show(mark, button, withinKm) {
    stage.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
    const switchOn = document.querySelector('[data-layer="points"]');
    if (!switchOn.checked) switchOn.click();
    map.closePopup();
    map.fitBounds(mark.options.place.toBounds(withinKm * 2400), { animate: false });
    const seen = layers.points.getVisibleParent(mark);
    if (seen && seen !== mark) seen.spiderfy();
    mark.openPopup();
    const opened = mark.getPopup().getElement();
    if (opened) opened.querySelector(".map-card").focus({ preventScroll: true });
    mark.once("popupclose", () => button.focus({ preventScroll: true }));
  }

  /* Points of one place, fanned out: names stand on the outer side. */
  function fanNames(event) {
    for (const mark of event.markers) {
      const icon = mark.getElement();
      const left = mark.getLatLng().lng < event.cluster.getLatLng().lng;
      if (icon) icon.classList.toggle("map-point-left", event.type === "spiderfied" && left);
    }
  }

  function prepareMap() {
    L.control.zoom({ position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
    map.on("popupopen", (event) => {
      const close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
      if (close) close.setAttribute("aria-label", words.close);
    });
    L.control.scale({ imperial: false }).addTo(map);
    stage.addEventListener("keydown", (event) => {
      if (event.key === "Escape") map.closePopup();
    });
    for (const box of document.querySelectorAll("[data-layer]")) {
      box.addEventListener("change", () => {
        const layer = layers[box.dataset.layer];
        if (box.checked) map.addLayer(layer); else map.removeLayer(layer);
      });
    }
  }

  function say(text) {
    const message = stage.querySelector("[data-message]");
    message.textContent = text;
    message.hidden = !text;
  }

  function draw(data) {
    const byId = (columns) => new Map(rows(columns).map((one) => [one.id, one]));
    const points = byId(data.points);
    const villages = byId(data.communities);
    drawVillages(villages, points);
    const marks = drawPoints(points, villages, data.summary.within_km);
    linkTable(marks, data.summary.within_km);
    say(marks.size ? "" : words.empty);
    stage.dataset.ready = "true";
  }

  prepareMap();
  drawGround();
  fetch(stage.dataset.source, { headers: { Accept: "application/json" }, credentials: "same-origin" })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`status ${answer.status}`))))
    .then(draw)
    .catch((error) => {
      say(words.failed);
      stage.dataset.ready = "failed";
      console.error(error);
    });
})();

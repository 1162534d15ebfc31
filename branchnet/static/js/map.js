/* The map's data and behaviour. Folium drew the empty map; where points and villages are comes as small integers, what
   is known of one when it is opened. It is set as text, never as markup. All words come from the page. The table below
   the map can do all that a mouse can. */
(function () {
  "use strict";

  const stage = document.querySelector("[data-map]");
  if (!stage) return;
  const words = JSON.parse(document.getElementById("map-words").textContent);
  const map = window[stage.dataset.map];
  const layers = {
    points: window[stage.dataset.pointsLayer],
    communities: window[stage.dataset.communitiesLayer],
    cells: L.layerGroup().addTo(map),
  };
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const kinds = stage.dataset.kinds.split(" ");
  const shown = stage.dataset.layerShown;
  const withinKm = Number(stage.dataset.within);
  const ring = L.circle([0, 0], { radius: withinKm * 1000, className: "map-ring", interactive: false });
  const MOST_COUNTY_NAMES = 40;
  const MOST_NAMES_FROM_AFAR = 30;
  const NEAR_ZOOM = 9;
  const REST = 250;
  /* Steps of a grid that look as wide as this are asked for anew. */
  const COARSE_PIXELS = 2;

  const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
  const counted = (value) => (value === null ? words.not_counted : value.toLocaleString("en"));

  /* Differences to numbers: [5, 1, 2] to [5, 6, 8]. */
  function sums(differences) {
    let sum = 0;
    return differences.map((difference) => (sum += difference));
  }

  /* Columns of steps on a grid to rows with a place each. */
  function rows(columns) {
    const [ids, north, east] = [sums(columns.id), sums(columns.north), sums(columns.east)];
    return ids.map((id, row) => ({
      id, row, place: L.latLng(columns.south + north[row] * columns.step, columns.west + east[row] * columns.step),
    }));
  }

  function get(address, parts = {}) {
    const asked = new URL(address, window.location.href);
    for (const [name, value] of Object.entries(parts)) asked.searchParams.set(name, value);
    return fetch(asked, { headers: { Accept: "application/json" }, credentials: "same-origin" })
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(`status ${answer.status}`))));
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  /* Marks. A point: a shape by kind and its size by copies, or what its layer says; its name beside it. */
  function shape(name, size, hollow) {
    const symbol = document.getElementById(name);
    const svg = document.createElementNS(symbol.namespaceURI, "svg");
    for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true" })) {
      svg.setAttribute(key, value);
    }
    const use = document.createElementNS(symbol.namespaceURI, "use");
    use.setAttribute("href", `#${symbol.id}`);
    svg.appendChild(use);
    svg.setAttribute("class", hollow ? "map-shape map-shape-empty" : "map-shape");
    return svg;
  }

  function pointIcon(point) {
    const books = shown === "books";
    const size = books ? 18 + 2 * point.mark : 20;
    const drawn = books ? shape(`map-shape-${point.kind}`, size, !point.mark) : shape(`map-mark-${shown}-${point.mark}`, size);
    const mark = element("span", point.rough ? "map-point-mark map-point-rough" : "map-point-mark");
    mark.append(drawn);
    if (point.name !== undefined) mark.append(element("span", "map-point-name", point.name));
    return L.divIcon({ className: "map-point", html: mark, iconSize: [size, size] });
  }

  function pointTitle(point) {
    const said = point.name ?? [words.kinds[point.kind], words.marks[point.mark]].filter(Boolean).join(" · ");
    return point.rough ? `${said} · ${words.approximate}` : said;
  }

  function countIcon(n, size) {
    const mark = element("span", "map-cluster-count");
    const number = element("span", "", n.toLocaleString("en"));
    number.setAttribute("aria-hidden", "true");
    mark.append(number, element("span", "visually-hidden", fill(words.cluster, { n })));
    return L.divIcon({ className: "map-cluster", html: mark, iconSize: [size, size] });
  }

  /* What is overdue is not hidden by those it stands among. */
  function clusterIcon(cluster) {
    const icon = countIcon(cluster.getChildCount(), 34);
    const most = shown === "overdue" ? Math.max(...cluster.getAllChildMarkers().map((one) => one.options.mark)) : 0;
    if (most) {
      const beside = element("span", "map-cluster-overdue");
      beside.append(shape(`map-mark-overdue-${most}`, 18), element("span", "visually-hidden", words.marks[most]));
      icon.options.html.append(beside);
    }
    return icon;
  }

  /* A village: a dot where books are near, a cross where not, and a ring around either where a position is rough. */
  const VillageMark = L.CircleMarker.extend({
    _updatePath() {
      const { x, y } = this._point;
      const r = map.getZoom() < NEAR_ZOOM ? 2.5 : 3.5;
      const circle = (radius, turn = 0) => `M${x - radius},${y}a${radius},${radius} 0 1,${turn} ${2 * radius},0a${radius},${radius} 0 1,${turn} ${-2 * radius},0`;
      // Drawn there and back again the ring holds no paint of its own: the dot within keeps its own, and can be hit.
      const around = circle(2.1 * r) + circle(2.1 * r, 1);
      const mark = this.options.covered ? circle(r) : `M${x - r},${y - r}l${2 * r},${2 * r}m0,${-2 * r}l${-2 * r},${2 * r}`;
      this._renderer._setPath(this, this.options.rough ? mark + around : mark);
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

  function linked(made, ways) {
    const links = made.querySelector('[data-slot="links"]');
    for (const { label, href } of ways) {
      const link = element("a", "", label);
      link.setAttribute("href", href);
      links.append(link, " ");
    }
    return made;
  }

  function pointCard(point) {
    const named = point.covers.join(words.list);
    const rough = point.approximate ? ` · ${words.approximate}` : "";
    const made = card("map-point-card", {
      name: point.name,
      kind: words.kinds[point.kind] + (point.open ? "" : ` · ${words.closed}`) + rough,
      copies: counted(point.copies) + words.qualities[point.copies_quality],
      visits: counted(point.visits),
      loans: counted(point.loans),
      last_month: point.last_month || words.none_yet,
      reported: point.owed ? `${point.reported} / ${point.owed}` : words.none_owed,
      turning: counted(point.turning),
      overdue: counted(point.overdue),
      uncounted: point.uncounted ? fill(words.uncounted, { n: counted(point.uncounted) }) : "",
      count: counted(point.count),
      villages: point.count > point.covers.length ? named + words.and_more : named,
    });
    linked(made, point.links);
    for (const name of ["copies", "visits", "loans", "turning", "overdue", "count"]) {
      const unit = made.querySelector(`[data-slot="${name}"] + .unit`);
      // A word has no unit.
      unit.hidden = point[name] === null;
      if (point[name] === 1) unit.textContent = unit.dataset.one;
    }
    return made;
  }

  function villageCard(village) {
    const made = card("map-village-card", {
      name: village.name,
      town: [words.units[village.kind], village.town].filter(Boolean).join(" · "),
      outcome: words.outcomes[village.outcome] + (village.approximate ? ` · ${words.approximate}` : ""),
      nearest: village.nearest === null ? words.no_point
        : fill(village.nearest_approximate ? words.nearest_rough : words.nearest, { name: village.nearest, km: village.km.toFixed(1) }),
    });
    return linked(made, village.links);
  }

  /* A card, fetched when it is opened. ``back``: what gets the focus when it closes; whoever came by mouse needs none. */
  function open(address, id, make, { place, around, back } = {}) {
    return get(address.replace("/0?", `/${id}?`)).then((found) => {
      // Without a position there is nothing to open: the page says in words what is known.
      if (found.lat === null) return;
      const real = L.latLng(found.lat, found.lon);
      map.closePopup();
      if (around) map.fitBounds(real.toBounds(withinKm * 2400), { animate: false });
      // As wide as the stage leaves it beside the buttons, the edge and its own margins.
      const width = Math.min(280, stage.clientWidth - 108);
      const popup = L.popup({ minWidth: Math.min(220, width), maxWidth: width, maxHeight: stage.clientHeight - 60, autoPanPaddingTopLeft: [60, 12], autoPanPaddingBottomRight: [12, 12] })
        .setLatLng(place || real).setContent(make(found));
      const circled = make === pointCard;
      popup.on("remove", () => {
        if (circled) ring.remove();
        if (back) back.focus({ preventScroll: true });
      });
      popup.openOn(map);
      if (circled) ring.setLatLng(real).addTo(map);
      if (back) popup.getElement().querySelector(".map-card").focus({ preventScroll: true });
    }).catch((error) => fail(error, words.card_failed));
  }

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

  function drawVillages(columns) {
    layers.communities.clearLayers();
    for (const village of columns ? rows(columns) : []) {
      const covered = columns.covered[village.row] === "1";
      const mark = new VillageMark(village.place, {
        covered, rough: columns.rough[village.row] === "1", radius: 8, fillRule: "nonzero",
        className: `map-village map-village-${covered ? "covered" : "not_covered"}`,
      });
      mark.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        open(stage.dataset.community, village.id, villageCard);
      });
      layers.communities.addLayer(mark);
    }
  }

  function pointMark(point) {
    const mark = L.marker(point.place, { icon: pointIcon(point), title: pointTitle(point), mark: point.mark });
    // Of several points in one place the marks are fanned out: the card opens where its mark is.
    mark.on("click", () => open(stage.dataset.card, point.id, pointCard, { place: mark.getLatLng() }));
    mark.on("keypress", (event) => {
      if (event.originalEvent.key === "Enter") {
        open(stage.dataset.card, point.id, pointCard, { place: mark.getLatLng(), back: mark.getElement() });
      }
    });
    return mark;
  }

  function drawPoints(columns) {
    const points = rows(columns).map((one) => ({
      ...one, kind: kinds[columns.kind[one.row]], mark: Number(columns.mark[one.row]),
      rough: columns.rough[one.row] === "1", name: columns.name?.[one.row],
    }));
    many = points.length > MOST_NAMES_FROM_AFAR;
    nameThem();
    layers.points.addLayers(points.map(pointMark));
    return points.length;
  }

  function drawCells(columns) {
    const most = Math.max(1, ...columns.points);
    const marks = columns.points.map((n, row) => {
      const size = 34 + Math.round(26 * Math.sqrt(n / most));
      const place = L.latLng(columns.lat[row], columns.lon[row]);
      const mark = L.marker(place, { icon: countIcon(n, size), title: fill(words.cluster, { n }) });
      const nearer = () => map.setView(place, map.getZoom() + 2, { animate: !calm });
      mark.on("click", nearer);
      mark.on("keypress", (event) => { if (event.originalEvent.key === "Enter") nearer(); });
      return mark;
    });
    layers.cells.clearLayers();
    for (const mark of marks) layers.cells.addLayer(mark);
    return marks.length;
  }

  let many = false;
  const nameThem = () => stage.classList.toggle("map-nameless", many && map.getZoom() < NEAR_ZOOM);

  /* From a row of the table to its point, and back to the row when the card closes. */
  function linkTable() {
    for (const button of document.querySelectorAll("[data-point]")) {
      button.hidden = false;
      button.addEventListener("click", () => {
        stage.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
        const switchOn = document.querySelector('[data-layer="points"]');
        if (!switchOn.checked) switchOn.click();
        open(stage.dataset.card, button.dataset.point, pointCard, { around: true, back: button });
      });
    }
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
    if (stage.dataset.tiles) L.tileLayer(stage.dataset.tiles, { maxZoom: map.getMaxZoom() }).addTo(map);
    L.control.zoom({ position: "topleft", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
    layers.points.options.iconCreateFunction = clusterIcon;
    layers.points.on("spiderfied unspiderfied", fanNames);
    map.on("zoomend", nameThem);
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
        for (const layer of box.dataset.layer === "points" ? [layers.points, layers.cells] : [layers.communities]) {
          if (box.checked) map.addLayer(layer); else map.removeLayer(layer);
        }
        if (box.checked) fetchVillages();
      });
    }
  }

  function say(text) {
    const message = stage.querySelector("[data-message]");
    message.textContent = text;
    message.hidden = !text;
  }

  function fail(error, text) {
    say(text);
    console.error(error);
  }

  let villagesHere = false;

  /* Villages are fetched when their layer is first on. */
  function fetchVillages() {
    const box = document.querySelector('[data-layer="communities"]');
    if (!box || !box.checked || villagesHere) return Promise.resolve();
    villagesHere = true;
    return get(stage.dataset.communities).then((data) => drawVillages(data.communities));
  }

  let asked = 0;
  let finest = 0;

  /* Points, or cells of too many. Where the map moved into them, what is in its box is asked for anew. */
  function fetchPoints(parts) {
    const mine = (asked += 1);
    return get(stage.dataset.points, parts).then((data) => {
      if (mine !== asked) return;
      layers.points.clearLayers();
      layers.cells.clearLayers();
      finest = data.points ? data.points.step : Infinity;
      const drawn = data.points ? drawPoints(data.points) : drawCells(data.cells);
      say(drawn ? "" : words.empty);
    });
  }

  const pixels = (degrees) => degrees * (256 * 2 ** map.getZoom()) / 360;
  let resting = 0;
  let partly = false;

  function moved() {
    window.clearTimeout(resting);
    if (!partly && pixels(finest) < COARSE_PIXELS) return;
    partly = true;
    resting = window.setTimeout(() => {
      const box = map.getBounds().pad(0.2);
      const edges = [
        Math.max(box.getSouth(), -90), Math.max(box.getWest(), -180), Math.min(box.getNorth(), 90), Math.min(box.getEast(), 180),
      ].map((edge) => edge.toFixed(4));
      fetchPoints({ box: edges.join(","), zoom: map.getZoom() }).catch((error) => fail(error, words.failed));
    }, REST);
  }

  /* Whom the address names stands open, and the map is drawn around it. */
  function openFirst() {
    const { openCommunity, openPoint } = stage.dataset;
    if (openCommunity) return open(stage.dataset.community, openCommunity, villageCard, { around: true });
    return openPoint ? open(stage.dataset.card, openPoint, pointCard, { around: true }) : null;
  }

  say(stage.querySelector("[data-message]").dataset.busy);
  prepareMap();
  drawGround();
  linkTable();
  Promise.all([fetchVillages(), fetchPoints()])
    .then(() => {
      map.on("moveend", moved);
      stage.dataset.ready = "true";
      openFirst();
    })
    .catch((error) => {
      stage.dataset.ready = "failed";
      fail(error, words.failed);
    });
})();

/* A pin on a small map for a form with degrees: outlines, and the towns that are known. The fields stay what is sent:
   without this script, or without a mouse, they are typed. Names are set as text, never as markup. */
(function () {
  "use strict";

  const stage = document.querySelector("[data-pin]");
  if (!stage || !window.L) return;
  const ground = JSON.parse(document.getElementById("pin-ground").textContent);
  const form = stage.closest("form");
  const field = (name) => form.querySelector(`[name="${name}"]`);
  const [lat, lon, datum, quality, pinned] = ["lat", "lon", "datum", "quality", "pinned"].map(field);
  stage.closest(".pin").hidden = false;

  const map = L.map(stage, { attributionControl: false, maxZoom: 17, zoomSnap: 0.25, zoomAnimation: false });
  map.zoomControl.remove();
  const [south, west, north, east] = ground.bounds;
  map.fitBounds([[south, west], [north, east]]);
  L.geoJSON(ground.outlines, { style: () => ({ className: "map-county" }), interactive: false }).addTo(map);
  const dots = ground.towns.map(([name, up, over]) => {
    const label = document.createElement("span");
    label.textContent = name;
    const dot = L.circleMarker([up, over], { radius: 3, className: "pin-town", interactive: false });
    dot.bindTooltip(label, { permanent: true, direction: "right", className: "pin-name" }).addTo(map);
    return { dot, length: name.length };
  });

  /* As many names as have room: one that would lie on another waits until the map is larger. */
  function name() {
    const taken = [];
    const seen = map.getBounds();
    for (const { dot, length } of dots) {
      const at = map.latLngToContainerPoint(dot.getLatLng());
      const box = { left: at.x - 4, right: at.x + 16 + Math.min(length, 12) * 13, top: at.y - 11, bottom: at.y + 11 };
      const free =
        seen.contains(dot.getLatLng()) &&
        !taken.some((one) => box.left < one.right && one.left < box.right && box.top < one.bottom && one.top < box.bottom);
      if (free) taken.push(box);
      dot[free ? "openTooltip" : "closeTooltip"]();
    }
  }
  map.on("moveend zoomend", name);

  /* The town that is chosen, by its code, or by its name within the county that is written. */
  function townChosen() {
    const [said, county] = ["town", "county"].map((one) => (field(one) ? field(one).value : ""));
    return said && ground.towns.find(([name, , , code, of]) => said === code || (said === name && (!county || county === of)));
  }
  function goTo() {
    const town = pin ? null : townChosen();
    if (town) map.setView([town[1], town[2]], 11);
  }

  let pin = null;
  /* Degrees of another datum are not drawn: they would stand hundreds of metres off. */
  function show() {
    if (pin) pin.remove();
    const [there, over] = [parseFloat(lat.value), parseFloat(lon.value)];
    const known = Number.isFinite(there) && Number.isFinite(over) && Math.abs(there) <= 90;
    pin = known && datum.value === "wgs84" ? L.circleMarker([there, over], { radius: 9, className: "pin-here", interactive: false }) : null;
    if (pin) pin.addTo(map);
  }

  function put(position) {
    lat.value = position.lat.toFixed(6);
    lon.value = L.Util.wrapNum(position.lng, [-180, 180], true).toFixed(6);
    datum.value = "wgs84";
    quality.value = "approximate";
    pinned.value = "1";
    const none = form.querySelector('[name="community"][value=""]');
    if (none) none.checked = true;
    show();
  }

  map.on("click", (event) => put(event.latlng));
  stage.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    put(map.getCenter());
  });
  for (const one of [lat, lon, datum]) {
    one.addEventListener("change", () => {
      pinned.value = "0";
      show();
    });
  }
  for (const [button, by] of [["[data-pin-in]", 1], ["[data-pin-out]", -1]]) {
    form.querySelector(button).addEventListener("click", () => map.setZoom(map.getZoom() + by));
  }
  if (field("town")) field("town").addEventListener("change", goTo);
  show();
  if (pin) map.setView(pin.getLatLng(), 11);
  goTo();
  name();
  stage.dataset.ready = "true";
})();

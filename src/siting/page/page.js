// Shows a set of sites on the map: one of the list, or one of the curve.
const sites = new Map([...document.querySelectorAll("#map .site")].map((one) => [Number(one.dataset.site), one]));
const radius = new Map([...sites].map(([site, one]) => [site, one.getAttribute("r")]));
const buttons = [...document.querySelectorAll(".sets button")];

function show(chosen) {
  for (const [site, one] of sites) {
    const isChosen = chosen.includes(site);
    one.classList.toggle("chosen", isChosen);
    one.setAttribute("r", isChosen ? Math.max(8, radius.get(site)) : radius.get(site));
    if (isChosen) one.parentNode.append(one);
  }
  const same = (plan) => plan.length === chosen.length && plan.every((site) => chosen.includes(site));
  buttons.forEach((button) => button.setAttribute("aria-pressed", String(same(DATA.plans[button.dataset.plan]))));
}

buttons.forEach((button) => button.addEventListener("click", () => show(DATA.plans[button.dataset.plan])));
const slider = document.getElementById("curve");
const points = [...document.querySelectorAll(".chart .on")];

function trade() {
  const [chosen, mean, tenth] = DATA.curve[slider.value];
  const names = chosen.map((site) => DATA.names[site]).join("; ");
  document.getElementById("trade").textContent = `Mean walk ${mean.toFixed(1)} min, worst-off tenth ${tenth.toFixed(1)} min: ${names}`;
  const [here, point] = [document.getElementById("here"), points[slider.value]];
  here.setAttribute("cx", point.getAttribute("cx"));
  here.setAttribute("cy", point.getAttribute("cy"));
}

if (slider) {
  slider.addEventListener("input", () => {
    trade();
    show(DATA.curve[slider.value][0]);
  });
  trade();
}
show(DATA.plans[0]);

/* The marker's form: quarter points by arrow keys, the sum as one types, Enter sends. */

const STEP = 0.25;

const read = (input) => {
  const text = input.value.trim().replace(",", ".");
  return text === "" || Number.isNaN(Number(text)) ? null : Number(text);
};

const write = (value) => String(Math.round(value * 100) / 100).replace(".", ",");

function enhance(form) {
  const inputs = [...form.querySelectorAll("[data-most]")].filter((field) => field.tagName === "INPUT");
  const output = form.querySelector("[data-sum]");
  const tell = () => {
    const points = inputs.map(read);
    const sum = points.reduce((total, value) => total + (value ?? 0), 0);
    output.textContent = `${points.every((value) => value === null) ? "–" : write(sum)} / ${write(Number(output.dataset.most))}`;
  };
  for (const input of inputs) {
    input.addEventListener("input", tell);
    input.addEventListener("focus", () => input.select());
    input.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      const most = Number(input.dataset.most);
      const next = (read(input) ?? 0) + (event.key === "ArrowUp" ? STEP : -STEP);
      input.value = write(Math.min(most, Math.max(0, next)));
      tell();
    });
  }
  tell();
}

document.querySelectorAll("[data-marking]").forEach(enhance);

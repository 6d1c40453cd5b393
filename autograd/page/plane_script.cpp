// Of a model: its rows, and what it answers over the plane of two inputs.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_plane_script() {
  return R"js(
const MODEL = PAGE.model, panel = $('model');
const add = (tag, text, parent = panel) => {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
  return element;
};
if (MODEL && IS_LIVE) {
  const {inputs, rows, level, output} = MODEL;
  panel.hidden = false;

  // ---- rows ----

  let chosen = 0;
  const choose = (row) => { chosen = row; change(inputs.map((i, k) => [i, rows[row][k]])); };
  if (rows.length > 0) {
    const label = add('label', 'Row '), select = add('select', undefined, label);
    rows.forEach((row, r) => add('option', row.map(text_of).join(', '), select).value = r);
    select.addEventListener('change', () => choose(Number(select.value)));
    listeners.push(() => { select.value = chosen; });
  }

  // ---- the plane ----

  // Coarser for a large graph, which is computed anew for each of its cells; none for a very large one.
  const CELLS = Math.min(36, Math.floor(Math.sqrt(2e6 / NODES.length)));
  if (output !== undefined && inputs.length >= 2 && rows.length > 0 && CELLS >= 8) {
    const SIZE = 288, canvas = add('canvas');
    canvas.width = canvas.height = SIZE;
    canvas.setAttribute('role', 'img');
    const ends = [0, 1].map((k) => {
      const all = rows.map((row) => row[k]), low = Math.min(...all), high = Math.max(...all);
      const margin = 0.2 * (high - low) || 1;
      return [low - margin, high + margin];
    });
    const from_pixel = (k, pixel) => ends[k][0] + (ends[k][1] - ends[k][0]) * (k === 0 ? pixel : SIZE - pixel) / SIZE;
    const to_pixel = (k, x) => {
      const at = SIZE * (x - ends[k][0]) / (ends[k][1] - ends[k][0]);
      return k === 0 ? at : SIZE - at;
    };
    const answer = (x, y) => {
      const leaves = [...shown.leaves];
      leaves[inputs[0]] = x;
      leaves[inputs[1]] = y;
      return values_from(leaves)[output];
    };
    const paint = () => {
      const pen = canvas.getContext('2d'), size = SIZE / CELLS;
      const is_dark = document.documentElement.dataset.theme === 'dark';
      for (let c = 0; c < CELLS; ++c) {
        for (let r = 0; r < CELLS; ++r) {
          const excess = answer(from_pixel(0, (c + 0.5) * size), from_pixel(1, (r + 0.5) * size)) - level;
          const strength = 0.15 + 0.6 * Math.min(1, Math.abs(excess));
          pen.fillStyle = is_dark ? '#16181c' : '#ffffff';
          pen.fillRect(c * size, r * size, size, size);
          pen.fillStyle = 'rgba(' + (excess > 0 ? '86, 180, 233, ' : '230, 159, 0, ') + strength + ')';
          pen.fillRect(c * size, r * size, size, size);
        }
      }
      rows.forEach((row, r) => {
        const x = to_pixel(0, row[0]), y = to_pixel(1, row[1]);
        pen.lineWidth = 2.5;
        pen.strokeStyle = pen.fillStyle = is_dark ? '#ffffff' : '#111111';
        pen.beginPath();
        if (row[row.length - 1] > level) { pen.arc(x, y, 5, 0, 7); pen.fill(); }
        else { pen.moveTo(x - 5, y - 5); pen.lineTo(x + 5, y + 5); pen.moveTo(x - 5, y + 5); pen.lineTo(x + 5, y - 5); pen.stroke(); }
        if (r !== chosen) return;
        pen.beginPath();
        pen.arc(x, y, 11, 0, 7);
        pen.stroke();
      });
      canvas.setAttribute('aria-label', 'The output over the plane of the first two inputs; at the chosen row it is ' +
        text_of(shown.values[output]));
    };
    canvas.addEventListener('click', (event) => {
      const box = canvas.getBoundingClientRect();
      const x = (event.clientX - box.left) * SIZE / box.width, y = (event.clientY - box.top) * SIZE / box.height;
      const far = (row) => Math.hypot(to_pixel(0, row[0]) - x, to_pixel(1, row[1]) - y);
      choose(rows.reduce((best, row, r) => far(row) < far(rows[best]) ? r : best, 0));
    });
    listeners.push(paint);
    add('p', 'Blue above ' + text_of(level) + ', orange below; discs and crosses are the rows.').className = 'note';
  }

  if (rows.length > 0) choose(0);
}
)js";
}

}  // namespace autograd::detail

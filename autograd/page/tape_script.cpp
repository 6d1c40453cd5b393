// The table of a large graph: a click on a row goes to its line of the chain rule.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_tape_script() {
  return R"js(
const table = document.querySelector('.tape svg');
// Its rows stand beside an axis, the first line that goes down.
const [TOP, FOOT] = [...table.querySelectorAll('path')]
  .map((path) => path.getAttribute('d').match(/^M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)$/))
  .find((ends) => ends && ends[1] === ends[3]).filter((end, k) => k === 2 || k === 4).map(Number);
const here = svg_element('path', {class: 'here'}, table);
const [, , table_width, table_height] = table.getAttribute('viewBox').split(' ').map(Number);
const present_operation = () => {
  const {steps} = moment_at(shown.n), step = STEPS[steps - 1];
  return step ? step.operation : steps === 0 ? ROOT : shown.n > 0 ? COMPUTED[shown.n - 1] : -1;
};
const field_of_row = $('row');
field_of_row.max = COMPUTED.length;
$('rows').textContent = COMPUTED.length;
const show_row = () => {
  const i = present_operation(), place = i < 0 ? 0 : PLACE_OF[i];
  const y = TOP + (FOOT - TOP) * (place + 0.5) / COMPUTED.length;
  here.setAttribute('d', 'M8 ' + y + 'H' + (table_width - 8));
  if (document.activeElement !== field_of_row) field_of_row.value = place + 1;
  $('name').textContent = i < 0 ? '' : NODES[i].name;
};
moment_listeners.push(show_row);
table.addEventListener('click', (event) => {
  const box = table.getBoundingClientRect(), y = (event.clientY - box.top) * table_height / box.height;
  const place = Math.floor((y - TOP) / (FOOT - TOP) * COMPUTED.length);
  if (place >= 0 && place < COMPUTED.length) go_to_value(COMPUTED[place]);
});
field_of_row.addEventListener('change', () => {
  const i = COMPUTED[Number(field_of_row.value) - 1];
  if (i !== undefined) go_to_value(i);
});
show_row();
)js";
}

}  // namespace autograd::detail

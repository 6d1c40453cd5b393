// Of a model: a step of training, number by number.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_training_script() {
  return R"js(
// What remains from step to step.
const UPDATE = PAGE.update;
const memory_at_first = () => ({steps: UPDATE.steps, memory: Object.fromEntries(Object.entries(UPDATE.memory).map(([name, numbers]) => [name, [...numbers]]))});
// As an optimizer does it: the components are cut first, then the norm.
const clipped = (gradient, {clipValue, clipNorm}) => {
  const cut = gradient.map((g) => g > clipValue ? clipValue : g < -clipValue ? -clipValue : g);
  const norm = Math.hypot(...cut);
  return norm > clipNorm ? cut.map((g) => g * (clipNorm / norm)) : cut;
};
// By weight: the numbers that the lines give, by name. The state goes on.
const update_weights = (weights, gradient, numbers, state) => {
  ++state.steps;
  return clipped(gradient, UPDATE).map((g, k) => {
    const now = {...numbers, w: weights[k], g, t: state.steps};
    for (const name in state.memory) now[name] = state.memory[name][k];
    for (const {name, uses, value} of UPDATE.lines) now[name] = value(uses.map((each) => now[each]));
    for (const name in state.memory) state.memory[name][k] = now[name];
    return now;
  });
};
)js";
}

std::string_view page_training_controls_script() {
  return R"js(
if (MODEL && IS_LIVE && MODEL.weights.length > 0) {
  const {weights} = MODEL, MOST_ROWS = 200;
  let state = memory_at_first();
  add('h2', 'Training');
  const list = add('ul');
  list.className = 'note';
  for (const {name, text} of UPDATE.lines) add('li', name + ' = ' + text, list);
  const constants = Object.entries(UPDATE.numbers).filter(([name]) => name !== 'rate');
  if (constants.length > 0) add('p', constants.map(([name, x]) => name + ' = ' + x).join(', ')).className = 'note';
  const clips = [[UPDATE.clipValue, 'components of g'], [UPDATE.clipNorm, 'the norm of all g']].filter(([limit]) => limit !== Infinity);
  for (const [limit, what] of clips) add('p', what + ' at most ' + text_of(limit)).className = 'note';
  const label = add('label', 'Rate '), field = add('input', undefined, label);
  Object.assign(field, {type: 'number', step: 'any', min: 0, value: UPDATE.numbers.rate, id: 'rate'});
  label.hidden = UPDATE.numbers.rate === undefined;
  const button = add('button', 'One step of ' + UPDATE.name), box = add('div');
  button.id = 'train';
  box.setAttribute('role', 'status');
  const headings = ['', 'w', 'g', ...UPDATE.lines.map(({name}) => name === 'w' ? 'new w' : name === 'g' ? 'new g' : name)];
  button.addEventListener('click', () => {
    const {sums} = gradients_after(shown.locals, STEPS.length), before = shown.values[ROOT];
    const old = weights.map((i) => shown.leaves[i]), gradient = weights.map((i) => sums[i] || 0);
    const numbers = {...UPDATE.numbers};
    if (!label.hidden) numbers.rate = Number(field.value);
    const now = update_weights(old, gradient, numbers, state);
    change(weights.map((i, k) => [i, now[k].w]));
    box.textContent = '';
    add('p', 'Step ' + state.steps + ': ' + NODES[ROOT].name + ' ' + text_of(before) + ' → ' + text_of(shown.values[ROOT]), box);
    const around = add('div', undefined, box), table = add('table', undefined, around), head = add('tr', undefined, table);
    around.className = 'wide';
    for (const word of headings) add('th', word, head).scope = 'col';
    now.slice(0, MOST_ROWS).forEach((numbers_of_weight, k) => {
      const row = add('tr', undefined, table);
      add('th', NODES[weights[k]].name, row).scope = 'row';
      for (const number of [old[k], gradient[k], ...UPDATE.lines.map(({name}) => numbers_of_weight[name])]) add('td', text_of(number), row);
    });
    if (now.length > MOST_ROWS) add('p', (now.length - MOST_ROWS) + ' more weights were moved.', box);
  });
  $('reset').addEventListener('click', () => { state = memory_at_first(); box.textContent = ''; });
}
)js";
}

}  // namespace autograd::detail

// The worksheet of a page: derivatives to fill in, checked, with the mistakes that are known.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_worksheet_script() {
  return R"js(
// -3/4 and 0,5 are numbers too.
const number_from = (text) => {
  const sides = text.replace(/\s/g, '').replace(/−/g, '-').replace(/,/g, '.').split('/');
  if (sides.length > 2 || sides.some((side) => side === '')) return NaN;
  return sides.map(Number).reduce((x, y) => x / y);
};
const is_close = (x, y) => x === y || Math.abs(x - y) <= 5e-4 * Math.abs(y);

// What is said to an answer about a leaf, at the numbers of the recording.
const ANSWERS = gradients_after(STEPS.map((step) => step.local), STEPS.length).sums;
const judge = (i, text) => {
  const x = number_from(text), answer = ANSWERS[i] || 0;
  if (x !== x) return {is_right: false, words: 'A number, please: 0.75 or 3/4.'};
  if (is_close(x, answer)) return {is_right: true, words: 'Right.'};
  const mistakes = new Set((NODES[i].mistakes || [])
    .filter(([wrong]) => !is_close(wrong, answer) && is_close(x, wrong)).map(([, words]) => words));
  return {is_right: false, words: mistakes.size === 0
    ? 'Not this, and not a mistake that is known here. Step backward along the marked arrows and try again.'
    : 'Not this. Perhaps ' + [...mistakes].join('; or ') + '.'};
};
const hint = (i) => {
  const uses = STEPS.filter((step) => step.operand === i);
  if (uses.length === 0) return 'Nothing uses it.';
  const products = uses.map(({operation}) => by(ROOT, operation) + ' · ' + by(operation, i));
  return by(ROOT, i) + ' = ' + products.join(' + ');
};

const questions = NODES.map((node, i) => i).filter((i) => NODES[i].mistakes);
$('worksheet').hidden = questions.length === 0;
const hide = document.createElement('label');
hide.innerHTML = '<input type="checkbox" id="hide"> Hide the gradients in the drawing';
$('questions').appendChild(hide);
$('hide').addEventListener('change', () => graph.classList.toggle('no-gradients', $('hide').checked));
for (const i of questions) {
  const form = document.createElement('form'), name = document.createElement('label');
  const field = document.createElement('input'), check = document.createElement('button');
  const help = document.createElement('button'), reply = document.createElement('p');
  name.innerHTML = by(ROOT, i) + ' =';
  name.htmlFor = field.id = 'answer' + i;
  Object.assign(field, {type: 'text', inputMode: 'text', autocomplete: 'off'});
  check.textContent = 'Check';
  help.textContent = 'Hint';
  help.type = 'button';
  reply.setAttribute('role', 'status');
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const {is_right, words} = judge(i, field.value);
    reply.textContent = words;
    reply.className = is_right ? 'right' : '';
  });
  help.addEventListener('click', () => { reply.className = ''; reply.innerHTML = hint(i); });
  form.append(name, field, check, help, reply);
  $('questions').appendChild(form);
}
)js";
}

}  // namespace autograd::detail

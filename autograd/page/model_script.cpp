// Values, gradients and steps of a page, without a browser.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_model_script() {
  return R"js(
const NODES = PAGE.nodes, ROOT = NODES.length - 1;
const RECORDED = NODES.map((node) => node.value);
const IS_LIVE = PAGE.reason === '';  // whether other numbers can be computed
const COMPUTED = NODES.map((node, i) => i).filter((i) => NODES[i].op);

// The uses of operands in the order of the sweep: from the last operation to the first.
const STEPS = [];
for (let i = ROOT; i >= 0; --i) {
  const operands = NODES[i].operands || [];
  for (let k = operands.length - 1; k >= 0; --k) {
    if (operands[k] < 0 || NODES[operands[k]].constant) continue;
    STEPS.push(PAGE.step ? PAGE.step(i, k, operands[k])
      : {operation: i, operand: operands[k], k, ...PAGE.steps[STEPS.length]});
  }
}
const uses_so_far = NODES.map(() => 0);
for (const step of STEPS) step.use = ++uses_so_far[step.operand];
for (const step of STEPS) step.uses = uses_so_far[step.operand];

const operands_of = (i, values) =>
  NODES[i].operands.map((j, k) => j < 0 ? NODES[i].numbers[k] : values[j]);

// All values, from those of the leaves; at the numbers of the recording those that were recorded.
const values_from = (leaves) => {
  if (NODES.every((node, i) => node.op || Object.is(leaves[i], RECORDED[i]))) return [...RECORDED];
  const values = [...leaves];
  for (const i of COMPUTED)
    values[i] = IS_LIVE ? OPERATIONS[NODES[i].entry].value(operands_of(i, values)) : RECORDED[i];
  return values;
};
// By step. At the recorded numbers they are those of the recording.
const locals_from = (values) => {
  const is_recorded = values.every((value, i) => Object.is(value, RECORDED[i]));
  if (!IS_LIVE || is_recorded) return STEPS.map((step) => step.local);
  const partials = NODES.map(() => null);
  return STEPS.map(({operation, k}) => {
    if (partials[operation] === null)
      partials[operation] = OPERATIONS[NODES[operation].entry]
        .partials(operands_of(operation, values), values[operation]);
    return partials[operation][k];
  });
};
// Comparisons that are operations: which go another way than in the recording.
const COMPARISONS = COMPUTED.filter((i) => ['lt', 'le', 'gt', 'ge', 'eq', 'ne'].includes(NODES[i].op));
const other_ways = (values) => new Set(COMPARISONS.filter((i) => values[i] !== RECORDED[i]));

// The sums after `count` steps of the sweep, undefined where nothing has arrived, and the numbers of
// the last step. Nothing flows where nothing arrives.
const gradients_after = (locals, count) => {
  const sums = new Array(NODES.length).fill(undefined);
  let upstream, contribution, sum;
  sums[ROOT] = 1;
  for (let s = 0; s < count; ++s) {
    const {operation, operand} = STEPS[s];
    upstream = sums[operation] || 0;
    contribution = upstream === 0 ? 0 : upstream * locals[s];
    sums[operand] = sum = (sums[operand] || 0) + contribution;
  }
  return {sums, last: {upstream, contribution, sum}};
};

// Moments: the leaves are given; so many operations are computed; dy/dy = 1; so many steps are taken.
const LAST_MOMENT = COMPUTED.length + 1 + STEPS.length;
const moment_at = (n) => n <= COMPUTED.length
  ? {computed: n, steps: -1} : {computed: COMPUTED.length, steps: n - COMPUTED.length - 1};

const text_of = (x) => {
  if (x === undefined) return '';
  if (x !== x) return 'NaN';
  if (Math.abs(x) === Infinity) return x > 0 ? '∞' : '−∞';
  const rounded = Number(x.toPrecision(PAGE.digits)), is_small = x !== 0 && Math.abs(x) < 1e-4;
  return (is_small ? rounded.toExponential() : String(rounded)).replace('-', '−');
};
const bracketed = (x) => '(' + text_of(x) + ')';
const by = (i, j) => 'd' + NODES[i].html + '/d' + NODES[j].html;
const is_as_recorded = (values) => values.every((value, i) => Object.is(value, RECORDED[i]));

// The line of the chain rule at a moment, as HTML of which nothing is foreign but what was escaped.
const line_at = (n, values, locals) => {
  const moment = moment_at(n), is_recorded = is_as_recorded(values);
  if (n === 0) return {line: 'Forward: the leaves are given.', remark: ''};
  if (moment.steps < 0) {
    const i = COMPUTED[n - 1], node = NODES[i];
    const numbers = is_recorded && node.withNumbers !== text_of(values[i])
      ? ' = ' + node.withNumbers : '';
    return {line: node.html + ' = ' + node.formula + numbers + ' = ' + text_of(values[i]), remark: ''};
  }
  if (moment.steps === 0) return {line: 'Backward: ' + by(ROOT, ROOT) + ' = 1', remark: ''};
  const s = moment.steps - 1, step = STEPS[s];
  const {upstream, contribution, sum} = gradients_after(locals, moment.steps).last;
  const rule = by(step.operation, step.operand) + ' = ' + step.rule;
  const line = by(ROOT, step.operand) + (step.use > 1 ? ' += ' : ' = ') +
    by(ROOT, step.operation) + ' · ' + by(step.operation, step.operand) + ' = ' +
    bracketed(upstream) + bracketed(locals[s]) + ' = ' + text_of(contribution);
  const running = step.uses > 1
    ? '; use ' + step.use + ' of ' + step.uses + ', the sum is now ' + text_of(sum) : '';
  const worth = text_of(locals[s]);
  const why = step.rule === worth ? rule : rule + ' = ' + worth;
  return {line, remark: why + running, words: is_recorded && step.remark ? step.remark : ''};
};
)js";
}

}  // namespace autograd::detail

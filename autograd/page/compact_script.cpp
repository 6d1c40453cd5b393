// The nodes of a large graph from its compact data: their texts are made when they are shown.
#include <autograd/page/source.hpp>

namespace autograd::detail {

std::string_view page_compact_script() {
  return R"js(
const numbers_of = (text, Type) => {
  const letters = atob(text), bytes = new Uint8Array(letters.length), view = new DataView(bytes.buffer);
  for (let i = 0; i < letters.length; ++i) bytes[i] = letters.charCodeAt(i);
  const result = new Type(letters.length / Type.BYTES_PER_ELEMENT);  // the lowest byte first
  for (let i = 0; i < result.length; ++i)
    result[i] = Type === Float64Array ? view.getFloat64(8 * i, true) : view.getInt32(4 * i, true);
  return result;
};
const KINDS = COMPACT.kinds, KIND_OF = numbers_of(COMPACT.kindOf, Int32Array);
const VALUES = numbers_of(COMPACT.values, Float64Array), PLAIN = numbers_of(COMPACT.plain, Float64Array);
const OPERANDS = numbers_of(COMPACT.operands, Int32Array), LOCALS = numbers_of(COMPACT.locals, Float64Array);
const FIRST = new Int32Array(KIND_OF.length + 1);  // of the operands of each node
KIND_OF.forEach((kind, i) => { FIRST[i + 1] = FIRST[i] + (KINDS[kind].count || 0); });

// As explain() names them.
const NAMES = [], counts = {v: 0, x: 0};
KIND_OF.forEach((kind, i) => {
  const letter = KINDS[kind].op ? 'v' : 'x';
  NAMES.push(COMPACT.names[i] ?? letter + ++counts[letter]);
});
const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'})[c]);
// w0 and w1[2,0] have an index.
const html_name = (name) => {
  const [, base, index] = name.match(/^([A-Za-z\u0080-\uffff]*)(.*)$/s);
  if (base === '' || index === '') return '<i>' + escaped(name) + '</i>';
  return '<i>' + escaped(base) + '</i><sub>' + escaped(index.length > 1 ? index.replace(/^_/, '') : index) + '</sub>';
};
// A formula of a kind with the texts of operands (and of the result, behind them) in their places.
const filled = (formula, text_at) => formula.replace(/[\u{F0000}-\u{10FFFD}]/gu, (c, at) => text_at(
  c.codePointAt(0) - 0xF0000, /[+−·/] ?$/.test(formula.slice(0, at)) || formula.startsWith('<sup>', at + 2)));
// In brackets where it is negative and stands behind an operator or has an exponent.
const number_text = (x, is_beside) => is_beside && x < 0 ? bracketed(x) : text_of(x);

class CompactNode {
  constructor(i) { this.i = i; }
  get kind() { return KINDS[KIND_OF[this.i]]; }
  get op() { return this.kind.op; }
  get entry() { return this.kind.entry; }
  get constant() { return this.kind.constant; }
  get value() { return VALUES[this.i]; }
  get name() { return NAMES[this.i]; }
  get html() { return html_name(this.name); }
  get operands() { return this.op ? Array.from(OPERANDS.subarray(FIRST[this.i], FIRST[this.i + 1])) : undefined; }
  get numbers() { return this.operands?.map((j) => j < 0 ? PLAIN[-1 - j] : 0); }
  name_at(k, is_beside, written = html_name) {
    if (k === this.kind.count) return written(this.name);
    const j = OPERANDS[FIRST[this.i] + k];
    return j < 0 ? number_text(PLAIN[-1 - j], is_beside) : written(NAMES[j]);
  }
  number_at(k, is_beside) {
    if (k === this.kind.count) return number_text(this.value, is_beside);
    const j = OPERANDS[FIRST[this.i] + k];
    return number_text(j < 0 ? PLAIN[-1 - j] : VALUES[j], is_beside);
  }
  get formula() { return this.op ? filled(this.kind.formula, (k, is_beside) => this.name_at(k, is_beside)) : text_of(this.value); }
  get withNumbers() { return this.op ? filled(this.kind.withNumbers, (k, is_beside) => this.number_at(k, is_beside)) : text_of(this.value); }
  get heading() {
    const plain = (name) => name;
    const text = this.op
      ? this.name + ' = ' + filled(this.kind.text, (k, is_beside) => this.name_at(k, is_beside, plain)) : this.name;
    const letters = [...text];
    return letters.length > 26 ? letters.slice(0, 25).join('') + '…' : text;
  }
}
class CompactStep {
  constructor(operation, k, operand) { Object.assign(this, {operation, k, operand}); }
  get local() { return LOCALS[FIRST[this.operation] + this.k]; }
  get rule() {
    const node = NODES[this.operation];
    return filled(node.kind.rules[this.k], (k, is_beside) => node.name_at(k, is_beside));
  }
}
const PAGE = {...COMPACT, cardHeight: 62, leastWidth: 58 + 7.2 * (Math.min(COMPACT.digits, 12) + 5),
  nodes: Array.from(KIND_OF, (kind, i) => new CompactNode(i)),
  partOf: numbers_of(COMPACT.partOf, Int32Array),
  step: (operation, k, operand) => new CompactStep(operation, k, operand)};
)js";
}

}  // namespace autograd::detail

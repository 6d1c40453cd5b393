// Pages as a reader meets them: opened in a browser, stepped through, by keys and by clicks.

#include <string>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/browser.hpp>
#include <tests/support/drawings.hpp>

using autograd::to_page;
using autograd::Value;
using drawings::Reciprocal;

TEST_CASE("page in a browser: steps forward and backward, by clicks, keys and the bar") {
  if (!browser::is_installed()) return;
  const Reciprocal r;
  CHECK(browser::run(to_page(r.f), R"(
say($('count').textContent, $('line').textContent, '[' + data('y1') + ']');
$('on').click();
say($('line').textContent, data('y1'), '[' + gradient('w0') + ']');
key('ArrowRight'); key('ArrowRight');
say($('count').textContent, data('f'));
key('End');
say($('line').textContent, gradient('w0'), gradient('x0'));
$('back').click();
say($('count').textContent, '[' + gradient('w0') + ']', gradient('x0'));
type($('step'), 4);
say($('line').textContent, gradient('f'));
key('Home');
say($('count').textContent);
say(document.querySelectorAll('.card.marked, .arrow.marked').length);
key('ArrowLeft');
say($('count').textContent);)") ==
        "0 / 9 Forward: the leaves are given. []\n"
        "y1 = w0 · x0 = (−2)(3) = −6 −6 []\n"
        "3 / 9 −0.5\n"
        "df/dw0 = df/dy1 · dy1/dw0 = (−0.25)(3) = −0.75 −0.75 0.5\n"
        "8 / 9 [] 0.5\n"
        "Backward: df/df = 1 1\n"
        "0 / 9\n"
        "0\n"
        "0 / 9\n");
}

TEST_CASE("page in a browser: a slider that is moved gives the engine's gradient") {
  if (!browser::is_installed()) return;
  const Reciprocal r;
  Value w0(-1.5, "w0"), x0(3, "x0"), w1(4, "w1");
  const Value f = 1 / (w0 * x0 + w1);  // at 1 / -0.5
  f.backward();
  CHECK(f.data() == -2);
  CHECK(w0.grad() == -12);
  CHECK(browser::run(to_page(r.f), R"(
key('End');
const range = document.querySelector('input[aria-label="w0"]');
type(range, -1.5);
say(data('f'), gradient('w0'), gradient('x0'), document.getElementById('leaf0').value);
say($('line').textContent);
$('reset').click();
say(data('f'), gradient('w0'));)") ==
        "−2 −12 6 -1.5\n"
        "df/dw0 = df/dy1 · dy1/dw0 = (−4)(3) = −12\n"
        "−0.5 −0.75\n");
}

namespace {

// y = (tanh(x w) + w) x, with tanh and the sum in unit 0 of layer 1, and x w beside them.
Value in_parts() {
  const Value w(0.5, "w"), x(2, "x");
  Value inner, y;
  {
    const autograd::Scope layer("layer", 1);
    inner = x * w;
    const autograd::Scope unit("unit", 0);
    y = tanh(inner) + w;
  }
  y = y * x;
  y.set_label("y");
  return y;
}

}  // namespace

TEST_CASE("page in a browser: parts are closed and opened, all of a depth at once") {
  if (!browser::is_installed()) return;
  CHECK(browser::run(to_page(in_parts()), R"(
const buttons = [...document.querySelectorAll('#levels button')];
const pressed = () => buttons.map((each) => each.getAttribute('aria-pressed')).join();
say(buttons.map((each) => each.textContent).join(), pressed(), document.querySelectorAll('.card').length);
buttons[0].click();
key('End');
say([...document.querySelectorAll('.card .head')].map((each) => each.textContent).join('; '));
const part = card('layer 1').querySelectorAll('text[text-anchor]');
say(part[0].textContent, part[1].textContent, document.querySelectorAll('.card.marked').length);
buttons[1].click();
say(pressed(), document.querySelectorAll('.card').length);)") ==
        "By layer,By unit,All values false,false,true 6\n"
        "x; layer 1; y = v3*x\n"
        "4 of 4 4 of 4 1\n"
        "false,true,false 5\n");
}

TEST_CASE(
    "page in a browser: a part opens and closes by a click and by a key, with the focus on it") {
  if (!browser::is_installed()) return;
  CHECK(browser::run(to_page(in_parts()), R"(
const tabs = () => [...document.querySelectorAll('.tab')].map((each) => each.getAttribute('aria-label')).join('; ');
const tab = (name) => document.querySelector('.tab[aria-label="' + name + '"]');
const count = () => document.querySelectorAll('.card').length;
const focused = () => document.activeElement.getAttribute('aria-label');
say(tabs());
tab('layer 1, unit 0').dispatchEvent(new MouseEvent('click', {bubbles: true}));
say(count(), '[' + tabs() + ']', card('layer 1, unit 0').getAttribute('aria-expanded'));
key('Enter', tab('layer 1'));
say(count(), '[' + tabs() + ']', document.activeElement === card('layer 1'));
key(' ', card('layer 1'));
say(count(), focused());  // the unit within is closed
key('End');
say(data('layer 1, unit 0'), gradient('layer 1, unit 0'));
card('layer 1, unit 0').dispatchEvent(new MouseEvent('click', {bubbles: true}));
say(count(), focused(), gradient('w'));)") ==
        "layer 1; layer 1, unit 0\n"
        "5 [layer 1] false\n"
        "3 [] true\n"
        "5 layer 1\n"
        "2 of 2 2 of 2\n"
        "6 layer 1, unit 0 3.6799\n");
}

TEST_CASE("page in a browser: comparisons that go another way are marked") {
  if (!browser::is_installed()) return;
  const Value x(1, "x"), z(2, "z");
  const Value product = x * z, sum = x + z;  // v1 and v2 by every compiler
  Value y = select(lt(x, z), product, sum);
  y.set_label("y");
  CHECK(browser::run(to_page(y), R"(
const others = () => [...document.querySelectorAll('.card.other .head')].map((each) => each.textContent).join();
say('[' + others() + ']', '[' + $('branches').textContent + ']');
type(document.querySelector('input[aria-label="x"]'), 2.5);
say(others(), $('branches').textContent);
say(document.querySelector('.card.other').getAttribute('aria-label').split(', ').pop());
$('reset').click();
say('[' + others() + ']');)") ==
        "[] []\n"
        "v3 = x &lt; z Goes another way than in the recording: v3 = x &lt; z\n"
        "goes another way than in the recording\n"
        "[]\n");
}

TEST_CASE("page in a browser: two fingers zoom about the middle between them") {
  if (!browser::is_installed()) return;
  const Reciprocal r;
  CHECK(browser::run(to_page(r.f), R"(
const graph = $('graph'), box = graph.getBoundingClientRect();
const view = () => graph.getAttribute('viewBox').split(' ').map(Number);
const at = (name, id, x, y) => graph.dispatchEvent(new PointerEvent(name, {pointerId: id, pointerType: 'touch',
  clientX: box.left + box.width / 2 + x, clientY: box.top + box.height / 2 + y, bubbles: true, button: name === 'pointermove' ? -1 : 0, buttons: 1}));
const near = (x, y) => Math.abs(x - y) < 1e-6 * Math.abs(y);
const before = view();
at('pointerdown', 1, -50, 0); at('pointerdown', 2, 50, 0);
at('pointermove', 1, -100, 0); at('pointermove', 2, 100, 0);
const after = view();
say(near(after[2], before[2] / 2), near(after[0] + after[2] / 2, before[0] + before[2] / 2));
at('pointerup', 1, -100, 0);
at('pointermove', 2, 90, 0);
say(near(view()[2], after[2]), view()[0] > after[0]);
at('pointerup', 2, 90, 0);
at('pointermove', 2, 0, 0);
say(view()[0] > after[0]);)") ==
        "true true\n"
        "true true\n"
        "true\n");
}

TEST_CASE("page in a browser: the worksheet knows right answers and mistakes") {
  if (!browser::is_installed()) return;
  const Reciprocal r;
  CHECK(browser::run(to_page(r.f), R"(
const form = document.querySelector('#questions form'), field = form.querySelector('input');
const reply = form.querySelector('p');
for (const answer of ['-3/4', '0,75', 'x', '17']) {
  field.value = answer;
  form.requestSubmit();
  say(answer, reply.textContent);
}
form.querySelectorAll('button')[1].click();
say(reply.textContent);
key('End');
$('hide').click();
say(getComputedStyle(card('w0').querySelector('.gradient')).visibility);)") ==
        "-3/4 Right.\n"
        "0,75 Not this. Perhaps the sign is wrong.\n"
        "x A number, please: 0.75 or 3/4.\n"
        "17 Not this, and not a mistake that is known here. Step backward along the marked arrows "
        "and try again.\n"
        "df/dw0 = df/dy1 · dy1/dw0\n"
        "hidden\n");
}

TEST_CASE("page in a browser: foreign names do nothing; all can be reached, read and named") {
  if (!browser::is_installed()) return;
  const Value a(3, "</script><script>hacked = 1</script>"), b(2, "<img src=x onerror=h()>");
  Value y = a * b + a;
  y.set_label("</title><b>");
  CHECK(browser::run(to_page(y), R"(
key('End');
card('<img src=x onerror=h()>').focus();
say(typeof hacked, document.images.length, document.querySelectorAll('script').length, $('about').textContent);
const reached = [...document.querySelectorAll('button, input, select, summary, .card, #graph')];
say(reached.every((each) => each.tabIndex >= 0));
say(reached.filter((each) => !(each.getAttribute('aria-label') || each.textContent.trim() || (each.labels && each.labels.length))).length);
const channel = (x) => (x /= 255) <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
const light = (name) => {
  const probe = document.createElement('i');
  probe.style.color = 'var(--' + name + ')';
  document.body.append(probe);
  const [r, g, b] = getComputedStyle(probe).color.match(/[\d.]+/g).map(Number).map(channel);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (x, y) => (Math.max(light(x), light(y)) + 0.05) / (Math.min(light(x), light(y)) + 0.05);
for (const theme of ['light', 'dark']) {
  document.documentElement.dataset.theme = theme;
  for (const ground of ['paper', 'panel', 'card', 'pale', 'leaf', 'result'])
    for (const ink of ['ink', 'quiet', 'above', 'below'])
      if (contrast(ink, ground) < 4.5) say(theme, ink, ground, contrast(ink, ground));
  if (contrast('mark', 'pale') < 3) say(theme, 'mark');
})") == "undefined 0 3 &lt;img src=x onerror=h()&gt; = 2\n"
        "true\n"
        "0\n");
}

TEST_CASE(
    "page in a browser: a large graph is stepped through; a row or a number goes to its line") {
  if (!browser::is_installed()) return;
  const Value x(0.5, "x");
  Value y = x;
  for (std::size_t i = 0; i < 2'000; ++i) {
    const autograd::Scope part("part", i / 500);
    y = sin(y) + x;
  }
  CHECK(browser::run(to_page(y), R"(
say($('count').textContent, document.querySelectorAll('.card').length);
key('ArrowRight');
say($('line').textContent, data('v1'));
$('row').focus();
type($('row'), 3000);
say($('line').textContent.split(' = ')[0], $('name').textContent, $('count').textContent);
key('End');
say($('line').textContent.split(' = ')[0]);
type($('row'), 2);
say($('line').textContent.split(' · ')[1], document.querySelectorAll('.marked').length > 0);
$('row').blur();
const svg = document.querySelector('.tape svg'), box = svg.getBoundingClientRect();
const scale = box.height / svg.getAttribute('viewBox').split(' ')[3], middle = 74 + 640 / 2;
svg.dispatchEvent(new MouseEvent('click', {bubbles: true, clientX: box.left + 50, clientY: box.top + middle * scale + 0.01}));
say($('name').textContent === 'v' + $('row').value, Math.abs($('row').value - 2001) < 10);
document.querySelectorAll('#levels button')[1].click();
say([...document.querySelectorAll('.card .head')].map((each) => each.textContent).join('; '));
card('part 1').dispatchEvent(new MouseEvent('click', {bubbles: true}));
say($('about').textContent);
type(document.querySelector('input[aria-label="x"]'), 0.25);
say($('branches').textContent === '', $('line').textContent.length > 0);)") ==
        "0 / 10001 3\n"
        "v1 = sin(x) = sin(0.5) = 0.47943 0.47943\n"
        "v3000 v3000 3000 / 10001\n"
        "df/dx += df/dv1 · dv1/dx\n"
        "dv2/dx = (0)(1) = 0 true\n"
        "true true\n"
        "x; part 0; part 1; part 2; part 3\n"
        "part 1 has too many values to draw: step through it.\n"
        "true true\n");
}

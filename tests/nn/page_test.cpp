// Pages of networks.

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/text.hpp>
#include <nn/nn.hpp>
#include <tests/support/browser.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/helpers.hpp>

using autograd::Error;
using helpers::contains;

namespace {

nn::Mlp xor_network() {
  return nn::Mlp({2, 4, 1}, nn::Activation::tanh, nn::Activation::identity, 1);
}

}  // namespace

TEST_CASE("nn page: the loss of a row, with the network's parts by name") {
  const nn::Mlp net = xor_network();
  const std::string page = nn::to_page(net, nn::xor_data(), {.title = "XOR"});
  CHECK(page == nn::to_page(net, nn::xor_data(), {.title = "XOR"}));
  CHECK(page.size() < 400'000);
  CHECK(contains(page, "<title>XOR</title>"));
  CHECK(contains(page, "name:\"w1[3,1]\""));
  CHECK(contains(page, "name:\"out2[0]\""));
  CHECK(net.parameters()[0].label().empty());  // the caller's network is as it was
  CHECK_THROWS_WITH_AS(nn::to_page(net, {}), "nn::to_page(): there are no rows to step through",
                       Error);
  CHECK_THROWS_AS(nn::to_page(net, {{{1, 2, 3}, {1}}}), Error);
}

TEST_CASE("nn page in a browser: rows, the plane, and a step of training") {
  if (!browser::is_installed()) return;
  const nn::Mlp net = xor_network();
  const nn::Data rows = nn::xor_data();
  const double at_row = nn::half_squared_error(net(rows[3].inputs), rows[3].targets).data();
  const std::string said = browser::run(nn::to_page(net, rows), R"(
key('End');
const select = document.querySelector('#model select');
type(select, 3);
const before = data('loss');
say(data('x0'), data('x1'), data('t0'), before);
say(document.querySelector('canvas').getAttribute('aria-label').includes(data('out2[0]')));
$('train').click();
const number = (text) => Number(text.replace('−', '-'));
say(number(data('loss')) < number(before), document.querySelectorAll('#model tr').length);)");
  CHECK(said == "1 1 0 " + autograd::text::rounded(at_row, 4) + "\ntrue\ntrue 18\n");
}

TEST_CASE(
    "nn page in a browser: a step of training by the network's own optimizer, number by number") {
  if (!browser::is_installed()) return;
  nn::Mlp net = xor_network();
  const nn::Data rows = nn::xor_data();
  const std::vector<nn::Optimizer> optimizers{
      nn::GradientDescent{.rate = 0.2, .weight_decay = 0.01},
      nn::Momentum{.rate = 0.1},
      nn::Nesterov{.rate = 0.1, .weight_decay = 0.1},
      nn::Adagrad{.rate = 0.3},
      nn::RmsProp{.rate = 0.02},
      nn::Adam{.rate = 0.05},
      nn::AdamW{.rate = 0.05, .weight_decay = 0.1},
      {nn::Momentum{.rate = 0.5}, {.value = 0.3, .norm = 0.4}}};
  for (nn::Optimizer optimizer : optimizers) {
    nn::Mlp trained = net.clone();
    std::vector<autograd::Value> weights;
    for (const autograd::Value& each : trained.parameters()) weights.push_back(each);
    const auto step = [&] {
      autograd::Value loss = nn::half_squared_error(trained(rows[1].inputs), rows[1].targets);
      nn::zero_grad(weights);
      loss.backward();
      optimizer.step(weights);
    };
    step();  // the page goes on from here
    const std::string page = nn::to_page(trained, rows, {.digits = 12, .optimizer = optimizer});
    step();
    step();
    std::string expected;
    for (const autograd::Value& each : weights)
      expected += autograd::text::shortest(each.data()) + " ";
    CHECK_MESSAGE(browser::run(page, "const expected = '" + expected + R"('.trim().split(' ');
type(document.querySelector('#model select'), 1);
$('train').click(); $('train').click();
const cells = [...document.querySelectorAll('#model tr')].slice(1).map((row) => Number(row.lastChild.textContent.replace('−', '-')));
const wrong = cells.filter((x, k) => !(Math.abs(x - expected[k]) < 1e-10));
say(cells.length, wrong.length);)") == "17 0\n",
                  optimizer.name());
  }
}

TEST_CASE(
    "nn page in a browser: a network of many values has its row, its steps and its training") {
  if (!browser::is_installed()) return;
  const nn::Mlp net({2, 30, 30, 1}, nn::Activation::tanh, nn::Activation::identity, 1);
  const nn::Data rows = nn::xor_data();
  const double at_row = nn::half_squared_error(net(rows[2].inputs), rows[2].targets).data();
  const std::string said = browser::run(nn::to_page(net, rows), R"(
type(document.querySelector('#model select'), 2);
key('End');
const buttons = [...document.querySelectorAll('#levels button')];
say(buttons.map((each) => each.textContent).join());
buttons[1].click();
say(document.querySelectorAll('.card.part').length, data('loss'));
$('train').click();
say(document.querySelectorAll('#model tr').length, data('loss') !== undefined);)");
  CHECK(said == "Around the step,By layer,By unit\n3 " + autograd::text::rounded(at_row, 4) +
                    "\n201 true\n");
}

// Pages of networks.

#include <string>

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
[...document.querySelectorAll('#model button')].find((each) => each.textContent.startsWith('One step')).click();
const number = (text) => Number(text.replace('−', '-'));
say(number(data('loss')) < number(before), document.querySelectorAll('#model tr').length);)");
  CHECK(said == "1 1 0 " + autograd::text::rounded(at_row, 4) + "\ntrue\ntrue 18\n");
}

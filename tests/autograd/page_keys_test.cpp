// Pages in a browser whose keys are really pressed, by tests/browser/keys.mjs: where the library for it is,
// in the folder that AUTOGRAD_PLAYWRIGHT names. tests/browser/install puts it there.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <nn/nn.hpp>
#include <tests/support/browser.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/paths.hpp>

namespace {

namespace fs = std::filesystem;
using autograd::Value;

const char* playwright() {
  const char* const folder = std::getenv("AUTOGRAD_PLAYWRIGHT");
  if (folder == nullptr) MESSAGE("AUTOGRAD_PLAYWRIGHT is not set: no keys are pressed");
  return folder;
}

// What is wrong with the page, and "done". Pictures of it stay in the folder of the library.
std::string trouble_with(const std::string& page, const std::string& name) {
  const drawings::Directory directory("keys-" + name);
  const fs::path file = directory.path / "page.html", output = directory.path / "out.txt";
  const fs::path pictures = fs::path(playwright()) / "pictures" / name;
  fs::create_directories(pictures);
  std::ofstream(file) << page;
  const std::string command = "node '" + paths::source("tests/browser/keys.mjs").string() + "' '" +
                              playwright() + "' '" + file.string() + "' '" + pictures.string() +
                              "' > '" + output.string() + "'";
  if (std::system(command.c_str()) != 0) MESSAGE("node failed");
  return golden::read(output);
}

}  // namespace

TEST_CASE("page by keys: an expression, with names that are scripts") {
  if (playwright() == nullptr || !browser::is_installed()) return;
  const Value a(3, "</script><script>console.log(1)</script>");
  const Value b(2, "<img src=x onerror=console.log(2)>");
  Value y = a * b + select(lt(a, b), a, b);
  y.set_label("</title><b>");
  CHECK(trouble_with(autograd::to_page(y), "expression") == "done\n");
}

TEST_CASE("page by keys: a network with its parts, its training and its worksheet") {
  if (playwright() == nullptr || !browser::is_installed()) return;
  const nn::Mlp net({2, 4, 1}, nn::Activation::tanh, nn::Activation::identity, 1);
  CHECK(trouble_with(nn::to_page(net, nn::xor_data(), {.optimizer = nn::Adam{.rate = 0.05}}),
                     "network") == "done\n");
}

TEST_CASE("page by keys: 100,000 operations, and the time to the first step") {
  if (playwright() == nullptr || !browser::is_installed()) return;
  const Value x(0.5, "x");
  Value y = x;
  for (std::size_t i = 0; i < 50'000; ++i) {
    const autograd::Scope part("part", i % 10);
    y = sin(y) + x;
  }
  CHECK(trouble_with(autograd::to_page(y, {.title = "A large graph"}), "large") == "done\n");
}

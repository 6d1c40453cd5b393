// The code of autograd/guide/pictures.md.

#include <filesystem>
#include <iostream>
#include <string>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/documents.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::Chart;
using autograd::derivative_chart;
using autograd::Scope;
using autograd::step_curve;
using autograd::to_dot;
using autograd::Value;

// While one is alive, relative paths are those of files in a directory.
struct In {
  std::filesystem::path before = std::filesystem::current_path();
  explicit In(const std::filesystem::path& directory) { std::filesystem::current_path(directory); }
  ~In() { std::filesystem::current_path(before); }
  In(const In&) = delete;
  In& operator=(const In&) = delete;
};

}  // namespace

TEST_CASE("pictures guide: the code is here, and runs") {
  documents::check_code_is_tested("autograd/guide/pictures.md",
                                  "tests/autograd/pictures_guide_test.cpp");
  const drawings::Directory directory("guide");
  const In in(directory.path);

  Value w0(-2, "w0"), x0(3, "x0"), w1(4, "w1");
  Value f = 1 / (w0 * x0 + w1);
  f.set_label("f");
  f.backward();
  std::cout << to_tree(f);  // in a terminal
  const std::string text =
      to_dot(f, {.title = "f", .local_derivatives = true, .contributions = true, .legend = true});
  CHECK(helpers::contains(text, "× 3 = -0.75"));

  Value y = f;
  for (std::size_t layer = 1; layer <= 3; ++layer) {
    const Scope part("layer", layer);
    y = tanh(y * w0) + w1;
  }
  const std::string parts = to_dot(y, {.fold = 1});  // a box for each layer
  tape_picture(y, {.title = "three layers"}).save("tape.svg");
  CHECK(drawings::count(parts, "<b>layer ") == 3);

  save_step_frames(f, "chain.svg", {.title = "f = 1 / (w0 x0 + w1)"});

  write_page(f, "f.html", {.title = "f = 1 / (w0 x0 + w1)"});

  derivative_chart([](const Value& x) { return x * sin(x); }, -6, 6, {.name = "x sin x"})
      .save("curve.svg");
  step_curve([](auto x) { return exp(x[0]); }, {1.0}, 0).chart().save("steps.svg");
  Chart chart{.title = "two curves", .x_name = "x"};
  chart.curves.push_back({"square", {{0, 0}, {1, 1}, {2, 4}}});
  chart.curves.push_back({"twice", {{0, 0}, {1, 2}, {2, 4}}});
  chart.save("curves.svg");
  CHECK(directory.files().size() == 5 + 10);
}

// Models whose parts cannot be what they are said to be: neither written nor read.

#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/nn_files.hpp>

using helpers::contains;
using helpers::error_of;
using nn::Activation;
using nn::Mlp;
using nn::Model;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string write_error(const Model& model) {
  return error_of([&] { nn::to_json(model); });
}

std::string read_error(const std::string& text) {
  return error_of([&] { nn::from_json(text); });
}

// The text of a model with one part of it replaced.
std::string replaced(const Model& model, const std::string& from, const std::string& to) {
  std::string text = nn::to_json(model);
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, text);
  return text.replace(at, from.size(), to);
}

Mlp normalised() { return Mlp(1, {{.units = 2, .batch_norm = {.on = true}}}); }

}  // namespace

TEST_CASE("save: deviations that nothing can be divided by are neither written nor read") {
  const Mlp net({1, 1}, Activation::tanh);
  const Model good{.net = net, .standardiser = nn::Standardiser{{0.5}, {7}}};
  for (const double deviation : {0.0, -0.0, -1.0, kNan, kInfinity}) {
    CAPTURE(deviation);
    const std::string end = "expected a finite mean and a finite deviation above 0, got 0.5 and ";
    const Model model{.net = net, .standardiser = nn::Standardiser{{0.5}, {deviation}}};
    CHECK(contains(write_error(model), "nn::save: expected a standardiser that can be applied"));
    CHECK(contains(write_error(model), end));
  }
  for (const char* deviation : {"0", "-1", "\"nan\"", "\"inf\""}) {
    const std::string error =
        read_error(replaced(good, "[7]", std::string("[").append(deviation).append("]")));
    CHECK(contains(error, "nn::from_json: expected a standardiser that can be applied"));
  }
  CHECK(contains(read_error(replaced(good, "[0.5]", "[\"nan\"]")), "expected a finite mean"));
  CHECK(read_error(nn::to_json(good)).empty());
}

TEST_CASE("save: negative running variances are neither written nor read") {
  Mlp net = normalised();
  const std::vector<double> statistics{1, 2, 3, -4};
  const std::string error = ": expected running variances of at least 0, got -4.";
  const std::string text =
      replaced({.net = net}, "\"running_variances\": [1, 1]", "\"running_variances\": [1, -4]");
  CHECK(read_error(text) == "nn::from_json" + error);
  nn::TrainingState state{.weights = net.parameter_values(), .statistics = statistics};
  CHECK(write_error({.net = net, .training = state}) == "nn::save" + error);
  state.statistics = {-1, -1, 0, 1};  // the means may be negative
  CHECK(write_error({.net = net, .training = state}).empty());
  state.best_statistics = statistics;
  CHECK(write_error({.net = net, .training = state}) == "nn::save" + error);
  state.best_statistics = {1, 2, 3};
  CHECK(write_error({.net = net, .training = state}) ==
        "nn::save: expected 4 running statistics, got 3.");
  std::ranges::copy(statistics, net.statistics().begin());
  CHECK(write_error({.net = net}) == "nn::save" + error);
}

TEST_CASE("save: a name comes once") {
  const Mlp net({2, 3}, Activation::tanh);
  const std::string columns = "nn::save: expected different names of inputs and targets, got ";
  CHECK(write_error({.net = net, .inputs = {"a", "a"}}) == columns + "'a' twice.");
  CHECK(write_error({.net = net, .inputs = {"a", "b"}, .targets = {"c", "d", "b"}}) ==
        columns + "'b' twice.");
  CHECK(write_error({.net = net, .classes = {"a", "b", "a"}}) ==
        "nn::save: expected different names of classes, got 'a' twice.");
  const Model good{.net = net, .inputs = {"a", "b"}};
  CHECK(contains(read_error(replaced(good, "[\"a\", \"b\"]", "[\"a\", \"a\"]")), "'a' twice."));
}

TEST_CASE("save: names are UTF-8, as all of the file") {
  const Mlp net({2, 1}, Activation::tanh);
  for (const char* name : {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\xaf", "\xf4\x90\x80\x80"}) {
    CAPTURE(name);
    CHECK(contains(write_error({.net = net, .inputs = {"a", name}}),
                   "nn::save: expected names of inputs and targets in UTF-8, got"));
    CHECK(contains(write_error({.net = net, .classes = {"a", name}}), "names of classes in UTF-8"));
    const Activation own(name, [](const autograd::Value& x) { return sin(x); });
    CHECK(contains(write_error({.net = Mlp({2, 1}, Activation::tanh, own)}),
                   "names of activations in UTF-8"));
    const Model good{.net = net, .inputs = {"a", "b"}};
    CHECK(contains(read_error(replaced(good, "\"b\"", std::string("\"") + name + "\"")),
                   "expected text in UTF-8, got bytes that are none."));
  }
  for (const char* name : {"\xc3\xbc", "\xf0\x9f\x98\x80", "\xef\xbf\xbf", "\x01"}) {
    const Model model{.net = net, .inputs = {"a", name}};
    CHECK(nn::from_json(nn::to_json(model)).inputs == model.inputs);
  }
}

TEST_CASE("save: a link that leads nowhere yet, and a zero in a path") {
  const files::Folder folder;
  const Mlp net({1, 1}, Activation::tanh);
  const std::filesystem::path link = folder.path / "link";
  std::filesystem::create_symlink("model.json", link);
  nn::save(link, {net});
  CHECK(std::filesystem::is_symlink(link));
  CHECK(files::read(folder.path / "model.json") == nn::to_json({net}));
  const std::string with_zero = (folder.path / "a").string() + '\0' + ".json";
  CHECK(contains(error_of([&] { nn::save(with_zero, {net}); }), "a path without zeros"));
  CHECK(contains(error_of([&] { nn::load(with_zero); }), "a path without zeros"));
  CHECK(folder.files() == 2);
}

TEST_CASE("standardiser: numbers so large or small that they have no deviation") {
  CHECK(contains(error_of([] {
                   nn::Standardiser::fit({{{1.7e308}, {}}, {{1.7e308}, {}}, {{-1.7e308}, {}}});
                 }),
                 "nn::Standardiser: expected a finite mean and a finite deviation above 0"));
  nn::Data tiny(1000, {{0}, {}});
  tiny[0].inputs[0] = 5e-324;
  CHECK(nn::Standardiser::fit(tiny).deviation[0] == 1);
}

// Files that are damaged, foreign or meant to harm: refused, with the place and what is wrong.

#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/nn_helpers.hpp>

using nn::Activation;
using nn::Mlp;

namespace {

std::string error_of(const std::string& text, const nn::LoadOptions& options = {}) {
  return helpers::error_of([&] { nn::from_json(text, options); });
}

// A file with everything in it.
std::string full_file() {
  Mlp net(2, {{.units = 2,
               .activation = Activation::tanh,
               .batch_norm = {.on = true},
               .dropout = {.keep = 0.5}},
              {.units = 1, .bias = nn::Bias::kShared}});
  net.parameters()[3].freeze();
  nn::FitOptions options{.epochs = 2, .validation_fraction = 0.25};
  options.early_stopping = nn::EarlyStopping{};
  const nn::TrainingState training = nn::fit(net, nn::moons_data(8), options).state;
  nn::Optimizer optimizer = nn::Adam{};
  std::vector<double> weights = net.parameter_values();
  const std::vector<double> gradient = weights;
  optimizer.step(weights, gradient);
  return nn::to_json({.net = net,
                      .standardiser = nn::Standardiser{{1, 2}, {3, 4}},
                      .inputs = {"a", "b"},
                      .targets = {"t"},
                      .classes = {"c", "d"},
                      .optimizer = optimizer,
                      .training = training});
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  return text.replace(at, from.size(), to);
}

// A small file: 2 -> 1.
const std::string kSmall =
    R"({"format": "autograd.nn", "version": 1, "inputs": 2, "layers": [
  {"units": 1, "activation": "tanh", "bias": "per unit", "weights": [[1, 2]], "biases": [3]}]})";

// The error of the small file with one part replaced, after "nn::from_json".
std::string error_with(const std::string& from, const std::string& to) {
  return error_of(replaced(kSmall, from, to)).substr(std::string("nn::from_json").size());
}

std::string repeated(const std::string& text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

}  // namespace

TEST_CASE("load: the small file is right") {
  const nn::Model model = nn::from_json(kSmall);
  CHECK(model.net.parameter_values() == std::vector<double>{1, 2, 3});
  CHECK(model.net.layer(0).activation().name() == "tanh");
}

TEST_CASE("load: members may come in any order and with any blanks") {
  const nn::Model model = nn::from_json(
      "\r\n{ \"layers\":[{\"biases\":[3],\"weights\":[\t[1,2]],\"bias\":\"per unit\",\"activation\""
      ":\"tanh\",\"units\":1}],\"inputs\":2,\"version\":1,\"format\":\"autograd\\u002enn\"}\n\n");
  CHECK(model.net.parameter_values() == std::vector<double>{1, 2, 3});
}

TEST_CASE("load: foreign files") {
  CHECK(error_of("") ==
        "nn::from_json, line 1, column 1: expected an object, {...}, got the end of the file.");
  CHECK(error_of("x,y\n1,2\n") ==
        "nn::from_json, line 1, column 1: expected an object, {...}, got 'x'.");
  CHECK(error_of("[]") == "nn::from_json, line 1, column 1: expected an object, {...}, got '['.");
  CHECK(error_of("{}") ==
        "nn::from_json, line 1, column 2: expected 'format' in the object that ends here, got "
        "none.");
  CHECK(
      error_of("{\"name\": 1}")
          .starts_with(
              "nn::from_json, line 1, column 2: expected one of format, version, inputs, layers"));
  CHECK(error_with("autograd.nn", "onnx") ==
        ", line 1, column 12: expected 'autograd.nn', got 'onnx'.");
  CHECK(error_with("\"version\": 1", "\"version\": 2") ==
        ", line 1, column 38: expected version 1, got 2.");
  CHECK(error_with("]}]}", "]}]} {}") ==
        ", line 2, column 96: expected the end of the file, got '{'.");
}

TEST_CASE("load: wrong types, each with its place") {
  const std::string number = "expected a number, or \"nan\", \"inf\" or \"-inf\", got ";
  CHECK(error_with("[3]", "[\"3\"]") == ", line 2, column 90: " + number + "'\"3'.");
  CHECK(error_with("[3]", "[true]") == ", line 2, column 90: " + number + "'true'.");
  CHECK(error_with("[3]", "[[3]]") == ", line 2, column 90: " + number + "'['.");
  CHECK(error_with("[3]", "3") == ", line 2, column 89: expected a list, [...], got '3'.");
  CHECK(error_with("[[1, 2]]", "[1, 2]").find("expected a list") != std::string::npos);
  CHECK(error_with("\"units\": 1", "\"units\": 1.5").find("a whole number") != std::string::npos);
  CHECK(error_with("\"units\": 1", "\"units\": -1").find("a whole number") != std::string::npos);
  CHECK(error_with("\"units\": 1", "\"units\": \"1\"").find("a whole number") != std::string::npos);
  CHECK(error_with("\"units\": 1", "\"units\": 99999999999999999999").find("a whole number") !=
        std::string::npos);
  CHECK(error_with("\"tanh\"", "null").find("expected a text") != std::string::npos);
  CHECK(error_with("\"tanh\"", "\"tan h\"").find("got 'tan h'") != std::string::npos);
  CHECK(error_with("\"per unit\"", "\"yes\"") ==
        ", line 2, column 46: expected 'off', 'per unit' or 'shared', got 'yes'.");
}

TEST_CASE("load: numbers that are none in JSON, or too large") {
  for (const char* text : {"01", "+1", ".5", "1.", "1e", "0x10", "1_000", "inf", "NaN", "--1", "-",
                           "1,", "1 2", "'1'", "1e5.5"}) {
    CAPTURE(text);
    CHECK(error_with("[3]", std::string("[").append(text).append("]")).find("expected") !=
          std::string::npos);
  }
  CHECK(error_with("[3]", "[1e999]") ==
        ", line 2, column 90: expected a number of type double, got '1e999'.");
  for (const char* text : {"-0", "0.5e-3", "1E+2", "-12.25", "0e0"}) {
    CAPTURE(text);
    CHECK(error_of(replaced(kSmall, "[3]", std::string("[").append(text).append("]"))) == "");
  }
}

TEST_CASE("load: members twice, missing or unknown") {
  CHECK(error_with("\"inputs\": 2", "\"inputs\": 2, \"inputs\": 2") ==
        ", line 1, column 54: expected 'inputs' once, got it again.");
  CHECK(error_with("\"inputs\": 2, ", "") ==
        ", line 2, column 94: expected 'inputs' in the object that ends here, got none.");
  CHECK(error_with("\"bias\"", "\"Bias\"").find("got 'Bias'") != std::string::npos);
}

TEST_CASE("load: counts that do not fit") {
  CHECK(error_with("\"inputs\": 2", "\"inputs\": 3") ==
        ": layer 1: expected 3 weights in each row, one for each of its inputs, got 2.");
  CHECK(error_with("\"inputs\": 2", "\"inputs\": 0").find("0 weights") != std::string::npos);
  CHECK(error_with("[[1, 2]]", "[[1, 2], [3]]").find("expected 2 numbers in each row, got 1") !=
        std::string::npos);
  CHECK(error_with("[[1, 2]]", "[[]]").find("expected a number, got 0") != std::string::npos);
  CHECK(error_with("[[1, 2]]", "[]").find("1 rows of weights in a layer of 1 unit, got 0") !=
        std::string::npos);
  CHECK(error_with("[3]", "[3, 4]").find("1 biases in a layer of 1 unit, got 2") !=
        std::string::npos);
  CHECK(error_with("\"per unit\"", "\"off\"").find("0 biases") != std::string::npos);
  CHECK(error_with("\"biases\": [3]", "\"biases\": [3], \"gammas\": [1]").find("0 gammas") !=
        std::string::npos);
  CHECK(error_with("\"biases\": [3]",
                   "\"biases\": [3], \"batch_norm\": {\"epsilon\": 0, \"momentum\": 0}")
            .find("1 gammas") != std::string::npos);
  CHECK(error_with("\"layers\": [", "\"frozen\": [3], \"layers\": [") ==
        ": frozen parameter: expected an index below 3, got 3.");
  CHECK(error_with("\"layers\": [", "\"input_names\": [\"a\"], \"layers\": [") ==
        ": expected 2 input names, got 1.");
  CHECK(error_of(R"({"format":"autograd.nn","version":1,"inputs":2,"layers":[]})") ==
        "nn::from_json: expected at least one layer, got none.");
}

TEST_CASE("load: what a layer or an optimizer refuses") {
  CHECK(error_with("\"biases\": [3]",
                   "\"biases\": [3], \"dropout\": {\"keep\": 2, \"inverted\": true}")
            .find("nn::Dropout") != std::string::npos);
  const std::string file = full_file();
  CHECK(error_of(file) == "");
  CHECK(error_of(replaced(file, "\"beta1\": 0.9", "\"beta1\": 1")).find("nn::Adam: beta1") !=
        std::string::npos);
  CHECK(error_of(replaced(file, "\"Adam\"", "\"Eve\"")).find("AdamW, got 'Eve'") !=
        std::string::npos);
  CHECK(error_of(replaced(file, "\"steps\": 1", "\"steps\": 0")).find("set_state of Adam") !=
        std::string::npos);
}

TEST_CASE("load: texts that are not closed or hold what they may not") {
  CHECK(error_with("\"tanh\"", "\"ta\nnh\"") ==
        ", line 2, column 33: expected the end of the text, '\"', got a line break or control "
        "character.");
  const auto name_error = [](const std::string& name) {
    return error_with("\"layers\": [", "\"input_names\": [\"" + name + "\", \"b\"], \"layers\": [");
  };
  for (const char* name : {"\\x", "\\u12", "\\u12g4", "\\ud800", "\\ud800\\u0041", "\\udc00"}) {
    CAPTURE(name);
    CHECK(name_error(name).find("expected") != std::string::npos);
  }
  const auto names = [](const std::string& name) {
    return nn::from_json(replaced(kSmall, "\"layers\": [",
                                  "\"input_names\": [\"" + name + "\", \"b\"], \"layers\": ["))
        .inputs[0];
  };
  CHECK(names("\\\"\\\\\\/\\b\\f\\n\\r\\t") == "\"\\/\b\f\n\r\t");
  CHECK(names("\\u0041\\u00fc\\u20ac\\ud83d\\ude00") == "A\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80");
}

TEST_CASE("load: every beginning of a file is refused, with a place in it") {
  const std::string file = full_file();
  const std::size_t end = file.find_last_of('}');
  const auto step = static_cast<std::size_t>(helpers::scaled(1, 7));
  for (std::size_t size = 0; size <= end; size += step) {
    const std::string error = error_of(file.substr(0, size));
    CHECK_MESSAGE(error.starts_with("nn::from_json, line "), size, ": ", error);
  }
}

TEST_CASE("load: files with damaged bytes are refused or read, and nothing else happens") {
  const std::string file = full_file();
  nn::Random random(5);
  const std::string likely = "{}[]\",:0123456789.eE+-\\nulltrue \n";
  const std::uint64_t files = helpers::cases(20'000);
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < files; ++i) {
    std::string damaged = file;
    for (std::uint64_t change = 0; change < 1 + i % 3; ++change) {
      const std::size_t at = random.bits() % damaged.size();
      const char c = random.bits() % 2 == 0 ? likely[random.bits() % likely.size()]
                                            : static_cast<char>(random.bits());
      if (random.bits() % 3 == 0)
        damaged.erase(at, 1 + random.bits() % 20);
      else
        damaged[at] = c;
    }
    if (error_of(damaged) != "") ++refused;
  }
  CHECK(refused > files / 2);
}

TEST_CASE("load: files meant to harm take little memory") {
  SUBCASE("nested deep") {
    for (const std::string& text :
         {repeated("[", 1000000), repeated("{\"layers\":", 1000000),
          "{\"layers\":" + repeated("[", 1000000), "{\"inputs\":" + repeated("[", 1000000)}) {
      const std::string error = error_of(text);
      CHECK(error.find("expected") != std::string::npos);
      CHECK(error.size() < 300);
    }
  }
  SUBCASE("a thousand million units, inputs or steps") {
    CHECK(error_with("\"units\": 1", "\"units\": 1000000000") ==
          ", line 2, column 101: expected 1000000000 rows of weights in a layer of 1000000000 "
          "units, got 1.");
    CHECK(error_with("\"inputs\": 2", "\"inputs\": 1000000000").find("got 2") != std::string::npos);
    CHECK(error_of(replaced(full_file(), "\"weights\": 13", "\"weights\": 1000000000"))
              .find("1000000000") != std::string::npos);
  }
  SUBCASE("a message shows only the beginning of what is long") {
    CHECK(error_with("\"tanh\"", "\"" + std::string(1000000, 'x') + "\"").size() < 300);
    CHECK(error_with("[3]", "[" + std::string(1000000, '9') + "x]").size() < 300);
    CHECK(error_with("\"bias\"", "\"" + std::string(1000000, 'x') + "\"").size() < 300);
  }
  SUBCASE("longer than allowed") {
    CHECK(error_of(kSmall, {.max_bytes = 20}) ==
          "nn::from_json: expected at most 20 bytes, got " + std::to_string(kSmall.size()) + ".");
  }
}

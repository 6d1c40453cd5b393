// Exported networks: compiled by the compiler of the tests, they give the same bits.

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <limits>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/nn_files.hpp>
#include <tests/support/paths.hpp>

using autograd::Error;
using autograd::Value;
using nn::Activation;
using nn::Bias;
using nn::Mlp;
using Numbers = std::vector<double>;

namespace {

// What is compiled: a header, and the rows its function is called with.
struct Exported {
  std::string name, header;
  std::vector<Numbers> rows;
};

// The outputs of each, row by row, as a program of their own prints them: as bits.
std::vector<std::vector<std::uint64_t>> run(const std::vector<Exported>& all) {
  const files::Folder in;
  const files::fs::path& folder = in.path;
  std::ostringstream main;
  main << std::hexfloat;
  for (const Exported& each : all) {
    std::ofstream(folder / (each.name + ".hpp")) << each.header;
    main << "#include \"" << each.name << ".hpp\"\n";
  }
  main
      << "#include <cstdio>\n#include <cstring>\nvoid print(double x) {\n  unsigned long long bits;"
         "\n  std::memcpy(&bits, &x, 8);\n  std::printf(\" %llu\", bits);\n}\nint main() {\n";
  for (const Exported& each : all) {
    for (const Numbers& row : each.rows) {
      main << "  for (double y : " << each.name << "({";
      for (std::size_t j = 0; j < row.size(); ++j) {
        if (j > 0) main << ", ";
        if (std::isfinite(row[j])) {
          main << row[j];
        } else {
          main << (row[j] != row[j] ? "NAN" : row[j] > 0 ? "INFINITY" : "-INFINITY");
        }
      }
      main << "})) print(y);\n";
    }
    main << "  std::printf(\"\\n\");\n";
  }
  main << "}\n";
  std::ofstream(folder / "main.cpp") << main.str();
  const std::string at = "'" + folder.string() + "/";
  const std::string compile = "'" + paths::compiler() +
                              "' -std=c++17 -Wall -Wextra -Wpedantic "
                              "-Wconversion -Wshadow -Werror -ffp-contract=off -o " +
                              at + "program' " + at + "main.cpp'";
  REQUIRE(std::system(compile.c_str()) == 0);
  REQUIRE(std::system((at + "program' > " + at + "printed'").c_str()) == 0);
  std::vector<std::vector<std::uint64_t>> result;
  std::ifstream printed(folder / "printed");
  for (std::string line; std::getline(printed, line);) {
    std::istringstream words(line);
    result.emplace_back();
    for (std::uint64_t bits; words >> bits;) result.back().push_back(bits);
  }
  REQUIRE(result.size() == all.size());
  return result;
}

// Bit by bit, except that a NaN is a NaN.
void check_same(const std::vector<std::uint64_t>& got, const Mlp& net,
                const std::vector<Numbers>& rows) {
  REQUIRE(got.size() == rows.size() * net.outputs());
  std::size_t i = 0;
  for (const Numbers& row : rows) {
    for (const Value& each : net(row)) {
      const double expected = each.data(), number = std::bit_cast<double>(got[i++]);
      const bool is_same =
          std::bit_cast<std::uint64_t>(expected) == std::bit_cast<std::uint64_t>(number) ||
          (expected != expected && number != number);
      CHECK_MESSAGE(is_same, "for ", row, ": got ", number, ", expected ", expected);
    }
  }
}

std::vector<Numbers> random_rows(std::size_t inputs, std::size_t count) {
  nn::Random random(11);
  std::vector<Numbers> rows(count, Numbers(inputs));
  for (Numbers& row : rows)
    for (double& each : row) each = random.normal(0, 2);
  return rows;
}

}  // namespace

TEST_CASE("export: every built-in activation, also at its hard points") {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<Numbers> rows;
  for (const double x : {0.0, -0.0, 0.5, -0.5, 1.0, -1.0, 2.5, -2.5, 1e-300, -1e-10, 40.0, -40.0,
                         800.0, -800.0, 1e9, -1e9, kInfinity, -kInfinity, std::nan("")}) {
    rows.push_back({x});
  }
  // net = x + (-0), which is x itself, -0 too.
  std::vector<Exported> all;
  std::vector<Mlp> nets;
  // Rules for plain numbers only cannot be written down.
  const std::set<std::string_view> no_text{"digamma", "erfinv", "logb"};
  for (const std::string_view name : Activation::names()) {
    Mlp net(1, {{1, Activation::named(name)}});
    if (no_text.contains(name)) {
      CHECK(helpers::error_of([&] { nn::to_cpp(net, "f"); }) ==
            "nn::to_cpp: expected an activation whose rule can be written down, got '" +
                std::string(name) + "'.");
      continue;
    }
    net.set_parameter_values(Numbers{1, -0.0});
    const std::string function = "with_" + std::string(name);
    all.push_back({function, nn::to_cpp(net, function), rows});
    nets.push_back(net);
  }
  const auto printed = run(all);
  for (std::size_t i = 0; i < nets.size(); ++i) {
    CAPTURE(all[i].name);
    check_same(printed[i], nets[i], rows);
  }
}

TEST_CASE("export: networks of all kinds") {
  nn::Random random(2);
  std::vector<Mlp> nets{Mlp({3, 8, 5, 2}, Activation::tanh, Activation::sigmoid, 1),
                        Mlp(3, {{.units = 6,
                                 .activation = Activation::relu,
                                 .batch_norm = {.on = true},
                                 .dropout = {.keep = 0.75, .inverted = false}},
                                {.units = 4,
                                 .activation = Activation::gelu,
                                 .bias = Bias::kShared,
                                 .batch_norm = {.on = true, .epsilon = 0.1},
                                 .dropout = {.keep = 0.5}},
                                {.units = 3, .bias = Bias::kOff}}),
                        Mlp(3, {{.units = 1, .activation = Activation::silu}})};
  std::vector<Exported> all;
  const std::vector<Numbers> rows = random_rows(3, 25);
  for (std::size_t i = 0; i < nets.size(); ++i) {
    for (Value& each : nets[i].parameters()) each.set_data(random.normal());
    for (double& each : nets[i].statistics()) each = random.uniform(0.2, 3);
    const std::string name = "network_" + std::to_string(i);
    all.push_back({name, nn::to_cpp(nets[i], name), rows});
  }
  const auto printed = run(all);
  for (std::size_t i = 0; i < nets.size(); ++i) {
    CAPTURE(all[i].name);
    check_same(printed[i], nets[i], rows);
  }
}

TEST_CASE("export: inputs are standardised as the standardiser does") {
  const Mlp net({2, 3, 1}, Activation::tanh);
  const nn::Standardiser standardiser{{1.5, -200}, {0.3, 7}};
  const std::vector<Numbers> rows{{1.5, -200}, {1, -190}, {2.75, -211.5}};
  const auto printed =
      run({{"with_standardiser", nn::to_cpp(net, "with_standardiser", standardiser), rows}});
  std::vector<Numbers> standardised;
  for (const Numbers& row : rows)
    standardised.push_back({(row[0] - 1.5) / 0.3, (row[1] + 200) / 7});
  check_same(printed[0], net, standardised);
}

TEST_CASE("export: weights that are infinite, NaN or tiny") {
  Mlp net(4, {{.units = 2}});
  net.layer(0).set_weights(
      {{std::numeric_limits<double>::infinity(), 1, 5e-324, -0.1}, {1, 1, 1, std::nan("")}});
  net.layer(0).set_biases({-0.0, -std::numeric_limits<double>::infinity()});
  const std::vector<Numbers> rows{{1, 2, 3, 4}, {0, 0, 1, 0}, {-1, 0, 0, 0}};
  check_same(run({{"special", nn::to_cpp(net, "special"), rows}})[0], net, rows);
}

TEST_CASE("export: names of functions in the headers, and of variables in the function, compile") {
  const Mlp net({2, 1}, Activation::tanh);
  const std::vector<Numbers> rows = random_rows(2, 2);
  std::vector<Exported> all;
  for (const char* name : {"sin", "y1", "j0", "x", "net", "w1", "b1", "k", "array", "printf"})
    all.push_back({name, nn::to_cpp(net, name), rows});
  for (const std::vector<std::uint64_t>& each : run(all)) check_same(each, net, rows);
}

TEST_CASE("export: a header, as it looks") {
  Mlp net(2, {{.units = 2, .activation = Activation::sigmoid, .batch_norm = {.on = true}},
              {.units = 1}});
  net.layer(0).set_weights({{0.5, -1}, {2, 0.1}});
  net.layer(1).set_weights({{3, 0.25}});
  golden::check("exported.txt", nn::to_cpp(net, "score", nn::Standardiser{{1, 2}, {3, 4}}));
}

TEST_CASE("export: lines have at most 100 characters, and no blanks at their ends") {
  const Mlp net(20, {{.units = 20, .activation = Activation::gelu, .batch_norm = {.on = true}},
                     {.units = 12, .activation = Activation::tanh}});
  const nn::Data rows{{random_rows(20, 1)[0], {}}, {random_rows(20, 2)[1], {}}};
  std::istringstream text(nn::to_cpp(net, "wide", nn::Standardiser::fit(rows)));
  for (std::string line; std::getline(text, line);) {
    CAPTURE(line);
    CHECK(line.size() <= 100);
    CHECK(!line.ends_with(' '));
  }
}

TEST_CASE("export: names that a function cannot have, functions that are not known") {
  const Mlp net({1, 1}, Activation::tanh);
  for (const char* name :
       {"", "1st", "a b", "a-b", "class", "xor", "std", "main", "_a", "a__b", "f();", "\xc3\xbc"}) {
    CAPTURE(name);
    CHECK_THROWS_WITH_AS(
        nn::to_cpp(net, name),
        doctest::Contains("nn::to_cpp: expected the name of a function: a letter, then"), Error);
  }
  for (const char* name : {"f", "score_2", "classes", "X"}) CHECK_NOTHROW(nn::to_cpp(net, name));
  // Macros, types and variables of the headers or the compiler.
  for (const char* name :
       {"NAN", "INFINITY", "NULL", "M_PI", "M_PIl", "FP_ZERO", "size_t", "double_t", "signgam",
        "linux", "unix", "i386", "typeof", "uint", "issubnormal"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(nn::to_cpp(net, name), Error);
  }
  CHECK_THROWS_WITH_AS(nn::to_cpp(net, "f", nn::Standardiser{{1}, {0}}),
                       doctest::Contains("a finite deviation above 0"), Error);
  CHECK_THROWS_WITH_AS(nn::to_cpp(net, "f", nn::Standardiser{{1, 2}, {1, 1}}),
                       "nn::to_cpp: expected a standardiser of 1 input, got 2.", Error);

  const Mlp own(1, {{1, Activation("mine", [](const Value& x) { return x * x * x; })}});
  CHECK_THROWS_WITH_AS(nn::to_cpp(own, "f"),
                       "nn::to_cpp: expected built-in activations, whose formulas are known, got "
                       "'mine', a function of your own.",
                       Error);
  // The name of a built-in one does not make it one.
  const Mlp other(1, {{1, Activation("tanh", [](const Value& x) { return 2 * tanh(x); })}});
  CHECK_THROWS_AS(nn::to_cpp(other, "f"), Error);
}

// CSV: what is written reads back; files appear whole or not at all.

#include <algorithm>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>
#include <locale>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/nn_files.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Error;
using files::Folder;
using files::read;
using networks::Numbers;
using nn::ClassTargets;
using nn::Table;

namespace fs = files::fs;

namespace {

bool same_bits(const Numbers& a, const Numbers& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  });
}

}  // namespace

TEST_CASE("csv: numbers read back to the same bits") {
  Numbers numbers{0.0,
                  -0.0,
                  0.1,
                  1.0 / 3,
                  -1e-300,
                  DBL_MAX,
                  -DBL_MAX,
                  DBL_MIN,
                  DBL_TRUE_MIN,
                  1e22,
                  123456789,
                  std::nextafter(1.0, 2.0),
                  std::numeric_limits<double>::infinity(),
                  -std::numeric_limits<double>::infinity()};
  nn::Random random(1);
  while (numbers.size() < 2000) {
    const auto any = std::bit_cast<double>(random.bits());
    if (!std::isnan(any)) numbers.push_back(any);
  }
  Table table;
  for (const double x : numbers) table.data.push_back({{x, -x}, {x}});
  const Table back = nn::parse_csv(nn::to_csv(table), {.header = false});
  REQUIRE(back.data.size() == numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    CHECK(same_bits(back.data[i].inputs, table.data[i].inputs));
    CHECK(same_bits(back.data[i].targets, table.data[i].targets));
  }
}

TEST_CASE("csv: a table with classes reads back as it was") {
  const Table iris = nn::iris_table();
  const std::string text = nn::to_csv(iris);
  CHECK(text.starts_with(
      "sepal length,sepal width,petal length,petal width,species\n5.1,3.5,1.4,0.2,setosa\n"));
  const Table back = nn::parse_csv(text);
  CHECK(back.inputs == iris.inputs);
  CHECK(back.targets == iris.targets);
  CHECK(back.classes == iris.classes);
  REQUIRE(back.data.size() == iris.data.size());
  for (std::size_t i = 0; i < iris.data.size(); ++i) {
    CHECK(back.data[i].inputs == iris.data[i].inputs);
    CHECK(back.data[i].targets == iris.data[i].targets);
  }
}

TEST_CASE("csv: names that need quotes get them, and read back") {
  const Table table{.data = {{{1}, {1}}, {{2}, {0}}, {{3}, {-1}}},
                    .inputs = {"a,\"b\"\n"},
                    .targets = {" c "},
                    .classes = {"NA", "?"}};
  const std::string text = nn::to_csv(table);
  CHECK(text == "\"a,\"\"b\"\"\n\",\" c \"\n1,\"?\"\n2,\"NA\"\n3,\"NA\"\n");
  const Table back =
      nn::parse_csv(text, {.class_targets = ClassTargets::kZeroOne, .classes = {"NA", "?"}});
  CHECK(back.inputs == table.inputs);
  CHECK(back.targets == table.targets);
  CHECK(back.data[0].targets == Numbers{1});
  CHECK(back.data[2].targets == Numbers{0});
}

TEST_CASE("csv: tables that do not fit together are not written") {
  const struct {
    Table table;
    std::string message;
  } cases[] = {
      {{}, "at least one row, got none."},
      {{.data = {{{1, 2}, {3}}, {{1}, {3}}}}, "2 inputs and 1 target, got 1 and 1 in row 1."},
      {{.data = {{{1}, {3}}}, .inputs = {"a", "b"}, .targets = {"c"}},
       "names for 1 input and 1 target column, got 2 and 1."},
      {{.data = {{{1}, {0.5}}}, .classes = {"a", "b"}},
       "targets that stand for one of 2 classes, got 0.5 in row 0."},
      {{.data = {{{1}, {1, 1}}}, .classes = {"a", "b"}},
       "targets that stand for one of 2 classes, got 1, 1 in row 0."},
      {{.data = {{{}, {}}}}, "at least one input and one target, got 0 inputs and 0 targets."},
      {{.data = {{{1}, {1}}}, .inputs = {""}, .targets = {"c"}},
       "names of text without control characters, got ''."},
  };
  for (const auto& each : cases) {
    CHECK_THROWS_WITH_AS(nn::to_csv(each.table), ("nn::to_csv: expected " + each.message).c_str(),
                         Error);
  }
}

TEST_CASE("csv: a file appears whole, and an error leaves the old one alone") {
  const Folder folder;
  const fs::path file = folder.path / "data.csv";
  const Table table = nn::parse_csv("a,b\n1,2\n");
  nn::write_csv(file, table);
  CHECK(read(file) == "a,b\n1,2\n");
  nn::write_csv(file, table, ';');
  CHECK(read(file) == "a;b\n1;2\n");
  CHECK(nn::read_csv(file, {.separator = ';'}).data[0].targets == Numbers{2});
  CHECK_THROWS_AS(nn::write_csv(file, Table{}), Error);
  CHECK(read(file) == "a;b\n1;2\n");
  CHECK(folder.files() == 1);
}

TEST_CASE("csv: a file that cannot be written is an error, and leaves nothing behind") {
  const Folder folder;
  const Table table = nn::parse_csv("a,b\n1,2\n");
  const fs::path nowhere = folder.path / "missing" / "data.csv";
  CHECK_THROWS_WITH_AS(nn::write_csv(nowhere, table),
                       ("cannot write '" + nowhere.string() +
                        "': No such file or directory. Give a path in a directory that exists and "
                        "may be written to.")
                           .c_str(),
                       Error);
  const fs::path occupied = folder.path / "occupied";
  fs::create_directories(occupied / "by a folder");
  CHECK_THROWS_AS(nn::write_csv(occupied, table), Error);
  CHECK(folder.files() == 1);
}

TEST_CASE("csv: a locale with a decimal comma changes nothing") {
  struct Comma : std::numpunct<char> {
    char do_decimal_point() const override { return ','; }
    char do_thousands_sep() const override { return '.'; }
    std::string do_grouping() const override { return "\3"; }
  };
  struct Global {
    std::locale before = std::locale::global(std::locale(std::locale(), new Comma));
    ~Global() { std::locale::global(before); }
  } const global;
  std::ostringstream affected;
  affected << 12345.5;
  REQUIRE(affected.str() == "12.345,5");

  const Table table = nn::parse_csv("a,b\n12345.5,2.25\n");
  CHECK(table.data[0].inputs == Numbers{12345.5});
  CHECK(nn::to_csv(table) == "a,b\n12345.5,2.25\n");
}

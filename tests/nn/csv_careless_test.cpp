// CSV as careless programs and people write it, and tables that could not be read back.

#include <cfloat>
#include <limits>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/nn_helpers.hpp>

using networks::Numbers;
using nn::CsvOptions;
using nn::Missing;
using nn::Table;

namespace {

std::string parse_error(const std::string& text, const CsvOptions& options = {}) {
  return helpers::error_of([&] { nn::parse_csv(text, options); });
}

std::string write_error(const Table& table, char separator = ',') {
  return helpers::error_of([&] { nn::to_csv(table, separator); });
}

}  // namespace

TEST_CASE("csv: numbers in another form are no classes") {
  for (const char* number : {"1,5", "1.234,5", "1'234", "1 234", "1_000", "0x1F", "-0XaB", "1.2.3",
                             "1,5e3", "--1", "+-1.5"}) {
    CAPTURE(number);
    const std::string quoted = std::string("\"") + number + "\"";
    const std::string error =
        std::string("nn::parse_csv, line 2, column 2: expected a number, got '") + number + "'.";
    CHECK(parse_error(std::string("a;b\n1;") + number + "\n", {.separator = ';'}) == error);
    CHECK(parse_error("a,b\n1," + quoted + "\n") == error);
    const std::string late = std::string("a;b\n1;yes\n2;") + number + "\n";
    CHECK(parse_error(late, {.separator = ';'}) ==
          std::string("nn::parse_csv, line 3, column 2: expected the name of a class, as in line 2 "
                      "(or CsvOptions::numbers_are_classes), got the number '") +
              number + "'.");
    const Table table = nn::parse_csv(late, {.separator = ';', .numbers_are_classes = true});
    CHECK(table.classes.size() == 2);
  }
}

TEST_CASE("csv: names with digits in them are classes") {
  for (const char* name :
       {"3rd", "2020-01-01", "12:30", "x1", "0x", "0xyz", "e5", "1e", "1.5 cm"}) {
    CAPTURE(name);
    CHECK(nn::parse_csv(std::string("a,b\n1,") + name + "\n").classes ==
          std::vector<std::string>{name});
  }
}

TEST_CASE("csv: the mean of large numbers is not infinite") {
  const CsvOptions options{.missing = Missing::kColumnMean};
  const Table table = nn::parse_csv("a,b\n1.5e308,1\n1.7e308,1\n,1\n", options);
  CHECK(table.data[2].inputs[0] == doctest::Approx(1.6e308));
  CHECK(parse_error("a,b\n1,1\n-inf,1\ninf,1\n,1\n", options) ==
        "nn::parse_csv: expected finite numbers to take the mean of, got -inf in column 1.");
}

TEST_CASE("csv: separators that could be a part of fields are refused on both sides") {
  const Table table = nn::parse_csv("a,b\n1,2\n");
  for (const char separator : {'"', ' ', '\n', '\r', '\0', '5', '.', '-', '+', 'e', 'x', '\x7f'}) {
    const std::string error =
        ": expected a separator that is not a quote, a blank, a control character or a part of "
        "numbers or words, got the character " +
        std::to_string(static_cast<int>(separator)) + ".";
    CHECK(write_error(table, separator) == "nn::to_csv" + error);
    if (separator == ' ') continue;  // for reading it stands for any number of blanks and tabs
    CHECK(parse_error("a,b\n1,2\n", {.separator = separator}) == "nn::parse_csv" + error);
  }
  for (const char separator : {';', '\t', '|', ':', '#', '\''}) {
    const std::string text = nn::to_csv(table, separator);
    CHECK(nn::parse_csv(text, {.separator = separator}).data[0].targets == Numbers{2});
  }
}

TEST_CASE("csv: tables that could not be read back are not written") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const struct {
    Table table;
    std::string message;
  } cases[] = {
      {{.data = {{{1, 2}, {3}}}, .inputs = {"a", "b"}, .targets = {"a"}},
       "columns with different names, got 'a' twice."},
      {{.data = {{{1}, {3}}}, .inputs = {"1"}, .targets = {"2"}},
       "a name of a column that is not a number, got numbers only."},
      {{.data = {{{1}, {1, 0}}}, .classes = {"a", "a"}},
       "classes with different names, got 'a' twice."},
      {{.data = {{{1}, {1, 0}}}, .classes = {"nan", "b"}},
       "classes with names that are not NaN, got 'nan'."},
      {{.data = {{{1}, {nan}}}}, "targets that are numbers, got NaN in row 0."},
      {{.data = {{{1}, {}}}}, "at least one input and one target, got 1 input and 0 targets."},
      {{.data = {{{}, {1}}}}, "at least one input and one target, got 0 inputs and 1 target."},
      {{.data = {{{1}, nn::one_hot(0, 1001)}}, .classes = std::vector<std::string>(1001, "a")},
       "classes with different names, got 'a' twice."},
  };
  for (const auto& each : cases)
    CHECK(write_error(each.table) == "nn::to_csv: expected " + each.message);
}

TEST_CASE("csv: strange names of columns and classes read back") {
  const std::vector<std::string> names{"\xEF\xBB\xBFmark",
                                       "1",
                                       "nan",
                                       "NA",
                                       "?",
                                       " a ",
                                       "\"",
                                       "a\"b",
                                       "x,y",
                                       "x;y",
                                       "\n",
                                       "\t",
                                       "0x10",
                                       "1,5",
                                       "-",
                                       "é",
                                       "#a"};
  for (const char separator : {',', ';', '\t', '#'}) {
    Table table;
    table.inputs = names;
    table.targets = {"class"};
    for (const std::string& name : names)
      if (name != "nan") table.classes.push_back(name);
    for (std::size_t k = 0; k < table.classes.size(); ++k) {
      table.data.push_back(
          {Numbers(names.size(), static_cast<double>(k)), nn::one_hot(k, table.classes.size())});
    }
    const std::string text = nn::to_csv(table, separator);
    const Table back = nn::parse_csv(text, {.separator = separator, .classes = table.classes});
    CHECK(back.inputs == table.inputs);
    CHECK(back.classes == table.classes);
    REQUIRE(back.data.size() == table.data.size());
    for (std::size_t i = 0; i < back.data.size(); ++i) {
      CHECK(back.data[i].inputs == table.data[i].inputs);
      CHECK(back.data[i].targets == table.data[i].targets);
    }
  }
}

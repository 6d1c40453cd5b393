// Cells: files as people have them, as text.

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>
#include <tests/support/nn_files.hpp>

using nn::CellOptions;
using nn::Cells;
using Names = std::vector<std::string>;

namespace {

std::string error_of(const std::string& text, const CellOptions& options = {}) {
  return helpers::error_of([&] { nn::parse_cells(text, options); });
}

}  // namespace

TEST_CASE("cells: fields between runs of blanks and tabs, with quotes") {
  const std::string text =
      "18.0   8   307.0\t\"chevrolet chevelle malibu\"\n"
      "  15.0   8   ?    \t\"buick skylark 320\"  \n"
      "\n"
      "14\t\t8\t455.0 \"a \"\"b\"\"\"";
  const Cells cells = nn::parse_cells(text, {.header = false, .separator = ' '});
  CHECK(cells.names == Names{"1", "2", "3", "4"});
  REQUIRE(cells.rows.size() == 3);
  CHECK(cells.rows[0].cells == Names{"18.0", "8", "307.0", "chevrolet chevelle malibu"});
  CHECK(cells.rows[1].cells == Names{"15.0", "8", "", "buick skylark 320"});
  CHECK(cells.rows[2].cells == Names{"14", "8", "455.0", "a \"b\""});
  CHECK(cells.rows[2].line == 4);
}

TEST_CASE("cells: lines of remarks are passed over, wherever they are") {
  const Cells cells =
      nn::parse_cells("|1x3 Cross validator\na, b\n|\n1, 2\n | x\n3, 4\n|end", {.comment = "|"});
  CHECK(cells.names == Names{"a", "b"});
  REQUIRE(cells.rows.size() == 2);
  CHECK(cells.rows[1].cells == Names{"3", "4"});
  CHECK(cells.rows[1].line == 6);
}

TEST_CASE("cells: numbers with a decimal comma") {
  const CellOptions options{.separator = ';', .decimal_comma = true};
  const Cells cells = nn::parse_cells("a;b;c\n1,5;-0,25;\"x,y\"\n1e3;2,5e-1;1,000,000\n", options);
  CHECK(cells.rows[0].cells == Names{"1.5", "-0.25", "x,y"});
  CHECK(cells.rows[1].cells == Names{"1e3", "2.5e-1", "1,000,000"});
  CHECK(error_of("a,b\n1,2\n", {.decimal_comma = true}) ==
        "nn::parse_cells: expected a separator beside the decimal comma, got a comma too.");
}

TEST_CASE("cells: what is missing is empty, unless it is quoted") {
  const Cells cells = nn::parse_cells("a,b,c,d,e\n,NA,?,nan,\"NA\"\n");
  CHECK(cells.rows[0].cells == Names{"", "", "", "", "NA"});
}

TEST_CASE("cells: rows are chosen by their places or by what a column says") {
  const Cells cells = nn::parse_cells("set,x\ntrain,1\ntest,2\ntrain,3\n");
  const std::size_t places[] = {2, 0};
  CHECK(cells.selected(places).rows[0].cells == Names{"train", "3"});
  const auto [test, train] = cells.divided("set", "test");
  CHECK(test.rows.size() == 1);
  CHECK(train.rows.size() == 2);
  CHECK(train.names == cells.names);
  CHECK(helpers::error_of([&] { (void)cells.divided("Set", "test"); }) ==
        "nn::parse_cells: expected one of the columns set, x, got 'Set'.");
  const std::size_t wrong[] = {3};
  CHECK(helpers::error_of([&] { (void)cells.selected(wrong); }).find("below 3") !=
        std::string::npos);
}

TEST_CASE("cells: texts that are no table are refused with line and column") {
  CHECK(error_of("a,b\n1,2,3\n") ==
        "nn::parse_cells, line 2, column 2: expected 2 fields, as in the first line, got 3.");
  CHECK(error_of("a b\n1\n", {.separator = ' '}) ==
        "nn::parse_cells, line 2, column 1: expected 2 fields, as in the first line, got 1.");
  CHECK(error_of("a,a\n1,2\n") ==
        "nn::parse_cells, line 1, column 2: expected columns with different names, got 'a' again.");
  CHECK(error_of("1,2\n3,4\n") ==
        "nn::parse_cells, line 1, column 1: expected the names of the columns (or "
        "CellOptions::header = false), got numbers only.");
  for (const char* empty : {"", "\n\n", "a,b\n", "# x\n"})
    CHECK(error_of(empty, {.comment = "#"}) ==
          "nn::parse_cells: expected at least one row, got none.");
  CHECK(error_of(std::string("\x7f"
                             "ELF\x02\x01")) ==
        "nn::parse_cells, line 1, column 1: expected text, got the control character 127, as in "
        "files of other kinds.");
  CHECK(error_of("a,b\n\"1,2\n") ==
        "nn::parse_cells, line 2, column 1: expected a quote that is closed, got the end of the "
        "text.");
}

TEST_CASE("cells: a file is named in messages") {
  const files::Folder folder;
  const auto path = folder.path / "table.csv";
  files::write(path, "a,b\n1,2\n");
  CHECK(nn::read_cells(path).rows.size() == 1);
  files::write(path, "a,b\n1\n");
  const std::string error = helpers::error_of([&] { nn::read_cells(path); });
  CHECK(error.find("table.csv', line 2, column 1: expected 2 fields") != std::string::npos);
  CHECK(helpers::error_of([&] { nn::read_cells(folder.path); }) != "");
  CHECK(helpers::error_of([&] { nn::read_cells(path, {.max_bytes = 3}); }) != "");
}

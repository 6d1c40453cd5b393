// CSV: what is read, what is refused and where.

#include <cmath>
#include <cstdint>
#include <string>
#include <sys/stat.h>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/nn_files.hpp>
#include <tests/support/nn_helpers.hpp>

using autograd::Error;
using files::Folder;
using files::write;
using networks::Numbers;
using nn::ClassTargets;
using nn::CsvOptions;
using nn::Missing;
using nn::Table;
using Names = std::vector<std::string>;

namespace fs = files::fs;

TEST_CASE("csv: numbers under a header, the last column the target") {
  const Table table = nn::parse_csv("height,width,price\n1,2.5,-3\n4e2,.5,+6\n");
  CHECK(table.inputs == Names{"height", "width"});
  CHECK(table.targets == Names{"price"});
  CHECK(table.classes.empty());
  REQUIRE(table.data.size() == 2);
  CHECK(table.data[0].inputs == Numbers{1, 2.5});
  CHECK(table.data[0].targets == Numbers{-3});
  CHECK(table.data[1].inputs == Numbers{400, 0.5});
  CHECK(table.data[1].targets == Numbers{6});
}

TEST_CASE("csv: without a header there are no names") {
  const Table table = nn::parse_csv("1,2\n3,4", {.header = false});
  CHECK(table.inputs.empty());
  CHECK(table.targets.empty());
  REQUIRE(table.data.size() == 2);
  CHECK(table.data[1].targets == Numbers{4});
}

TEST_CASE("csv: targets are chosen by name, or by number without a header, in the order given") {
  const Table named = nn::parse_csv("a,b,c\n1,2,3\n", {.targets = {"c", "a"}});
  CHECK(named.inputs == Names{"b"});
  CHECK(named.targets == Names{"c", "a"});
  CHECK(named.data[0].inputs == Numbers{2});
  CHECK(named.data[0].targets == Numbers{3, 1});
  const Table numbered = nn::parse_csv("1,2,3\n", {.header = false, .targets = {"1"}});
  CHECK(numbered.data[0].inputs == Numbers{2, 3});
  CHECK(numbered.data[0].targets == Numbers{1});
}

TEST_CASE("csv: the same table in other dress") {
  const Table plain = nn::parse_csv("a,b\n1,2\n3,4\n");
  const struct {
    const char* dress;
    std::string text;
    char separator = ',';
  } cases[] = {
      {"CRLF", "a,b\r\n1,2\r\n3,4\r\n"},
      {"no last line break", "a,b\n1,2\n3,4"},
      {"empty lines", "\n\na,b\n1,2\n\n  \n3,4\n\n"},
      {"quotes", "\"a\",b\n\"1\",2\n3,\"4\"\n"},
      {"blanks", " a ,\tb\n 1, 2 \n3 , \"4\" \n"},
      {"a byte order mark",
       "\xEF\xBB\xBF"
       "a,b\n1,2\n3,4\n"},
      {"semicolons", "a;b\n1;2\n3;4\n", ';'},
      {"tabs", "a\tb\n1\t2\n3\t4\n", '\t'},
  };
  for (const auto& each : cases) {
    CAPTURE(each.dress);
    const Table table = nn::parse_csv(each.text, {.separator = each.separator});
    CHECK(table.inputs == plain.inputs);
    CHECK(table.targets == plain.targets);
    REQUIRE(table.data.size() == 2);
    CHECK(table.data[0].inputs == Numbers{1});
    CHECK(table.data[1].targets == Numbers{4});
  }
}

TEST_CASE("csv: between tabs there may be nothing") {
  const Table table =
      nn::parse_csv("a\tb\tc\td\n\t2\t\t4\n", {.separator = '\t', .missing = Missing::kNumber});
  CHECK(table.data[0].inputs == Numbers{0, 2, 0});
  CHECK(table.data[0].targets == Numbers{4});
}

TEST_CASE("csv: quotes hold separators, line breaks and quotes") {
  const Table table =
      nn::parse_csv("\"a,b\",\"c\r\nd\",\"the \"\"best\"\"\"\n1,2,\" x, y\"\n3,4,\"\"\"\"\n");
  CHECK(table.inputs == Names{"a,b", "c\r\nd"});
  CHECK(table.targets == Names{"the \"best\""});
  CHECK(table.classes == Names{" x, y", "\""});
}

// ---- classes ----

TEST_CASE("csv: names of classes become one-hot targets, in the order of the alphabet") {
  const Table table = nn::parse_csv("x,kind\n1,pear\n2,apple\n3,pear\n4,fig\n");
  CHECK(table.classes == Names{"apple", "fig", "pear"});
  CHECK(table.data[0].targets == Numbers{0, 0, 1});
  CHECK(table.data[1].targets == Numbers{1, 0, 0});
  CHECK(table.data[2].targets == Numbers{0, 0, 1});
  CHECK(table.data[3].targets == Numbers{0, 1, 0});
}

TEST_CASE("csv: two classes may be one number") {
  const std::string text = "x,kind\n1,yes\n2,no\n";
  const Table bits = nn::parse_csv(text, {.class_targets = ClassTargets::kZeroOne});
  CHECK(bits.classes == Names{"no", "yes"});
  CHECK(bits.data[0].targets == Numbers{1});
  CHECK(bits.data[1].targets == Numbers{0});
  const Table signs = nn::parse_csv(text, {.class_targets = ClassTargets::kPlusMinusOne});
  CHECK(signs.data[0].targets == Numbers{1});
  CHECK(signs.data[1].targets == Numbers{-1});
}

TEST_CASE("csv: given classes fix the order, and numbers may be names") {
  const Table given = nn::parse_csv("x,kind\n1,b\n", {.classes = {"c", "b", "a"}});
  CHECK(given.classes == Names{"c", "b", "a"});
  CHECK(given.data[0].targets == Numbers{0, 1, 0});
  const Table digits = nn::parse_csv("x,digit\n1,7\n2,3\n", {.numbers_are_classes = true});
  CHECK(digits.classes == Names{"3", "7"});
  CHECK(digits.data[0].targets == Numbers{0, 1});
}

// ---- missing values ----

TEST_CASE("csv: a missing input is a number or the mean of its column, if the caller says so") {
  for (const std::string missing : {"", "  ", "NA", "nan", "NaN", "?", "\"\""}) {
    CAPTURE(missing);
    const std::string text = "a,b,c\n1,10,0\n" + missing + ",20,0\n3,30,0\n";
    const Table number = nn::parse_csv(text, {.missing = Missing::kNumber, .missing_number = -7});
    CHECK(number.data[1].inputs == Numbers{-7, 20});
    const Table mean = nn::parse_csv(text, {.missing = Missing::kColumnMean});
    CHECK(mean.data[1].inputs == Numbers{2, 20});
    CHECK(mean.data[2].inputs == Numbers{3, 30});
    CHECK_THROWS_WITH_AS(nn::parse_csv(text),
                         "nn::parse_csv, line 3, column 1: expected a number (or another "
                         "CsvOptions::missing), got none: it is missing.",
                         Error);
  }
}

// ---- errors ----

TEST_CASE("csv: what is wrong is refused, with line and column") {
  const struct {
    std::string text, message;
    CsvOptions options = {};
  } cases[] = {
      {"", ": expected at least one row of numbers, got none."},
      {"\n \n", ": expected at least one row of numbers, got none."},
      {"a,b\n", ": expected at least one row of numbers, got none."},
      {"a,b\n1,2\n3\n", ", line 3, column 1: expected 2 fields, as in the first line, got 1."},
      {"a,b\n1,2,\n", ", line 2, column 2: expected 2 fields, as in the first line, got 3."},
      {"a,b\n1,2\n\n3,4,5\n",
       ", line 4, column 2: expected 2 fields, as in the first line, got 3."},
      {"a,b\nx,2\n", ", line 2, column 1: expected a number, got 'x'."},
      {"a,b\n1.2.3,2\n", ", line 2, column 1: expected a number, got '1.2.3'."},
      {"a,b\n+-1,2\n", ", line 2, column 1: expected a number, got '+-1'."},
      {"a,b\n0x10,2\n", ", line 2, column 1: expected a number, got '0x10'."},
      {"a,b\n\"1,5\",2\n", ", line 2, column 1: expected a number, got '1,5'."},
      {"a,b\n1e999,2\n",
       ", line 2, column 1: expected a number in the range of double, got '1e999'."},
      {"a,b\n1,\n", ", line 2, column 2: expected a target, got none: it is missing."},
      {"a,b\n1,2\n1,NA\n",
       ", line 3, column 2: expected a target, got none: it is missing.",
       {.missing = Missing::kNumber}},
      {"a,b\n1,2\n3,four\n", ", line 3, column 2: expected a number, got 'four'."},
      {"a,b\n1,two\n3,4\n",
       ", line 3, column 2: expected the name of a class, as in line 2 (or "
       "CsvOptions::numbers_are_classes), got the number '4'."},
      {"a,b\n1,x\n",
       ", line 2, column 2: expected one of the classes y, z, got 'x'.",
       {.classes = {"y", "z"}}},
      {"a,b\n1,x\n2,y\n3,z\n",
       ": expected two classes for targets that are one number, got 3: x, y, z.",
       {.class_targets = ClassTargets::kZeroOne}},
      {"a,b,c\n1,x,2\n",
       ", line 2, column 2: expected a number, got 'x'.",
       {.targets = {"b", "c"}}},
      {"1,2\n3,4\n",
       ", line 1, column 1: expected the names of the columns (or CsvOptions::header = false), "
       "got numbers only."},
      {"a,b,a\n1,2,3\n",
       ", line 1, column 3: expected columns with different names, got 'a' again."},
      {"a,b\n1,2\n",
       ": expected a target that is one of the columns a, b, got 'c'.",
       {.targets = {"c"}}},
      {"a,b\n1,2\n",
       ": expected different columns as targets, got 'b' again.",
       {.targets = {"b", "b"}}},
      {"a\n1\n", ": expected at least one column besides the targets, got 1 column."},
      {"a,b\n,1\n,2\n",
       ": expected at least one number to take the mean of, got none in column 1.",
       {.missing = Missing::kColumnMean}},
      {"a,b\n1,\"2\n3,4\n",
       ", line 2, column 2: expected a quote that is closed, got the end of the text."},
      {"a,\"b\nc\"\n1,2\n\"3\n",
       ", line 4, column 1: expected a quote that is closed, got the end of the text."},
      {"a,b\n1,2\"\n",
       ", line 2, column 2: expected a quote only around a whole field, got one within '2\"'."},
      {"a,b\n\"1\"2,3\n",
       ", line 2, column 1: expected a separator or the end of the line after '1', got '2'."},
      {"a,b\n1,2\r3,4\n",
       ", line 2, column 2: expected lines that end in LF or CRLF, got a CR alone."},
      {std::string("a,b\n1,2\0", 8),
       ", line 2, column 2: expected text, got the control character 0, as in files of other "
       "kinds."},
      {"\x7f"
       "ELF\x02\x01",
       ", line 1, column 1: expected text, got the control character 127, as in files of other "
       "kinds."},
      {"a,b\n1,2\n",
       ": expected a separator that is not a quote, a blank, a control character or a part of "
       "numbers or words, got the character 34.",
       {.separator = '"'}},
      {"a,b\n1,2\n",
       ": expected classes with different names, got y, z, y.",
       {.classes = {"y", "z", "y"}}},
      {"a,b\ninf,1\n,2\n",
       ": expected finite numbers to take the mean of, got inf in column 1.",
       {.missing = Missing::kColumnMean}},
  };
  for (const auto& each : cases) {
    CAPTURE(each.text);
    const std::string got = helpers::error_of([&] { nn::parse_csv(each.text, each.options); });
    CHECK(got == "nn::parse_csv" + each.message);
  }
}

TEST_CASE("csv: what would grow without bounds is refused") {
  std::string ids = "x,id\n";
  for (int i = 0; i < 1001; ++i) ids += "1,n" + std::to_string(i) + "\n";
  CHECK_THROWS_WITH_AS(
      nn::parse_csv(ids),
      "nn::parse_csv, line 1002, column 2: expected at most 1000 classes, got one more, 'n1000'.",
      Error);
  CHECK_THROWS_WITH_AS(
      nn::parse_csv("a,b\n" + std::string(100000, 'x') + ",2\n"),
      ("nn::parse_csv, line 2, column 1: expected a number, got '" + std::string(40, 'x') + "...'.")
          .c_str(),
      Error);
  // Were the names of many columns compared with each other, this would not come to an end.
  const nn::Table wide = nn::parse_csv("0" + std::string(400000, ',') + "0\n",
                                       {.header = false, .missing = Missing::kNumber});
  CHECK(wide.data[0].inputs.size() == 400000);
}

TEST_CASE("csv: files that cannot be, or should not be read, are refused by name") {
  const Folder folder;
  const fs::path file = folder.path / "data.csv";
  const std::string quoted = std::string("'").append(file.string()).append("'");

  SUBCASE("none") {
    CHECK_THROWS_WITH_AS(nn::read_csv(file),
                         ("cannot read " + quoted +
                          ": No such file or directory. Give the path of a file that exists and "
                          "may be read.")
                             .c_str(),
                         Error);
  }
  SUBCASE("a directory") {
    CHECK_THROWS_WITH_AS(
        nn::read_csv(folder.path),
        ("cannot read '" + folder.path.string() + "': expected a regular file, got a directory.")
            .c_str(),
        Error);
  }
  SUBCASE("a device without end") {
    CHECK_THROWS_WITH_AS(
        nn::read_csv("/dev/zero"),
        "cannot read '/dev/zero': expected a regular file, got a device or a pipe.", Error);
  }
  SUBCASE("a pipe that nobody writes to") {
    REQUIRE(mkfifo(file.c_str(), 0600) == 0);
    CHECK_THROWS_AS(nn::read_csv(file), Error);
  }
  SUBCASE("one that is too long") {
    write(file, "a,b\n1,2\n");
    CHECK_THROWS_WITH_AS(nn::read_csv(file, {.max_bytes = 7}),
                         ("cannot read " + quoted + ": expected at most 7 bytes, got 8.").c_str(),
                         Error);
    CHECK(nn::read_csv(file, {.max_bytes = 8}).data.size() == 1);
  }
  SUBCASE("one of a gigabyte, which takes no room on the disk") {
    write(file, "");
    fs::resize_file(file, std::uintmax_t{1} << 30);
    CHECK_THROWS_AS(nn::read_csv(file), Error);
  }
  SUBCASE("one that is no text") {
    write(file, std::string(100, '\0'));
    CHECK_THROWS_WITH_AS(nn::read_csv(file),
                         ("nn::read_csv: " + quoted +
                          ", line 1, column 1: expected text, got the control character 0, as in "
                          "files of other kinds.")
                             .c_str(),
                         Error);
  }
}

// Columns: how cells become numbers, in files of the shapes that people have.

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>

using nn::Cells;
using nn::ClassTargets;
using nn::ColumnOptions;
using nn::Columns;
using nn::Missing;
using nn::Table;
using Names = std::vector<std::string>;
using Numbers = std::vector<double>;

namespace {

Table table_of(const Cells& cells, const ColumnOptions& options) {
  return Columns::choose(cells, options).table(cells);
}

std::string error_of(const std::string& text, const ColumnOptions& options = {}) {
  return helpers::error_of([&] {
    const Cells cells = nn::parse_cells(text);
    (void)table_of(cells, options);
  });
}

}  // namespace

TEST_CASE("columns: the shape of auto-mpg: no header, runs of blanks, ?, a quoted name") {
  const Cells cells = nn::parse_cells(
      "18.0   8   307.0      130.0      3504.      12.0   70  1\t\"chevrolet chevelle malibu\"\n"
      "25.0   4   98.00      ?          2046.      19.0   71  1\t\"ford pinto\"\n"
      "24.0   4   113.0      95.00      2372.      15.0   70  3\t\"toyota corona mark ii\"\n",
      {.header = false, .separator = ' '});
  const Table table = table_of(
      cells,
      {.targets = {"1"}, .dropped = {"9"}, .one_hot = {"8"}, .missing = Missing::kColumnMean});
  CHECK(table.inputs == Names{"2", "3", "4", "5", "6", "7", "8=1", "8=3"});
  CHECK(table.data[1].inputs == Numbers{4, 98, 112.5, 2046, 19, 71, 1, 0});
  CHECK(table.data[2].inputs == Numbers{4, 113, 95, 2372, 15, 70, 0, 1});
  CHECK(table.data[0].targets == Numbers{18});
}

TEST_CASE("columns: the shape of adult: blanks behind commas, ?, a test file with points") {
  const Cells train = nn::parse_cells(
      "39, State-gov, 77516, Bachelors, 13, <=50K\n"
      "50, ?, 83311, Bachelors, 13, >50K\n"
      "38, Private, 215646, HS-grad, 9, <=50K\n\n",
      {.header = false});
  const Cells test = nn::parse_cells(
      "|1x3 Cross validator\n25, Private, 226802, 11th, 7, <=50K.\n38, ?, 89814, HS-grad, 9, "
      ">50K.\n",
      {.header = false, .comment = "|"});
  const Columns columns = Columns::choose(train, {.dropped = {"3", "4"},
                                                  .one_hot = {"2"},
                                                  .missing = Missing::kColumnMean,
                                                  .class_targets = ClassTargets::kZeroOne});
  CHECK(columns.classes == Names{"<=50K", ">50K"});
  const Table rows = columns.table(train), tests = columns.table(test);
  CHECK(rows.data[1].inputs == Numbers{50, 0, 0, 13});
  CHECK(rows.data[1].targets == Numbers{1});
  CHECK(tests.inputs == Names{"1", "2=Private", "2=State-gov", "5"});
  CHECK(tests.data[0].inputs == Numbers{25, 1, 0, 7});
  CHECK(tests.data[0].targets == Numbers{0});
  CHECK(tests.data[1].targets == Numbers{1});
}

TEST_CASE("columns: the shape of seeds: doubled tabs, classes that are numbers") {
  const Cells cells = nn::parse_cells(
      "15.26\t14.84\t0.871\t1\n14.88\t\t14.57\t0.8811\t\t2\n13.5\t13.85\t0.8852\t10\n"
      "12.1\t13.15\t0.8793\t2\n",
      {.header = false, .separator = ' '});
  const Table table = table_of(cells, {.numbers_are_classes = true});
  CHECK(table.classes == Names{"1", "2", "10"});  // and not 1, 10, 2
  CHECK(table.data[1].inputs == Numbers{14.88, 14.57, 0.8811});
  CHECK(table.data[2].targets == Numbers{0, 0, 1});
}

TEST_CASE("columns: the shape of housing: blanks on the left, no header, all numbers") {
  const Cells cells = nn::parse_cells(
      " 0.00632  18.00   2.310  0  0.5380  24.00\n 0.02731   0.00   7.070  0  0.4690  21.60\n",
      {.header = false, .separator = ' '});
  const Table table = table_of(cells, {});
  CHECK(table.classes.empty());
  CHECK(table.targets == Names{"6"});
  CHECK(table.data[1].inputs == Numbers{0.02731, 0, 7.07, 0, 0.469});
  CHECK(table.data[1].targets == Numbers{21.6});
}

TEST_CASE("columns: the shape of titanic: a header, names with commas, empty ages") {
  const Cells cells = nn::parse_cells(
      "PassengerId,Survived,Pclass,Name,Sex,Age,Embarked\n"
      "1,0,3,\"Braund, Mr. Owen Harris\",male,22,S\n"
      "2,1,1,\"Cumings, Mrs. John (Florence \"\"B\"\")\",female,38,C\n"
      "3,1,3,\"Moran, Mr. James\",male,,\n");
  const Columns columns = Columns::choose(cells, {.targets = {"Survived"},
                                                  .dropped = {"PassengerId", "Name"},
                                                  .one_hot = {"Embarked"},
                                                  .ordinal = {"Sex"},
                                                  .missing = Missing::kColumnMean,
                                                  .numbers_are_classes = true,
                                                  .class_targets = ClassTargets::kPlusMinusOne});
  const Table table = columns.table(cells);
  CHECK(table.inputs == Names{"Pclass", "Sex", "Age", "Embarked=C", "Embarked=S"});
  CHECK(table.data[0].inputs == Numbers{3, 1, 22, 0, 1});
  CHECK(table.data[2].inputs == Numbers{3, 1, 30, 0, 0});
  CHECK(table.data[1].targets == Numbers{1});
  CHECK(table.data[0].targets == Numbers{-1});

  SUBCASE("the mean of the training rows stands in later files, and columns go by their names") {
    const Cells later = nn::parse_cells("Age,Sex,Embarked,Pclass\n,female,C,1\n");
    const nn::Data rows = columns.rows(later);
    CHECK(rows[0].inputs == Numbers{1, 0, 30, 1, 0});
    CHECK(rows[0].targets.empty());
    CHECK(helpers::error_of([&] { (void)columns.table(later); }).find("'Survived'") !=
          std::string::npos);
  }
  SUBCASE("a category that is unknown is an error") {
    const Cells later = nn::parse_cells("Age,Sex,Embarked,Pclass\n1,other,C,1\n");
    CHECK(helpers::error_of([&] { (void)columns.rows(later); }) ==
          "nn::parse_cells, line 2, column 'Sex': expected one of the categories female, male, got "
          "'other'.");
  }
}

TEST_CASE("columns: text, dates and other numbers say what can be done about them") {
  const std::string where = "nn::parse_cells, line 3, column 'a': expected ";
  CHECK(error_of("a,b\n1,2\nRome,3\n") ==
        where + "a number (a column of text is one_hot, ordinal or dropped), got 'Rome'.");
  for (const char* date :
       {"2020-01-31", "31.1.20", "1/31/2020", "2020-01-31 12:00", "2020-01-31T1"})
    CHECK(error_of("a,b\n1,2\n" + std::string(date) + ",3\n") ==
          where +
              "a number (a date is none: drop the column, or make numbers of it, as the year), "
              "got '" +
              date + "'.");
  CHECK(error_of("a,b\n1,2\n\"1,5\",3\n") ==
        where + "a number with a point (or CellOptions::decimal_comma), got '1,5'.");
  CHECK(error_of("a,b\n1,2\n1e999,3\n") ==
        where + "a finite number in the range of double, got '1e999'.");
  CHECK(error_of("a,b\n1,2\n,3\n") ==
        where + "a number (or another ColumnOptions::missing), got none: it is missing.");
  CHECK(error_of("a,day\n1,2020-01-31\n2,2020-02-01\n").find("a date is none") !=
        std::string::npos);
}

TEST_CASE("columns: a column has one part to play") {
  const std::string text = "a,b,c\n1,2,3\n";
  CHECK(error_of(text, {.targets = {"d"}}).find("one of the columns a, b, c, got 'd'") !=
        std::string::npos);
  CHECK(error_of(text, {.dropped = {"c", "c"}}).find("'c' twice") != std::string::npos);
  CHECK(error_of(text, {.targets = {"c"}, .dropped = {"c"}}).find("'c' twice") !=
        std::string::npos);
  CHECK(error_of(text, {.targets = {"c"}, .one_hot = {"c"}}).find("'c' twice") !=
        std::string::npos);
  CHECK(error_of(text, {.one_hot = {"a"}, .ordinal = {"a"}}).find("'a' twice") !=
        std::string::npos);
  CHECK(error_of(text, {.dropped = {"a", "b"}}).find("at least one column of inputs") !=
        std::string::npos);
  CHECK(table_of(nn::parse_cells(text), {.inputs = {"b"}}).data[0].inputs == Numbers{2});
  CHECK(table_of(nn::parse_cells(text), {.dropped = {"c"}}).targets == Names{"b"});
}

TEST_CASE("columns: classes, and targets that are not those of two") {
  const std::string text = "a,b\n1,no\n2,yes\n3,perhaps\n";
  CHECK(error_of(text, {.class_targets = ClassTargets::kZeroOne}).find("3: no, perhaps, yes") !=
        std::string::npos);
  CHECK(error_of("a,b\n1,no\n2,\n").find("a target, got none") != std::string::npos);
  // Numbers in between are no classes unless that is said.
  CHECK(error_of("a,b\n1,no\n2,7\n").find("'b': expected a number") != std::string::npos);
}

TEST_CASE("columns: natural order") {
  const Names names{"10", "b2", "-1", "b10", "2", "b1", "1", "a", "b01", "1.5", ""};
  std::string text = "x,name\n";
  for (const std::string& each : names) text += "1," + (each.empty() ? "c" : each) + '\n';
  CHECK(table_of(nn::parse_cells(text), {.numbers_are_classes = true}).classes ==
        Names{"-1", "1", "1.5", "2", "10", "a", "b01", "b1", "b2", "b10", "c"});
  CHECK(nn::parse_csv("x,y\n1,c10\n1,c9\n").classes == Names{"c9", "c10"});
}

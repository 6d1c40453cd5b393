// Numbers and tables as text.

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/text.hpp>

namespace text = autograd::text;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

TEST_CASE("text: the shortest text of a number reads back to the same bits") {
  CHECK(text::shortest(0.1) == "0.1");
  CHECK(text::shortest(-0.0) == "-0");
  CHECK(text::shortest(1e300) == "1e+300");
  CHECK(text::shortest(1.0 / 3) == "0.3333333333333333");
  std::uint64_t bits = 1;
  for (int i = 0; i < 100'000; ++i) {
    bits = bits * 6364136223846793005u + 1442695040888963407u;
    const double x = std::bit_cast<double>(bits);
    double back = 0;
    REQUIRE(text::read_number(text::shortest(x), back) == text::Reading::kNumber);
    if (std::isnan(x)) {
      REQUIRE(std::isnan(back));
    } else {
      REQUIRE(std::bit_cast<std::uint64_t>(back) == bits);
    }
  }
}

TEST_CASE("text: what is not finite has one name each, and reads back") {
  CHECK(text::shortest(std::copysign(kNan, -1)) == "nan");
  CHECK(text::shortest(kInfinity) == "inf");
  CHECK(text::shortest(-kInfinity) == "-inf");
  for (const double x : {kInfinity, -kInfinity}) {
    double back = 0;
    CHECK(text::read_number(text::shortest(x), back) == text::Reading::kNumber);
    CHECK(back == x);
  }
}

TEST_CASE("text: reading takes the whole text or none of it") {
  double x = 7;
  CHECK(text::read_number("+1.5", x) == text::Reading::kNumber);
  CHECK(x == 1.5);
  for (const char* wrong : {"", "+", "+-1", "1,5", "0x10", "1 ", " 1", "1e", "one", "--1"}) {
    CHECK_MESSAGE(text::read_number(wrong, x) == text::Reading::kNoNumber, wrong);
  }
  CHECK(text::read_number("1e400", x) == text::Reading::kOutOfRange);
  CHECK(x == 1.5);
}

TEST_CASE("text: rounded numbers are as short as they can be read") {
  const auto four = [](double x) { return text::rounded(x, 4); };
  CHECK(four(-0.75) == "-0.75");
  CHECK(four(3) == "3");
  CHECK(four(0) == "0");
  CHECK(four(1.0 / 3) == "0.3333");
  CHECK(four(2.0 / 3e4) == "6.667e-5");
  CHECK(four(0.00012346) == "0.0001235");
  CHECK(four(1024) == "1024");
  CHECK(four(-12345.6) == "-12346");
  CHECK(four(999999) == "999999");
  CHECK(four(1e6) == "1e6");
  CHECK(four(1.5e100) == "1.5e100");
  CHECK(four(-5e-324) == "-4.941e-324");
  CHECK(four(kNan) == "NaN");
  CHECK(four(-kInfinity) == "-inf");
  CHECK(text::rounded(0.1, 17) == "0.10000000000000001");
  CHECK(text::rounded(1.0 / 3, 1) == "0.3");
}

TEST_CASE("text: a fixed number of decimals") {
  CHECK(text::fixed(0.5, 2) == "0.50");
  CHECK(text::fixed(-1e300, 1).size() == 304);
  CHECK(text::fixed(kNan, 2) == "nan");
}

TEST_CASE("text: a table has columns as wide as their widest cell") {
  const std::vector<text::TableRow> rows{
      {"name", "n", "m"}, {"ü", "1000", ""}, {"long name", "1", "22"}};
  CHECK(text::table(rows, "lr") ==
        "name          n   m\n"
        "ü          1000\n"
        "long name     1  22\n");
  CHECK(text::table(rows, "rl") ==
        "     name  n     m\n"
        "        ü  1000\n"
        "long name  1     22\n");
  CHECK(text::table({}, "l").empty());
}

TEST_CASE("text: characters of UTF-8") {
  const auto code = [](std::string_view text) { return text::first_character(text).code; };
  CHECK(code("a") == U'a');
  CHECK(code("\xc3\xbc") == U'\u00fc');
  CHECK(code("\xe2\x82\xac") == U'\u20ac');
  CHECK(code("\xf0\x9f\x98\x80x") == U'\U0001f600');
  CHECK(text::first_character("\xf0\x9f\x98\x80x").bytes == 4);
  CHECK(code("\xf4\x8f\xbf\xbf") == U'\U0010ffff');
  // A byte alone, one that is missing, written too long, a surrogate, beyond the last.
  for (const char* wrong : {"\xff", "\x80", "\xc3", "\xe2\x82", "\xc0\xaf", "\xe0\x80\xaf",
                            "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80"}) {
    CHECK_FALSE(code(wrong));
    CHECK_FALSE(text::is_utf8(wrong));
  }
  CHECK(text::is_utf8(""));
  CHECK(text::is_utf8("a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80"));
  CHECK_FALSE(text::is_utf8("a\xc3\xbc\xff"));
}

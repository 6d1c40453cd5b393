#include "nn/saving/json_reader.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include <autograd/text.hpp>
#include <nn/text/errors.hpp>

namespace nn::detail {

namespace text = autograd::text;

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// -? (0 | 1-9 digits) (. digits)? (e sign? digits)?
bool is_json_number(std::string_view text) {
  const auto skip = [&](std::string_view any) {
    if (text.empty() || any.find(text[0]) == std::string_view::npos) return false;
    text.remove_prefix(1);
    return true;
  };
  const auto skip_digits = [&] {
    const std::size_t before = text.size();
    while (!text.empty() && is_digit(text[0])) text.remove_prefix(1);
    return text.size() < before;
  };
  skip("-");
  if (!skip("0") && !skip_digits()) return false;
  if (skip(".") && !skip_digits()) return false;
  if (skip("eE")) {
    skip("+-");
    if (!skip_digits()) return false;
  }
  return text.empty();
}

void append_utf8(std::string& result, std::uint32_t code) {
  const auto append = [&](std::uint32_t byte) { result += static_cast<char>(byte); };
  const auto append_rest = [&](int shift) { append(0x80 | ((code >> shift) & 0x3f)); };
  if (code < 0x80) {
    append(code);
  } else if (code < 0x800) {
    append(0xc0 | (code >> 6));
    append_rest(0);
  } else if (code < 0x10000) {
    append(0xe0 | (code >> 12));
    append_rest(6), append_rest(0);
  } else {
    append(0xf0 | (code >> 18));
    append_rest(12), append_rest(6), append_rest(0);
  }
}

}  // namespace

JsonReader::JsonReader(std::string_view text, std::string what)
    : text_(text), what_(std::move(what)) {}

void JsonReader::object(std::span<const Member> members) {
  expect('{', "an object, {...}");
  std::vector<bool> seen(members.size(), false);
  for (bool is_first = true; skip_to_next('}', is_first);) {
    const std::string key = string();
    const auto member = std::ranges::find(members, key, &Member::key);
    if (member == members.end()) {
      std::string known;
      for (const Member& each : members)
        known += (known.empty() ? "" : ", ") + std::string(each.key);
      fail("one of " + known, '\'' + key.substr(0, 40) + '\'');
    }
    const auto index = static_cast<std::size_t>(member - members.begin());
    if (seen[index]) fail('\'' + key + "' once", "it again");
    seen[index] = true;
    expect(':', "':'");
    member->read();
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (members[i].is_required && !seen[i]) {
      fail('\'' + std::string(members[i].key) + "' in the object that ends here", "none");
    }
  }
}

void JsonReader::list(const std::function<void()>& item) {
  expect('[', "a list, [...]");
  for (bool is_first = true; skip_to_next(']', is_first);) item();
}

double JsonReader::number() {
  skip_blanks();
  const std::string expected = "a number, or \"nan\", \"inf\" or \"-inf\"";
  double result = 0;
  for (const std::string_view name : {"nan", "inf", "-inf"}) {
    if (!text_.substr(at_).starts_with('"' + std::string(name) + '"')) continue;
    at_ += name.size() + 2;
    text::read_number(name, result);
    return result;
  }
  const std::string given = next();
  const std::string_view text = word();
  if (!is_json_number(text)) fail(expected, given);
  if (text::read_number(text, result) != text::Reading::kNumber)
    fail("a number of type double", given);
  return result;
}

std::uint64_t JsonReader::whole_number() {
  skip_blanks();
  const std::string given = next();
  const std::string_view text = word();
  const bool is_digits = is_json_number(text) && std::ranges::all_of(text, is_digit);
  std::uint64_t result = 0;
  if (!is_digits ||
      std::from_chars(text.data(), text.data() + text.size(), result).ec != std::errc()) {
    fail("a whole number of at most 64 bits", given);
  }
  return result;
}

bool JsonReader::boolean() {
  skip_blanks();
  const std::string given = next();
  const std::string_view text = word();
  if (text != "true" && text != "false") fail("true or false", given);
  return text == "true";
}

std::string JsonReader::string() {
  expect('"', "a text, \"...\"");
  const std::size_t begin = begin_;
  std::string result;
  while (at_ < text_.size() && text_[at_] != '"') {
    const char c = text_[at_++];
    if (static_cast<unsigned char>(c) < 0x20) {
      begin_ = at_ - 1;
      fail("the end of the text, '\"'", "a line break or control character");
    }
    if (c == '\\') {
      append_code_point(result);
    } else {
      result += c;
    }
  }
  begin_ = begin;
  if (!skip('"')) fail("the end of the text, '\"'", "the end of the file");
  begin_ = begin;
  if (!text::is_utf8(result)) fail("text in UTF-8", "bytes that are none");
  return result;
}

// What follows a backslash.
void JsonReader::append_code_point(std::string& result) {
  begin_ = at_ - 1;
  const char c = at_ < text_.size() ? text_[at_++] : '\0';
  constexpr std::string_view kNames = "\"\\/bfnrt", kMeanings = "\"\\/\b\f\n\r\t";
  if (const std::size_t i = kNames.find(c); i != std::string_view::npos) {
    result += kMeanings[i];
    return;
  }
  const std::string expected = "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX";
  if (c != 'u') fail(expected, "another character after '\\'");
  std::uint32_t code = code_unit();
  // Beyond 16 bits: two units, the first from d800, the second from dc00 on.
  if (code >= 0xd800 && code < 0xdc00 && text_.substr(at_).starts_with("\\u")) {
    at_ += 2;
    const std::uint32_t low = code_unit();
    if (low < 0xdc00 || low > 0xdfff) fail("a pair of \\u that belong together", "another one");
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  if (code >= 0xd800 && code <= 0xdfff) fail("a pair of \\u that belong together", "half of one");
  append_utf8(result, code);
}

std::uint32_t JsonReader::code_unit() {
  const std::string_view digits = text_.substr(at_, 4);
  std::uint32_t result = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), result, 16);
  if (digits.size() < 4 || error != std::errc() || end != digits.data() + 4) {
    fail("four hexadecimal digits after \\u", "something else");
  }
  at_ += 4;
  return result;
}

void JsonReader::end() {
  skip_blanks();
  if (at_ < text_.size()) fail("the end of the file", next());
}

// Where the next thing begins.
void JsonReader::skip_blanks() {
  at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
  begin_ = at_;
}

bool JsonReader::skip(char c) {
  skip_blanks();
  if (at_ == text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

void JsonReader::expect(char c, const std::string& expected) {
  if (!skip(c)) fail(expected, next());
}

// Goes to the next item, over the comma; false behind the closing bracket.
bool JsonReader::skip_to_next(char closing, bool& is_first) {
  if (skip(closing)) return false;
  if (!is_first && !skip(',')) fail(std::string("',' or '") + closing + "'", next());
  is_first = false;
  return true;
}

// A number, true, false, null or what stands in their place.
std::string_view JsonReader::word() {
  const std::size_t end = std::min(text_.find_first_of(" \t\r\n,:[]{}\"", at_), text_.size());
  return text_.substr(std::exchange(at_, end), end - begin_);
}

// What comes next, for messages.
std::string JsonReader::next() const {
  if (at_ >= text_.size()) return "the end of the file";
  const bool is_bracket = std::string_view("[]{},:").find(text_[at_]) != std::string_view::npos;
  const std::size_t end =
      is_bracket ? at_ + 1
                 : std::min(text_.find_first_of(" \t\r\n,:[]{}\"", at_ + 1), text_.size());
  std::string result;
  for (const char c : text_.substr(at_, std::min(end - at_, std::size_t{40}))) {
    result += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
  }
  return '\'' + result + '\'';
}

void JsonReader::fail(const std::string& expected, const std::string& given) const {
  const std::string_view before = text_.substr(0, begin_);
  const auto line = std::ranges::count(before, '\n') + 1;
  const std::size_t column = begin_ - (before.rfind('\n') + 1) + 1;
  detail::fail(what_ + ", line " + std::to_string(line) + ", column " + std::to_string(column),
               expected, given);
}

}  // namespace nn::detail

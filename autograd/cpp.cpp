#include "autograd/cpp.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace autograd::cpp {

namespace {

thread_local Lines* current_lines = nullptr;

// With a blank on both sides: keywords of C++20 and of GNU C++, and what the compiler and the two
// headers define with small letters in libstdc++ and glibc. Names of their functions will do, as the
// function is one of another type.
constexpr std::string_view kTaken =
    " alignas alignof alloca and and_eq asm auto be16toh be32toh be64toh bitand bitor bool "
    "break case catch char class co_await co_return co_yield compl concept const const_cast "
    "consteval constexpr constinit continue decltype default delete do double dynamic_cast "
    "else enum errno explicit export extern false fd_mask fd_set float for friend goto "
    "htobe16 htobe32 htobe64 htole16 htole32 htole64 i386 if inline int issubnormal le16toh "
    "le32toh le64toh linux long main math_errhandling mutable namespace new noexcept not "
    "not_eq nullptr operator or or_eq private protected public register reinterpret_cast "
    "requires return short signed signgam sizeof static static_assert static_cast std struct "
    "switch template this thread_local throw true try typedef typeid typename typeof u_char "
    "u_int u_long u_short uint ulong union unix unsigned ushort using virtual void volatile "
    "while xor xor_eq ";

}  // namespace

bool is_function_name(std::string_view name) {
  const auto is_small = [](char c) { return c >= 'a' && c <= 'z'; };
  const auto is_letter = [&](char c) { return is_small(c) || (c >= 'A' && c <= 'Z'); };
  const auto may_follow = [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
  };
  if (name.empty() || !is_letter(name[0]) || !std::ranges::all_of(name, may_follow) ||
      name.find("__") != name.npos) {
    return false;
  }
  // Names of capital letters (and M_PIl) are those of macros, and names that end in _t those of types.
  const bool may_be_macro =
      name.starts_with("M_") || (name.size() > 1 && std::ranges::none_of(name, is_small));
  const bool may_be_type = name.ends_with("_t");
  return !may_be_macro && !may_be_type && kTaken.find(' ' + std::string(name) + ' ') == kTaken.npos;
}

Lines::Lines(std::string& text, std::string indent) : text_(text), indent_(std::move(indent)) {
  current_lines = this;
}
Lines::~Lines() { current_lines = nullptr; }
Lines* Lines::current() { return current_lines; }

std::string Lines::add(const char* type, const std::string& expression) {
  const std::string name = "t" + std::to_string(count_++);
  text_ += indent_ + type + " " + name + " = " + expression + ";\n";
  return name;
}

Code composed(const std::string& expression) {
  return current_lines != nullptr ? current_lines->add(expression) : "(" + expression + ")";
}
Code closed(const std::string& expression) {
  return current_lines != nullptr ? current_lines->add(expression) : expression;
}

std::string literal(double x) {
  if (std::isnan(x)) return "NAN";
  if (std::isinf(x)) return x > 0 ? "INFINITY" : "-INFINITY";
  if (std::abs(x) < 1000 && x == std::trunc(x)) {
    const std::string sign = std::signbit(x) ? "-" : "";
    return sign + std::to_string(std::abs(static_cast<int>(x))) + ".0";
  }
  std::array<char, 32> text{};
  const auto end =
      std::to_chars(text.data(), text.data() + text.size(), std::abs(x), std::chars_format::hex)
          .ptr;
  return (std::signbit(x) ? "-0x" : "0x") + std::string(text.data(), end);
}

std::string unbracketed(const std::string& expression) {
  int depth = 0;
  for (std::size_t i = 0; i < expression.size(); ++i) {
    depth += expression[i] == '(' ? 1 : expression[i] == ')' ? -1 : 0;
    if (depth == 0 && i + 1 < expression.size()) return expression;
  }
  return expression.size() < 2 ? expression : expression.substr(1, expression.size() - 2);
}

}  // namespace autograd::cpp

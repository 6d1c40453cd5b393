// JSON text (RFC 8259), written to be read by people too.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nn::detail {

class JsonWriter {
 public:
  // {...}, a member on each line: members() calls key() and writes a value, again and again.
  template <class F> void object(F members) {
    open('{');
    members();
    close('}');
  }
  // [...], an item on each line: items() calls item() and writes a value, again and again.
  template <class F> void list(F items) {
    open('[');
    items();
    close(']');
  }
  void key(std::string_view name);
  void item();

  // So that it reads back to the same bits; "nan", "inf" and "-inf" are texts.
  void value(double x);
  void value(std::uint64_t x) { text_ += std::to_string(x); }
  void value(std::same_as<bool> auto x) { text_ += x ? "true" : "false"; }
  void value(std::string_view x);
  // On one line.
  void value(std::span<const double> numbers);
  void value(std::span<const std::uint64_t> numbers);
  void value(const std::vector<std::string>& texts);

  const std::string& text() const { return text_; }

 private:
  void open(char bracket);
  void close(char bracket);
  template <class Range> void on_one_line(const Range& range);

  std::string text_, indent_;
  bool is_first_ = true;
};

}  // namespace nn::detail

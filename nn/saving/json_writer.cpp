#include "nn/saving/json_writer.hpp"

#include <cmath>

#include <autograd/text.hpp>

namespace nn::detail {

namespace text = autograd::text;

void JsonWriter::open(char bracket) {
  text_ += bracket;
  indent_ += "  ";
  is_first_ = true;
}

void JsonWriter::close(char bracket) {
  indent_.resize(indent_.size() - 2);
  if (!is_first_) text_ += '\n' + indent_;
  text_ += bracket;
  is_first_ = false;
}

void JsonWriter::item() {
  text_ += (is_first_ ? "\n" : ",\n") + indent_;
  is_first_ = false;
}

void JsonWriter::key(std::string_view name) {
  item();
  value(name);
  text_ += ": ";
}

void JsonWriter::value(double x) {
  if (std::isfinite(x)) {
    text_ += text::shortest(x);
  } else {
    value(std::string_view(text::shortest(x)));
  }
}

void JsonWriter::value(std::string_view x) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  text_ += '"';
  for (const char c : x) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20) {
      text_ += "\\u00";
      text_ += kDigits[byte >> 4];
      text_ += kDigits[byte & 15];
      continue;
    }
    if (c == '"' || c == '\\') text_ += '\\';
    text_ += c;
  }
  text_ += '"';
}

template <class Range> void JsonWriter::on_one_line(const Range& range) {
  text_ += '[';
  bool is_first = true;
  for (const auto& each : range) {
    if (!is_first) text_ += ", ";
    is_first = false;
    value(each);
  }
  text_ += ']';
}

void JsonWriter::value(std::span<const double> numbers) { on_one_line(numbers); }
void JsonWriter::value(std::span<const std::uint64_t> numbers) { on_one_line(numbers); }
void JsonWriter::value(const std::vector<std::string>& texts) { on_one_line(texts); }

}  // namespace nn::detail

// JSON text (RFC 8259), read by those who know what should come next.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nn::detail {

// Each function reads what it is named after. There is nothing that reads just anything, so that
// text which is nested deeper than it should be, or holds other things, is refused where it does.
//
// Throws: Error, with line and column, where the text is not JSON or holds something else.
// Cost:   linear; the memory of what is read, and no tree.
class JsonReader {
 public:
  struct Member {
    std::string_view key;
    std::function<void()> read;
    bool is_required = true;
  };

  // `what` begins the messages. The text must outlive this.
  JsonReader(std::string_view text, std::string what);

  // {"key": ..., ...}: calls read() of the members, in the order of the text. Each may come once.
  void object(std::span<const Member> members);
  // [..., ...]: calls item() for each.
  void list(const std::function<void()>& item);

  double number();  // or "nan", "inf", "-inf"
  std::uint64_t whole_number();
  bool boolean();
  std::string string();
  // Nothing but blanks is left.
  void end();

  // About what was read last.
  [[noreturn]] void fail(const std::string& expected, const std::string& given) const;

 private:
  void skip_blanks();
  bool skip(char c);
  void expect(char c, const std::string& expected);
  bool skip_to_next(char closing, bool& is_first);
  std::string_view word();
  std::string next() const;
  char escaped();
  std::uint32_t code_unit();
  void append_code_point(std::string& result);

  std::string_view text_;
  std::string what_;
  std::size_t at_ = 0, begin_ = 0;  // begin_: of what is read, for messages
};

}  // namespace nn::detail

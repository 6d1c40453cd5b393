#include "nn/attention.hpp"

#include <nn/text/errors.hpp>

namespace nn::detail {

void check_attention(std::size_t query, std::size_t value, std::size_t heads, std::size_t keys,
                     std::size_t values) {
  const std::string what = "nn::attention";
  if (keys == 0) fail(what, "at least one key", "none");
  if (keys != values) {
    fail(what, counted(keys, "value") + ", one for each key", std::to_string(values));
  }
  if (query == 0 || value == 0) fail(what, "rows of at least one number", "empty ones");
  if (heads == 0) fail(what, "at least one head", "none");
  if (query % heads != 0 || value % heads != 0) {
    fail(what, "lengths that " + counted(heads, "head") + " can share equally",
         std::to_string(query) + " for query and keys, " + std::to_string(value) + " for values");
  }
}

void check_attention_row(const char* what, std::size_t position, std::size_t given,
                         std::size_t expected) {
  if (given == expected) [[likely]]
    return;
  fail("nn::attention", counted(expected, "number") + " in every " + what,
       std::to_string(given) + " at position " + std::to_string(position));
}

}  // namespace nn::detail

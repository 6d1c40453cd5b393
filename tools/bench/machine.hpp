// What the numbers were measured with.
#pragma once

#include <string>
#include <string_view>

namespace bench {

struct Machine {
  std::string compiler;
  std::string flags;
  std::string processor;
  std::string date;  // UTC, as 2030-12-31
};

Machine describe_machine();

// A field of /proc/self/status in bytes, or 0: "VmRSS:" is the memory of this process.
double status_bytes(std::string_view field);

}  // namespace bench

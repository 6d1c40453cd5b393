// What the numbers were measured with.
#pragma once

#include <string>

namespace bench {

struct Machine {
  std::string compiler;
  std::string flags;
  std::string processor;
  std::string date;  // UTC, as 2030-12-31
};

Machine describe_machine();

}  // namespace bench

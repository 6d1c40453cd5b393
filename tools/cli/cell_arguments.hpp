// How the text of a table is read: the options that train, predict and inspect have in common.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include <nn/nn.hpp>

namespace cli {

class CellArguments {
 public:
  void add_to(CLI::App& command);
  nn::Cells read(const std::string& file) const;

 private:
  std::string separator_ = "auto", comment_;
  bool has_no_header_ = false, has_decimal_comma_ = false;
};

}  // namespace cli

#include "machine.hpp"

#include <array>
#include <ctime>
#include <fstream>

namespace bench {
namespace {

std::string compiler() {
#if defined(__clang__)
  return "clang++ " __clang_version__;
#elif defined(__GNUC__)
  return "g++ " __VERSION__;
#else
  return "unknown";
#endif
}

// CMake passes the flags. Without optimisation the times mean nothing.
std::string flags() {
#ifdef __OPTIMIZE__
  return BENCH_FLAGS;
#else
  return BENCH_FLAGS " (not optimised: the times mean little)";
#endif
}

std::string vector_extension() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return ", AVX-512";
  if (__builtin_cpu_supports("avx2")) return ", AVX2";
#endif
  return "";
}

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) {
      return line.substr(colon + 2) + vector_extension();
    }
  }
  return "unknown" + vector_extension();
}

std::string date() {
  const std::time_t now = std::time(nullptr);
  std::array<char, 16> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%d", std::gmtime(&now));
  return text.data();
}

}  // namespace

Machine describe_machine() { return {compiler(), flags(), processor(), date()}; }

double status_bytes(std::string_view field) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(field)) return 1024 * std::stod(line.substr(field.size() + 1));
  }
  return 0;
}

}  // namespace bench

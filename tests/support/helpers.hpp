// What several tests need: sizes that suit the build, the text of an error, the memory of the process, numeric slopes.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/error.hpp>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define AUTOGRAD_TESTS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define AUTOGRAD_TESTS_SANITIZED 1
#endif
#endif

namespace helpers {

#ifdef AUTOGRAD_TESTS_SANITIZED
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

// How long loops run, from the variable AUTOGRAD_TEST_LENGTH: `short` where every step costs much
// more, as with sanitizers; `deep` for as many random cases as there is time for at night.
enum class Length { kShort, kNormal, kDeep };
inline Length length() {
  static const Length result = [] {
    const char* const text = std::getenv("AUTOGRAD_TEST_LENGTH");
    const std::string_view name = text == nullptr ? "" : text;
    return name == "short" ? Length::kShort : name == "deep" ? Length::kDeep : Length::kNormal;
  }();
  return result;
}

// n steps, or fewer where they are to be short.
inline int scaled(int n, int shortened) { return length() == Length::kShort ? shortened : n; }

// How many random cases: n, a tenth where they are to be short, twenty times as many in the deep.
inline std::uint64_t cases(std::uint64_t n) {
  return length() == Length::kShort ? n / 10 : length() == Length::kDeep ? 20 * n : n;
}

// The text of the Error that f throws, "" if none.
template <class F> std::string error_of(const F& f) {
  try {
    f();
  } catch (const autograd::Error& error) {
    return error.what();
  }
  return "";
}

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Resident memory of the process in bytes, 0 where the system does not tell or a sanitizer adds its
// own to it.
inline std::size_t resident_bytes() {
  if (kSanitized) return 0;
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0, resident = 0;
  return statm >> total >> resident ? resident * 4096 : 0;
}

// df/dx_i by central differences.
template <class F> double slope(const F& f, std::vector<double> x, std::size_t i) {
  const double at = x[i], step = 1e-5 * std::fmax(1.0, std::fabs(at));
  x[i] = at + step;
  const double above = f(x);
  x[i] = at - step;
  return (above - f(x)) / (2 * step);
}

// Runs f where nothing has been recorded yet: on a thread of its own.
template <class F> void on_a_fresh_graph(const F& f) {
  std::exception_ptr error;
  std::thread([&] {
    try {
      f();
    } catch (...) {
      error = std::current_exception();
    }
  }).join();
  if (error) std::rethrow_exception(error);
}

}  // namespace helpers

// How doctest writes a list of numbers.
template <> struct doctest::StringMaker<std::vector<double>> {
  static String convert(const std::vector<double>& numbers) {
    std::ostringstream out;
    for (const double number : numbers) out << (&number == numbers.data() ? "" : ", ") << number;
    return out.str().c_str();
  }
};

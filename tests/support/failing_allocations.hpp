// Memory that runs out at a place of the test's choice, and how much was asked for.
//
// The test program's operator new (failing_allocations.cpp) fails on demand, on one thread.
#pragma once

#include <cstddef>
#include <string_view>

#include <doctest/doctest.h>

#include <autograd/error.hpp>
#include <autograd/statistics.hpp>
#include <tests/support/helpers.hpp>

namespace failing_allocations {

// While one is alive, allocation number `first` of this thread fails, counted from 1, and all after it.
class Injection {
 public:
  explicit Injection(std::size_t first);
  ~Injection();
  Injection(const Injection&) = delete;
  Injection& operator=(const Injection&) = delete;

  static bool has_failed();
};

// How many bytes this thread has asked operator new for.
std::size_t bytes_asked();

// Runs f() with memory that runs out at its first allocation, at its second, and so on until it
// needs no more. Each time but the last f() throws an Error that says so, and check_usable() finds
// everything as it was. Returns how many allocations f() makes, about so many where loops are short.
// What does not come from operator new, as the arrays of the graph, does not fail here.
template <class F, class Usable>
std::size_t check_every_allocation(const F& f, const Usable& check_usable) {
  constexpr std::size_t kMost = 100'000, kFirst = 100;
  const auto step = static_cast<std::size_t>(helpers::scaled(1, 5));  // from kFirst on
  f();                                                                // what is made once and kept
  const auto before = autograd::graph_statistics();
  for (std::size_t first = 1; first < kMost; first += first < kFirst ? 1 : step) {
    bool is_done = false, is_error = false, has_failed = false;
    {
      const Injection injection(first);
      try {
        f();
        is_done = true;
      } catch (const autograd::Error& error) {
        is_error = std::string_view(error.what()).starts_with("out of memory");
      } catch (...) {
      }
      has_failed = Injection::has_failed();
    }
    if (is_done && !has_failed) return first - 1;
    CAPTURE(first);
    CHECK((is_done || is_error));
    CHECK(autograd::graph_statistics().operations == before.operations);
    check_usable();
  }
  FAIL("it does not come to an end");
  return 0;
}
template <class F> std::size_t check_every_allocation(const F& f) {
  return check_every_allocation(f, [] {});
}

}  // namespace failing_allocations

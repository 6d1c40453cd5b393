// A graph that has no memory left says so with an Error, and goes on whole.

#include <cstdlib>
#include <deque>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <tests/support/child_process.hpp>
#include <tests/support/graphs.hpp>
#include <tests/support/helpers.hpp>

using autograd::Error;
using autograd::sum;
using autograd::Value;

#ifdef __linux__

namespace {

using child_process::kMegabyte;

// What f returns with `more` bytes of addresses beyond what the process has.
template <class F> int in_little_memory(std::size_t more, const F& f) {
  return child_process::run([&] {
    child_process::limit_memory(more);
    return f();
  });
}

bool says_out_of_memory(const Error& error) {
  const std::string what = error.what();
  return what.starts_with("out of memory: the graph asked for ") &&
         what.find(
             " bytes. Let results go out of scope earlier, or detach() what needs no "
             "gradient.") != std::string::npos;
}

// While one is alive, the process has no memory left that comes in pieces of this many bytes.
class NoMemory {
 public:
  explicit NoMemory(std::size_t piece) {
    child_process::limit_memory(0);
    for (std::size_t bytes = std::size_t{64} << 20; bytes >= piece; bytes /= 2) {
      while (void* const taken = std::malloc(bytes)) taken_ = new (taken) Taken{taken_};
    }
  }
  ~NoMemory() {
    while (taken_ != nullptr) std::free(std::exchange(taken_, taken_->next));
  }
  NoMemory(const NoMemory&) = delete;
  NoMemory& operator=(const NoMemory&) = delete;

 private:
  struct Taken {
    Taken* next;
  };
  Taken* taken_ = nullptr;
};

// Whether `call` fails with the Error for it, and the graph is as it was.
template <class F> bool runs_out_of_memory(std::size_t piece, const F& call) {
  const graphs::Size before = graphs::size();
  const NoMemory none(piece);
  try {
    call();
  } catch (const Error& error) {
    return graphs::size() == before &&
           error.what() ==
               std::string_view(
                   "out of memory: what was asked for does not fit. Of a graph, let results go out "
                   "of scope earlier, or detach() what needs no gradient.");
  } catch (const std::bad_alloc&) {
  }
  return false;
}

// Whether a graph that has met its limit still computes.
bool works(const Value& a) {
  a.zero_grad();
  const Value y = a * a + 3 * a;
  y.backward();
  return y.data() == 10 && a.grad() == 7;
}

}  // namespace

TEST_CASE("out of memory: is an Error, after which the graph is whole and usable" *
          doctest::skip(helpers::kSanitized)) {
  constexpr std::size_t kRoom = std::size_t{128} << 20;
  SUBCASE("while operations are recorded") {
    CHECK(in_little_memory(kRoom, [] {
            const Value a = 2;
            Value y = a;
            std::size_t count = 0;
            try {
              for (;; ++count) y = y + 1;
            } catch (const Error& error) {
              if (!says_out_of_memory(error)) return 1;
            }
            if (count < 100'000 || y.data() != static_cast<double>(count) + 2) return 2;
            if (autograd::graph_statistics().operations != count) return 3;
            y.backward();
            if (a.grad() != 1) return 4;
            y = Value();
            if (autograd::graph_statistics().operations != 0) return 5;
            return works(a) ? 0 : 6;
          }) == 0);
  }
  SUBCASE("while leaves are made") {
    CHECK(in_little_memory(kRoom, [] {
            const Value a = 2;
            std::deque<Value> leaves;
            const Value kept = a * a;
            try {
              for (;;) leaves.emplace_back(3);
            } catch (const Error& error) {
              if (!says_out_of_memory(error)) return 1;
            }
            if (leaves.size() < 100'000) return 2;
            kept.backward();
            if (a.grad() != 4) return 3;
            leaves.erase(leaves.begin(), leaves.begin() + 1000);
            if (!works(a)) return 4;
            leaves.clear();
            return works(a) ? 0 : 5;
          }) == 0);
  }
  SUBCASE("while a sum grows") {
    CHECK(in_little_memory(kRoom, [] {
            const Value a = 2;
            Value s = 0;
            std::size_t count = 0;
            try {
              for (;; ++count) s += a * a;
            } catch (const Error& error) {
              if (!says_out_of_memory(error)) return 1;
            }
            if (count < 100'000 || s.data() != 4 * static_cast<double>(count)) return 2;
            s.backward();
            if (a.grad() != 4 * static_cast<double>(count)) return 3;
            s = Value();
            return works(a) ? 0 : 4;
          }) == 0);
  }
  SUBCASE("in a function of a long range, at whatever point") {
    for (std::size_t room = 16; room <= 160; room += 16) {
      CAPTURE(room);
      CHECK(in_little_memory(room << 20, [] {
              const Value a = 2;
              std::vector<Value> many;
              try {
                many.assign(1'000'000, a);
              } catch (const std::bad_alloc&) {
                return 0;
              }
              const auto before = autograd::graph_statistics();
              try {
                const Value y = sum(many);
                if (y.data() != 2'000'000) return 1;
              } catch (const Error& error) {
                if (!says_out_of_memory(error)) return 2;
              }
              if (autograd::graph_statistics().operations != before.operations) return 3;
              return works(a) ? 0 : 4;
            }) == 0);
    }
  }
  SUBCASE("while a graph is looked at") {
    CHECK(in_little_memory(kRoom, [] {
            const Value a = 2;
            Value y = a;
            try {
              for (;;) y = y + 1;
            } catch (const Error&) {
            }
            const auto before = autograd::graph_statistics();
            std::deque<std::unique_ptr<char[]>> rest;
            try {
              for (;;) rest.push_back(std::make_unique<char[]>(100'000));
            } catch (const std::bad_alloc&) {
            }
            // The list may be what does not fit, and it is a vector.
            try {
              topological_order(y);
              return 1;
            } catch (const Error&) {
            } catch (const std::bad_alloc&) {
            }
            if (autograd::graph_statistics().operations != before.operations) return 3;
            y = Value();
            return works(a) ? 0 : 4;
          }) == 0);
  }
}

// ---- beside the arrays of the graph ----

TEST_CASE("out of memory: looking at a large graph is an Error, after which it is as it was" *
          doctest::skip(helpers::kSanitized)) {
  CHECK(child_process::run([] {
          const Value a = 2;
          Value y = a;
          for (int i = 0; i < 4'000'000; ++i) y = y + 1;
          (void)y.inputs();  // where its edges begin is found out once and kept
          if (!runs_out_of_memory(2 * kMegabyte, [&] { topological_order(y); })) return 1;
          if (!runs_out_of_memory(2 * kMegabyte, [&] { find_nonfinite(y); })) return 2;
          y.backward();
          if (a.grad() != 1) return 3;
          y = Value();
          return works(a) ? 0 : 4;
        }) == 0);
}

TEST_CASE("out of memory: the inputs and derivatives of an operation of many operands" *
          doctest::skip(helpers::kSanitized)) {
  CHECK(child_process::run([] {
          const Value a = 2;
          const Value y = autograd::sum(std::vector<Value>(4'000'000, a));
          (void)y.is_leaf();
          if (!runs_out_of_memory(2 * kMegabyte, [&] { (void)y.inputs(); })) return 1;
          if (!runs_out_of_memory(2 * kMegabyte, [&] { (void)y.local_derivatives(); })) return 2;
          y.backward();
          if (a.grad() != 4'000'000) return 3;
          return works(a) ? 0 : 4;
        }) == 0);
}

TEST_CASE("out of memory: labels, and more copies of Values than they count themselves" *
          doctest::skip(helpers::kSanitized)) {
  constexpr std::size_t kPiece = 16;
  SUBCASE("labels") {
    CHECK(child_process::run([] {
            const Value a = 2;
            std::vector<Value> results;
            results.reserve(10'000);
            for (int i = 0; i < 10'000; ++i) results.push_back(a * i);
            results[0].set_label("x");
            std::size_t count = 1;
            const auto label_all = [&] {
              for (; count < results.size(); ++count) results[count].set_label("x");
            };
            if (!runs_out_of_memory(kPiece, label_all)) return 1;
            if (results[0].label() != "x" || !results[count].label().empty()) return 2;
            label_all();
            if (results.back().label() != "x") return 3;
            results.clear();
            return works(a) ? 0 : 4;
          }) == 0);
  }
  SUBCASE("copies") {
    CHECK(child_process::run([] {
            const Value a = 2;
            std::vector<Value> results, copies;
            constexpr std::size_t kCopies = 260;
            results.reserve(10'000);
            for (int i = 0; i < 10'000; ++i) results.push_back(a * i);
            copies.reserve(kCopies * results.size());
            std::size_t count = 0;
            const auto copy_all = [&] {
              for (; count < results.size(); ++count) {
                for (std::size_t k = 0; k < kCopies; ++k) copies.push_back(results[count]);
              }
            };
            if (!runs_out_of_memory(kPiece, copy_all)) return 1;
            if (results[count].data() != 2 * static_cast<double>(count)) return 2;
            copies.clear();
            results.clear();
            return autograd::graph_statistics().operations == 0 && works(a) ? 0 : 3;
          }) == 0);
  }
}

#endif

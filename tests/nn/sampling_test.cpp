// Softmax with a temperature, and drawing by weights.

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <doctest/doctest.h>

#include <nn/nn.hpp>
#include <tests/support/helpers.hpp>

using autograd::Value;
using helpers::error_of;
using Numbers = std::vector<double>;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("sampling: the temperature divides the logits") {
  const Numbers logits{0, std::log(4.0)};
  CHECK(nn::softmax(logits, 1)[1] == doctest::Approx(4.0 / 5).epsilon(1e-15));
  CHECK(nn::softmax(logits, 2)[1] == doctest::Approx(2.0 / 3).epsilon(1e-15));
  CHECK(nn::softmax(logits, 0.5)[0] == doctest::Approx(1.0 / 17).epsilon(1e-15));
  CHECK(nn::softmax(logits, 1e-3)[1] == 1);
  CHECK(nn::softmax(logits, 1e12)[0] == doctest::Approx(0.5).epsilon(1e-11));
}

TEST_CASE("sampling: the softmax of Values carries gradients, (1 / temperature) p_0 p_1 here") {
  const std::vector<Value> logits{0, std::log(4.0)};
  nn::softmax(logits, 2)[1].backward();
  CHECK(logits[1].grad() == doctest::Approx(0.5 * (1.0 / 3) * (2.0 / 3)).epsilon(1e-15));
  CHECK(logits[0].grad() == -logits[1].grad());
}

TEST_CASE("sampling: a number u falls into the interval of a weight") {
  const Numbers weights{1, 2, 1};  // 0 to 1/4, to 3/4, to 1
  CHECK(nn::categorical(weights, 0) == 0);
  CHECK(nn::categorical(weights, 0.249) == 0);
  CHECK(nn::categorical(weights, 0.25) == 1);
  CHECK(nn::categorical(weights, 0.749) == 1);
  CHECK(nn::categorical(weights, 0.75) == 2);
  CHECK(nn::categorical(weights, std::nextafter(1.0, 0.0)) == 2);
  CHECK(nn::categorical(Numbers{0, 3, 0, 0}, 0) == 1);
  CHECK(nn::categorical(Numbers{0, 3, 0, 0}, std::nextafter(1.0, 0.0)) == 1);
}

TEST_CASE("sampling: symbols are drawn as often as their weights say") {
  constexpr int kDraws = 40000;
  const Numbers weights{1, 0, 3, 4};
  std::array<int, 4> count{};
  nn::Random random(1);
  for (int i = 0; i < kDraws; ++i) ++count[nn::categorical(weights, random)];
  CHECK(count[1] == 0);
  // Standard deviations 66, 97 and 100.
  CHECK(std::abs(count[0] - kDraws / 8) < 330);
  CHECK(std::abs(count[2] - kDraws * 3 / 8) < 485);
  CHECK(std::abs(count[3] - kDraws / 2) < 500);
}

TEST_CASE("sampling: PythonRandom::choices draws by the same rule") {
  const Numbers weights{0.5, 1, 0, 2};
  nn::PythonRandom one(5), other(5);
  for (const std::size_t drawn : one.choices(weights, 100))
    CHECK(drawn == nn::categorical(weights, other.random()));
}

TEST_CASE("sampling: what is no distribution is refused") {
  const auto drawn = [](const Numbers& weights, double u) {
    return error_of([&] { nn::categorical(weights, u); });
  };
  CHECK(drawn({}, 0) == "nn::categorical: expected at least one weight, got none.");
  CHECK(drawn({1, -1, 2}, 0) == "nn::categorical: expected weights of at least 0, got -1.");
  CHECK(drawn({1, std::nan("")}, 0) == "nn::categorical: expected weights of at least 0, got nan.");
  CHECK(drawn({0, 0}, 0) == "nn::categorical: expected weights with a finite sum above 0, got 0.");
  CHECK(drawn({1, kInfinity}, 0) ==
        "nn::categorical: expected weights with a finite sum above 0, got inf.");
  CHECK(drawn({1}, 1) == "nn::categorical: expected a number 0 <= u < 1, got 1.");
  CHECK(drawn({1}, -0.1) == "nn::categorical: expected a number 0 <= u < 1, got -0.1.");
  for (const double temperature : {0.0, -1.0, kInfinity, std::nan("")}) {
    CHECK_THROWS_AS(nn::softmax(Numbers{1, 2}, temperature), autograd::Error);
  }
  CHECK(error_of([] { nn::softmax(Numbers{1}, 0); }) ==
        "nn::softmax: expected a finite temperature above 0, got 0.");
  CHECK_THROWS_AS(nn::softmax(Numbers{}, 1), autograd::Error);
}

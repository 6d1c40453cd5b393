// Recorded once, run for many rows: the price of an option and its derivatives, for many strikes.
#include <cstdio>
#include <numbers>
#include <vector>

#include <autograd/autograd.hpp>

using namespace autograd;

// Black and Scholes: a call with a strike, given spot, interest rate, volatility and maturity.
Value call(std::span<const Value> market, std::span<const Value> strike) {
  const Value &spot = market[0], &rate = market[1], &volatility = market[2], &maturity = market[3];
  const auto cdf = [](const Value& x) { return 0.5 * erfc(x * (-1 / std::numbers::sqrt2)); };
  const Value deviation = volatility * sqrt(maturity);
  const Value d = (log(spot / strike[0]) + rate * maturity) / deviation + 0.5 * deviation;
  return spot * cdf(d) - strike[0] * exp(-rate * maturity) * cdf(d - deviation);
}

int main() {
  const std::vector<double> market{100, 0.03, 0.25, 1.5};
  const Function price = Function::trace(call, market, {100});

  // One column: the strikes.  Every row has a value, and a derivative by its strike; the market has
  // one derivative for all rows together.
  const std::vector<double> strikes{80, 90, 100, 110, 120};
  std::vector<double> values(5), by_strike(5), total(1), by_market(4);
  Request request;
  request.values = values;
  request.input_gradients = by_strike;
  request.totals = total;
  request.gradient = by_market;
  request.reduce = Reduce::kSum;
  price.run(market, Rows(strikes, 1), request);

  std::printf("strike    price   d/dstrike\n");
  for (std::size_t i = 0; i < strikes.size(); ++i)
    std::printf("%6.0f  %7.3f     %7.4f\n", strikes[i], values[i], by_strike[i]);
  std::printf("total %9.3f\n", total[0]);
  std::printf("d/dspot %.4f  d/drate %.3f  d/dvolatility %.3f  d/dmaturity %.4f\n\n", by_market[0],
              by_market[1], by_market[2], by_market[3]);

  // A comparison is decided when the function is recorded, and checked in every row after that.
  const auto capped = [](auto x) { return x[0] < 110 ? x[0] * x[0] : 110 * x[0]; };
  try {
    Function::trace(capped, {100}).values({}, Rows(strikes, 1));
  } catch (const Error& error) {
    std::printf("%s\n\n", error.what());
  }
  const Function chosen =
      Function::trace([](auto x) { return select(lt(x[0], 110), x[0] * x[0], 110 * x[0]); }, {100});
  for (const double y : chosen.values({}, Rows(strikes, 1)).data) std::printf("%g ", y);

  std::printf("\n\nThe program of the second one:\n%s", chosen.to_string().c_str());
}

// The expressions and tables of five lectures, number by number.

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include <tests/support/lecture_cases.hpp>

using namespace lectures;

TEST_CASE("lectures: 002, the chain rule along one path and over two") {
  SUBCASE("example 1") {
    const Json& example = find_case("002-ex1-chain");
    Value x = example.at("inputs").at("x").get<double>();
    Value a = 3 * x, y = 2 * a;
    y.backward();
    const double da_dx = a.local_derivatives().back();
    check_all({{"a", a.data()},
               {"y", y.data()},
               {"dy_da", a.grad()},
               {"da_dx", da_dx},
               {"dy_dx", x.grad()}},
              example.at("expected"), "002-ex1-chain");
    check_printed(example, {{"dy/da", a.grad()}, {"da/dx", da_dx}, {"dy/dx", x.grad()}});
  }
  SUBCASE("example 2") {
    const Json& example = find_case("002-ex2-sum-rule");
    Value x = example.at("inputs").at("x").get<double>();
    Value a1 = 3 * x, a2 = -x, y = 2 * a1 + 1 * a2;
    y.backward();
    check_all({{"a1", a1.data()},
               {"a2", a2.data()},
               {"y", y.data()},
               {"dy_da1", a1.grad()},
               {"dy_da2", a2.grad()},
               {"dy_dx", x.grad()}},
              example.at("expected"), "002-ex2-sum-rule");
    check_printed(example, {{"dy/dx", x.grad()}});
  }
  SUBCASE("example 3, three paths") {
    const Json& example = find_case("002-ex3-N-paths");
    Value x = example.at("inputs").at("x").get<double>();
    const auto n1 = example.at("inputs").at("w1").get<Numbers>();
    const auto n2 = example.at("inputs").at("w2").get<Numbers>();
    const std::vector<Value> w1(n1.begin(), n1.end()), w2(n2.begin(), n2.end());
    std::vector<Value> a;
    Value y = 0.0;
    for (std::size_t i = 0; i < w1.size(); ++i) {
      a.push_back(w1[i] * x);
      y += w2[i] * a[i];
    }
    y.backward();
    check_all({{"a", data_of(a)},
               {"y", y.data()},
               {"dy_da", grad_of(a)},
               {"dy_dx", x.grad()},
               {"dy_dw2", grad_of(w2)},
               {"dy_dw1", grad_of(w1)}},
              example.at("expected"), "002-ex3-N-paths");
  }
}

TEST_CASE("lectures: 002, a long chain") {
  const Json& example = find_case("002-long-chain");
  Value z = example.at("inputs").at("z").get<double>();
  Value y = 2 * z, x = square(y), w = x + 1, f = pow(w, 3);
  f.backward();
  check_all({{"y", y.data()},
             {"x", x.data()},
             {"w", w.data()},
             {"f", f.data()},
             {"df_dw", w.grad()},
             {"df_dx", x.grad()},
             {"df_dy", y.grad()},
             {"df_dz", z.grad()}},
            example.at("expected"), "002-long-chain");
}

TEST_CASE("lectures: 003, the multivariate chain rule") {
  const Json& example = find_case("003-multivariate-chain");
  Value x = example.at("inputs").at("x").get<double>();
  Value u = x * x, v = 3 * x, f = u * v;
  f.backward();
  check_all({{"u", u.data()},
             {"v", v.data()},
             {"f", f.data()},
             {"df_du", u.grad()},
             {"df_dv", v.grad()},
             {"df_dx", x.grad()}},
            example.at("expected"), "003-multivariate-chain");
}

TEST_CASE("lectures: 002, the graph of 1 / (w0 x0 + w1)") {
  const Json& example = find_case("002-reciprocal-graph");
  const Json& in = example.at("inputs");
  Value w0(in.at("w0").get<double>(), "w0"), x0(in.at("x0").get<double>(), "x0");
  Value w1(in.at("w1").get<double>(), "w1");
  Value y1 = w0 * x0, y2 = y1 + w1, y3 = reciprocal(y2), f = y3;
  f.backward();

  check_all({{"y1", y1.data()},
             {"y2", y2.data()},
             {"y3", y3.data()},
             {"f", f.data()},
             {"df_dy3", y3.grad()},
             {"df_dy2", y2.grad()},
             {"df_dy1", y1.grad()},
             {"df_dw1", w1.grad()},
             {"df_dw0", w0.grad()},
             {"df_dx0", x0.grad()}},
            example.at("expected"), "002-reciprocal-graph");
  check_all({{"dy1/dw0 (=x0)", y1.local_derivatives()[0]},
             {"dy1/dx0 (=w0)", y1.local_derivatives()[1]},
             {"dy2/dy1", y2.local_derivatives()[0]},
             {"dy2/dw1", y2.local_derivatives()[1]},
             {"dy3/dy2 (=-1/y2^2)", y3.local_derivatives()[0]}},
            example.at("local_derivatives"), "local derivatives");
  check_printed(example, {{"y1", y1.data()},
                          {"df/dy2", y2.grad()},
                          {"df/dy1", y1.grad()},
                          {"df/dw1", w1.grad()},
                          {"df/dw0", w0.grad()},
                          {"df/dx0", x0.grad()},
                          {"w0 (stray line)", w0.data()}});
  CHECK(y1.inputs()[0].label() == "w0");
  CHECK(topological_order(f).size() == 6);
}

TEST_CASE("lectures: 004, the two weights whose gradients the slides work out") {
  const Json& example = find_case("004-sigmoid-2-2-2");
  const Json& in = example.at("inputs");
  const double i1 = in.at("i1"), net_h1_given = in.at("net_h1");
  // What the slides do not give goes into the biases: the rest of each sum.
  const double w1_any = 0.15;
  Value w1 = w1_any, b1 = net_h1_given - w1_any * i1;
  Value net_h1 = w1 * i1 + b1, out_h1 = sigmoid(net_h1);
  Value w5 = in.at("w5").get<double>(), w7 = in.at("w7").get<double>();
  Value b3 = in.at("net_o1").get<double>() - w5.data() * out_h1.data();
  Value b4 = in.at("net_o2").get<double>() - w7.data() * out_h1.data();
  Value net_o1 = w5 * out_h1 + b3, net_o2 = w7 * out_h1 + b4;
  Value out_o1 = sigmoid(net_o1), out_o2 = sigmoid(net_o2);

  net_o1.backward();
  const double dnet_o1_dw1 = w1.grad();
  w1.zero_grad();
  net_o2.backward();
  const double dnet_o2_dw1 = w1.grad();
  for (const Value& each : {w1, b1, w5, w7, b3, b4}) each.zero_grad();
  Value e = nn::squared_error(std::vector<Value>{out_o1, out_o2}, in.at("target").get<Numbers>());
  e.backward();

  const std::map<std::string, double> got{{"out_h1", out_h1.data()},
                                          {"out_o1", out_o1.data()},
                                          {"out_o2", out_o2.data()},
                                          {"dE/dout_o1", out_o1.grad()},
                                          {"dE/dout_o2", out_o2.grad()},
                                          {"dout_o1/dnet_o1", out_o1.local_derivatives()[0]},
                                          {"dout_o2/dnet_o2", out_o2.local_derivatives()[0]},
                                          {"dout_h1/dnet_h1", out_h1.local_derivatives()[0]},
                                          {"dE/dnet_o1", net_o1.grad()},
                                          {"dE/dnet_o2", net_o2.grad()},
                                          {"dnet_o1/dw1", dnet_o1_dw1},
                                          {"dnet_o2/dw1", dnet_o2_dw1},
                                          {"dE/dw5", w5.grad()},
                                          {"dE/dw7", w7.grad()},
                                          {"dE/db3", b3.grad()},
                                          {"dE/db4", b4.grad()},
                                          {"dE/dnet_h1", net_h1.grad()},
                                          {"dE/db1", b1.grad()},
                                          {"dE/dw1", w1.grad()},
                                          {"E", e.data()}};
  check_all(got, example.at("expected"), "004-sigmoid-2-2-2");
  check_printed(example, got);
  for (const auto& range : example.at("range_given_rounding_of_the_printed_nets").items()) {
    CAPTURE(range.key());
    CHECK(got.at(range.key()) > range.value()[0].get<double>());
    CHECK(got.at(range.key()) < range.value()[1].get<double>());
  }
}

TEST_CASE("lectures: 001 and 004, where digits that are wrong on the slides come from") {
  SUBCASE("001: from x instead of h, from rounded factors, from a lost point") {
    const Json& example = find_case("001-sigmoid-2-2-2");
    const auto x = example.at("x").get<Numbers>(), y = example.at("target").get<Numbers>();
    const double by_x = (x[0] - y[0]) * (x[0] - y[0]) + (x[1] - y[1]) * (x[1] - y[1]);
    CHECK(std::abs(by_x - 0.79) < 0.005);  // printed as |h - y|^2

    // Factors as they were printed.
    const Json& rounded = example.at("expected_from_printed_rounded_factors");
    const Numbers delta2{0.74, -0.22}, z1{0.60, 0.59};
    const auto& w2 = example.at("layers")[1].at("W");
    Json got;
    for (std::size_t j = 0; j < 2; ++j) {
      const double a1 = j == 0 ? 0.39 : 0.38, f = 1 / (1 + std::exp(-a1));
      const double sum = w2[0][j].get<double>() * delta2[0] + w2[1][j].get<double>() * delta2[1];
      got[j == 0 ? "delta1_hidden" : "delta2_hidden"] = f * (1 - f) * sum;
      got["dW2"].push_back({delta2[j] * z1[0], delta2[j] * z1[1]});
      const double printed = j == 0 ? 0.05 : 0.03, right = j == 0 ? 0.05 : 0.04;
      got["dW1_with_x_0.05_0.10"].push_back({printed * x[0], printed * x[1]});
      got["dW1_with_x_0.05_0.10_and_delta_0.05_0.04"].push_back({right * x[0], right * x[1]});
    }
    check_all(got, rounded, "001 from printed factors");
    // -13.2 is -0.132 without its point; 0.03 is not what its factors give.
    CHECK(std::abs(got["dW2"][1][0].get<double>() * 100 + 13.2) < 1e-9);
    CHECK(std::abs(got["delta2_hidden"].get<double>() - 0.03) > 0.005);
  }
  SUBCASE("004: from factors rounded to 0.0048 and 0.0060") {
    const Json& example = find_case("004-sigmoid-2-2-2");
    // The slide's outputs, 0.6352 and 0.6723.
    const Json& exact = example.at("expected");
    const double by_o1 = 2 * (0.6352 - 0.01) * exact.at("dout_o1/dnet_o1").get<double>();
    const double by_o2 = 2 * (0.6723 - 0.99) * exact.at("dout_o2/dnet_o2").get<double>();
    const auto total = [=](double o1, double o2) { return by_o1 * o1 + by_o2 * o2; };
    check_all(
        {{"with 0.0048 and 0.0060 (reproduces the printed 5.5090e-04)", total(0.0048, 0.0060)},
         {"with 0.0048 and the printed 0.0006", total(0.0048, 0.0006)}},
        example.at("from_rounded_factors"), "004 from rounded factors");
    CHECK(std::abs(total(0.0048, 0.0060) - 5.5090e-4) < 5e-9);
    // No rounding of the printed net inputs leads to it.
    const double right = exact.at("dE/dw1");
    const auto range = example.at("dE_dw1_interval_arithmetic").get<Numbers>();
    CHECK(range[0] < right);
    CHECK(right < range[1]);
    CHECK(5.5090e-4 < range[0]);
  }
}

TEST_CASE("lectures: 001 and 004, activations and their derivatives") {
  const auto at = [](const char* name, double x, double& derivative) {
    Value in = x, out = nn::Activation::named(name)(in);
    out.backward();
    derivative = in.grad();
    return out.data();
  };
  SUBCASE("sigmoid, tanh, relu and square") {
    for (const Json& row : find_case("001-activations").at("expected")) {
      const double x = row.at("x");
      Json got{{"x", x}};
      for (const std::string name : {"sigmoid", "tanh", "relu", "square"}) {
        double derivative = 0;
        got[name] = at(name.c_str(), x, derivative);
        got["d" + name] = derivative;
      }
      if (x == 0) {
        CHECK(got["drelu"].get<double>() == 0);  // the choice at the kink
        got["drelu"] = nullptr;
      }
      check_all(got, row, "001-activations");
    }
  }
  SUBCASE("the sigmoid's derivative in both tails") {
    for (const Json& row : find_case("004-sigmoid-derivative").at("expected")) {
      double df = 0, df_neg = 0;
      const double x = row.at("x"), f = at("sigmoid", x, df), f_neg = at("sigmoid", -x, df_neg);
      check_all({{"x", x}, {"f", f}, {"f_neg", f_neg}, {"df", df}}, row, "004-sigmoid-derivative");
      // The absolute tolerance would let the tails pass.
      CHECK(std::abs(f / row.at("f").get<double>() - 1) <= 1e-15);
      CHECK(std::abs(f_neg / row.at("f_neg").get<double>() - 1) <= 1e-15);
      CHECK(std::abs(df / row.at("df").get<double>() - 1) <= 1e-15);
      CHECK(df_neg == df);
    }
  }
}

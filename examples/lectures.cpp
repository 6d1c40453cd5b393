// The worked examples of five lectures on backpropagation, recomputed beside what they printed.
//
// 000  M. S. Ibrahim, "Machine Learning, Backpropagation 2"
// 001  "Machine Learning, Session 10 Deep Learning"
// 002  K. Bradbury, "Neural Networks II"
// 003  N. Khan, "EC-332: Forward and Backward Propagation"
// 004  C. M. Yeum, "Neural Network II"

#include <cmath>
#include <iomanip>
#include <iostream>
#include <string>
#include <vector>

#include <nn/nn.hpp>

using autograd::Value;
using nn::Activation;
using nn::Bias;

namespace {

void heading(const std::string& text) {
  std::cout << '\n'
            << text << "\n\n  " << std::left << std::setw(26) << "quantity" << std::right
            << std::setw(10) << "printed" << std::setw(13) << "computed\n";
}

// One line of a table: what the slide printed, and what comes out. A printed number is right if it
// is the computed one, rounded to as many digits.
void row(const std::string& quantity, const std::string& printed, double computed,
         const std::string& why_not = "") {
  const std::size_t point = printed.find('.');
  const std::size_t digits = point == std::string::npos ? 0 : printed.size() - point - 1;
  const double off = std::stod(printed) - computed;
  const bool is_right = std::abs(off) <= 0.5 * std::pow(10, -static_cast<double>(digits)) + 1e-12;
  std::cout << "  " << std::left << std::setw(26) << quantity << std::right << std::setw(10)
            << printed << std::setw(12) << std::setprecision(6) << computed;
  if (!is_right) std::cout << "   off by " << std::setprecision(2) << off << ": " << why_not;
  std::cout << '\n';
}

// What else is wrong on the slides, in words and formulas.
void also_wrong(const std::vector<std::string>& remarks) {
  std::cout << "\n  Also:\n";
  for (const std::string& each : remarks) std::cout << "  - " << each << '\n';
}

// ---- 000: two layers of squares, every number an integer ----

void lecture_000() {
  nn::Mlp net(2, {{2, Activation::square, Bias::kOff}, {2, Activation::square, Bias::kOff}});
  net.layer(0).set_weights({{1, 1}, {2, 1}});
  net.layer(1).set_weights({{2, 1}, {1, 0}});
  const nn::Mlp::Forward forward = net.forward({1.0, 1.0});
  const auto& [h_net, h_out] = forward.layers[0];
  const auto& [o_net, o_out] = forward.layers[1];
  nn::half_squared_error(o_out, {290.0, 14.0}).backward();

  heading("000: 2-2-2, f(net) = net^2, inputs (1, 1), targets (290, 14), half squared error");
  row("h1 net", "2", h_net[0].data());
  row("h1 out", "4", h_out[0].data());
  row("h2 net", "3", h_net[1].data());
  row("h2 out", "9", h_out[1].data());
  row("o1 net", "17", o_net[0].data());
  row("o1 out", "289", o_out[0].data());
  row("o2 net", "4", o_net[1].data());
  row("o2 out", "16", o_out[1].data());
  row("dE/d o1 out", "-1", o_out[0].grad());
  row("dE/d o2 out", "2", o_out[1].grad());
  row("dE/d o1 net", "-34", o_net[0].grad());
  row("dE/d o2 net", "16", o_net[1].grad());
  row("dE/d h1 out", "-52", h_out[0].grad());
  row("dE/d h2 out", "-34", h_out[1].grad());
  row("dE/d h1 net", "-208", h_net[0].grad());
  row("dE/d h2 net", "-204", h_net[1].grad());
  row("dE/dw(h1-o1)", "-136", net.layer(1).weight(0, 0).grad());
  row("dE/dw(h2-o2)", "144", net.layer(1).weight(1, 1).grad());
  row("dE/dw(x1-h1)", "-208", net.layer(0).weight(0, 0).grad());
  nn::GradientDescent{.rate = 0.5}.step(net.parameters());
  row("new w(h1-o1), rate 0.5", "70", net.layer(1).weight(0, 0).data());
  row("new w(x2-h2), rate 0.5", "103", net.layer(0).weight(1, 1).data());
  also_wrong(
      {"The slide calls the last edge x1-h2, but takes x2 for its derivative: as x1 = x2 = 1,\n"
       "    every number is the same either way.",
       "\"MSE\": the error is the sum of the halves. A mean would halve every delta.",
       "Pseudocode: \"repeat\" stands before the weights are drawn, so that each pass would "
       "forget\n"
       "    the last; the inner loops mix up i and j. Its Delta is minus the delta of the slides.",
       "\"Any continuous function\" can be approximated: on a bounded region, and not with this\n"
       "    f(net) = net^2, nor any other polynomial."});
}

// ---- 001: sigmoids, and a cross-entropy that is not named ----

nn::Mlp sigmoid_network() {
  nn::Mlp net({2, 2, 2}, Activation::sigmoid, Activation::sigmoid);
  net.layer(0).set_weights({{0.25, 0.30}, {0.15, 0.20}});
  net.layer(0).set_biases({0.35, 0.35});
  net.layer(1).set_weights({{0.45, 0.40}, {0.50, 0.55}});
  net.layer(1).set_biases({0.60, 0.60});
  return net;
}

void lecture_001() {
  const std::vector<double> x{0.05, 0.10}, y{0.01, 0.99};
  const nn::Mlp net = sigmoid_network();
  const nn::Mlp::Forward forward = net.forward(x);
  const auto& [a1, z1] = forward.layers[0];
  const auto& [a2, h] = forward.layers[1];
  // The local errors of the slide, h - y, are those of this loss.
  nn::binary_cross_entropy(h, y).backward();
  const auto dw1 = [&](std::size_t k, std::size_t j) { return net.layer(0).weight(k, j).grad(); };
  const auto dw2 = [&](std::size_t k, std::size_t j) { return net.layer(1).weight(k, j).grad(); };

  heading("001: 2-2-2, sigmoid, x = (0.05, 0.10), y = (0.01, 0.99)");
  row("a1", "0.39", a1[0].data());
  row("", "0.38", a1[1].data());
  row("z1", "0.60", z1[0].data());
  row("", "0.59", z1[1].data());
  row("a2", "1.11", a2[0].data());
  row("", "1.22", a2[1].data());
  row("h", "0.75", h[0].data());
  row("", "0.77", h[1].data());
  row("h - y", "0.04", h[0].data() - y[0], "this is x - y");
  row("", "-0.89", h[1].data() - y[1], "this is x - y");
  row("|h - y|^2", "0.79", nn::squared_error(h, y).data(), "this is |x - y|^2");
  row("delta2 = h - y", "0.74", a2[0].grad());
  row("", "-0.22", a2[1].grad());
  row("delta1", "0.05", a1[0].grad());
  row("", "0.03", a1[1].grad(), "its own factors give 0.0422");
  row("dE/dW2", "0.44", dw2(0, 0));
  row("", "0.44", dw2(0, 1));
  row("", "-13.2", dw2(1, 0), "the point is lost: -0.132 from rounded factors");
  row("", "-12.8", dw2(1, 1), "the point is lost: -0.128");
  row("dE/dW1", "0.0025", dw1(0, 0), "0.05 * 0.05, rounded too early");
  row("", "0.0005", dw1(0, 1), "x2 taken as 0.01");
  row("", "0.0015", dw1(1, 0), "from delta1 = 0.03");
  row("", "0.0003", dw1(1, 1), "from delta1 = 0.03 and x2 = 0.01");

  const nn::Mlp squared = sigmoid_network();
  const nn::Mlp::Forward again = squared.forward(x);
  nn::half_squared_error(again.out(), y).backward();
  std::cout << "\n  The slides state the loss |h - y|^2 / 2. Its delta2 is (h - y) h (1 - h) = ("
            << std::setprecision(4) << again.layers[1].net[0].grad() << ", "
            << again.layers[1].net[1].grad() << ");\n  h - y is the delta2 of the cross-entropy.\n";
  also_wrong(
      {"h = sigma(a2) = 1 / (1 + e^-a1) on three slides: the exponent is -a2.",
       "\"Update all parameters\": there is no rate, and no derivative of a bias (it is delta).",
       "\"Logistic hidden h(a) = tanh(a)\": tanh is not the logistic function.",
       "\"Discontinuity at zero\" of relu: it is continuous, its derivative is not."});

  heading("001: exclusive or of threshold units, y = Th(h1 - h2 - 0.5)");
  nn::Mlp xor_net({2, 2, 1}, Activation::step, Activation::step);
  xor_net.layer(0).set_weights({{1, 1}, {1, 1}});
  xor_net.layer(0).set_biases({-0.5, -1.5});
  xor_net.layer(1).set_weights({{1, -1}});
  xor_net.layer(1).set_biases({-0.5});
  row("0 xor 0", "0", xor_net({0.0, 0.0})[0].data());
  row("0 xor 1", "1", xor_net({0.0, 1.0})[0].data());
  row("1 xor 0", "1", xor_net({1.0, 0.0})[0].data());
  row("1 xor 1", "0", xor_net({1.0, 1.0})[0].data());
  also_wrong(
      {"y = (1, -1, -0.5) (h1, h2, 1)^T on one slide: without Th that is -0.5, 0.5, 0.5, -0.5."});
}

// ---- 002: the chain rule on graphs ----

void lecture_002() {
  heading("002: the chain rule along a path, and over two");
  Value x = 1;
  Value a = 3 * x, y = 2 * a;
  y.backward();
  row("dy/dx, y = 2a, a = 3x", "6", x.grad());
  x.zero_grad();
  Value a1 = 3 * x, a2 = -x;
  Value sum = 2 * a1 + a2;
  sum.backward();
  row("dy/dx, y = 2(3x) + (-x)", "5", x.grad());

  heading("002: the graph of f = 1 / (w0 x0 + w1)");
  Value w0 = -2, x0 = 3, w1 = 4;
  Value y1 = w0 * x0, y2 = y1 + w1, f = 1 / y2;
  f.backward();
  row("y1", "-6", y1.data());
  row("df/dy2", "-0.25", y2.grad());
  row("df/dy1", "-0.25", y1.grad());
  row("df/dw1", "-0.25", w1.grad());
  row("df/dw0", "-0.75", w0.grad());
  row("df/dx0", "0.5", x0.grad());
  row("w0, on a stray line", "-1", w0.data(), "y1 = -6 with x0 = 3 needs w0 = -2");
  also_wrong(
      {"Chain of sigmoids: da2/dz1 is w2, not w1, and stands once in dE/dw1, not twice.",
       "Batch gradient descent: the step takes the mean gradient; its bar is missing.",
       "Batch normalisation gives mean 0 and variance 1; it makes nothing Gaussian.",
       "Dropout: not a word on scaling. Outputs shrink by p, the probability of keeping, in\n"
       "    training alone, unless divided by p there, or multiplied by p later."});
}

// ---- 003: formulas without numbers ----

void lecture_003() {
  nn::Mlp net({2, 3, 3}, Activation::tanh, Activation::identity, /*seed=*/3);
  const nn::Mlp::Forward forward = net.forward({0.5, -1.0});
  const auto& [a, z] = forward.layers[0];
  const std::vector<Value>& y = forward.out();
  const std::vector<double> t{1, 0, -1};
  nn::half_squared_error(y, t).backward();

  std::cout << "\n003: 2-3-3, tanh, outputs without activation: formulas only\n\n"
            << "  j   h'(a_j) sum_k delta_k w_kj   dL/da_j by backward()\n";
  for (std::size_t j = 0; j < 3; ++j) {
    double sum = 0;
    for (std::size_t k = 0; k < 3; ++k)
      sum += (y[k].data() - t[k]) * net.layer(1).weight(k, j).data();
    const double by_formula = (1 - z[j].data() * z[j].data()) * sum;
    std::cout << std::setprecision(9) << "  " << j + 1 << std::setw(28) << by_formula
              << std::setw(25) << a[j].grad() << '\n';
  }
  also_wrong(
      {"w_j in R^D: with x0 = 1 for the bias it is R^(D+1), as the matrices say later on.",
       "No mistake, but mind it: the loss here is the sum over the rows, in 002 their mean; the\n"
       "    target is t here and y in 001 and 002."});
}

// ---- 004: two weights of a network of sigmoids ----

void lecture_004() {
  // The slides give the net inputs, and of the weights only these. What is missing goes into the
  // biases: the rest of each sum.
  Value w1 = 0.15, w5 = 0.4, w7 = 0.5;
  Value net_h1 = w1 * 0.05 + (0.3775 - 0.15 * 0.05), out_h1 = sigmoid(net_h1);
  const double known = out_h1.data();
  Value net_o1 = w5 * out_h1 + (0.5546 - 0.4 * known), out_o1 = sigmoid(net_o1);
  Value net_o2 = w7 * out_h1 + (0.7188 - 0.5 * known), out_o2 = sigmoid(net_o2);
  const auto slope_by_w1 = [&](const Value& of) {
    w1.zero_grad();
    of.backward();
    return w1.grad();
  };
  const double o1_by_w1 = slope_by_w1(net_o1), o2_by_w1 = slope_by_w1(net_o2);
  nn::zero_grad(std::vector<Value>{w1, w5, w7});
  Value e = square(0.01 - out_o1) + square(0.99 - out_o2);
  e.backward();

  heading("004: 2-2-2, sigmoid, targets (0.01, 0.99), squared error");
  row("out h1", "0.5933", out_h1.data());
  row("out o1", "0.6352", out_o1.data());
  row("out o2", "0.6723", out_o2.data());
  row("dE/d out o1", "1.2504", out_o1.grad());
  row("d out o1/d net o1", "0.2317", out_o1.local_derivatives()[0]);
  row("dE/dw5", "0.1719", w5.grad());
  row("d net o1/dw1", "0.0048", o1_by_w1);
  row("d net o2/dw1", "0.0006", o2_by_w1, "a 0 too many; the next line took 0.0060");
  row("dE/dw1", "0.00055090", w1.grad(), "from factors rounded to 0.0048 and 0.0060");

  const auto f = [](double x) { return 1 / (1 + std::exp(-x)); };
  const bool overflows = std::isnan(std::exp(710.0) / (1 + std::exp(710.0)));
  std::cout << "\n  The formulas are right, but computers round:\n"
            << "  - f(x) = e^x / (1 + e^x) at x = 710 is " << (overflows ? "inf / inf" : "finite")
            << ", not a number; 1 / (1 + e^-x) is " << f(710) << ".\n"
            << "  - f'(x) = f(x) (1 - f(x)) at x = 40 is " << f(40) * (1 - f(40))
            << "; f(x) f(-x) is " << f(40) * f(-40) << ".\n";
  also_wrong({"\"The functions are linear\": the activations g are not, else one layer would do.",
              "J(x^i, y^j) of one sample: the target is y^i."});
}

}  // namespace

int main() {
  std::cout
      << "What five lectures printed, and what comes out. Nothing is said where the printed\n"
         "digits are those of the computed number, rounded; else \"off by\" is printed minus\n"
         "computed.\n";
  lecture_000();
  lecture_001();
  lecture_002();
  lecture_003();
  lecture_004();
}

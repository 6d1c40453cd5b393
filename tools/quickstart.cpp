// The first minutes with autograd: a gradient step by step, a network that learns, and pictures of
// both.
//
// Usage: quickstart DIRECTORY    (the pictures are written there)
//
// Exit status: 0 fine, 1 failed, 2 wrong usage.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <autograd/autograd.hpp>
#include <nn/nn.hpp>

namespace {

using autograd::Value;

// ---- pictures ----

class Album {
 public:
  explicit Album(std::filesystem::path directory) : directory_(std::move(directory)) {
    std::filesystem::create_directories(directory_);
  }

  // Without Graphviz the text of the drawing will do.
  void draw(const Value& y, const std::string& name, const std::string& what,
            const autograd::DotOptions& options) {
    const std::filesystem::path picture = directory_ / (name + ".png");
    try {
      autograd::render(y, picture, options);
      pictures_.push_back({picture.string(), what});
    } catch (const autograd::Error& error) {
      const std::filesystem::path text = directory_ / (name + ".dot");
      std::ifstream file(text);
      const std::istreambuf_iterator<char> begin(file), end;
      if (std::string(begin, end) != to_dot(y, options)) throw;
      pictures_.push_back({text.string(), what});
      if (trouble_.empty()) trouble_ = error.what();
    }
  }

  void save(const autograd::Svg& picture, const std::string& name, const std::string& what) {
    const std::filesystem::path path = directory_ / (name + ".svg");
    picture.save(path);
    pictures_.push_back({path.string(), what});
  }

  // Where a page is to be written.
  std::filesystem::path page(const std::string& name, const std::string& what) {
    const std::filesystem::path path = directory_ / (name + ".html");
    pages_.push_back({path.string(), what});
    return path;
  }

  using Entry = std::pair<std::string, std::string>;
  static void print(const std::vector<Entry>& entries) {
    std::size_t width = 0;
    for (const auto& [path, what] : entries) width = std::max(width, path.size());
    for (const auto& [path, what] : entries)
      std::printf("   %-*s   %s\n", static_cast<int>(width), path.c_str(), what.c_str());
  }
  void print_pages() const { print(pages_); }
  void print() const {
    print(pictures_);
    if (!trouble_.empty()) std::printf("\n   Not all could be drawn: %s\n", trouble_.c_str());
  }

 private:
  std::filesystem::path directory_;
  std::vector<Entry> pictures_, pages_;
  std::string trouble_;
};

// ---- a gradient, step by step ----

std::string number(double x) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", x);
  return text;
}

std::string name_of(const Value& x) {
  return x.label().empty() ? number(x.data()) : std::string(x.label());
}

void print_row(const Value& x, const std::string& formula) {
  std::printf("   %-4s %-12s %8s %10s", name_of(x).c_str(), formula.c_str(),
              number(x.data()).c_str(), number(x.grad()).c_str());
  const std::vector<Value> operands = x.inputs();
  const std::vector<double> derivatives = x.local_derivatives();
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (operands[i].label().empty()) continue;  // a plain number
    std::printf("   d%s/d%s = %s", name_of(x).c_str(), name_of(operands[i]).c_str(),
                number(derivatives[i]).c_str());
  }
  std::printf("\n");
}

void show_gradient(Album& album) {
  Value w0(-2, "w0"), x0(3, "x0"), w1(4, "w1");
  Value y1 = w0 * x0;
  Value y2 = y1 + w1;
  Value f = 1 / y2;
  y1.set_label("y1");
  y2.set_label("y2");
  f.set_label("f");
  f.backward();

  std::printf("1. The gradient of f = 1 / (w0 * x0 + w1), step by step\n\n");
  std::printf("   %-17s %8s %10s   local derivatives\n", "value", "data", "gradient");
  print_row(w0, "");
  print_row(x0, "");
  print_row(w1, "");
  print_row(y1, "= w0 * x0");
  print_row(y2, "= y1 + w1");
  print_row(f, "= 1 / y2");
  std::printf("\n   The chain rule multiplies along the way from f to w0:\n");
  std::printf("   df/dw0 = df/dy2 * dy2/dy1 * dy1/dw0 = %s * %s * %s = %s\n\n",
              number(f.local_derivatives()[1]).c_str(), number(y2.local_derivatives()[0]).c_str(),
              number(y1.local_derivatives()[0]).c_str(), number(w0.grad()).c_str());
  album.draw(f, "expression", "f and its gradients",
             {.title = "f = 1 / (w0 * x0 + w1)", .local_derivatives = true, .contributions = true});
  write_page(f, album.page("expression", "f and its gradients, step by step"),
             {.title = "f = 1 / (w0 * x0 + w1)"});
}

// ---- a network that learns ----

Value loss_of(const nn::Mlp& net, const nn::Data& data) {
  std::vector<Value> outputs;
  std::vector<double> targets;
  for (const nn::Sample& row : data) {
    outputs.push_back(net(row.inputs)[0]);
    targets.push_back(row.targets[0]);
  }
  return nn::mean_squared_error(outputs, targets);
}

double largest_error(const nn::Mlp& net, const nn::Data& data) {
  double result = 0;
  for (const nn::Sample& row : data) {
    const double error = std::abs(net(row.inputs)[0].data() - row.targets[0]);
    if (!(error <= result)) result = error;  // so that NaN counts
  }
  return result;
}

// The squared error of the last row, (1, 1) -> 0, with everything named.
void draw_row(nn::Mlp& net, Album& album, const std::string& name, const std::string& what) {
  const std::vector<Value> inputs{Value(1, "x0"), Value(1, "x1")};
  nn::Mlp::Forward pass = net.forward(inputs);
  std::vector<Value>& hidden = pass.layers[0].out;
  for (std::size_t i = 0; i < hidden.size(); ++i) {
    std::string label = "h";
    hidden[i].set_label(label += std::to_string(i));
  }
  Value output = pass.out()[0];
  output.set_label("output");
  Value error = square(output - 0.0);
  error.set_label("error");
  nn::zero_grad(net.parameters());
  error.backward();
  album.save(draw_network(net, {.title = what, .row = std::vector<double>{1, 1}}),
             name + "_network", what + ", unit by unit");
  album.draw(error, name, what + ", operation by operation", {.title = what});
}

// Each loss as a bar of one of eight heights, on a logarithmic scale.
std::string bars(const std::vector<double>& losses) {
  static const char* const kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  constexpr std::size_t kColumns = 50;
  const auto [least, most] = std::minmax_element(losses.begin(), losses.end());
  const double low = std::log(*least), range = std::log(*most) - low;
  std::string result;
  const std::size_t columns = std::min(kColumns, losses.size());
  for (std::size_t i = 0; i < columns; ++i) {
    const double loss = losses[i * losses.size() / columns];
    const double height = range > 0 ? 7.99 * (std::log(loss) - low) / range : 0;
    result += kBars[height > 0 ? static_cast<std::size_t>(height) : 0];
  }
  return result;
}

// Whether the network has learned all four rows.
bool show_training(Album& album) {
  constexpr int kMostSteps = 2000;
  constexpr double kRate = 0.1, kCloseEnough = 0.05;
  const nn::Data data = nn::xor_data();
  nn::Mlp net({2, 4, 1}, nn::Activation::tanh, nn::Activation::identity, 1);
  net.set_labels();
  draw_row(net, album, "xor_before", "XOR of 1 and 1, before training");

  std::printf("2. A network learns XOR: 2 inputs, 4 tanh units, 1 output, %zu parameters\n\n",
              net.parameters().size());
  std::vector<double> losses;
  for (int step = 0, next = 0;; ++step) {
    const Value loss = loss_of(net, data);
    losses.push_back(loss.data());
    const bool is_last = largest_error(net, data) < kCloseEnough || step == kMostSteps;
    if (step == next || is_last) std::printf("   step %4d   loss %.6f\n", step, loss.data());
    if (is_last) break;
    if (step == next) next = next == 0 ? 10 : 2 * next;
    nn::zero_grad(net.parameters());
    loss.backward();
    nn::GradientDescent{kRate}.step(net.parameters());
  }
  std::printf("   %s\n\n", bars(losses).c_str());

  std::printf("   x0  x1   target   output\n");
  std::size_t right = 0;
  for (const nn::Sample& row : data) {
    const double output = net(row.inputs)[0].data();
    const bool is_right = std::abs(output - row.targets[0]) < 0.5;
    right += is_right ? 1 : 0;
    std::printf("   %2g  %2g   %6g   %6.3f   %s\n", row.inputs[0], row.inputs[1], row.targets[0],
                output, is_right ? "right" : "WRONG");
  }
  std::printf("   %zu of 4 rows are right.\n\n", right);
  draw_row(net, album, "xor_after", "XOR of 1 and 1, after training");
  Value loss = loss_of(net, data);
  loss.set_label("loss");
  nn::zero_grad(net.parameters());
  loss.backward();
  album.draw(loss, "xor_loss", "the loss over all four rows of XOR, after training",
             {.title = "Mean squared error over the four rows of XOR"});
  autograd::Chart chart{.title = "loss", .x_name = "step"};
  chart.y_scale = autograd::Chart::Scale::kLogarithmic;
  chart.curves.push_back({"", {}});
  for (std::size_t i = 0; i < losses.size(); ++i)
    chart.curves[0].points.push_back({static_cast<double>(i), losses[i]});
  album.save(chart.picture(), "xor_curve", "the loss, step by step");
  autograd::Chart boundary = decision_chart(net, data);
  boundary.title = "XOR: what the network answers";
  album.save(boundary.picture(), "xor_boundary", "what the network answers over the plane");
  write_page(net, data, album.page("xor", "the network, with its weights as sliders"),
             {.title = "XOR: 2 inputs, 4 tanh units, 1 output"});
  return right == data.size();
}

int run(const std::filesystem::path& directory) {
  Album album(directory);
  show_gradient(album);
  const bool has_learned = show_training(album);
  std::printf("3. Pictures\n\n");
  album.print();
  std::printf("\n4. Pages: open them in a browser\n\n");
  album.print_pages();
  std::printf("\nNext: change a number in examples/expression.cpp, draw your own formula with\n");
  std::printf("examples/draw.cpp, or read how the network is trained in examples/xor.cpp.\n");
  if (std::fflush(stdout) != 0) throw std::runtime_error("cannot write to the standard output");
  if (!has_learned) throw std::runtime_error("the network has not learned XOR");
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string directory = count == 2 ? arguments[1] : "";
  if (directory == "-h" || directory == "--help") {
    std::printf("usage: quickstart DIRECTORY\n");
    return 0;
  }
  if (directory.empty() || directory.starts_with("-")) {
    std::fprintf(stderr, "usage: quickstart DIRECTORY\n");
    return 2;
  }
  try {
    return run(directory);
  } catch (const std::exception& error) {
    std::fflush(stdout);
    std::fprintf(stderr, "quickstart: %s\n", error.what());
    return 1;
  }
}

// Drawings: what the text says, and what becomes of the program that draws it.

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

#include <doctest/doctest.h>

#include <autograd/autograd.hpp>
#include <autograd/inspect/graph_view.hpp>
#include <tests/support/golden.hpp>
#include <tests/support/helpers.hpp>

using autograd::Direction;
using autograd::Error;
using autograd::render;
using autograd::to_dot;
using autograd::Value;
using helpers::contains;

namespace {

namespace fs = std::filesystem;

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t result = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++result;
  return result;
}

std::string line_with(const std::string& text, const std::string& start) {
  const auto begin = text.find("\n" + start) + 1;
  return begin == 0 ? "" : text.substr(begin, text.find('\n', begin) - begin);
}

// A directory of its own, removed at the end.
struct Directory {
  fs::path path;
  explicit Directory(const std::string& name) : path(fs::temp_directory_path()) {
    path /= "autograd-dot-test-" + std::to_string(getpid()) + "-" + name;
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Directory() { fs::remove_all(path); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  std::vector<std::string> files() const {
    std::vector<std::string> result;
    for (const auto& entry : fs::directory_iterator(path)) {
      result.push_back(entry.path().filename().string());
    }
    std::sort(result.begin(), result.end());
    return result;
  }
};
using Names = std::vector<std::string>;

// While one is alive, programs are looked up in this directory alone.
struct Path {
  std::string before;
  explicit Path(const fs::path& directory) : before(std::getenv("PATH")) {
    setenv("PATH", directory.c_str(), 1);
  }
  ~Path() { setenv("PATH", before.c_str(), 1); }
  Path(const Path&) = delete;
  Path& operator=(const Path&) = delete;
};

// A program dot that is this shell script.
struct FakeDot {
  Directory directory{"bin"};
  Path path{directory.path};
  explicit FakeDot(const std::string& script) {
    const fs::path program = directory.path / "dot";
    std::ofstream(program) << "#!/bin/sh\n" << script << "\n";
    fs::permissions(program, fs::perms::owner_all);
  }
};

bool dot_is_installed() {
  static const bool result = std::system("command -v dot > /dev/null 2>&1") == 0;
  if (!result) MESSAGE("dot is not installed: nothing is drawn");
  return result;
}

// 0 where the system does not tell.
std::ptrdiff_t open_files() {
  if (!fs::exists("/proc/self/fd")) return 0;
  const fs::directory_iterator files("/proc/self/fd");
  return std::distance(begin(files), end(files));
}

struct Reciprocal {
  Value w0{-2, "w0"}, x0{3, "x0"}, w1{4, "w1"};
  Value y1 = w0 * x0, y2 = y1 + w1, f = 1 / y2;
  Reciprocal() {
    y1.set_label("y1");
    y2.set_label("y2");
    f.set_label("f");
  }
};

std::string error_of(const Value& y, const fs::path& path, const autograd::DotOptions& options) {
  return helpers::error_of([&] { render(y, path, options); });
}
std::string error_of(const fs::path& path, const autograd::DotOptions& options = {}) {
  return error_of(Reciprocal().f, path, options);
}

}  // namespace

// ---- the text ----

TEST_CASE("dot: a function with its gradients and local derivatives") {
  const Reciprocal r;
  r.f.backward();
  golden::check("reciprocal.dot",
                to_dot(r.f, {.title = "f = 1 / (w0 * x0 + w1)", .local_derivatives = true}));
}

TEST_CASE("dot: from top to bottom and black on white") {
  const Reciprocal r;
  r.f.backward();
  golden::check("reciprocal_down.dot", to_dot(r.f, {.local_derivatives = true,
                                                    .direction = Direction::kTopToBottom,
                                                    .colours = false}));
}

TEST_CASE("dot: an operand used twice has two edges") {
  const Value a(3, "a");
  const Value b = a + a;
  golden::check("a_plus_a.dot", to_dot(b));
  CHECK(count(to_dot(b), "n0 -> op1\n") == 2);
  const Value c = a * a;
  CHECK(count(to_dot(c, {.local_derivatives = true}), "n0 -> op1 [label=\"3\"]\n") == 2);
}

TEST_CASE("dot: plain numbers are small boxes, one for each use") {
  const Value x(2, "x");
  const Value twice = 2 * x, squared = pow(x, 2), inverse = 1 / x;
  const Value y = twice + squared - inverse;
  golden::check("constants.dot", to_dot(y));
  CHECK(count(to_dot(y), "[label=\"2\", color=") == 2);
}

TEST_CASE("dot: a gradient of 0 is not drawn as one that is not there yet") {
  const Value x(-3, "x"), w(2, "w"), b(1, "b");
  const Value y = relu(x * w) + b - b;
  CHECK(count(to_dot(y), "<i>none yet</i>") == count(to_dot(y), ">grad<"));
  CHECK_FALSE(contains(to_dot(y), "striped"));

  y.backward();
  const std::string text = to_dot(y, {.local_derivatives = true});
  golden::check("gradients.dot", text);
  CHECK(count(text, "none yet") == 0);
  SUBCASE("what a relu that is off leaves without gradient is hatched") {
    CHECK(contains(line_with(text, "n0 "), "striped"));
    CHECK(contains(line_with(text, "n1 "), "striped"));
    CHECK(contains(line_with(text, "n2 "), "striped"));
    CHECK(contains(text, "n2 -> op3 [label=\"0\", fontcolor=\"#6E6E6E\", style=dashed]"));
  }
  SUBCASE("what cancels is not") {
    CHECK(b.grad() == 0);
    CHECK(contains(text, "<b>b</b>"));
    CHECK_FALSE(contains(line_with(text, "n4 "), "striped"));
  }
  SUBCASE("what has a gradient from elsewhere is not") {
    (3 * x).backward();
    CHECK_FALSE(contains(line_with(to_dot(y), "n0 "), "striped"));
  }
}

TEST_CASE("dot: sums and dot products are one operation") {
  const Value p(1.5, "p"), q(-2, "q"), r(0.25, "r");
  SUBCASE("of products") {
    Value s;
    s += p * q;
    s += r * p;
    s.backward();
    golden::check("dot_product.dot", to_dot(s, {.local_derivatives = true}));
  }
  SUBCASE("of Values times plain numbers") {
    Value s = r;
    s += 0.5 * p;
    s += -2.0 * q;
    s += 0.0 * p;
    golden::check("scaled_sum.dot", to_dot(s));
  }
  SUBCASE("over ranges") {
    const std::vector<Value> x{p, q, r};
    const Value y = sum(x) + dot(x, x) + mean(x) + logsumexp(x);
    const std::string text = to_dot(y);
    CHECK(count(text, "label=<Σ>") == 2);
    CHECK(count(text, "label=<mean>") == 1);
    CHECK(count(text, "label=<logsumexp>") == 1);
    CHECK(count(text, "label=<×>") == 3);
  }
  SUBCASE("a 0 that a sum starts from is drawn where it is used otherwise") {
    Value s;
    const Value y = s * p;
    CHECK(contains(to_dot(y), "[label=\"0\", color="));
  }
}

TEST_CASE("dot: operands arrive in their order where it matters") {
  const Value a(3, "a"), b(2, "b");
  const auto ports = [](const Value& y, Direction direction = Direction::kLeftToRight) {
    const std::string text = to_dot(y, {.direction = direction});
    return line_with(text, "n0 ->") + ", " + line_with(text, "n1 ->");
  };
  CHECK(ports(a - b) == "n0 -> op2:nw, n1 -> op2:sw");
  CHECK(ports(pow(a, b)) == "n0 -> op2:nw, n1 -> op2:sw");
  CHECK(ports(a / b, Direction::kTopToBottom) == "n0 -> op2:nw, n1 -> op2:ne");
  CHECK(ports(a * b) == "n0 -> op2, n1 -> op2");
  CHECK(line_with(to_dot(select(a, b, a * b)), "op2 ->") == "op2 -> n2");
}

TEST_CASE("dot: a leaf or a constant alone is a box") {
  CHECK(contains(to_dot(Value(3, "x")), "<b>x</b>"));
  CHECK(contains(to_dot(Value()), "n0 [label=\"0\""));
  const Value x(3, "x");
  const autograd::NoGradGuard guard;
  Value y = x * x;
  CHECK(contains(to_dot(y), "n0 [label=\"9\""));
  y.set_label("nine");
  CHECK(contains(to_dot(y), "<b>nine</b>"));
  CHECK_FALSE(contains(to_dot(y), ">grad<"));
  const Value twice = y + y;
  CHECK(contains(to_dot(twice), "n0 [label=\"18\""));
}

TEST_CASE("dot: a constant with a label is one box for all its uses") {
  const Value x(3, "x");
  std::optional<autograd::NoGradGuard> guard(std::in_place);
  Value nine = x * x;
  nine.set_label("nine");
  guard.reset();
  CHECK(count(to_dot(x * nine + nine), "<b>nine</b>") == 1);
}

TEST_CASE("dot: the same graph gives the same text") {
  const auto text = [] {
    const Reciprocal r;
    r.f.backward();
    return to_dot(r.f);
  };
  const std::string first = text();
  const Value other(1, "other");
  const Value kept = other * 2;
  CHECK(text() == first);
  std::string elsewhere;
  std::thread([&] { elsewhere = text(); }).join();
  CHECK(elsewhere == first);
}

TEST_CASE("dot: drawing changes nothing") {
  const Reciprocal r;
  r.f.backward();
  const auto before = autograd::graph_statistics();
  const std::string text = to_dot(r.f);
  CHECK(autograd::graph_statistics().operations == before.operations);
  CHECK(autograd::graph_statistics().edges == before.edges);
  CHECK(r.w0.grad() == -0.75);
  CHECK(to_dot(r.f) == text);
}

TEST_CASE("dot: labels are shown as they are") {
  const Names labels{"a\"b\n<c>",
                     "\\N \\G \\n \\",
                     "]]> --> &amp; & &#0;",
                     "   ",
                     "\t\x01\x7f",
                     "\xff \xc3",
                     "\xed\xa0\x80 \xef\xbf\xbf \xc0\xaf \xe0\x80\xaf \xc2\x85",
                     "∂L/∂w₀ 日本 😀",
                     "\n"};
  std::string text;
  Value all;
  for (const std::string& label : labels) all += Value(1, label);
  text = to_dot(all, {.title = "a \"title\" <1>\n& more"});
  golden::check("labels.dot", text);
  CHECK(contains(text, "<b>a&quot;b<br/>&lt;c&gt;</b>"));

  SUBCASE("a long one is cut, between characters") {
    std::string longest;
    for (int i = 0; i < 41; ++i) longest += "ü";
    const std::string cut = longest.substr(0, 80) + "…";
    CHECK(contains(to_dot(Value(1, longest)), "<b>" + cut + "</b>"));
    CHECK(contains(to_dot(Value(1, cut.substr(0, 80))), "<b>" + cut.substr(0, 80) + "</b>"));
  }
  SUBCASE("Graphviz reads all of them") {
    if (!dot_is_installed()) return;
    const Directory directory("labels");
    const fs::path picture = directory.path / "labels.svg";
    render(all, picture, {.title = std::string(100'000, '"')});
    const std::string svg = golden::read(picture);
    CHECK(contains(svg, ">a&quot;b<"));
    CHECK(contains(svg, ">&lt;c&gt;<"));
    CHECK(contains(svg, ">\\N \\G \\n \\<"));
    CHECK(contains(svg, ">]]&gt; &#45;&#45;&gt; &amp;amp; &amp; &amp;#0;<"));
    CHECK(contains(svg, ">∂L/∂w₀ 日本 😀<"));
  }
}

TEST_CASE("dot: numbers are as short as they can be read") {
  const auto text = [](double x) { return autograd::detail::short_number(x, 4); };
  CHECK(text(-0.75) == "-0.75");
  CHECK(text(3) == "3");
  CHECK(text(0) == "0");
  CHECK(text(1.0 / 3) == "0.3333");
  CHECK(text(2.0 / 3e4) == "6.667e-5");
  CHECK(text(0.00012346) == "0.0001235");
  CHECK(text(1024) == "1024");
  CHECK(text(-12345.6) == "-12346");
  CHECK(text(999999) == "999999");
  CHECK(text(1e6) == "1e6");
  CHECK(text(1.5e100) == "1.5e100");
  CHECK(text(-5e-324) == "-4.941e-324");
  CHECK(text(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  CHECK(text(-std::numeric_limits<double>::infinity()) == "-inf");
  CHECK(autograd::detail::short_number(0.1, 17) == "0.10000000000000001");
  CHECK(autograd::detail::short_number(1.0 / 3, 1) == "0.3");

  const Value x(1.0 / 3, "x");
  CHECK(contains(to_dot(x, {.digits = 2}), ">0.33<"));
  CHECK_THROWS_WITH_AS(to_dot(x, {.digits = 0}),
                       "to_dot(): options.digits must be from 1 to 17, not 0", Error);
  CHECK_THROWS_AS(to_dot(x, {.digits = 18}), Error);
}

TEST_CASE("dot: NaN and infinity stand out") {
  const Value x(-1, "x");
  const Value y = log(x) + 1 / (x + 1);
  y.backward();
  const std::string text = to_dot(y);
  CHECK(contains(line_with(text, "n0 "), ">-1</td>"));
  CHECK(contains(line_with(text, "n0 "), "<font color=\"#B0003A\">NaN</font>"));
  CHECK(contains(text, "<font color=\"#B0003A\">inf</font>"));
}

TEST_CASE("dot: a deep graph is drawn without recursion") {
  const Value x(1.0, "x");
  Value y = x;
  for (int i = 0; i < 100'000; ++i) y = tanh(y);
  y.backward();
  CHECK(count(to_dot(y), "label=<tanh>") == 100'000);
}

// ---- the picture ----

TEST_CASE("render: writes the picture and the text beside it") {
  if (!dot_is_installed()) return;
  const Directory directory("render");
  const Reciprocal r;
  render(r.f, directory.path / "f.png");
  CHECK(golden::read(directory.path / "f.png").starts_with("\x89PNG"));
  CHECK(golden::read(directory.path / "f.dot") == to_dot(r.f));
  render(r.f, directory.path / "f.svg", {.title = "new"});
  CHECK(contains(golden::read(directory.path / "f.svg"), "</svg>"));
  CHECK(golden::read(directory.path / "f.dot") == to_dot(r.f, {.title = "new"}));
  render(r.f, directory.path / "f.pdf");
  CHECK(golden::read(directory.path / "f.pdf").starts_with("%PDF"));
  CHECK(directory.files() == Names{"f.dot", "f.pdf", "f.png", "f.svg"});
}

TEST_CASE("render: any path will do") {
  if (!dot_is_installed()) return;
  const Directory directory("paths");
  const fs::path before = fs::current_path();
  fs::current_path(directory.path);
  fs::create_directory("-d");
  const Names names{"-o.svg", "-d/f.svg", "a b.svg", "it's \"$HOME\" `x`;.svg", "grün.svg"};
  for (const std::string& name : names) CHECK(error_of(name) == "");
  CHECK(error_of(std::string(251, 'x') + ".svg") == "");
  fs::current_path(before);
  CHECK(directory.files().size() == 11);
}

TEST_CASE("render: the name tells the format") {
  const Directory directory("format");
  const Path nowhere(directory.path);
  CHECK(error_of(directory.path / "f.bmp") == "render(): no picture can be made of the name '" +
                                                  (directory.path / "f.bmp").string() +
                                                  "': it must end in .png, .svg or .pdf");
  for (const std::string name : {"f", ".png", "", "f.png.", "f.dot"}) {
    CHECK(contains(error_of(directory.path / name), "it must end in .png, .svg or .pdf"));
  }
  CHECK(directory.files().empty());
}

TEST_CASE("render: where nothing can be written, nothing is") {
  const Directory directory("unwritable");
  const std::string missing = (directory.path / "missing" / "f").string();
  CHECK(error_of(missing + ".png") ==
        "cannot write '" + missing +
            ".dot': No such file or directory. Give a path in a directory that exists and may be "
            "written to.");
  std::ofstream(directory.path / "file") << "text";
  CHECK(contains(error_of(directory.path / "file" / "f.png"), "Not a directory"));
  fs::create_directories(directory.path / "f.dot" / "full");
  CHECK(contains(error_of(directory.path / "f.png"), "cannot write"));
  CHECK(directory.files() == Names{"f.dot", "file"});
}

TEST_CASE("render: a missing dot leaves the text and names the cure") {
  const Directory directory("missing"), empty("empty");
  const Path path(empty.path);
  const std::string f = (directory.path / "f").string();
  CHECK(
      error_of(f + ".png") ==
      "render(): cannot draw '" + f +
          ".png': there is no program dot. Install Graphviz (apt install graphviz) and try again. "
          "The drawing is kept as text in '" +
          f + ".dot'.");
  CHECK(directory.files() == Names{"f.dot"});
  CHECK(golden::read(f + ".dot") == to_dot(Reciprocal().f));
}

TEST_CASE("render: a dot that fails is quoted, and the older picture stays") {
  const Directory directory("fails");
  const fs::path picture = directory.path / "f.png";
  std::ofstream(picture) << "older";
  SUBCASE("with an exit status") {
    const FakeDot dot("echo half > \"$4\"; echo 'Error: one' >&2; echo two >&2; exit 3");
    CHECK(contains(error_of(picture), "dot ended with status 3: Error: one; two. The drawing is "));
  }
  SUBCASE("without a word") {
    const FakeDot dot("exit 1");
    CHECK(contains(error_of(picture), "dot ended with status 1: it gave no reason. "));
  }
  SUBCASE("without a picture") {
    const FakeDot dot("exit 0");
    CHECK(contains(error_of(picture), "dot wrote nothing: it gave no reason. "));
  }
  SUBCASE("by a signal") {
    const FakeDot dot("kill -SEGV $$");
    CHECK(contains(error_of(picture), "dot was ended by signal 11"));
  }
  SUBCASE("with more to say than a pipe holds") {
    const FakeDot dot(
        "i=0; while [ $i -lt 20000 ]; do echo 'a long line of complaints' >&2; "
        "i=$((i+1)); done; exit 1");
    CHECK(error_of(picture).size() < 1000);
  }
  SUBCASE("to start") {
    const FakeDot dot("");
    fs::permissions(dot.directory.path / "dot", fs::perms::owner_read);
    CHECK(contains(error_of(picture), "dot could not be started: Permission denied. "));
  }
  CHECK(directory.files() == Names{"f.dot", "f.png"});
  CHECK(golden::read(picture) == "older");
}

TEST_CASE("render: a dot that takes too long is ended") {
  const Directory directory("slow");
  const fs::path picture = directory.path / "f.png", trace = directory.path / "trace";
  const auto files_before = open_files();
  const auto seconds_of = [&](const std::string& script) {
    const FakeDot dot(script);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(contains(error_of(picture, {.time_limit = 0.2}),
                   "dot did not finish within 0.2 s (options.time_limit). "));
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  SUBCASE("while it sleeps") { CHECK(seconds_of("exec /bin/sleep 60") < 5); }
  SUBCASE("with what it has started") {
    CHECK(seconds_of("(/bin/sleep 1; echo late > '" + trace.string() + "') & wait") < 0.9);
    std::this_thread::sleep_for(std::chrono::milliseconds(1200));
  }
  SUBCASE("after a word") { CHECK(seconds_of("echo word >&2; exec /bin/sleep 60") < 5); }
  SUBCASE("while it talks") { CHECK(seconds_of("exec /usr/bin/yes >&2") < 5); }
  CHECK(open_files() == files_before);
  CHECK(directory.files() == Names{"f.dot"});
}

TEST_CASE("render: a dot that leaves a program behind is not waited for") {
  const Directory directory("behind");
  const FakeDot dot("/bin/sleep 3 & echo picture > \"$3\"");
  const auto begin = std::chrono::steady_clock::now();
  CHECK(error_of(directory.path / "f.svg") == "");
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}

TEST_CASE("render: a graph that is too large is refused at once") {
  const Directory directory("large");
  const std::string error = error_of(directory.path / "f.png", {.node_limit = 9});
  CHECK(contains(error, "would have 10 boxes and operations, more than options.node_limit (9)"));
  CHECK(contains(error, "sfdp -Tpng"));
  CHECK(directory.files().empty());
  if (dot_is_installed()) {
    CHECK(error_of(directory.path / "f.png", {.node_limit = 10}) == "");
  }
}

TEST_CASE("render: leaves no descriptor open, and runs in many threads at once") {
  const Directory directory("threads");
  const auto before = open_files();
  {
    const FakeDot dot("for last; do :; done; /bin/cat \"$last\" > \"$3\"");
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        for (int k = 0; k < 5; ++k) {
          const Value x(i, "x");
          render(x * 2, directory.path / (std::string("f") + std::to_string(i) + ".svg"));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  CHECK(open_files() == before);
  CHECK(directory.files().size() == 8);
  CHECK(golden::read(directory.path / "f3.svg") == golden::read(directory.path / "f3.dot"));
}

// autograd eval, explain, draw, check, grad and ops: what they print.
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <tests/support/command.hpp>
#include <tests/support/golden.hpp>

namespace {

const std::string kExample = "'1/(w0*x0 + w1)' w0=-2 x0=3 w1=4";

void check_transcript(const std::string& name, const std::vector<std::string>& lines) {
  const command::Folder folder("expressions_" + name);
  folder.write("loss.txt", "h = tanh(w*x + b);  # the unit\n(h - t)^2\n");
  golden::check("cli/" + name + ".txt", command::transcript(folder, lines));
}

}  // namespace

TEST_CASE("eval: the value, and the derivative by each input") {
  check_transcript("eval",
                   {"autograd eval " + kExample, "autograd eval " + kExample + " --json",
                    "autograd eval -f loss.txt w=0.5 x=2 b=0 t=1 --digits 3",
                    "autograd eval 'dot(w, x)' w=[1,2] x=[pi,1/3]", "autograd eval '-x^2' x=3",
                    "autograd eval 'w = 2; v = w; w*v'", "autograd eval '1 + 1'",
                    "autograd eval 'log(x)' x=0 --json", "autograd eval 'relu(x)' x=0"});
}

TEST_CASE("explain: the chain rule in the formats, worksheets with their key") {
  check_transcript(
      "explain",
      {"autograd explain " + kExample, "autograd explain " + kExample + " --format md",
       "autograd explain " + kExample + " --only w0 --forward",
       "autograd explain " + kExample + " --format latex",
       "autograd explain " + kExample + " --worksheet",
       "autograd explain " + kExample + " --worksheet --key --difficulty hard",
       "autograd explain " + kExample + " --only x9", "autograd explain 'x^2' x=3 --format json",
       "autograd explain 'x^2' x=3 --format html -o page.html && head -n 1 page.html"});
}

TEST_CASE("check: the verdict on each derivative, and on a claim") {
  check_transcript(
      "check", {"autograd check " + kExample, "autograd check 'abs(x)' x=0",
                "autograd check 'x*floor(y)' x=2 y=1 --json",
                "autograd check " + kExample + " --claim w0='-x0/(w0*x0+w1)^2'",
                "autograd check " + kExample + " --claim w0='x0/(w0*x0+w1)^2' --claim x0=1 --json",
                "autograd check " + kExample + " --claim w0", "autograd check '1 + 1'"});
}

TEST_CASE("grad: derivatives as expressions") {
  check_transcript(
      "grad",
      {"autograd grad '1/(w0*x0 + w1)' --wrt w0",
       "autograd grad '1/(w0*x0 + w1)' --wrt w0 --order 2", "autograd grad 'tanh(w*x + b)'",
       "autograd grad 'x*y' --order 2", "autograd grad 'x/y' --format latex --wrt y",
       "autograd grad 'x^3 + y' --json", "autograd grad 'dot(w, x)^2' w=[1,2] x=[3,4] --wrt 'w[0]'",
       "autograd grad 'x^2' --wrt y"});
}

TEST_CASE("grad: a derivative can be evaluated again") {
  const command::Folder folder("expressions_again");
  const auto second = folder.run("autograd grad 'exp(x)*sin(y)' --wrt x --order 2");
  std::string text = second.out;
  text.pop_back();
  const auto value =
      nlohmann::json::parse(folder.run("autograd eval '" + text + "' x=0.5 y=0.25 --json").out);
  CHECK(value["value"].get<double>() == doctest::Approx(std::exp(0.5) * std::sin(0.25)));
}

TEST_CASE("draw: a tree in characters, DOT, a picture") {
  check_transcript("draw",
                   {"autograd draw " + kExample, "autograd draw '(a + b)*a' a=1 b=2 -o graph.dot",
                    "autograd draw 'x^2' x=3 -o graph.gif", "autograd draw 'x' x=1 --only y"});
  const command::Folder folder("expressions_draw");
  CHECK(folder.run("autograd draw 'x^2' x=3 -o graph.dot && grep -c digraph graph.dot").out ==
        "1\n");
  CHECK(folder.run("autograd draw 'x^2' x=3 -o graph.svg && head -c 5 graph.svg").out == "<?xml");
}

TEST_CASE("plot: curves in characters, as numbers and as a picture") {
  check_transcript("plot", {"autograd plot 'x^3 - x' x=-1.5..1.5", "autograd plot '1/x' x=-1..1",
                            "autograd plot 'sigmoid(w*x)' w=4 x=-3..3 --alone",
                            "autograd plot 'x^2' x=0..2 --points 3 --json",
                            "autograd plot 'x^2' x=2", "autograd plot 'x*y' x=0..1 y=0..1",
                            "autograd plot 'x*y' x=0..1", "autograd plot 'x' x=1..0"});
  const command::Folder folder("expressions_plot");
  CHECK(folder.run("autograd plot 'x^2' x=0..1 -o curve.svg && grep -c '</svg>' curve.svg").out ==
        "1\n");
}

TEST_CASE("minimize: the way to the minimum") {
  const std::string rosenbrock = "'100*(y - x^2)^2 + (1 - x)^2' x=-1.2 y=1";
  check_transcript(
      "minimize",
      {"autograd minimize " + rosenbrock + " --digits 3 --tolerance 0.1",
       "autograd minimize " + rosenbrock + " --digits 3 --tolerance 0.1 --method newton",
       "autograd minimize '(x - a)^2' x=0 a=3 --fix a --method gradient --rate 0.25",
       "autograd minimize 'squared_norm(v)' v=[1,2] --method gradient --rate 0.5 --json",
       "autograd minimize 'x' x=0", "autograd minimize 'x^2' x=1 --rate 0.1",
       "autograd minimize 'x^2' x=1 --rate -1", "autograd minimize 'x^2' x=1 --fix y",
       "autograd minimize 'log(x)' x=-1"});
  const command::Folder folder("expressions_minimize");
  CHECK(folder.run("autograd minimize " + rosenbrock + " -o path.svg").code == 0);
  CHECK(folder.text("path.svg").find("path") != std::string::npos);
}

TEST_CASE("page: one file that needs no other") {
  const command::Folder folder("expressions_page");
  const auto run = folder.run("autograd page " + kExample + " -o page.html --title Example");
  CHECK(run.code == 0);
  CHECK(run.out == "Written: page.html\n");
  const std::string page = folder.text("page.html");
  CHECK(page.find("Example") != std::string::npos);
  CHECK(page.find("</html>") != std::string::npos);
  CHECK(command::complaint(folder, "autograd page x x=1 -o none/page.html").find("none/page") !=
        std::string::npos);
}

TEST_CASE("ops: the list, and single operations with their curve") {
  check_transcript("ops", {"autograd ops | head -n 12", "autograd ops tanh", "autograd ops atan2",
                           "autograd ops sum", "autograd ops sqrt --json", "autograd ops tan2"});
  const command::Folder folder("expressions_ops");
  const auto all = nlohmann::json::parse(folder.run("autograd ops --json").out);
  CHECK(all.size() > 80);
}

// Text in the language of Graphviz: names that mean something to it are shown as they are.

#include <cstdlib>
#include <fstream>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include <autograd/draw/dot_text.hpp>
#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>

using autograd::detail::bare;
using autograd::detail::DotWriter;
using autograd::detail::markup;
using autograd::detail::quoted;
using autograd::detail::text_attribute;

namespace {

std::string label(const std::string& text, std::size_t longest = 40) {
  return text_attribute("label", text, longest).value;
}

}  // namespace

TEST_CASE("dot text: statements") {
  DotWriter dot("g");
  dot.defaults("node", {bare("shape", "box")});
  dot.node("a", {quoted("color", "#FF0000"), markup("label", "<b>a</b>")});
  dot.open_group();
  dot.node("b", {});
  dot.close_group();
  dot.edge("a", "b:nw");
  dot.edge("b", "a", {bare("style", "dashed")});
  CHECK(std::move(dot).finish() ==
        "digraph g {\nnode [shape=box]\na [color=\"#FF0000\", label=<<b>a</b>>]\n{ b\n}\n"
        "a -> b:nw\nb -> a [style=dashed]\n}\n");
}

TEST_CASE("dot text: foreign text in quotes") {
  CHECK(label("a \"b\" \\N") == "\"a &quot;b&quot; \\\\N\"");
  CHECK(label("two\nlines") == "\"two\\nlines\"");
  CHECK(label("<b> & c") == "\"&lt;b&gt; &amp; c\"");
  CHECK(label("\xff") == "\"\xef\xbf\xbd\"");
  CHECK(label("abcdef", 3) == "\"abc…\"");
}

TEST_CASE("dot text: Graphviz shows foreign text as it is") {
  if (!drawings::dot_is_installed()) return;
  const drawings::Directory directory("dot_text");
  DotWriter dot("g");
  dot.node("a", {text_attribute("label", "a \"b\" \\N <c> & d] -> e", 40)});
  std::ofstream(directory.path / "a.dot") << std::move(dot).finish();
  const std::string command = "dot -Tsvg '" + (directory.path / "a.dot").string() + "' > '" +
                              (directory.path / "a.svg").string() + "'";
  REQUIRE(std::system(command.c_str()) == 0);
  const std::string svg = golden::read(directory.path / "a.svg");
  CHECK(svg.find(">a &quot;b&quot; \\N &lt;c&gt; &amp; d] &#45;&gt; e<") != std::string::npos);
}

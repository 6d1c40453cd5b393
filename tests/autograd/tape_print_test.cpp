// The tape that autograd/tape/README.md prints is the one that is recorded.

#include <iomanip>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include <autograd/tape/operands.hpp>
#include <autograd/value.hpp>
#include <tests/support/documents.hpp>
#include <tests/support/helpers.hpp>

namespace {

using autograd::Value;
using autograd::detail::Id;
using autograd::detail::Tag;
using autograd::detail::tape;

std::string name_of(Id id) {
  if (id == autograd::detail::kNumber) return "a plain number";
  if (id >= 0) return std::string(autograd::ops::All::infos[tape.operation(id)].name);
  return std::string(tape.label(id));
}

std::string handles_of(const Tag& tag) {
  if (tag.handles == 0) return "none";
  return tag.handles == 1 ? "unique" : std::to_string(tag.handles / 2) + " shared";
}

std::string arrays(Id lowest_leaf) {
  std::ostringstream out;
  out << "   id   node    data   adjoint   tag: handles   edges\n";
  const auto node = [&](Id id) {
    const Tag& tag = tape.tag[id];
    const bool is_labelled = (tag.edges & autograd::detail::kLabelled) != 0;
    out << std::setw(5) << id << std::setw(7) << name_of(id) << std::setw(8) << tape.data[id]
        << std::setw(10) << tape.adjoint[id] << std::setw(15) << handles_of(tag) << std::setw(8)
        << tape.edge_count(id) << (is_labelled ? "  labelled" : "") << "\n";
  };
  for (Id id = lowest_leaf; id < autograd::detail::kZero; ++id) node(id);
  for (Id id = 0; id < tape.size; ++id) node(id);

  out << "\n edge   of    partial   leads to\n";
  for (Id id = 0; id < tape.size; ++id) {
    for (std::uint32_t e = tape.first_edge(id); e < tape.first_edge(id) + tape.edge_count(id);
         ++e) {
      const auto& edge = tape.edges[e];
      out << std::setw(5) << e << std::setw(5) << name_of(id) << std::setw(11) << edge.partial
          << std::setw(7) << edge.id << "  " << name_of(edge.id) << "\n";
    }
  }
  return out.str();
}

// The first ```text block.
std::string printed(const std::string& path) {
  const std::string text = documents::text_of(path), opening = "```text\n";
  const auto begin = text.find(opening);
  REQUIRE(begin != std::string::npos);
  return text.substr(begin + opening.size(),
                     text.find("```", begin + opening.size()) - begin - opening.size());
}

}  // namespace

TEST_CASE("tape: the arrays of 1/(w0 x0 + w1) are those that its README prints") {
  helpers::on_a_fresh_graph([] {
    const Value w0(-2, "w0"), x0(3, "x0"), w1(4, "w1");
    const Value f = 1 / (w0 * x0 + w1);
    f.backward();
    CHECK(arrays(w1.id()) == printed("autograd/tape/README.md"));
  });
}

// Explanations as a part of a LaTeX document.
#include <new>
#include <string_view>

#include <autograd/explain/layout.hpp>

namespace autograd {

using detail::Line;
using detail::Section;

namespace {

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view("#$%&_{}").find(c) != std::string_view::npos) {
      result += '\\';
      result += c;
    } else if (c == '\\') {
      result += "\\textbackslash{}";
    } else if (c == '^' || c == '~') {
      result += '\\';
      result += c;
      result += "{}";
    } else {
      result += c;
    }
  }
  return result;
}

// a &= b = c && \text{remark}
std::string aligned(const Line& line) {
  std::string result = line.sides[0];
  for (std::size_t i = 1; i < line.sides.size(); ++i)
    result.append(i == 1 ? " &= " : " = ").append(line.sides[i]);
  if (!line.remark.empty())
    result.append(" \\quad\\text{").append(escaped(line.remark)).append("}");
  return result;
}

}  // namespace

std::string Explanation::latex() const try {
  std::string document = "% \\usepackage{amsmath}\n";
  for (const Section& section : detail::sections(*this, Notation::kLatex)) {
    document.append("\\subsection*{").append(escaped(section.title)).append("}\n");
    if (!section.lines.empty()) {
      document += "{\\allowdisplaybreaks\n\\begin{align*}\n";
      for (const Line& line : section.lines)
        document.append("  ")
            .append(aligned(line))
            .append(&line == &section.lines.back() ? "\n" : " \\\\[2pt]\n");
      document += "\\end{align*}}\n";
    }
    if (!section.table.empty()) {
      document.append("\\begin{tabular}{").append(section.alignment).append("}\n");
      for (const auto& cells : section.table) {
        for (std::size_t i = 0; i < cells.size(); ++i)
          document.append(i == 0 ? "  " : " & ").append(escaped(cells[i]));
        document += &cells == &section.table.front() ? " \\\\ \\hline\n" : " \\\\\n";
      }
      document += "\\end{tabular}\n";
    }
    if (!section.words.empty())
      document.append(1, '\n').append(escaped(section.words)).append(1, '\n');
  }
  return document;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd

// Explanations for a terminal and in Markdown.
#include <new>

#include <autograd/explain/layout.hpp>
#include <autograd/text.hpp>

namespace autograd {

using detail::Line;
using detail::Section;

namespace {

std::string equation(const Line& line) {
  std::string result;
  for (const std::string& side : line.sides) result += (result.empty() ? "" : " = ") + side;
  return result;
}

// Markdown takes some characters for itself.
std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (std::string_view("|*_`\\<>[]#").find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string row(const std::vector<std::string>& cells) {
  std::string result = "|";
  for (const std::string& cell : cells) result.append(1, ' ').append(escaped(cell)).append(" |");
  return result + "\n";
}

}  // namespace

std::string Explanation::text() const try {
  std::string document;
  for (const Section& section : detail::sections(*this, Notation::kText)) {
    document += (document.empty() ? "" : "\n") + section.title + "\n";
    std::vector<text::TableRow> rows;
    for (const Line& line : section.lines) {
      document += "  " + equation(line);
      if (!line.remark.empty()) document += "  (" + line.remark + ")";
      document += "\n";
    }
    for (const auto& cells : section.table) rows.emplace_back(cells);
    for (text::TableRow& cells : rows) cells[0] = "  " + cells[0];
    if (!rows.empty()) document += text::table(rows, section.alignment);
    if (!section.words.empty()) document += "  " + section.words + "\n";
  }
  return document;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

std::string Explanation::markdown() const try {
  std::string document;
  for (const Section& section : detail::sections(*this, Notation::kText)) {
    document += (document.empty() ? "## " : "\n## ") + escaped(section.title) + "\n\n";
    for (const Line& line : section.lines) {
      document += "- `` " + equation(line) + " ``";
      if (!line.remark.empty()) document += " — " + escaped(line.remark);
      document += "\n";
    }
    for (const auto& cells : section.table) {
      document += row(cells);
      if (&cells != &section.table.front()) continue;
      document += "|";
      for (std::size_t i = 0; i < cells.size(); ++i)
        document += section.alignment[i] == 'r' ? "---:|" : "---|";
      document += "\n";
    }
    if (section.words.empty()) continue;
    if (!section.lines.empty() || !section.table.empty()) document.append(1, '\n');
    document.append(escaped(section.words)).append(1, '\n');
  }
  return document;
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd

// Explanations as a page of HTML.
#include <new>
#include <string_view>

#include <autograd/draw/markup.hpp>
#include <autograd/explain/layout.hpp>

namespace autograd {

using detail::Line;
using detail::Section;

namespace {

constexpr std::string_view kHead =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<title>Explanation</title>\n<style>\n"
    "body { font: 1.1rem/1.6 Georgia, serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; "
    "color: #1a1a1a; background: #fff }\n"
    "h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }\n"
    "table { border-collapse: collapse }\n"
    "td, th { padding: .15rem .6rem; text-align: left; vertical-align: baseline }\n"
    "td.r, th.r { text-align: right }\n"
    "td:first-child { white-space: nowrap }\n"
    "tr.local { color: #666 }\n"
    "th { border-bottom: 1px solid #999 }\n"
    "td.remark { color: #555; font-style: italic }\n"
    "sub, sup { line-height: 0 }\n"
    "</style>\n</head>\n<body>\n";

void write_lines(std::string& to, const Section& section) {
  to += "<table>\n";
  for (const Line& line : section.lines) {
    to += (line.is_local ? "<tr class=\"local\"><td>" : "<tr><td>") + line.sides[0] + "</td><td>";
    for (std::size_t i = 1; i < line.sides.size(); ++i)
      to += (i == 1 ? "= " : " = ") + line.sides[i];
    to += "</td>";
    if (!line.remark.empty())
      to += "<td class=\"remark\">" + detail::markup_escaped(line.remark) + "</td>";
    to += "</tr>\n";
  }
  to += "</table>\n";
}

void write_table(std::string& to, const Section& section) {
  to += "<table>\n";
  for (const auto& cells : section.table) {
    const std::string tag = &cells == &section.table.front() ? "th" : "td";
    to += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
      to += "<" + tag + (section.alignment[i] == 'r' ? " class=\"r\">" : ">");
      to += detail::markup_escaped(cells[i]) + "</" + tag + ">";
    }
    to += "</tr>\n";
  }
  to += "</table>\n";
}

}  // namespace

std::string Explanation::html() const try {
  std::string page(kHead);
  for (const Section& section : detail::sections(*this, Notation::kHtml)) {
    page += "<h2>" + detail::markup_escaped(section.title) + "</h2>\n";
    if (!section.lines.empty()) write_lines(page, section);
    if (!section.table.empty()) write_table(page, section);
    if (!section.words.empty()) page += "<p>" + detail::markup_escaped(section.words) + "</p>\n";
  }
  return page + "</body>\n</html>\n";
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd

#include "autograd/page.hpp"

#include <new>
#include <string_view>

#include <autograd/draw/markup.hpp>
#include <autograd/error.hpp>
#include <autograd/explain.hpp>
#include <autograd/file.hpp>
#include <autograd/page/compact_data.hpp>
#include <autograd/page/data.hpp>
#include <autograd/page/java_script.hpp>
#include <autograd/page/source.hpp>
#include <autograd/tape_picture.hpp>

namespace autograd {

namespace {

void check(const PageOptions& options) {
  if (options.digits < 1 || options.digits > 17) {
    throw Error("to_page(): options.digits must be from 1 to 17, not " +
                std::to_string(options.digits));
  }
  for (const std::vector<double>& row : options.rows) {
    if (row.size() != options.inputs.size()) {
      throw Error("to_page(): a row has " + std::to_string(row.size()) + " numbers for " +
                  std::to_string(options.inputs.size()) + " inputs");
    }
  }
}

// Nothing may be fetched, whatever a label says.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";

std::string head(const std::string& title) {
  std::string result =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"";
  result.append(kPolicy).append("\">\n<title>").append(detail::markup_escaped(title));
  result.append("</title>\n<style>").append(detail::page_style());
  return result + "</style>\n</head>\n";
}

// The parts that the scripts fill.
constexpr std::string_view kBody = R"html(<div id="top">
<section id="drawing" aria-label="Graph"><div id="tools"><div id="levels" role="group" aria-label="What is a card"></div><div id="zoom"><button id="in" aria-label="Zoom in">+</button><button id="out" aria-label="Zoom out">−</button><button id="fit" aria-label="Show the whole graph">Fit</button></div></div>
<svg id="graph" tabindex="0" role="group" aria-label="Graph: arrow keys move it, plus and minus zoom"></svg></section>
<section id="side">
<div id="model" hidden></div>
<h2>Numbers</h2><p id="reason" hidden></p><div id="leaves"></div>
<p><button id="reset">As recorded</button></p><p id="branches" role="status"></p>
</section></div>
<section id="now" aria-label="Step"><p id="line" aria-live="polite"></p><p id="remark"></p>
<div id="bar"><button id="first" aria-label="To the beginning">|◀</button><button id="back" aria-label="One step back">◀</button><button id="play">Play</button><button id="on" aria-label="One step on">▶</button><button id="last" aria-label="To the end">▶|</button>
<input id="step" type="range" min="0" value="0" aria-label="Step"><output id="count"></output></div></section>
<section id="worksheet"><h2>Worksheet</h2><div id="questions"></div></section>
)html";

constexpr std::string_view kTable =
    R"html(<section id="table" aria-label="Table of operations"><h2>All operations</h2>
<p><label for="row">Operation</label> <input id="row" type="number" min="1" step="1"> of <span id="rows"></span>: <span id="name"></span>. A click on a row goes there too.</p>
<div class="tape">)html";

std::string page_text(const Value& y, const PageOptions& options, const std::string& title,
                      bool is_large) {
  // Both throw before anything is written.
  const std::string data =
      is_large ? detail::compact_page_data(y, options) : detail::page_data(y, options);
  std::string page = head(title);
  page.append("<body>\n<header><h1>").append(detail::markup_escaped(title));
  page.append(
      "</h1><button id=\"theme\" aria-label=\"Dark or light\">◐</button></header>\n<main>\n");
  page.append(kBody);
  if (is_large) {
    page.append(kTable).append(tape_picture(y, {.title = title}).to_string());
    page.append("</div></section>\n");
  }
  page.append("<details><summary>All lines of the chain rule");
  if (is_large) page.append(", by parts");
  page.append("</summary>\n<pre tabindex=\"0\">");
  const ExplainOptions lines{.digits = options.digits, .depth = is_large ? 1U : 0U};
  page.append(detail::markup_escaped_lines(explain(y, lines).text()));
  page.append(
      "</pre></details>\n<p class=\"note\">The page follows the operations that were "
      "recorded. Comparisons that are operations of the graph are marked where they go another way "
      "now; an if of the program left nothing in the recording and is not run again.</p>\n</main>\n"
      "<script>\n'use strict';\n(() => {\n");
  page.append(detail::java_script_prelude()).append(data);
  if (is_large) page.append(detail::page_compact_script());
  for (const std::string_view script :
       {detail::page_model_script(), detail::page_layout_script(), detail::page_parts_script(),
        detail::page_view_script(), detail::page_pointers_script(), detail::page_controls_script(),
        detail::page_worksheet_script(), detail::page_training_script(),
        detail::page_plane_script(), detail::page_training_controls_script()})
    page.append(script);
  if (is_large) page.append(detail::page_tape_script());
  return page + "})();\n</script>\n</body>\n</html>\n";
}

}  // namespace

std::string to_page(const Value& y, const PageOptions& options) try {
  check(options);
  const std::string title = !options.title.empty() ? options.title
                            : y.label().empty()    ? "The chain rule"
                                                   : std::string(y.label());
  const std::size_t count = topological_order(y).size();
  return page_text(y, options, title, count > options.most_values);
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

void write_page(const Value& y, const std::filesystem::path& path, const PageOptions& options) try {
  file::write(path, to_page(y, options));
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd

#include "autograd/svg.hpp"

#include <cmath>
#include <new>

#include <autograd/draw/markup.hpp>
#include <autograd/draw/picture_program.hpp>
#include <autograd/error.hpp>
#include <autograd/file.hpp>
#include <autograd/text.hpp>

namespace autograd {

namespace {

// With one digit behind the point, and none that is not needed.
std::string length(double x) {
  std::string result = text::fixed(std::isfinite(x) ? x : 0.0, 1);
  if (result.ends_with(".0")) result.resize(result.size() - 2);
  return result == "-0" ? "0" : result;
}

}  // namespace

Svg::Svg(double width, double height) : width_(width), height_(height) {}

void Svg::look(const Look& look) {
  body_.append(" fill=\"").append(look.fill).append("\"");
  if (look.stroke != "none") {
    body_.append(" stroke=\"").append(look.stroke).append("\" stroke-width=\"");
    body_.append(length(look.width)).append("\"");
  }
  if (!look.dash.empty()) body_.append(" stroke-dasharray=\"").append(look.dash).append("\"");
  body_ += "/>\n";
}

void Svg::line(PicturePoint from, PicturePoint to, const Look& how) {
  path("M" + length(from.x) + " " + length(from.y) + "L" + length(to.x) + " " + length(to.y), how);
}

void Svg::curve(std::span<const PicturePoint> points, const Look& how) {
  std::string commands;
  for (const PicturePoint& each : points) {
    commands.append(commands.empty() ? "M" : "L");
    commands.append(length(each.x)).append(" ").append(length(each.y));
  }
  if (!commands.empty()) path(commands, how);
}

void Svg::path(std::string_view commands, const Look& how) {
  body_.append("<path d=\"").append(commands).append("\"");
  look(how);
}

void Svg::rect(PicturePoint corner, double width, double height, const Look& how, double round) {
  body_.append("<rect x=\"").append(length(corner.x)).append("\" y=\"").append(length(corner.y));
  body_.append("\" width=\"").append(length(width)).append("\" height=\"").append(length(height));
  if (round > 0) body_.append("\" rx=\"").append(length(round));
  body_ += "\"";
  look(how);
}

void Svg::circle(PicturePoint centre, double radius, const Look& how) {
  body_.append("<circle cx=\"").append(length(centre.x)).append("\" cy=\"");
  body_.append(length(centre.y)).append("\" r=\"").append(length(radius)).append("\"");
  look(how);
}

void Svg::text(PicturePoint at, std::string_view text, const Words& words) {
  const std::string x = length(at.x), y = length(at.y);
  body_.append("<text x=\"").append(x).append("\" y=\"").append(y).append("\"");
  if (words.anchor != Anchor::kStart)
    body_.append(words.anchor == Anchor::kEnd ? " text-anchor=\"end\"" : " text-anchor=\"middle\"");
  body_.append(" font-size=\"").append(length(words.size)).append("\" fill=\"");
  body_.append(words.colour).append("\"");
  if (words.bold) body_ += " font-weight=\"bold\"";
  if (words.turned != 0) {
    body_.append(" transform=\"rotate(").append(length(words.turned)).append(" ");
    body_.append(x).append(" ").append(y).append(")\"");
  }
  body_.append(">").append(detail::markup_escaped(text)).append("</text>\n");
}

std::string Svg::to_string() const try {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + length(width_) + "\" height=\"" +
         length(height_) + "\" viewBox=\"0 0 " + length(width_) + " " + length(height_) +
         "\" font-family=\"Helvetica,Arial,sans-serif\">\n"
         "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n" +
         body_ + "</svg>\n";
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

void Svg::save(const std::filesystem::path& path) const try {
  const std::string ending = path.extension().string();
  if (ending != ".svg" && ending != ".png" && ending != ".pdf") {
    throw Error("Svg::save(): no picture can be made of the name '" + path.string() +
                "': it must end in .svg, .png or .pdf");
  }
  std::filesystem::path svg = path;
  svg.replace_extension(".svg");
  file::write(svg, to_string());
  if (ending == ".svg") return;
  const detail::PictureProgram converter{"rsvg-convert", "librsvg (apt install librsvg2-bin)",
                                         "Svg::save()", "", ""};
  const std::string format = ending.substr(1);
  const std::string zoom = format == "png" ? "2" : "1";
  detail::make_picture(converter, {"-z", zoom, "-f", format}, svg, path, format, 60);
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd

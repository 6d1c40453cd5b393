// Pictures made of lines, areas and words, as SVG.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace autograd {

struct PicturePoint {
  double x = 0.0, y = 0.0;
};

// A picture that is drawn piece by piece, each upon those before. Lengths are in pixels, from the
// upper left corner. The same calls give the same text.
class Svg {
 public:
  struct Look {
    std::string_view stroke = "none", fill = "none";
    double width = 1.5;          // of the stroke
    std::string_view dash = "";  // as "6 3": drawn, left out
  };
  enum class Anchor { kStart, kMiddle, kEnd };
  struct Words {
    Anchor anchor = Anchor::kStart;
    double size = 12;
    std::string_view colour = "#333333";
    bool bold = false;
    double turned = 0;  // degrees
  };

  // On white.
  Svg(double width, double height);

  void line(PicturePoint from, PicturePoint to, const Look& look);
  void curve(std::span<const PicturePoint> points, const Look& look);
  // A path of SVG commands.
  void path(std::string_view commands, const Look& look);
  void rect(PicturePoint corner, double width, double height, const Look& look, double round = 0);
  void circle(PicturePoint centre, double radius, const Look& look);
  // Any text, with y at its base line.
  void text(PicturePoint at, std::string_view text, const Words& words);

  std::string to_string() const;
  double width() const { return width_; }
  double height() const { return height_; }

  // To a file whose name ends in .svg; or in .pdf or .png, with twice as many pixels, by the program
  // rsvg-convert, and beside it in a file whose name ends in .svg.
  //
  // Throws: Error if the name ends otherwise, a file cannot be written, or the program is missing or
  //         fails: then the .svg is there. An older picture stays as it was.
  void save(const std::filesystem::path& path) const;

 private:
  void look(const Look& look);

  double width_, height_;
  std::string body_;
};

}  // namespace autograd

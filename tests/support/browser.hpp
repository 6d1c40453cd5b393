// Pages in a real browser: chromium, without a window, where it is installed.
#pragma once

#include <cstdlib>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include <tests/support/drawings.hpp>
#include <tests/support/golden.hpp>

namespace browser {

inline bool is_installed() {
  static const bool result = std::system("command -v chromium > /dev/null 2>&1") == 0;
  if (!result) MESSAGE("chromium is not installed: no page is opened");
  return result;
}

// What `script` says about the page by calls of say(text), a line each; after it what went wrong:
// errors, and what the page tried to fetch. The script runs when the page is there.
inline std::string run(std::string page, const std::string& script) {
  const drawings::Directory directory("browser");
  const std::string file = (directory.path / "page.html").string();
  const std::string output = (directory.path / "dom.html").string();
  page.insert(page.find("<head>") + 6, R"(<script>
var troubles = [];
addEventListener('error', (event) => troubles.push(event.message));
addEventListener('securitypolicyviolation', (event) => troubles.push(event.blockedURI));
</script>)");
  page.insert(page.rfind("</body>"), R"(<script>
{
  const lines = [], say = (...words) => lines.push(words.join(' '));
  const $ = (id) => document.getElementById(id);
  const key = (name, target = document.body) =>
    target.dispatchEvent(new KeyboardEvent('keydown', {key: name, bubbles: true, cancelable: true}));
  const type = (element, text) => {
    element.value = text;
    element.dispatchEvent(new Event('input', {bubbles: true}));
    element.dispatchEvent(new Event('change', {bubbles: true}));
  };
  const card = (name) => [...document.querySelectorAll('.card')]
    .find((each) => each.querySelector('.head').textContent.split(' = ')[0] === name);
  const data = (name) => card(name).querySelectorAll('text[text-anchor]')[0].textContent;
  const gradient = (name) => card(name).querySelector('.gradient').textContent;
  try {)" + script + R"(
  } catch (error) { say('the test failed:', error); }
  const result = document.createElement('div');
  result.id = 'said';
  result.textContent = [...lines, ...troubles,
    ...performance.getEntriesByType('resource').map((each) => each.name)].map((line) => line + '|').join('');
  document.body.append(result);
}
</script>)");
  std::ofstream(file) << page;
  const std::string command =
      "chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=2000 "
      "--user-data-dir='" +
      (directory.path / "profile").string() + "' --dump-dom 'file://" + file + "' > '" + output +
      "' 2>/dev/null";
  if (std::system(command.c_str()) != 0) MESSAGE("chromium failed");
  const std::string dom = golden::read(output);
  const std::string opening = "<div id=\"said\">";
  const std::size_t begin = dom.rfind(opening);
  if (begin == std::string::npos) return "the script has not run to its end";
  const std::size_t end = dom.find("</div>", begin);
  std::string said = dom.substr(begin + opening.size(), end - begin - opening.size());
  for (char& c : said)
    if (c == '|') c = '\n';
  return said;
}

}  // namespace browser

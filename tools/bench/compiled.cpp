#include "compiled.hpp"

#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <unistd.h>

namespace bench {

std::optional<CompiledFunction> CompiledFunction::compile(const autograd::Function& f) {
  constexpr std::size_t kMostBytes = 1'000'000;
  static int count = 0;
  // Tables have names that all libraries of a process share.
  const std::string name = "f" + std::to_string(++count);
  const std::string text = f.to_cpp(name);
  if (text.size() > kMostBytes) return {};
  const std::filesystem::path folder =
      std::filesystem::temp_directory_path() /
      ("autograd-bench-" + std::to_string(::getpid()) + "-" + std::to_string(count));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "f.cpp") << text
                                  << "extern \"C\" double gradient(const double* p, const double* "
                                     "x, double* dp, double* dx) {\n"
                                     "  return "
                                  << name << "(p, x, dp, dx);\n}\n";
  const std::string library = (folder / "f.so").string();
  const std::string command = "c++ -std=c++17 -O3 -march=native -w -shared -fPIC -x c++ '" +
                              (folder / "f.cpp").string() + "' -o '" + library + "' 2> /dev/null";
  Gradient gradient = nullptr;
  if (std::system(command.c_str()) == 0) {
    // It stays as long as the program, which may still call it.
    if (void* const handle = ::dlopen(library.c_str(), RTLD_NOW))
      gradient = reinterpret_cast<Gradient>(::dlsym(handle, "gradient"));
  }
  std::filesystem::remove_all(folder);
  if (gradient == nullptr) return {};
  return CompiledFunction(gradient);
}

}  // namespace bench

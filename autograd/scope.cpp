#include "autograd/scope.hpp"

#include <new>

#include <autograd/tape/annotations.hpp>

namespace autograd {

Scope::Scope(std::string_view name) : Scope(name, detail::Parts::kNoNumber) {}

Scope::Scope(std::string_view name, std::size_t number) try {
  detail::tape.annotated().parts.open(name, number, detail::tape.now());
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

void Scope::next(std::size_t number) try {
  if (detail::tape.annotations != nullptr)
    detail::tape.annotations->parts.next(number, detail::tape.now());
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

Scope::~Scope() {
  if (detail::tape.annotations != nullptr)
    detail::tape.annotations->parts.close(detail::tape.now());
}

std::vector<std::string> parts_of(const Value& x) try {
  std::vector<std::string> result;
  if (x.id() < 0 || detail::tape.annotations == nullptr) return result;
  const detail::Parts& parts = detail::tape.annotations->parts;
  return parts.path(parts.part_of(detail::tape.time_of(x.id()), detail::tape.now()));
} catch (const std::bad_alloc&) {
  detail::out_of_memory();
}

}  // namespace autograd

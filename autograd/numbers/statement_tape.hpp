// The statement tape: what a gradient that nobody draws writes down, one node for each place where
// two different nodes meet.
//
// There is one tape a thread for each type of numbers. It is used as a stack: a gradient that is
// asked for inside of another one lies above it.
#pragma once

#include <cstddef>
#include <cstdint>

#include <autograd/numbers/dual.hpp>
#include <autograd/system/growing_array.hpp>
#include <autograd/system/prefetch.hpp>

namespace autograd::detail {

// S is the type of the numbers: double, or Dual for derivatives of the gradient.
template <class S> struct StatementTape {
  // dy/dx = p and dy/dz = q for the node y itself. Node 0 stands for "nothing".
  struct Node {
    S p, q;
    std::uint32_t x, z;
  };
  // Added to x of a node that is one part of a sum, if the node above it is the next part: both
  // have the same adjoint.
  static constexpr std::uint32_t kPart = 0x80000000;
  static constexpr std::ptrdiff_t kAhead = 2048;  // bytes: how far ahead memory is asked for

  Node* nodes = nullptr;
  S* adjoint = nullptr;
  std::uint32_t size = 1, capacity = 0;  // of both arrays

  std::uint32_t push(const S& p, std::uint32_t x, const S& q, std::uint32_t z) {
    if (size == capacity) [[unlikely]]
      grow(1);
    nodes[size] = {p, q, x, z};
    prefetch<For::kWriting>(nodes + size, kAhead);
    return size++;
  }
  void grow(std::size_t more);
  // Nodes for that many inputs, which have no operands; the first of them.
  // Throws: Error above 2^30.
  std::uint32_t add_inputs(std::size_t count);
  // Passes the adjoints of all nodes above `first` on to their operands, from the top down.
  void sweep(std::uint32_t first);

  struct {
    GrowingArray nodes, adjoint;
  } memory;
};
template <class S> inline constinit thread_local StatementTape<S> statement_tape;

// The types of numbers there are tapes for.
template <class Visit> void for_each_statement_tape(const Visit& visit) {
  visit(statement_tape<double>);
  visit(statement_tape<Dual<1>>);
  visit(statement_tape<Dual<2>>);
  visit(statement_tape<Dual<4>>);
  visit(statement_tape<Dual<8>>);
}

}  // namespace autograd::detail

// Tiles: kTile sums that go through the same registers become one instruction, which loads each
// register once.
#pragma once

#include <cstdint>
#include <vector>

#include <autograd/kernels/instruction.hpp>
#include <autograd/replay/trace.hpp>

namespace autograd::detail {

// Whether two sums of products go through the same rows, with other uniforms.
bool are_alike(const Trace& trace, Trace::Node a, Trace::Node b,
               const std::vector<bool>& is_uniform);

// The nodes of a phase in an order that puts such sums side by side: sums of products of the same
// rows with other uniforms beside the first of them; products that are only summed over the rows,
// of several factors with the same rows, once the last of these factors is known.
// Cost: n log n, linear where nothing moves.
std::vector<Trace::Node> side_by_side(const Trace& trace, const std::vector<Trace::Node>& nodes,
                                      const std::vector<bool>& is_uniform,
                                      const std::vector<bool>& is_only_summed);

// Makes tiles of instructions that follow one another. The list of a tile takes the place of theirs.
void make_tiles(std::vector<Instruction>& instructions, std::vector<std::uint32_t>& list);

// The instructions that a tile was made of, their lists one behind the other in `list`.
std::vector<Instruction> take_apart(const Instruction& tile,
                                    const std::vector<std::uint32_t>& tile_list,
                                    std::vector<std::uint32_t>& list);

}  // namespace autograd::detail

// Emitter: appends instructions to a body.
#pragma once

#include <array>
#include <span>
#include <vector>

#include <autograd/replay/program.hpp>
#include <autograd/replay/tiling.hpp>

namespace autograd::detail {

class Emitter {
 public:
  using List = std::vector<std::uint32_t>;

  explicit Emitter(List& list) : list_(list) {}

  // sums_at_end: sums over the rows are added up together, after all other instructions.
  void begin(std::vector<Instruction>& out, bool sums_at_end) {
    out_ = &out;
    sums_at_end_ = sums_at_end;
  }

  void emit(std::uint16_t kernel, Argument out, Argument a = {}, Argument b = {}, Argument c = {}) {
    out_->push_back({kernel, out, a, b, c});
  }
  void emit(std::uint16_t kernel, Argument out, Argument a, std::span<const std::uint32_t> list,
            std::size_t count) {
    emit(kernel, out, a, {Argument::kList, list_.size()}, {Argument::kCount, count});
    list_.insert(list_.end(), list.begin(), list.end());
  }

  // Sums over the rows of x, or of factor times x, that follow one another are one instruction.
  void sum_over_rows(Kernel kernel, Argument factor, Argument x, Argument sum) {
    if (sums_at_end_) {
      List& list = at_end_[kernel - kSumRows].list;
      if (kernel != kSumRows) list.push_back(factor.bits());
      list.insert(list.end(), {x.bits(), sum.index()});
      return;
    }
    Instruction* const last = out_->empty() ? nullptr : &out_->back();
    const bool goes_on = last != nullptr && last->kernel == kernel && last->a == factor &&
                         last->list() + 2 * last->count() == list_.size();
    if (!goes_on) {
      emit(kernel, sum, factor, std::array{x.bits(), sum.index()}, 1);
      return;
    }
    if (list_.back() + 1 != sum.index()) last->out = {};
    list_.insert(list_.end(), {x.bits(), sum.index()});
    last->c = {Argument::kCount, last->count() + 1};
  }

  void end() {
    for (AtEnd& sums : at_end_) {
      if (sums.list.empty()) continue;
      emit(sums.kernel, {}, {}, sums.list, sums.list.size() / (sums.kernel == kSumRows ? 2 : 3));
      sums.list.clear();
    }
    make_tiles(*out_, list_);
  }

 private:
  struct AtEnd {
    Kernel kernel;
    List list;
  };
  List& list_;
  std::vector<Instruction>* out_ = nullptr;
  bool sums_at_end_ = false;
  // In the order of kSumRows, kSumProducts and kSumAdjointProducts.
  std::array<AtEnd, 3> at_end_{
      {{kSumRows, {}}, {kSumProductPairs, {}}, {kSumAdjointProductPairs, {}}}};
};

}  // namespace autograd::detail

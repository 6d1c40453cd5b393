// The model of microgpt: reads a name letter by letter, and says how likely each letter is to come
// next.
//
// A transformer of the kind of GPT-2, with RMS norm in place of layer norm, relu, and no biases.
// Written once for every number type T: double, autograd::Value, and what generic callables are
// differentiated with.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <nn/nn.hpp>

namespace microgpt {

struct Model {
  std::size_t vocabulary = 27;  // the letters, and the token that begins and ends a name
  std::size_t layers = 1, heads = 4, embedding = 16, context = 16;

  std::size_t weight_count() const {
    return (2 * vocabulary + context) * embedding + layers * 12 * embedding * embedding;
  }

  // Keys and values of the positions before: [layer][position][unit]. What comes later is not
  // there to be seen, so that no mask is needed.
  template <class T> struct Past {
    std::vector<std::vector<std::vector<T>>> keys, values;
  };

  // The logits of the token that follows `token`, which stands at `position`. A token is a
  // std::size_t, or a T where the tokens are inputs of a Function.
  template <class T, class Token> std::vector<T> next(std::span<const T> weights,
                                                      const Token& token, std::size_t position,
                                                      Past<T>& past) const {
    const auto matrix = [&](std::size_t rows, std::size_t columns) {
      const nn::WeightMatrix<T> result(weights.first(rows * columns), columns);
      weights = weights.subspan(rows * columns);
      return result;
    };
    const std::size_t e = embedding;
    const auto tokens = matrix(vocabulary, e), positions = matrix(context, e),
               head = matrix(vocabulary, e);
    past.keys.resize(layers);
    past.values.resize(layers);

    const auto token_row = nn::embedding(tokens, token);
    std::vector<T> x(token_row.begin(), token_row.end());
    {
      const autograd::Scope part("embedding");
      add(x, nn::embedding(positions, position));
      x = nn::rms_norm(x);
    }
    for (std::size_t i = 0; i < layers; ++i) {
      const autograd::Scope part("layer", i);
      const auto wq = matrix(e, e), wk = matrix(e, e), wv = matrix(e, e), wo = matrix(e, e),
                 widen = matrix(4 * e, e), narrow = matrix(e, 4 * e);
      const std::vector<T> y = nn::rms_norm(x);
      past.keys[i].push_back(nn::linear(wk, y));
      past.values[i].push_back(nn::linear(wv, y));
      const auto attended = nn::attention(nn::linear(wq, y), past.keys[i], past.values[i], heads);
      add(x, nn::linear(wo, attended.out));

      const autograd::Scope mlp("mlp");
      std::vector<T> hidden = nn::linear(widen, nn::rms_norm(x));
      for (T& each : hidden) each = autograd::relu(each);
      add(x, nn::linear(narrow, hidden));
    }
    const autograd::Scope output("output");
    return nn::linear(head, x);
  }

  // The mean over the predictions of -log(probability of the token that does follow).
  template <class T, class Tokens> T loss(std::span<const T> weights, const Tokens& tokens) const {
    Past<T> past;
    std::vector<T> losses;
    for (std::size_t i = 0; i + 1 < tokens.size() && i < context; ++i) {
      const std::vector<T> logits = next(weights, tokens[i], i, past);
      losses.push_back(autograd::logsumexp(logits) - autograd::pick(logits, tokens[i + 1]));
    }
    return autograd::mean(losses);
  }

 private:
  template <class X, class Y> static void add(X& x, const Y& y) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = x[i] + y[i];
  }
};

}  // namespace microgpt

// Everything of namespace nn.
#pragma once

#include <nn/activation.hpp>
#include <nn/data.hpp>
#include <nn/gradient_descent.hpp>
#include <nn/initialisers.hpp>
#include <nn/inputs.hpp>
#include <nn/layer.hpp>
#include <nn/losses.hpp>
#include <nn/mlp.hpp>
#include <nn/neuron.hpp>
#include <nn/random.hpp>

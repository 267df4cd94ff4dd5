// A function of autograd whose backward pass is .NET code.
#include "native.h"

#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using mlattention::from_handle;
using mlattention::guarded;
using mlattention::Handle;
using mlattention::to_handle;
using torch::autograd::variable_list;

namespace {

struct ManagedNode : torch::autograd::Node {
  // Writes one gradient for each input, null for none. The result is null, or the text of an error made by malloc.
  using Backward = char* (*)(void* state, ManagedNode* node, Handle gradient, Handle* results);
  using Release = void (*)(void* state);

  ManagedNode(Backward backward, Release release, void* state) : backward(backward), release(release), state(state) {}

  ~ManagedNode() override { release(state); }

  variable_list apply(variable_list&& gradients) override {
    at::Tensor gradient = gradients[0].defined() ? gradients[0] : input_metadata(0).zeros_like();
    std::vector<Handle> results(num_outputs(), nullptr);
    if (char* error = backward(state, this, to_handle(std::move(gradient)), results.data())) {
      std::string message(error);
      std::free(error);
      throw std::runtime_error(message);
    }
    variable_list list;
    list.reserve(results.size());
    for (Handle result : results) list.push_back(from_handle(result));
    return list;
  }

  void release_variables() override {
    saved.clear();
    released = true;
  }

  Backward backward;
  Release release;
  void* state;
  std::vector<torch::autograd::SavedVariable> saved;
  bool released = false;
};

variable_list no_forward_gradients(variable_list, variable_list) {
  throw std::runtime_error("A function written in .NET has no forward-mode gradients.");
}

}  // namespace

// Makes the output the result of a function of the inputs; the node keeps the saved tensors and, until its end, the state.
MLATTENTION_EXPORT Handle mlattention_function_attach(
    const Handle* inputs, int32_t input_count, Handle output, const Handle* saved, int32_t saved_count,
    ManagedNode::Backward backward, ManagedNode::Release release, void* state) {
  return guarded<Handle>(nullptr, [&] {
    std::shared_ptr<ManagedNode> node(new ManagedNode(backward, release, state), torch::autograd::deleteNode);
    variable_list variables;
    for (int32_t i = 0; i < input_count; ++i) variables.push_back(from_handle(inputs[i]));
    node->set_next_edges(torch::autograd::collect_next_edges(variables));
    node->clear_input_metadata();
    std::vector<c10::optional<at::Tensor>> outputs{from_handle(output)};
    auto wrapped = torch::autograd::_wrap_outputs(variables, {}, {}, outputs, node, no_forward_gradients);
    for (int32_t i = 0; i < saved_count; ++i) {
      at::Tensor tensor = from_handle(saved[i]);
      bool is_output = tensor.defined() && tensor.grad_fn() == node;
      node->saved.emplace_back(tensor, is_output);
    }
    return to_handle(*wrapped[0]);
  });
}

MLATTENTION_EXPORT int32_t mlattention_function_saved(ManagedNode* node, Handle* results) {
  return guarded([&] {
    if (node->released)
      throw std::runtime_error("Trying to backward through the graph a second time, but the saved tensors have been freed. Use retain_graph.");
    for (const auto& variable : node->saved) *results++ = to_handle(variable.unpack(node->shared_from_this()));
  });
}

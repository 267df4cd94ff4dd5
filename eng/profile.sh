#!/usr/bin/env bash
# What a training step of the managed engine is made of: the share of time inside each part, sampled by perf (linux-perf of Debian).
#   eng/profile.sh [model] [batch] [n] [steps]    one thread, dropout 0.1; by default minilm 16 32 200
set -euo pipefail
cd "$(dirname "$0")/.."
command -v perf > /dev/null || { echo "eng/profile.sh needs perf: apt-get install linux-perf" >&2; exit 1; }
dotnet build tests/MlAttention.Benchmarks -c Release -nologo -v:q -tl:off -clp:"ErrorsOnly;NoSummary"
samples="$(mktemp)"
trap 'rm -f "$samples"' EXIT
# Without tiers, so that no sample falls into code that is still to be compiled for good.
DOTNET_PerfMapEnabled=1 DOTNET_EnableWriteXorExecute=0 DOTNET_TieredCompilation=0 perf record -e cpu-clock -F 999 -g -o "$samples" \
  dotnet artifacts/bin/MlAttention.Benchmarks/release/MlAttention.Benchmarks.dll train-one "managed engine" "${1:-minilm}" "${2:-16}" "${3:-32}" "${4:-200}" > /dev/null 2>&1

# Each sample belongs to the innermost part on its stack.
perf script -i "$samples" -F ip,sym 2> /dev/null | awk '
  BEGIN {
    split("StoredLinear`1.*::BackwardWeights|StoredLinear`1.*::BackwardInput|StoredLinear`1.*::Forward|SoftmaxKernels|StripProducts|HeadAttention|HeadLayout|LayerNormKernels|ActivationKernels|DropoutKernels|TokenLayout`1.*::ToPanels|ScaleQueries|TokenEmbedder|SequencePooler|ClassifierHead|AddLanes|::SumGradients|Optimizers|::Accumulate|::Step", pattern, "|")
    split("weight gradients of linear maps|input gradients of linear maps|linear maps forward|softmax, forward and backward|products of attention|attention, the rest|attention, the rest|layer norm|activation|dropout and residual sums|inputs turned for weight gradients|scale of queries|embeddings|pooling and head|pooling and head|sums of gradients|sums of gradients|optimizer|the rest of a step|the rest of a step", name, "|")
  }
  function count() { if (part != "") { samples[part]++; all++ } }
  /^$/ { count(); part = ""; next }
  part == "" { for (i = 1; i in pattern; i++) if ($0 ~ pattern[i]) { part = name[i]; break } }
  END { count(); for (part in samples) printf "%5.1f %%  %s\n", 100 * samples[part] / all, part }' | sort -rn

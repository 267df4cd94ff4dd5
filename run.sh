#!/usr/bin/env bash
# The main job: the ordering ablation on datasets/word_order.csv, with and without positions. Arguments replace the defaults:
#   ./run.sh other.csv --seeds 10
set -euo pipefail
cd "$(dirname "$0")"
started=$SECONDS
source eng/setup.sh
[ $# -gt 0 ] || set -- datasets/word_order.csv --quick --force
dotnet build src/MlAttention.Cli/MlAttention.Cli.csproj -c Release -nologo -v:q -tl:off -clp:ErrorsOnly
echo "Ready after $((SECONDS - started)) s."
status=0
dotnet run --project src/MlAttention.Cli/MlAttention.Cli.csproj -c Release --no-build -- ablate "$@" || status=$?
echo "Total time with set-up: $((SECONDS - started)) s."
exit $status

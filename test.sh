#!/usr/bin/env bash
# Builds in Release with warnings as errors, runs every test project, and ends with the line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")"
source eng/setup.sh
install_where_allowed "the report is tested in a browser, and its figures are drawn" chromium fonts-dejavu-core libfontconfig1
install_where_allowed "a sample is compiled ahead of time" gcc libc6-dev zlib1g-dev

dotnet build MlAttention.sln -c Release -nologo -v:q -tl:off -clp:ErrorsOnly
echo "Built in Release; $(du -sm artifacts | cut -f1) MB under artifacts."

# libtorch's threads sleep while they wait for each other; spinning, they would take the cores from the other tests.
export OMP_WAIT_POLICY=PASSIVE
passed=0 failed=0 skipped=0 broken=0
# run_tests <name> <project> [more arguments of dotnet test]
run_tests() {
  local name="$1" project="$2" status=0; shift 2
  local log="artifacts/$name.log"
  echo "== $name"
  dotnet test "$project" -c Release --no-build -nologo -tl:off --blame-hang-timeout 5min "$@" 2>&1 | tee "$log" | grep -vE '^(Test run for|VSTest|A total of|Starting test|Results File|$)' || status=${PIPESTATUS[0]}
  local summary
  summary=$(grep -E '(Passed!|Failed!) +- Failed:' "$log" | tail -n 1 || true)
  if [ -z "$summary" ]; then
    echo "$project ended without a summary (exit code $status)."; broken=$((broken + 1)); return
  fi
  count() { echo "$summary" | sed -E "s/.*$1: +([0-9]+).*/\1/"; }
  passed=$((passed + $(count Passed))) failed=$((failed + $(count Failed))) skipped=$((skipped + $(count Skipped)))
}

for project in tests/*.Tests; do run_tests "$(basename "$project")" "$project"; done

# The managed engine once more on narrower vectors; the kernels' own tests try every width in each run.
widths=128
if grep -q avx2 /proc/cpuinfo 2>/dev/null; then widths="256 128"; fi
for lanes in $widths; do
  MLATTENTION_LANES=$lanes run_tests "MlAttention.Tests-$lanes-bit" tests/MlAttention.Tests \
    --filter "FullyQualifiedName~ManagedEngineTests|FullyQualifiedName~ManagedGoldenTests|FullyQualifiedName~ManagedScorerTests|FullyQualifiedName~.Serving.|FullyQualifiedName~SequenceTrainerTests|FullyQualifiedName~AttentionClassifierTests"
done
failed=$((failed + broken))
# On a machine of one's own a missing browser or compiler is said and passed over; in CI it is a failure.
if [ "$skipped" -gt 0 ] && [ "${CI:-}" = true ]; then echo "$skipped tests were skipped, which CI does not allow."; failed=$((failed + skipped)); fi
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]

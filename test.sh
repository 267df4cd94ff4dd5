#!/usr/bin/env bash
# Builds in Release with warnings as errors, runs every test project, and ends with the line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")"
source eng/setup.sh
install_where_allowed "the report is tested in a browser, and its figures are drawn" chromium fonts-dejavu-core libfontconfig1
install_where_allowed "a sample is compiled ahead of time" gcc libc6-dev zlib1g-dev

dotnet build MlAttention.sln -c Release -nologo -v:q -tl:off -clp:ErrorsOnly
echo "Built in Release; $(du -sm artifacts | cut -f1) MB under artifacts."

passed=0 failed=0 skipped=0 broken=0
# test_project <name> <project> [more arguments of dotnet test]: shows what it says and keeps all of it.
test_project() {
  local name="$1" project="$2"; shift 2
  echo "== $name"
  dotnet test "$project" -c Release --no-build -nologo -tl:off --blame-hang-timeout 15min "$@" 2>&1 < /dev/null | tee "artifacts/$name.log" | grep -vE '^(Test run for|VSTest|A total of|Starting test|Results File|$)' || return "${PIPESTATUS[0]}"
}
# count_results <name> <exit code>
count_results() {
  local summary
  summary=$(grep -E '(Passed!|Failed!) +- Failed:' "artifacts/$1.log" | tail -n 1 || true)
  if [ -z "$summary" ]; then
    echo "$1 ended without a summary (exit code $2)."; broken=$((broken + 1)); return
  fi
  count() { echo "$summary" | sed -E "s/.*$1: +([0-9]+).*/\1/"; }
  passed=$((passed + $(count Passed))) failed=$((failed + $(count Failed))) skipped=$((skipped + $(count Skipped)))
}
run_tests() { local status=0; test_project "$@" || status=$?; count_results "$1" "$status"; }

# Packing, publishing and installing wait for the disk and for one core most of the time, so they run beside the rest.
test_project MlAttention.Packages.Tests tests/MlAttention.Packages.Tests > artifacts/packages.out &
packages=$!
run_tests MlAttention.Tests tests/MlAttention.Tests

# The managed engine once more on narrower vectors; the kernels' own tests try every width in each run.
widths=128
if grep -q avx2 /proc/cpuinfo 2>/dev/null; then widths="256 128"; fi
for lanes in $widths; do
  MLATTENTION_LANES=$lanes run_tests "MlAttention.Tests-$lanes-bit" tests/MlAttention.Tests \
    --filter "FullyQualifiedName~ManagedEngineTests|FullyQualifiedName~ManagedGoldenTests|FullyQualifiedName~ManagedScorerTests|FullyQualifiedName~.Serving.|FullyQualifiedName~SequenceTrainerTests|FullyQualifiedName~AttentionClassifierTests"
done
status=0; wait "$packages" || status=$?
cat artifacts/packages.out
count_results MlAttention.Packages.Tests "$status"
failed=$((failed + broken))
# On a machine of one's own a missing browser or compiler is said and passed over; in CI it is a failure.
if [ "$skipped" -gt 0 ] && [ "${CI:-}" = true ]; then echo "$skipped tests were skipped, which CI does not allow."; failed=$((failed + skipped)); fi
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]

#!/usr/bin/env bash
# Builds in Release with warnings as errors, runs every test project, and ends with the line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")"
source eng/setup.sh

dotnet build MlAttention.sln -c Release -nologo -v:q -tl:off -clp:ErrorsOnly
echo "Built in Release with the $packages packages."

passed=0 failed=0 skipped=0 broken=0
for project in tests/*.Tests; do
  log="artifacts/$(basename "$project").log"
  echo "== $(basename "$project")"
  status=0
  dotnet test "$project" -c Release --no-build -nologo -tl:off --blame-hang-timeout 5min 2>&1 | tee "$log" | grep -vE '^(Test run for|VSTest|A total of|Starting test|Results File|$)' || status=${PIPESTATUS[0]}
  summary=$(grep -E '(Passed!|Failed!) +- Failed:' "$log" | tail -n 1 || true)
  if [ -z "$summary" ]; then
    echo "$project ended without a summary (exit code $status)."; broken=$((broken + 1)); continue
  fi
  count() { echo "$summary" | sed -E "s/.*$1: +([0-9]+).*/\1/"; }
  passed=$((passed + $(count Passed))) failed=$((failed + $(count Failed))) skipped=$((skipped + $(count Skipped)))
done
failed=$((failed + broken))
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
[ "$failed" -eq 0 ]

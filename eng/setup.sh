#!/usr/bin/env bash
# Sourced by run.sh and test.sh: checks that the .NET SDK is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

fail() { echo "$*" >&2; exit 1; }

command -v dotnet >/dev/null || fail "The .NET SDK 10 is needed and 'dotnet' is not on the PATH. See https://dotnet.microsoft.com/download"
dotnet --list-sdks | grep -q '^10\.' || fail "The .NET SDK 10 is needed; found: $(dotnet --list-sdks | tr '\n' ' ')"

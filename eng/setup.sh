#!/usr/bin/env bash
# Sourced by run.sh and test.sh: checks that the .NET SDK is there; test.sh installs more for a part of its tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

fail() { echo "$*" >&2; exit 1; }

command -v dotnet >/dev/null || fail "The .NET SDK 10 is needed and 'dotnet' is not on the PATH. See https://dotnet.microsoft.com/download"
dotnet --list-sdks | grep -q '^10\.' || fail "The .NET SDK 10 is needed; found: $(dotnet --list-sdks | tr '\n' ' ')"

# install_where_allowed <why> <package>...: Debian packages that a part of the tests needs, on a machine where they may be installed.
install_where_allowed() {
  local why="$1" name missing="" as_root=""; shift
  command -v dpkg-query >/dev/null || return 0   # not Debian
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+="$name "
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    as_root="sudo"
    sudo -n true 2>/dev/null || { echo "Not installed: $missing($why). To have it: sudo apt-get install -y --no-install-recommends $missing"; return 0; }
  fi
  echo "Installing $missing($why) ..."
  mkdir -p artifacts
  # The index of a new machine is empty or old; refresh it only then.
  { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >artifacts/apt.log 2>&1 ||
    { $as_root apt-get update -qq >>artifacts/apt.log 2>&1 &&
      $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >>artifacts/apt.log 2>&1; }; } ||
    { tail -n 5 artifacts/apt.log >&2; fail "Installing failed; the log is artifacts/apt.log."; }
}

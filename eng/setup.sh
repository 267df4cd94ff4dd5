#!/usr/bin/env bash
# Sourced by run.sh and test.sh: checks the .NET SDK, chooses the packages, and for the stand-ins installs what they build on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

native_packages="libtorch-dev libopenblas0-openmp cmake make g++"

fail() { echo "$*" >&2; exit 1; }

command -v dotnet >/dev/null || fail "The .NET SDK 10 is needed and 'dotnet' is not on the PATH. See https://dotnet.microsoft.com/download"
dotnet --list-sdks | grep -q '^10\.' || fail "The .NET SDK 10 is needed; found: $(dotnet --list-sdks | tr '\n' ' ')"

choose_packages() {
  if [ -z "${MlAttentionPackages:-}" ] && [ ! -f artifacts/packages.props ]; then
    dotnet msbuild src/MlAttention/MlAttention.csproj -nologo -v:m -tl:off -t:SelectMlAttentionPackages || exit 1
  fi
  packages="${MlAttentionPackages:-$(sed -n 's/.*<MlAttentionPackages>\(.*\)<\/MlAttentionPackages>.*/\1/p' artifacts/packages.props)}"
}

missing_native_packages() {
  local name
  for name in $native_packages; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || echo "$name"
  done
}

install_native_packages() {
  local missing as_root=""
  command -v dpkg-query >/dev/null || return 0   # not Debian: the build itself says what is missing
  missing=$(missing_native_packages | tr '\n' ' ')
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    as_root="sudo"
    sudo -n true 2>/dev/null || fail "The stand-ins need $missing- install them with: sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing"
  fi
  echo "Installing $missing(the stand-ins build on the operating system's libtorch) ..."
  # The index of a new machine is empty or old; refresh it only then.
  { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >artifacts/apt.log 2>&1 ||
    { $as_root apt-get update -qq >>artifacts/apt.log 2>&1 &&
      $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >>artifacts/apt.log 2>&1; }; } ||
    { tail -n 5 artifacts/apt.log >&2; fail "Installing failed; the log is artifacts/apt.log. The command was: apt-get install -y --no-install-recommends $missing"; }
}

choose_packages
[ "$packages" != compat ] || install_native_packages

#!/usr/bin/env bash
# Draws docs/pictures, light and dark, from the code and from numbers of the repository; the chart of docs/PERFORMANCE.md has a command of its own.
#   eng/pictures.sh          from the run of the main job that docs/pictures keeps; seconds after the build
#   eng/pictures.sh --run    runs the main job anew first: keeps its report and its terminal's lines, and writes the README's table; a minute more
set -euo pipefail
cd "$(dirname "$0")/.."
pictures="$PWD/docs/pictures" report=1
if [ "${1:-}" = --run ]; then
  dotnet build src/MlAttention.Cli/MlAttention.Cli.csproj -c Release -nologo -v:q -tl:off -clp:ErrorsOnly
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  COLUMNS=80 dotnet artifacts/bin/MlAttention.Cli/release/MlAttention.Cli.dll ablate datasets/word_order.csv --quick --out "$work/report" > "$work/lines" 2>&1
  # Of the lines that tell how far it is, the first two and the last; of what follows, a screen.
  {
    echo '$ mlattention ablate datasets/word_order.csv --quick --out report'
    sed -E -e 's/[[:space:]]+$//' -e "s|$work/||g" "$work/lines" | awk '
      /^run [0-9]+ of / { told++; if (told <= 2) print; else last = $0; next }
      told > 2 && last != "" { if (told > 3) print "  ... " told - 3 " lines like these ..."; print last; last = "" }
      { rest++; if (rest <= 52) print; else more++ }
      END { if (more) print "  ... " more " more lines, and report/report.html ..." }'
  } > "$pictures/terminal.txt"
  report="$work/report/report.json"
fi
dotnet build tests/MlAttention.Tests/MlAttention.Tests.csproj -c Release -nologo -v:q -tl:off -clp:ErrorsOnly
UPDATE_PICTURES="$report" dotnet test tests/MlAttention.Tests/MlAttention.Tests.csproj -c Release --no-build --nologo --filter "FullyQualifiedName~PictureTests"

#!/usr/bin/env bash
# Writes docs/COMMAND_LINE.md: what a user types and sees, on two public data sets that the repository does not hold.
#   eng/transcript.sh <folder>    with banking77/ugly_train_raw.csv and ugly_test_raw.csv (header text,category), snips7/train.csv and test.csv (header Text,Label)
set -euo pipefail
data="$(cd "${1:?give the folder of the data sets}" && pwd)"
cd "$(dirname "$0")/.."
dotnet build src/MlAttention.Cli/MlAttention.Cli.csproj -c Release -nologo -v:q -tl:off -clp:ErrorsOnly
tool="$PWD/artifacts/bin/MlAttention.Cli/release/MlAttention.Cli.dll" page="$PWD/docs/COMMAND_LINE.md"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cp "$data"/banking77/ugly_train_raw.csv "$work/train.csv"; cp "$data"/banking77/ugly_test_raw.csv "$work/test.csv"
cp "$data"/snips7/train.csv "$work/snips.csv"; cp "$data"/snips7/test.csv "$work/snips-test.csv"
cd "$work"

mlattention() { dotnet "$tool" "$@"; }
# run <command line>: the line, and what it prints on both streams, at 100 columns.
run() {
  printf '```console\n$ %s\n' "$1"
  COLUMNS=100 eval "$1" 2>&1 | sed -E -e 's/[[:space:]]+$//' -e "s|$work|/data|g" || true
  printf '```\n\n'
}

{
  cat <<'TEXT'
# The command line, in one sitting

Every block is what a user types and what both streams print, written by `eng/transcript.sh`; times are those of its run. The data are BANKING77, 77 intents of bank customers' questions, in a file whose columns are called text and category, and SNIPS, 7 intents of voice commands.

## Train

The columns have other names than the tool expects; the error says which there are.

TEXT
  run 'mlattention train train.csv'
  run 'mlattention train train.csv --text text --label category --epochs 8 --class-weights balanced -o banking.zip'
  cat <<'TEXT'
## Evaluate

The model remembers its columns.

TEXT
  run 'mlattention evaluate banking.zip test.csv --out report.json --errors misread.csv'
  run 'head -n 3 misread.csv | cut -c1-100'
  cat <<'TEXT'
## Predict

TEXT
  run 'mlattention predict banking.zip --top-k 3 --threshold 0.5 --unsure ask "where is my card" "zzqx vvrt"'
  run "printf 'my top up failed\nhow old must I be\n' | mlattention predict banking.zip --json"
  run 'mlattention predict banking.zip --data test.csv --keep category --out predicted.csv'
  run 'head -n 3 predicted.csv'
  run 'mlattention predict banking.zip --treshold 0.5 "where is my card"'
  cat <<'TEXT'
## Inspect and export

The first table tells which words decided: what each adds to the log-odds of the predicted label, or of the one of `--label`, by integrated gradients and by leaving it out, and how far the two agree ([what they say](PIPELINES.md#which-words-decided)). The page heads.html has the same as coloured text. It draws lines between the tokens by weight, for one head or several: point at a token, tap it or go to it with the keyboard to see its lines alone. Beside them stand the matrix, the probability of each class and small maps of all heads. `--beside` puts a second text next to the first, such as the same words in another order, and shows the difference for the words that both have, the first of several with the first. A long text's smallest weights are left out to keep the page under 1 MB; the page says below which size, and `--json` has all. Without scripts the page shows the heads as figures.

TEXT
  run 'mlattention inspect banking.zip "the cash machine kept my card" --out heads.html'
  run 'mlattention export banking.zip -o banking.safetensors'
  cat <<'TEXT'
## Go on with new words and labels

A model of five of the seven SNIPS intents goes on with 20 rows of each of the seven. Its words, labels and weights are kept, and the new ones are added; beside it a model from nothing on the same rows.

TEXT
  run "grep -vE ',(RateBook|BookRestaurant)$' snips.csv > before.csv"
  run "(head -n 1 snips.csv; tail -n +2 snips.csv | awk -F, '++rows[\$NF] <= 20') > new.csv"
  run 'mlattention train before.csv --max-minutes 1 -o before.zip --quiet'
  run 'mlattention train new.csv --from before.zip --epochs 8 -o after.zip'
  run 'mlattention evaluate after.zip snips-test.csv --quiet | head -n 1'
  run 'mlattention train new.csv --epochs 8 -o fresh.zip --quiet'
  run 'mlattention evaluate fresh.zip snips-test.csv --quiet | head -n 1'
  run 'mlattention train new.csv --from before.zip --width 32 -o other.zip'
  cat <<'TEXT'
## Several labels, a number

`--task` says what the model is to give ([tasks](TASKS.md)). Here two commands stand in each text, and the intents of both are its labels; then how many words a text has is learned as a number.

TEXT
  run "tail -n +2 snips.csv | tr -d '\\r' | grep -v '\"' | awk -F, 'NR % 2 { text = \$1; label = \$2; next } { print text \" and \" \$1 \",\" label (label == \$2 ? \"\" : \"|\" \$2) }' > both.csv"
  run "(echo Text,Label; head -n 3000 both.csv) > many.csv; (echo Text,Label; tail -n 1000 both.csv) > many-test.csv"
  run 'mlattention train many.csv --task multiLabel --epochs 8 -o many.zip'
  run 'mlattention evaluate many.zip many-test.csv --quiet'
  run 'mlattention predict many.zip "play some jazz and book a table for two" --quiet'
  run "(echo Text,Label; tail -n +2 snips.csv | tr -d '\\r' | grep -v '\"' | head -n 3000 | awk -F, '{ print \$1 \",\" split(\$1, words, \" \") }') > lengths.csv"
  run 'mlattention train lengths.csv --task regression --pooling max --epochs 8 -o lengths.zip'
  run 'mlattention predict lengths.zip "play some jazz" "book a table for two at the new place by the river" --quiet'
  cat <<'TEXT'
## Start from a pretrained encoder

Start from an encoder that has read much: `minilm` comes with the tool (all-MiniLM-L6-v2, English); any other is a Hugging Face folder. What its weights settle cannot be chosen. Here are 200 rows of SNIPS, from nothing and from the encoder; so few need more than the usual epochs.

TEXT
  run 'head -n 201 snips.csv > few.csv'
  run 'mlattention train few.csv -o nothing.zip --quiet'
  run 'mlattention train few.csv --pretrained minilm --epochs 10 -o tuned.zip --quiet'
  run 'mlattention evaluate nothing.zip snips-test.csv --quiet | head -n 1'
  run 'mlattention evaluate tuned.zip snips-test.csv --quiet | head -n 1'
  run 'mlattention predict tuned.zip "put this song on my gym mix" --quiet'
  run 'mlattention train few.csv --pretrained minilm --layers 2'
  run 'mlattention train few.csv --pretrained bert-base'
  cat <<'TEXT'
An encoder of one's own, from texts without labels, is `mlattention pretrain texts.csv --out my-encoder`, and `--pretrained my-encoder` starts from it: [PRETRAINING.md](PRETRAINING.md).

## Write texts

With `--task nextToken` a model learns which word comes next, and `write` writes new texts with it; no label is needed ([GENERATION.md](GENERATION.md)).

TEXT
  run 'mlattention train snips.csv --task nextToken --epochs 5 -o writer.zip --quiet'
  run 'mlattention evaluate writer.zip snips-test.csv --quiet'
  run 'mlattention write writer.zip "play some" --count 3 --temperature 0.7 --quiet'
  cat <<'TEXT'
## Texts as vectors

One vector a text, for search, clustering or any other trainer: .npy for NumPy, .safetensors, or .csv.

TEXT
  run 'mlattention embed snips-test.csv -o vectors.npy --json'
  run "printf 'where is my card\nmy card has not come\n' | mlattention embed -o two.csv"
  run 'cut -d, -f1-4 two.csv'
  cat <<'TEXT'
## Another data set, with a validation file and its own model

TEXT
  run 'mlattention train snips.csv --validation snips-test.csv --positions rotary --width 32 --layers 1 --epochs 3 -o snips.zip'
  run 'mlattention evaluate snips.zip snips-test.csv'
} > "$page.tmp"
mv "$page.tmp" "$page"

#!/usr/bin/env bash
# hmm-model and hmm-info as a user runs them: results, messages and exit statuses.
# Usage: hmm_model_test.sh HMM_MODEL HMM_INFO
set -u
hmm_model=$1 hmm_info=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
faults=0

# expect STATUS TEXT COMMAND...: the command ends with that status and says that text.
expect() {
  local status=$1 text=$2
  shift 2
  local output result
  output=$("$@" 2>&1)
  result=$?
  if [ "$result" -ne "$status" ] || [[ "$output" != *"$text"* ]]; then
    printf 'FAULT: %s\n  status %s, expected %s; expected to say: %s\n  said: %s\n' \
      "$*" "$result" "$status" "$text" "$output"
    faults=$((faults + 1))
  fi
}

expect 0 "" "$hmm_model" create synthesis "$folder/korean" --korean --dimension 4
expect 0 "28: sil a e i" "$hmm_model" inspect "$folder/korean"
expect 0 '"family": "gamma"' "$hmm_model" inspect "$folder/korean" --json
expect 0 "state 3: gamma, 1 to 50 frames, 10.0" "$hmm_model" inspect "$folder/korean"
expect 0 "" "$hmm_model" convert "$folder/korean" "$folder/again"
expect 0 "" cmp "$folder/korean" "$folder/again"
expect 0 "digraph topology" "$hmm_model" draw "$folder/korean"
expect 0 "" "$hmm_model" create recognition "$folder/words" --labels sil,yes,no
expect 0 "left-to-right false" "$hmm_model" inspect "$folder/words"
expect 0 "" "$hmm_model" create realtime "$folder/circle" --states 3
expect 0 "0 -> 1" "$hmm_model" draw "$folder/circle"
expect 0 "Formats that are read" "$hmm_model" --help
expect 2 "" "$hmm_model"
expect 2 "" "$hmm_model" create poem "$folder/x"
expect 2 "at least one label" "$hmm_model" create recognition "$folder/x"
expect 2 "not -3" "$hmm_model" create realtime "$folder/x" --states -3
expect 1 "cannot be opened" "$hmm_model" inspect "$folder/absent"
echo "no model" >"$folder/text"
expect 1 "no safetensors file" "$hmm_model" inspect "$folder/text"
head -c 900 "$folder/korean" >"$folder/cut"
expect 1 "$folder/cut" "$hmm_model" convert "$folder/cut" "$folder/x"
expect 1 "cannot be written" "$hmm_model" create realtime "$folder/no/such/folder"
expect 0 "Every operation computes right" "$hmm_info"
expect 0 '"passed": true' "$hmm_info" --json
expect 2 "" "$hmm_info" --no-such-option
[ "$faults" -eq 0 ] && echo "hmm-model and hmm-info behave."
exit $((faults > 0))

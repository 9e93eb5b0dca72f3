# Sourced by ./pipelines/demo and ./tests/run: what both need before they can work.
# Expects `project` to name the project's root.

# install_packages NAME...: installs what is missing with apt, or says what to ask for.
install_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
      printf 'These Debian packages are missing and installing them needs root. Please ask for:\n' >&2
      printf '  apt-get install %s\n' "${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo -n)
  fi
  printf 'Installing %d Debian packages: %s\n' "${#missing[@]}" "${missing[*]}"
  "${as_root[@]}" apt-get update -qq &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

build_packages=(build-essential meson ninja-build pkg-config
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
  libhwy-dev libkissfft-dev nlohmann-json3-dev libcli11-dev libcairo2-dev flite1-dev libsndfile1-dev)

run_packages=(gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
  gstreamer1.0-plugins-bad pocketsphinx-en-us pocketsphinx-testdata
  festvox-us-slt-hts)

# build_in FOLDER MESON_OPTION...: configures (anew when the options changed) and compiles.
build_in() {
  local folder=$1
  shift
  if [ -f "$folder/build.ninja" ]; then
    meson configure "$folder" "$@" >/dev/null
  else
    meson setup "$folder" "$project" "$@" >"$folder.log" 2>&1 || { cat "$folder.log" >&2; return 1; }
    rm -f "$folder.log"
  fi
  ninja -C "$folder" --quiet
}

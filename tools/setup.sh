#!/usr/bin/env bash
# Installs what the build needs: Debian/Ubuntu packages, and libtorch into .deps/ of this folder.
# Run again at will: it does only what is missing, and nothing at all once all is there.
#   tools/setup.sh [--cuda] [--lint] [--fuzz] [--bench]      PARLANDO_SETUP=skip: leave everything to the environment
#     --cuda   also the wheels that libtorch_cuda loads beside a CUDA 13 toolkit
#     --lint   also clang-format and clang-tidy
#     --fuzz   also clang with libFuzzer
#     --bench  also Keras and all that PyTorch imports, in .deps/bench (needs a CUDA 13 toolkit: the wheel is CUDA's)
set -euo pipefail
cd "$(dirname "$0")/.."

with_cuda=no
with_lint=no
with_fuzz=no
with_bench=no
for option in "$@"; do
  case "$option" in
    --cuda) with_cuda=yes ;;
    --lint) with_lint=yes ;;
    --fuzz) with_fuzz=yes ;;
    --bench) with_bench=yes; with_cuda=yes ;;
    *) echo "usage: tools/setup.sh [--cuda] [--lint] [--fuzz] [--bench]" >&2; exit 2 ;;
  esac
done

if [ "${PARLANDO_SETUP:-}" = skip ]; then exit 0; fi

packages=(build-essential g++ cmake ninja-build ccache lld pkg-config git ca-certificates python3-venv
  libopenmpi-dev openmpi-bin libhdf5-dev libtbb-dev libyaml-cpp-dev libsndfile1-dev libsoxr-dev
  libfftw3-dev libcli11-dev libspdlog-dev libfmt-dev nlohmann-json3-dev libxxhash-dev libgtest-dev
  libgmock-dev libbenchmark-dev gnuplot-nox curl unzip)
# Ubuntu 22.04's own g++ is 11; the project is written for 12 and later.
if [ "$(. /etc/os-release 2>/dev/null; echo "${ID:-} ${VERSION_ID:-}")" = "ubuntu 22.04" ]; then
  packages+=(g++-12)
fi

if [ $with_lint = yes ]; then packages+=(clang-format clang-tidy); fi
if [ $with_fuzz = yes ]; then packages+=(clang); fi
if [ $with_bench = yes ]; then packages+=(libtcmalloc-minimal4); fi

venv=.deps/venv
libtorch=${PARLANDO_LIBTORCH:-.deps/libtorch}
say() { echo "setup: $*" >&2; }

# The stamp names this script, the pins and the Python they were installed for.
stamp_text() {
  sha256sum tools/setup.sh tools/requirements*.txt
  echo "cuda=$with_cuda lint=$with_lint fuzz=$with_fuzz bench=$with_bench libtorch=$libtorch"
}
stamp=.deps/setup-cuda-$with_cuda-lint-$with_lint-fuzz-$with_fuzz-bench-$with_bench.stamp
if [ -e "$libtorch/lib/libtorch_cpu.so" ] && [ -x "$venv/bin/python" ] &&
   [ "$(cat "$stamp" 2>/dev/null)" = "$(stamp_text)" ]; then
  exit 0
fi

explain_other_ways() {
  cat >&2 <<'TEXT'

Without root, apt or a network, point the build at what your cluster has (environment modules, Spack):

  module load gcc cmake openmpi hdf5 tbb fftw        # or: spack load ...
  export PARLANDO_LIBTORCH=/path/to/libtorch         # a folder with include/ and lib/ (libtorch archive,
                                                     # or .../site-packages/torch of a Python environment)
  export MPI_HOME=/path/to/openmpi HDF5_ROOT=/path/to/hdf5
  export CMAKE_PREFIX_PATH=/path/to/tbb:/path/to/yaml-cpp:/path/to/spdlog:/path/to/fmt:...
  export PKG_CONFIG_PATH=/path/to/sndfile/lib/pkgconfig:/path/to/soxr/lib/pkgconfig:...
  PARLANDO_SETUP=skip make build

or build the container once on a machine with a network and copy the one file over:

  apptainer build parlando.sif tools/parlando.def
  apptainer run parlando.sif train --help

docs/building.md has the list of libraries with their versions.
TEXT
}

# install_packages NAME...
install_packages() {
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null | grep -qx installed || missing+=("$name")
  done
  if [ ${#missing[@]} -eq 0 ]; then return 0; fi
  say "packages to install: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      say "neither root nor sudo here; ask an administrator to install the packages above"
      explain_other_ways
      exit 1
    fi
    if [ ! -t 0 ] && ! sudo -n true 2>/dev/null; then
      say "sudo wants a password and there is no terminal to ask on; run 'make setup' in a terminal"
      explain_other_ways
      exit 1
    fi
    as_root=(sudo)
  fi
  say "installing them with ${as_root[*]:-}${as_root:+ }apt-get"
  if ! { "${as_root[@]}" apt-get update -q &&
         "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y \
           --no-install-recommends "${missing[@]}"; } >&2; then
    say "apt failed (its words are above)"
    explain_other_ways
    exit 1
  fi
}

# clang's run-time libraries, libFuzzer among them, are a package of their own where clang does not hold them.
install_fuzzer() {
  local name
  name=libclang-rt-$(clang -dumpversion | cut -d. -f1)-dev
  if apt-cache show "$name" >/dev/null 2>&1; then install_packages "$name"; fi
}

# --no-deps: only the pinned wheels, none of torch's other 3 GB.
pip_install() {
  "$venv/bin/python" -m pip install --disable-pip-version-check --no-deps "$@" >&2
}

# The pins that this machine needs: those of torch and CUDA only where libtorch is not given.
wanted_pins() {
  if [ -z "${PARLANDO_LIBTORCH:-}" ]; then
    cat tools/requirements.txt
    if [ $with_cuda = yes ]; then cat tools/requirements-cuda.txt; fi
  else
    grep -v -e '^torch' -e '^nvidia' tools/requirements.txt
  fi
}

install_wheels() {
  local pins=.deps/requirements.txt unfinished=.deps/venv-unfinished
  # An interrupted pip leaves half a package that it later takes for a whole one.
  if [ -e $unfinished ] || ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    say "creating $venv"
    rm -rf "$venv"
    python3 -m venv "$venv"
    rm -f $unfinished
  fi
  wanted_pins > $pins
  if ! pip_install -q --dry-run --no-index -r $pins 2>/dev/null; then
    if [ -z "${PARLANDO_LIBTORCH:-}" ]; then
      say "installing libtorch (the torch wheel, 530 MB, once) and the tests' Python packages into $venv"
    else
      say "using libtorch of $PARLANDO_LIBTORCH; installing the tests' Python packages into $venv"
    fi
    touch $unfinished
    if ! pip_install -q -r $pins; then
      say "pip failed (its words are above)"
      explain_other_ways
      exit 1
    fi
    rm -f $unfinished
  fi
  if [ -z "${PARLANDO_LIBTORCH:-}" ]; then
    local site
    site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    ln -sfn "$(realpath --relative-to=.deps "$site/torch")" .deps/libtorch
  fi
  if [ ! -e "$libtorch/lib/libtorch_cpu.so" ]; then
    say "no lib/libtorch_cpu.so in $libtorch; PARLANDO_LIBTORCH names the folder that holds include/ and lib/"
    exit 1
  fi
}

# The peers' packages lie in an environment of their own, which finds torch in that of the build.
install_peers() {
  local bench=.deps/bench
  if [ ! -x $bench/bin/python ]; then python3 -m venv $bench; fi
  say "installing the Python peers of the benchmark into $bench"
  $bench/bin/python -m pip install -q --disable-pip-version-check --no-deps -r tools/requirements-bench.txt >&2
  "$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
    > "$($bench/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/torch_of_the_build.pth"
}

mkdir -p .deps
exec 9> .deps/setup.lock
flock 9

if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then
  install_packages "${packages[@]}"
  if [ $with_fuzz = yes ]; then install_fuzzer; fi
else
  say "no apt here: packages are left to you"
  explain_other_ways
  exit 1
fi
install_wheels
if [ $with_bench = yes ]; then install_peers; fi
stamp_text > "$stamp"
say "done"

# make demo: from nothing to an evaluated model and its report.   make test: is the code sound?
# Both do all that is needed on a fresh Debian or Ubuntu machine.

SHELL := /bin/bash
CXX_NAME = $(shell tools/compiler.sh)
JOBS ?= $(shell tools/jobs.sh)
# Warnings are errors with the compiler that CI uses; a later one's new warnings stop nobody.
WERROR ?= $(if $(filter 12,$(shell $(CXX_NAME) -dumpversion 2>/dev/null | cut -d. -f1)),ON,OFF)
CMAKE_ARGS ?=
CONFIGURE = cmake -DCMAKE_CXX_COMPILER=$(CXX_NAME) -DPARLANDO_WERROR=$(WERROR) $(CMAKE_ARGS) --preset

# mpirun refuses root unless told twice; containers and CI run as root.
ifeq ($(shell id -u),0)
export OMPI_ALLOW_RUN_AS_ROOT := 1
export OMPI_ALLOW_RUN_AS_ROOT_CONFIRM := 1
endif

.PHONY: help setup setup-cuda setup-lint setup-fuzz setup-bench configure build demo test bench bench-train bench-data bench-accuracy bench-sweep bench-librosa parity reproduce librosa-tools asan tsan fuzz cuda format lint install clean

help:
	@echo 'make demo     preprocess, train and report: RAVDESS=<folder>, or the corpus from Zenodo, or synthetic'
	@echo 'make test     build everything and run all tests'
	@echo 'make setup    install what the build needs (system packages, libtorch in .deps/)'
	@echo 'make build    every program in build/bin'
	@echo 'make reproduce  the runs of STUDY=<name of experiments/studies> that are missing: RAVDESS=<folder>; continues'
	@echo 'make bench    the benchmarks'
	@echo 'make bench-train  speed of training against PyTorch and Keras (installs both; half an hour)'
	@echo 'make bench-data   how long training waits for data, also under a memory cap: RAVDESS=<folder>, or synthetic'
	@echo 'make bench-accuracy  accuracy with the fast paths on and off: RAVDESS=<folder>; hours, continues where it stopped'
	@echo 'make bench-sweep  what a sweep costs beside its training, and what trials at the same time bring: DATA=<dataset>'
	@echo 'make bench-librosa, make parity: speed and numbers against librosa over RAVDESS=<folder>'
	@echo 'make asan     unit tests under the address and undefined-behaviour sanitizers'
	@echo 'make tsan     unit tests under the thread sanitizer'
	@echo 'make fuzz     give hostile inputs to the readers: FUZZ_INPUTS each (default a million; needs clang)'
	@echo 'make cuda     build and link the CUDA and NCCL parts (needs a CUDA 13 toolkit)'
	@echo 'make format   clang-format over all files'
	@echo 'make lint     check the format, then clang-tidy'
	@echo 'make install  programs into PREFIX (default /usr/local)'
	@echo 'make clean    remove build/ (not .deps/, not demo/)'

setup:
	@tools/setup.sh

configure: setup
	@mkdir -p build
	@$(CONFIGURE) release > build/configure.log 2>&1 || { cat build/configure.log; exit 1; }

build: configure
	@cmake --build build -j $(JOBS) --target programs

demo_programs = parlando $(addprefix parlando-,synth scan preprocess audit train report)

demo: configure
	@cmake --build build -j $(JOBS) --target $(demo_programs)
	@tools/demo.sh

# The rows of a study that are missing or stale; the same command continues. JOBS: runs at a time, if it is given.
# STUDY_KEYS holds further options.
study_programs = parlando $(addprefix parlando-,preprocess train evaluate study report)
study_jobs = $(if $(filter environment command,$(firstword $(origin JOBS))),--jobs $(JOBS))

reproduce: configure
	@[ -n "$(STUDY)" ] || { echo "reproduce: STUDY=<name> is missing; there are: $(basename $(notdir $(wildcard experiments/studies/*.yaml)))" >&2; exit 2; }
	@[ -d "$(RAVDESS)" ] || { echo 'reproduce: RAVDESS=<folder of the corpus> is missing' >&2; exit 2; }
	@cmake --build build -j $(JOBS) --target $(study_programs)
	@build/bin/parlando study run --config experiments/studies/$(STUDY).yaml --corpus "$(RAVDESS)" --tidy $(study_jobs) $(STUDY_KEYS)
	@build/bin/parlando report experiments/studies/$(STUDY).yaml --readme

test: configure
	@tools/setup_slurm.sh
	@cmake --build build -j $(JOBS)
	@tools/run_tests.sh build $(CTEST)

asan: setup
	@tools/sanitize.sh asan $(JOBS) $(CXX_NAME)

tsan: setup
	@tools/sanitize.sh tsan $(JOBS) $(CXX_NAME)

setup-cuda:
	@tools/setup.sh --cuda

setup-lint:
	@tools/setup.sh --lint

setup-fuzz:
	@tools/setup.sh --fuzz

FUZZ_INPUTS ?= 1000000
fuzz: setup-fuzz
	@tools/fuzz.sh $(JOBS) $(FUZZ_INPUTS)

cuda: setup-cuda
	@$(CONFIGURE) cuda > /dev/null
	@cmake --build build/cuda -j $(JOBS) --target programs test_gpu test_gpu_ranks
	@tools/check_cuda_link.sh build/cuda/bin
	@tools/run_tests.sh build/cuda -L gpu

bench: setup
	@$(CONFIGURE) release -DPARLANDO_BENCH=ON > /dev/null
	@cmake --build build -j $(JOBS) --target bench_preprocess
	@tools/bench.sh build

setup-bench:
	@tools/setup.sh --bench

# Against PyTorch and Keras on this machine, which must be quiet. COMPARE holds further options.
bench-train: setup-bench
	@$(CONFIGURE) release -DPARLANDO_BENCH=ON > /dev/null
	@cmake --build build -j $(JOBS) --target bench_train
	@.deps/bench/bin/python experiments/benchmarks/train/compare.py --bin build/bench-train \
	  --python .deps/bench/bin/python --results experiments/benchmarks/train/results $(COMPARE)

# How long steps wait for data, on RAVDESS=<folder> or synthetic clips. COMPARE holds further options.
bench-data: build
	@python3 experiments/benchmarks/train/data_wait.py --bin build/bin --work build/bench-data \
	  --results experiments/benchmarks/train/results $(if $(RAVDESS),--corpus "$(RAVDESS)") $(COMPARE)

# Five seeds with every fast path and with none; what is finished in ACCURACY_DIR stays. ACCURACY holds further options.
ACCURACY_DIR ?= accuracy-study
bench-accuracy: build
	@.deps/venv/bin/python experiments/benchmarks/train/accuracy.py --parlando build/bin/parlando --corpus "$(RAVDESS)" \
	  --work $(ACCURACY_DIR) --results experiments/benchmarks/train/results $(ACCURACY)

# DATA=<dataset of configs/preprocess/mfcc121.yaml>; SWEEP holds further options.
bench-sweep: build
	@.deps/venv/bin/python experiments/benchmarks/sweep/trials_per_hour.py --parlando build/bin/parlando \
	  --config configs/train/mfcc121.yaml --data "$(DATA)" --work build/bench-sweep \
	  --results experiments/benchmarks/sweep/results $(SWEEP)

# Against librosa 0.11.0 over a whole corpus: RAVDESS=<folder>. COMPARE and PARITY hold further options.
librosa_benchmark = experiments/benchmarks/preprocess
librosa_options = --corpus "$(RAVDESS)" --bin build/bin --tools build/bench-preprocess --results $(librosa_benchmark)/results

librosa-tools: setup
	@$(CONFIGURE) release -DPARLANDO_BENCH=ON > /dev/null
	@cmake --build build -j $(JOBS) --target bench_against_librosa

bench-librosa: librosa-tools
	@.deps/venv/bin/python $(librosa_benchmark)/compare.py $(librosa_options) $(COMPARE)

parity: librosa-tools
	@.deps/venv/bin/python $(librosa_benchmark)/parity.py $(librosa_options) $(PARITY)

format:
	@tools/sources.sh | xargs clang-format -i

lint: setup-lint
	@tools/lint.sh $(JOBS)

install: build
	@cmake --install build --prefix $(or $(PREFIX),/usr/local)

clean:
	@rm -rf build

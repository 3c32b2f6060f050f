#!/usr/bin/env bash
# Shows that the programs of the cuda preset were linked with CUDA and NCCL, and that they start.
#   tools/check_cuda_link.sh BIN_FOLDER
set -euo pipefail
bin=$1
libraries=$(ldd "$bin/parlando-train")
for wanted in libtorch_cuda.so libc10_cuda.so libnccl.so libcudart.so; do
  if ! grep -q "$wanted.* => /" <<<"$libraries"; then
    echo "parlando-train of the cuda preset does not load $wanted:" >&2
    grep -e "$wanted" -e 'not found' <<<"$libraries" >&2 || true
    exit 1
  fi
done
if grep 'not found' <<<"$libraries" >&2; then exit 1; fi
"$bin/parlando-train" --version
echo "cuda preset: parlando-train links libtorch_cuda and NCCL, and starts"

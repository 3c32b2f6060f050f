#!/usr/bin/env bash
# Prints the C++ compiler to build with: $CXX if set, else g++, else the newest g++-N where g++ is too old.
if [ -n "${CXX:-}" ]; then echo "$CXX"; exit; fi
major=$(g++ -dumpversion 2>/dev/null | cut -d. -f1)
if [ "${major:-0}" -ge 12 ]; then echo g++; exit; fi
for name in g++-14 g++-13 g++-12; do
  if command -v "$name" >/dev/null; then echo "$name"; exit; fi
done
echo g++

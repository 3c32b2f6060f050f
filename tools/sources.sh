#!/usr/bin/env bash
# Prints the C++ files that git knows or would add, for the formatter and the linter.
cd "$(dirname "$0")/.."
git ls-files --cached --others --exclude-standard -- '*.cpp' '*.h' | while read -r file; do
  if [ -e "$file" ]; then echo "$file"; fi
done

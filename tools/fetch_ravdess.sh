#!/usr/bin/env bash
# Downloads the two audio-only archives of RAVDESS (Zenodo record 1188976, CC BY-NC-SA 4.0), checks them and
# unpacks them into FOLDER. Stop it at any moment; the same command continues.
#   tools/fetch_ravdess.sh FOLDER
# Environment: PARLANDO_RAVDESS_URL   another server that has the files under this address
#              PARLANDO_RAVDESS_MD5   another list of files, as md5sum prints it
# Exit codes: 0 the corpus is there; 2 usage; 3 a checksum is wrong (the file is set aside as NAME.bad);
#             4 the server can't be reached or does not have the file; 5 the download broke off, run again;
#             1 anything else (disk full, damaged archive)
set -euo pipefail

if [ $# -ne 1 ] || [ "${1#-}" != "$1" ]; then
  sed -n '2,4s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
for tool in curl unzip md5sum; do
  if ! command -v $tool >/dev/null; then echo "fetch: needs $tool" >&2; exit 1; fi
done
folder=$1
url=${PARLANDO_RAVDESS_URL:-https://zenodo.org/records/1188976/files}
say() { echo "fetch: $*" >&2; }

checksums() {
  if [ -n "${PARLANDO_RAVDESS_MD5:-}" ]; then
    cat "$PARLANDO_RAVDESS_MD5"
  else
    echo "bc696df654c87fed845eb13823edef8a  Audio_Speech_Actors_01-24.zip"
    echo "5411230427d67a21e18aa4d466e6d1b9  Audio_Song_Actors_01-24.zip"
  fi
}

md5_of() { md5sum <"$1" | cut -d' ' -f1; }

# download NAME MD5: leaves FOLDER/NAME, complete and checked.
download() {
  local name=$1 md5=$2 part="$folder/$1.part" status=0
  local look=(-sS)
  if [ -t 2 ]; then look=(--progress-bar); fi
  if [ -s "$part" ] && [ "$(md5_of "$part")" = "$md5" ]; then
    mv "$part" "$folder/$name"
    return 0
  fi
  if [ -s "$part" ]; then
    say "continuing $name at $(stat -c %s "$part") bytes"
  else
    say "downloading $name"
  fi
  local code
  code=$(curl -fL "${look[@]}" --connect-timeout 20 --speed-limit 1000 --speed-time 60 --retry 2 \
    -C - -o "$part" -w '%{http_code}' "$url/$name?download=1") || status=$?
  if [ "$code" = 416 ]; then
    status=0   # nothing is left to fetch; the checksum decides
  elif [ $status -eq 33 ]; then
    say "the server can't continue a download; starting $name over"
    rm -f "$part"
    status=0
    curl -fL "${look[@]}" --connect-timeout 20 -o "$part" "$url/$name?download=1" || status=$?
  fi
  case $status in
    0) ;;
    18|52|56|92|28)
      if [ -s "$part" ]; then
        say "$name broke off after $(stat -c %s "$part") bytes; run the same command to continue"
        exit 5
      fi
      say "no answer from $url"
      exit 4 ;;
    23) say "can't write $part (disk full?)"; exit 1 ;;
    *)
      say "can't get $url/$name (curl's code $status)"
      if [ -s "$part" ]; then say "what has arrived is kept; run the same command to continue"; exit 5; fi
      exit 4 ;;
  esac
  if [ "$(md5_of "$part")" != "$md5" ]; then
    mv "$part" "$folder/$name.bad"
    say "$name has the wrong checksum: $(md5_of "$folder/$name.bad") instead of $md5."
    say "It is set aside as $folder/$name.bad; run again to download it anew."
    exit 3
  fi
  mv "$part" "$folder/$name"
}

# unpack NAME: FOLDER/NAME without .zip appears only when it is whole; the archive is then removed.
unpack() {
  local archive="$folder/$1" target="$folder/${1%.zip}"
  say "unpacking $1"
  rm -rf "$target.unpacking"
  if ! unzip -q "$archive" -d "$target.unpacking" >&2; then
    say "can't unpack $archive (disk full?)"
    exit 1
  fi
  mv "$target.unpacking" "$target"
  rm -f "$archive"
}

mkdir -p "$folder"
while read -r md5 name || [ -n "${name:-}" ]; do
  if [ -d "$folder/${name%.zip}" ]; then continue; fi
  if [ ! -e "$folder/$name" ]; then download "$name" "$md5"; fi
  unpack "$name"
done < <(checksums)

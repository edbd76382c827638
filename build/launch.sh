# Finds a JDK, builds a distribution when it is missing or stale, and starts it. Sourced by
# ./holdfast, bench/run and .ci/run, which set `root` to the directory of the repository.
# Kept to what bash 3.2 knows, which is the bash of macOS.

jdk_version_min=21
build_wait_seconds_max=600

say() { printf '%s\n' "$*" >&2; }

# The Java homes that may hold a fitting JDK, one a line, the most wanted first.
jdk_homes() {
  local java home
  printf '%s\n' "${JAVA_HOME:-}"
  java=$(command -v java || true)
  [ -z "$java" ] || dirname "$(dirname "$(readlink -f "$java")")"
  for home in /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
    "${HOME:-}"/.sdkman/candidates/java/* "${HOME:-}"/.jdks/*; do
    printf '%s\n' "$home"
  done
}

# The feature version of the JDK at $1, or 0 where there is no whole JDK.
jdk_version() {
  local version=""
  if [ -x "$1/bin/javac" ] && [ -f "$1/release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  elif [ -x "$1/bin/javac" ]; then
    version=$("$1/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  fi
  printf '%s\n' "${version:-0}"
}

# Prints the home of the first fitting JDK; one sentence with the remedy where there is none.
require_jdk() {
  local home
  while IFS= read -r home; do
    if [ -n "$home" ] && [ "$(jdk_version "$home")" -ge "$jdk_version_min" ]; then
      printf '%s\n' "$home"
      return 0
    fi
  done <<< "$(jdk_homes)"
  say "Holdfast needs a JDK $jdk_version_min or later and found none in JAVA_HOME, on the PATH" \
    "or in the usual places: install one (for example from https://adoptium.net) or set" \
    "JAVA_HOME to it."
  return 1
}

# True where distribution $1 was not built since the last change of a source or pom.
is_stale() {
  [ ! -f "$1/built" ] || [ -n "$(find "$root"/pom.xml "$root"/*/pom.xml "$root"/*/src/main \
    -newer "$1/built" 2>/dev/null)" ]
}

# One line on what the build that writes log $1 is doing, started $2 seconds after the shell.
progress_of() {
  awk -v seconds=$((SECONDS - $2)) '
    /^\[INFO\] Building Holdfast [a-z].*\[[0-9]+\/[0-9]+\]$/ { module = $4; place = $NF; file = "" }
    /Downloading from/ { file = $NF; sub(".*/", "", file) }
    END {
      doing = module == "" ? "starting" : module " " place
      printf "Building Holdfast: %s%s, %d s", doing, file == "" ? "" : ", got " file, seconds
    }' "$1"
}

# Shows the progress of process $1, which writes log $2, until it ends.
watch_build() {
  local start=$SECONDS line step shown=""
  while kill -0 "$1" 2>/dev/null; do
    line=$(progress_of "$2" "$start")
    if [ -t 2 ]; then
      printf '\r\033[K%s' "$(printf '%s' "$line" | cut -c "1-$(progress_columns)")" >&2
    else
      step=$(printf '%s' "$line" | sed 's/,.*//')
      [ "$step" = "$shown" ] || say "$line"
      shown=$step
    fi
    sleep 0.3
  done
  [ ! -t 2 ] || printf '\r\033[K' >&2
}

progress_columns() {
  local columns
  columns=$(stty size 2>/dev/null <&2 | cut -d ' ' -f 2)
  [ "${columns:-0}" -gt 1 ] || columns=80
  printf '%s\n' $((columns - 1))
}

# Builds module $1 with what it needs into distribution $2.
build() {
  local log="$root/target/launch-$1.log" started="$root/target/launch-$1.started" pid
  if ! command -v mvn > /dev/null; then
    say "Holdfast is built with Maven on first use and found no mvn on the PATH: install" \
      "Maven 3.8 or later (Debian: apt install maven, macOS: brew install maven)."
    return 1
  fi
  touch "$started"
  (cd "$root" && exec mvn -B -Pquick -pl "$1" -am package) > "$log" 2>&1 < /dev/null &
  pid=$!
  # A child in the background of a script ignores Ctrl-C by itself.
  trap 'kill "$pid" 2>/dev/null; end_build; exit 130' INT TERM HUP
  watch_build "$pid" "$log"
  if ! wait "$pid"; then
    excerpt "$log" >&2
    say "The build of module $1 failed; the whole log is $log."
    return 1
  fi
  trap - INT TERM HUP
  mv "$started" "$2/built"
}

# What matters of a failed build's log $1: its errors, or its end where it names none.
excerpt() {
  if grep -q '^\[ERROR\]' "$1"; then
    sed -n -e '/^\[ERROR\] -> \[Help/q' -e '/^\[ERROR\]/p' "$1" | head -n 25
  else
    tail -n 25 "$1"
  fi
}

end_build() { rm -rf "$root/target/launch.lock"; }

# Builds unless another process has done so in the meantime: one build at a time.
build_if_stale() {
  local lock="$root/target/launch.lock" start=$SECONDS holder
  is_stale "$2" || return 0
  mkdir -p "$root/target"
  until mkdir "$lock" 2>/dev/null; do
    holder=$(cat "$lock/pid" 2>/dev/null || true)
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
      end_build
    elif [ $((SECONDS - start)) -ge "$build_wait_seconds_max" ]; then
      say "Process ${holder:-unknown} has been building for $build_wait_seconds_max s: end it" \
        "and remove $lock, then try again."
      return 1
    fi
    sleep 0.3
  done
  printf '%s\n' $$ > "$lock/pid"
  if is_stale "$2" && ! build "$1" "$2"; then
    end_build
    return 1
  fi
  end_build
}

# launch MODULE DISTRIBUTION MAIN [JVM-FLAG...] -- [ARGUMENT...]
launch() {
  local module=$1 distribution=$2 main=$3 flags
  shift 3
  flags=(--enable-native-access=ALL-UNNAMED)
  while [ "$1" != -- ]; do
    flags[${#flags[@]}]=$1
    shift
  done
  shift
  JAVA_HOME=$(require_jdk) || exit 1
  export JAVA_HOME
  build_if_stale "$module" "$distribution" || exit 1
  exec "$JAVA_HOME/bin/java" "${flags[@]}" -cp "$distribution/lib/*" "$main" "$@"
}

# Sourced by ./verify and ./demo: what a fresh Debian machine with a JDK needs before Maven can run.

say() { printf '%s: %s\n' "$(basename "$0")" "$*"; }

fail() { say "$*" >&2; exit 1; }

# Maven follows JAVA_HOME, or javac on the PATH; whichever it is has to be a JDK of 17 or later.
require_jdk_17() {
    local javac="${JAVA_HOME:+$JAVA_HOME/bin/}javac" version
    version="$("$javac" -version 2>&1)" || fail "no JDK found ($javac does not run); install openjdk-17-jdk-headless or newer"
    version="${version#javac }"
    ((${version%%[.-]*} >= 17)) || fail "JDK $version (expected: 17 or newer); set JAVA_HOME"
    say "JDK $version"
}

# Servers are in /usr/sbin, which is not on everybody's PATH.
PATH="$PATH:/usr/sbin"

# Servers are for the tests to start, on ports of their own: their packages must not start them, on every address, as they are installed.
readonly start_policy=/usr/sbin/policy-rc.d
without_starting() {
    local code=0
    if [[ -e $start_policy ]]; then
        "$@"
        return
    fi
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$start_policy" > /dev/null
    as_root chmod 755 "$start_policy"
    "$@" || code=$?
    as_root rm -f "$start_policy"
    return "$code"
}

# install_missing COMMAND PACKAGE [COMMAND PACKAGE ...]
install_missing() {
    local packages=() asked=("$@")
    while (($#)); do
        command -v "$1" > /dev/null || packages+=("$2")
        shift 2
    done
    ((${#packages[@]})) || return 0
    mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)

    command -v apt-get > /dev/null || fail "missing, and no apt-get to install them with: ${packages[*]}"
    say "installing ${packages[*]}"
    as_root apt-get update -qq
    without_starting as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" > /dev/null

    set -- "${asked[@]}"
    while (($#)); do
        command -v "$1" > /dev/null || fail "$2 is installed, yet there is no command $1"
        shift 2
    done
}

# install_from_suite SUITE COMMAND PACKAGE [NAME]
# Puts one program of another Debian release into /usr/local/bin, under another name if one is given, where that command is missing. That
# release is asked by an apt configuration of its own: the system's sources stay as they are, and nothing that the package depends on is
# replaced. The mirror is the one that the system has its own release from.
install_from_suite() {
    local suite="$1" command="$2" package="$3" name="${4-$2}" work apt program mirror
    command -v "$name" > /dev/null && return
    command -v apt-get > /dev/null || fail "missing, and no apt-get to fetch it with: $name"
    say "installing $package of Debian $suite"
    mirror="$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(CREATED_BY)' \
        | sed -n "s/ $(. /etc/os-release && echo "$VERSION_CODENAME") Packages\$//p" | head -n 1)"
    [[ -n $mirror ]] || fail "no source of Debian packages is known to apt-get, to fetch $package from"
    work="$(mktemp -d)"
    mkdir "$work/lists" "$work/cache"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" > "$work/sources.list"
    apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=)
    "${apt[@]}" update
    (cd "$work" && "${apt[@]}" download "$package" && dpkg -x ./*.deb root)
    program="$(find "$work/root" -path "*/bin/$command" -type f | head -n 1)"
    [[ -n $program ]] || fail "package $package of $suite has no command $command"
    as_root install -m 755 "$program" "/usr/local/bin/$name"
    rm -rf "$work"
}

# install_from_pypi COMMAND PACKAGE VERSION
# Puts the one program of a Python package into /usr/local/bin, where that command is missing.
install_from_pypi() {
    local command="$1" package="$2" version="$3" work program
    command -v "$command" > /dev/null && return
    say "installing $package $version of PyPI"
    work="$(mktemp -d)"
    pip3 install --quiet --no-deps --disable-pip-version-check --root-user-action ignore --target "$work" "$package==$version" || {
        say "$command cannot be had: the test that needs it is skipped"
        return 0
    }
    program="$(find "$work" -path "*/bin/$command" -type f | head -n 1)"
    [[ -n $program ]] || fail "package $package has no command $command"
    as_root install -m 755 "$program" "/usr/local/bin/$command"
    rm -rf "$work"
}

as_root() {
    if [[ $EUID == 0 ]]; then
        "$@"
    elif ! command -v sudo > /dev/null; then
        fail "needs root, or sudo, to run: $*"
    elif [[ ${CI-} == true ]]; then
        sudo --non-interactive "$@"
    else
        sudo "$@"
    fi
}

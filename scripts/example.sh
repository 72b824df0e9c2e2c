# Sourced by ./demo and examples/run, after setup.sh: builds an example where something has changed, and becomes it.

# fingerprint MODULE: one line that changes whenever a file that the example is built from does.
fingerprint() {
    find pom.xml .mvn lb-* examples/pom.xml examples/resources "examples/$1" -name target -prune -o \
        \( -name pom.xml -o -path '*/src/main/*' -o -path '.mvn/*' -o -path 'examples/resources/*' \) -type f -print0 \
        | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
}

# run_example MODULE CLASS [ARGUMENT...]: does not return.
run_example() {
    local module="$1" class="$2" target="examples/$1/target" now
    shift 2
    require_jdk_17
    now="$(fingerprint "$module")"
    if [[ "$(cat "$target/run.fingerprint" 2> /dev/null)" != "$now" ]]; then
        install_missing mvn maven
        say "building examples/$module, without tests (the first time this fetches its libraries)"
        mvn --batch-mode --no-transfer-progress -Dstyle.color=never --quiet -Dquick -DskipTests -pl "examples/$module" -am package
        echo "$now" > "$target/run.fingerprint"
    fi
    say "starting; Ctrl-C ends it"
    # Netty calls native code; JDK 24 and later warn unless that is said to be meant.
    exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" --enable-native-access=ALL-UNNAMED \
        -cp "$target/classes:$(cat "$target/runtime.classpath")" "$class" "$@"
}

package io.lb4j.config;

import java.util.Optional;

/**
 * Something that a part of a configuration needs of the machine that it runs on: a native library, say. A part that wraps an object which
 * is one is asked when the configuration is checked, so that what is missing is one fault among the others.
 */
@FunctionalInterface
public interface Prerequisite {
    /**
     * Returns what has to be there and is not, and how to get it: {@code "netty-codec-native-quic with the classifier linux-x86_64 on the
     * class path"}.
     */
    Optional<String> missing();
}

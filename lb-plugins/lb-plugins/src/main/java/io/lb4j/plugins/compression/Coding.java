package io.lb4j.plugins.compression;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.netty.handler.codec.compression.Brotli;
import io.netty.handler.codec.compression.Zstd;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A content coding (RFC 9110 §8.4.1), in the order in which they are preferred. */
public enum Coding {
    /** Zstandard (RFC 8878), by zstd-jni where that is on the class path. */
    ZSTD("com.github.luben:zstd-jni"),
    /** Brotli (RFC 7932), by brotli4j where that is on the class path. */
    BR("com.aayushatharva.brotli4j:brotli4j"),
    /** GZIP (RFC 1952). */
    GZIP("");

    static final Option<List<Coding>> OPTION = Option.of(
                    "codings",
                    OptionTypes.list(OptionTypes.oneOf(Coding.class)),
                    "Codings, the preferred one first: zstd, br, gzip.")
            .absentMeans("those whose library is on the class path")
            .build();

    private final String dependency;

    Coding(String dependency) {
        this.dependency = dependency;
    }

    /** Returns whether its library is there, with its native part. */
    boolean isAvailable() {
        return switch (this) {
            case ZSTD -> Zstd.isAvailable();
            case BR -> Brotli.isAvailable();
            case GZIP -> true;
        };
    }

    /** Returns the name in fields. */
    String token() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether a name in a field means it; {@code x-gzip} means gzip (RFC 9110 §8.4.1.3). */
    boolean isNamed(String text) {
        return text.equalsIgnoreCase(name()) || (this == GZIP && text.equalsIgnoreCase("x-gzip"));
    }

    /**
     * Returns the codings that are wanted, or all that are available.
     *
     * @throws IllegalArgumentException if one is wanted whose library is not there
     */
    static List<Coding> available(Optional<List<Coding>> wanted) {
        if (wanted.isEmpty()) {
            return Arrays.stream(values()).filter(Coding::isAvailable).toList();
        }
        for (Coding coding : wanted.get()) {
            if (!coding.isAvailable()) {
                throw new IllegalArgumentException(
                        "codings: " + coding.token() + " (expected: " + coding.dependency + " on the class path)");
            }
        }
        return wanted.get();
    }
}

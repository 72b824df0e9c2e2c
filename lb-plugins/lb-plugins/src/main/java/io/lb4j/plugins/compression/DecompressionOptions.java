package io.lb4j.plugins.compression;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;

/** What can be configured of compressed requests. */
final class DecompressionOptions {
    static final Option<Long> MAX_SIZE = Option.of(
                    "max_size",
                    OptionTypes.size(1, Long.MAX_VALUE),
                    "Octets that a body may have once it is decompressed; more are answered with 413.")
            .defaultsTo(64L * 1024 * 1024)
            .build();

    static final Option<Integer> MAX_RATIO = Option.of(
                    "max_ratio",
                    OptionTypes.integer(2, 100_000),
                    "How many times its size a body may grow, once it is over 64 KiB; more are answered with 413.")
            .defaultsTo(100)
            .build();

    static final Section SECTION = Section.of("decompression", "Bodies of requests are decompressed.")
            .options(Coding.OPTION, MAX_SIZE, MAX_RATIO)
            .build();

    private DecompressionOptions() {}
}

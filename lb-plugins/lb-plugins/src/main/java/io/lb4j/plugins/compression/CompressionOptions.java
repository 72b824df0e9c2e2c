package io.lb4j.plugins.compression;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import java.util.List;
import java.util.stream.Stream;

/** What can be configured of compressed responses. */
final class CompressionOptions {
    private static final List<MediaRange> TEXTUAL = Stream.of(
                    "text/*",
                    "*/*+json",
                    "*/*+xml",
                    "application/json",
                    "application/xml",
                    "application/javascript",
                    "application/x-ndjson",
                    "application/graphql",
                    "application/wasm",
                    "image/svg+xml",
                    "image/bmp",
                    "font/ttf",
                    "font/otf")
            .map(MediaRange::of)
            .toList();

    static final Option<List<MediaRange>> TYPES = Option.of(
                    "types",
                    OptionTypes.list(OptionTypes.text(
                            MediaRange.class, MediaRange.EXPECTED, MediaRange::of, MediaRange::toString)),
                    "Media types that are compressed.")
            .defaultsTo(TEXTUAL)
            .build();

    static final Option<Long> MIN_SIZE = Option.of(
                    "min_size",
                    OptionTypes.size(0, 1 << 30),
                    "Octets below which a body of known length stays as it is.")
            .defaultsTo(1024L)
            .build();

    static final Option<Integer> GZIP_LEVEL = Option.of("gzip_level", OptionTypes.integer(1, 9), "Effort of gzip.")
            .defaultsTo(6)
            .build();

    static final Option<Integer> BR_QUALITY = Option.of(
                    "br_quality",
                    OptionTypes.integer(0, 9),
                    "Effort of Brotli; what is beyond is not for the moment of sending.")
            .defaultsTo(4)
            .build();

    static final Option<Integer> ZSTD_LEVEL = Option.of(
                    "zstd_level", OptionTypes.integer(1, 12), "Effort of Zstandard.")
            .defaultsTo(3)
            .build();

    static final Section SECTION = Section.of("compression", "Bodies of responses are compressed.")
            .options(Coding.OPTION, TYPES, MIN_SIZE, GZIP_LEVEL, BR_QUALITY, ZSTD_LEVEL)
            .build();

    private CompressionOptions() {}
}

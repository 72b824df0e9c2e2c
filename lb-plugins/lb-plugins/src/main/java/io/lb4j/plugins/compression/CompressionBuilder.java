package io.lb4j.plugins.compression;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;
import java.util.List;

/** Describes how responses are compressed. */
public final class CompressionBuilder extends PartBuilder<CompressionBuilder> {
    /** Begins with the defaults. */
    public CompressionBuilder() {
        super(new Draft(CompressionOptions.SECTION));
    }

    @Override
    protected CompressionBuilder self() {
        return this;
    }

    /** Sets the codings, the preferred one first. Default: all whose library is on the class path. */
    public CompressionBuilder codings(Coding... codings) {
        return set(Coding.OPTION, List.of(codings), "codings");
    }

    /** Sets the media types that are compressed: {@code text/html}, {@code text/*}, {@code *}{@code /*+json}. Default: what is text. */
    public CompressionBuilder types(String... types) {
        return addTexts(CompressionOptions.TYPES, List.of(types), "types");
    }

    /** Sets below which size a body of known length stays as it is. Default: 1,024 octets. */
    public CompressionBuilder minSize(long octets) {
        return set(CompressionOptions.MIN_SIZE, octets, "minSize");
    }

    /** Sets the effort of gzip, 1 to 9. Default: 6. */
    public CompressionBuilder gzipLevel(int level) {
        return set(CompressionOptions.GZIP_LEVEL, level, "gzipLevel");
    }

    /** Sets the effort of Brotli, 0 to 9. Default: 4. */
    public CompressionBuilder brQuality(int quality) {
        return set(CompressionOptions.BR_QUALITY, quality, "brQuality");
    }

    /** Sets the effort of Zstandard, 1 to 12. Default: 3. */
    public CompressionBuilder zstdLevel(int level) {
        return set(CompressionOptions.ZSTD_LEVEL, level, "zstdLevel");
    }
}

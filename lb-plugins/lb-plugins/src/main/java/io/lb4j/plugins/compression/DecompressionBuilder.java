package io.lb4j.plugins.compression;

import io.lb4j.config.Draft;
import io.lb4j.plugins.kit.PartBuilder;
import java.util.List;

/** Describes how requests are decompressed. */
public final class DecompressionBuilder extends PartBuilder<DecompressionBuilder> {
    /** Begins with the defaults. */
    public DecompressionBuilder() {
        super(new Draft(DecompressionOptions.SECTION));
    }

    @Override
    protected DecompressionBuilder self() {
        return this;
    }

    /** Sets the codings that are taken. Default: all whose library is on the class path. */
    public DecompressionBuilder codings(Coding... codings) {
        return set(Coding.OPTION, List.of(codings), "codings");
    }

    /** Sets how large a body may be once it is decompressed. Default: 64 MiB. */
    public DecompressionBuilder maxSize(long octets) {
        return set(DecompressionOptions.MAX_SIZE, octets, "maxSize");
    }

    /** Sets how many times its size a body may grow, once it is over 64 KiB. Default: 100. */
    public DecompressionBuilder maxRatio(int ratio) {
        return set(DecompressionOptions.MAX_RATIO, ratio, "maxRatio");
    }
}

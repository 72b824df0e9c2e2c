package io.lb4j.http3;

import io.netty.handler.codec.quic.Quic;
import io.netty.util.internal.PlatformDependent;
import java.util.Optional;

/** The native half of QUIC, which is the user's to add. */
final class NativeQuic {
    private NativeQuic() {}

    /** Returns what has to be added for QUIC to work here; empty if it does. */
    static Optional<String> missing() {
        return Optional.ofNullable(Quic.unavailabilityCause()).map(NativeQuic::adviceFor);
    }

    static String adviceFor(Throwable cause) {
        return "io.netty:netty-codec-native-quic with the classifier " + classifier() + " on the class path ("
                + innermost(cause) + ")";
    }

    /** The name of this platform in Netty's classifiers. */
    static String classifier() {
        return PlatformDependent.normalizedOs() + "-" + PlatformDependent.normalizedArch();
    }

    private static String innermost(Throwable cause) {
        Throwable at = cause;
        while (at.getCause() != null) {
            at = at.getCause();
        }
        return String.valueOf(at.getMessage());
    }
}

package io.lb4j.http3;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import tech.kwik.core.frame.QuicFrame;
import tech.kwik.core.frame.ResetStreamFrame;
import tech.kwik.core.frame.StopSendingFrame;
import tech.kwik.core.log.NullLogger;
import tech.kwik.core.packet.QuicPacket;

/** Notes by which codes the other side has ended streams, which kwik's streams do not tell: its packets are read where it would log them. */
final class StreamEnds extends NullLogger {
    private final Map<Integer, Long> resets = new ConcurrentHashMap<>(); // by the stream's id
    private final Map<Integer, Long> stops = new ConcurrentHashMap<>();

    @Override
    public void received(Instant when, int datagram, QuicPacket packet) {
        for (QuicFrame frame : packet.getFrames()) {
            if (frame instanceof ResetStreamFrame reset) {
                resets.put(reset.getStreamId(), reset.getErrorCode());
            } else if (frame instanceof StopSendingFrame stop) {
                stops.put(stop.getStreamId(), stop.getErrorCode());
            }
        }
    }

    /** Waits until the other side has reset its half of a stream, and returns the code. */
    long awaitReset(int stream) {
        return await(resets, stream);
    }

    /** Waits until the other side has said that it wants no more of a stream, and returns the code. */
    long awaitStop(int stream) {
        return await(stops, stream);
    }

    private static long await(Map<Integer, Long> codes, int stream) {
        return Awaitility.await()
                .dontCatchUncaughtExceptions() // kwik's own threads have some when a connection ends on both sides
                .until(() -> Optional.ofNullable(codes.get(stream)), Optional::isPresent)
                .map(Objects::requireNonNull)
                .orElseThrow();
    }
}

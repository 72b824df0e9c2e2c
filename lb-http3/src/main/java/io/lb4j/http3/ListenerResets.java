package io.lb4j.http3;

import io.lb4j.config.Settings;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.util.Optional;

/** What a listener tells clients of connections with that are gone, and makes known to those whose connections begin. Thread-safe. */
final class ListenerResets {
    private final byte[] key;
    private final int perSecond;
    private final QuicheConfig config;

    private ListenerResets(byte[] key, int perSecond, QuicheConfig config) {
        this.key = key;
        this.perSecond = perSecond;
        this.config = config;
    }

    /**
     * Returns it for a listener, by its settings.
     *
     * @return empty where there is no secret
     * @throws IOException where the codec cannot be given tokens
     */
    static Optional<ListenerResets> of(Settings settings, String listener) throws IOException {
        Optional<String> secret = settings.find(Http3Options.RESET_SECRET);
        if (secret.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ListenerResets(
                ResetTokens.key(secret.get(), listener),
                settings.value(Http3Options.STATELESS_RESETS_PER_SECOND),
                QuicheConfig.reach()));
    }

    /** Makes what answers the packets of connections that are gone, on one socket. */
    StatelessResets answers(ConnectionIds ids, Figures figures) {
        return new StatelessResets(
                ids, new ResetTokens(key), new StatelessResets.Pace(perSecond, System::nanoTime), figures);
    }

    /** Makes the codec of a socket, whose connections tell their clients what to know an answer by. */
    ChannelHandler codec(ServerCodecs codecs, ServerCodecs.Socket socket) {
        ResetTokens tokens = new ResetTokens(key);
        FirstTokens first = new FirstTokens(tokens, config);
        ChannelHandler codec = codecs.quic(new ServerCodecs.Socket(
                socket.channel(),
                socket.loop(),
                new ServerCodecs.Ids(
                        first.heeding(socket.ids().made()),
                        first.heeding(socket.ids().proofs()),
                        tokens)));
        first.codec(codec);
        return codec;
    }
}

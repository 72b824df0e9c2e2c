package io.lb4j.http3;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.quic.QuicConnectionIdGenerator;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Has each connection tell its client the reset token of its first id, in the transport parameters (RFC 9000 §18.2); those of later ids the codec asks for itself. Where
 * the id is chosen, drawn or taken over from a Retry, the token is set: the connection is made right behind. Confined to the event loop of a socket.
 */
final class FirstTokens {
    private final ResetTokens tokens;
    private final QuicheConfig config;
    private @Nullable ChannelHandler codec; // it asks for ids, and so is made later

    FirstTokens(ResetTokens tokens, QuicheConfig config) {
        this.tokens = tokens;
        this.config = config;
    }

    /** Takes the codec whose connections they are. */
    void codec(ChannelHandler made) {
        codec = made;
    }

    private void onFirstId(ByteBuffer id) {
        if (codec != null) {
            config.resetToken(codec, tokens.of(id));
        }
    }

    /** Returns the same ids, of which those that a connection begins with are heeded. */
    QuicConnectionIdGenerator heeding(QuicConnectionIdGenerator ids) {
        return new Ids(ids);
    }

    /** Returns the same proofs, of which those that a connection begins with are heeded. */
    QuicTokenHandler heeding(QuicTokenHandler proofs) {
        return new Proofs(proofs);
    }

    private final class Ids implements QuicConnectionIdGenerator {
        private final QuicConnectionIdGenerator ids;

        Ids(QuicConnectionIdGenerator ids) {
            this.ids = ids;
        }

        @Override
        public ByteBuffer newId(ByteBuffer source, ByteBuffer destination, int length) {
            ByteBuffer id = ids.newId(source, destination, length);
            onFirstId(id);
            return id;
        }

        @Override
        public ByteBuffer newId(int length) {
            return ids.newId(length);
        }

        @Override
        public ByteBuffer newId(ByteBuffer input, int length) {
            return ids.newId(input, length);
        }

        @Override
        public int maxConnectionIdLength() {
            return ids.maxConnectionIdLength();
        }

        @Override
        public boolean isIdempotent() {
            return ids.isIdempotent();
        }
    }

    private final class Proofs implements QuicTokenHandler {
        private final QuicTokenHandler proofs;

        Proofs(QuicTokenHandler proofs) {
            this.proofs = proofs;
        }

        @Override
        public TokenValidationResult validateToken(ByteBuf token, InetSocketAddress address, ByteBuf id) {
            TokenValidationResult result = proofs.validateToken(token, address, id);
            if (result.isValid()) {
                onFirstId(id.nioBuffer());
            }
            return result;
        }

        @Override
        public boolean writeToken(ByteBuf out, ByteBuf id, InetSocketAddress address) {
            return proofs.writeToken(out, id, address);
        }

        @Override
        public int validateToken(ByteBuf token, InetSocketAddress address) {
            return proofs.validateToken(token, address);
        }

        @Override
        public int maxTokenLength() {
            return proofs.maxTokenLength();
        }
    }
}

package io.lb4j.testkit.http2;

import io.lb4j.testkit.http.Fields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;

/** Decodes HPACK with Netty's decoder, but keeps the order of the fields. Confined to the reading thread. */
final class HeaderDecoder {
    private static final long LIST_BOUND = 64L << 20;

    private final OrderedDecoder decoder = new OrderedDecoder();

    Fields decode(int stream, byte[] block) throws IOException {
        ByteBuf buffer = Unpooled.wrappedBuffer(block);
        try {
            decoder.fields = Fields.none();
            decoder.decodeHeaders(stream, buffer);
            return decoder.fields;
        } catch (Http2Exception e) {
            throw new IOException("HPACK of stream " + stream + ": " + e.getMessage(), e);
        } finally {
            buffer.release();
        }
    }

    void tableSize(int size) throws IOException {
        try {
            decoder.maxHeaderTableSize(size);
        } catch (Http2Exception e) {
            throw new IOException("table size " + size, e);
        }
    }

    private static final class OrderedDecoder extends DefaultHttp2HeadersDecoder {
        private Fields fields = Fields.none();

        OrderedDecoder() {
            super(false, LIST_BOUND);
        }

        @Override
        protected Http2Headers newHeaders() {
            return new OrderedHeaders();
        }

        private final class OrderedHeaders extends DefaultHttp2Headers {
            OrderedHeaders() {
                super(false);
            }

            @Override
            public Http2Headers add(CharSequence name, CharSequence value) {
                // Netty's own map moves pseudo-header fields to the front, and so would hide a wrong order.
                fields = fields.and(name.toString(), value.toString());
                return this;
            }
        }
    }
}

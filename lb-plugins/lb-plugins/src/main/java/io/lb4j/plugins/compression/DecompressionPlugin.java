package io.lb4j.plugins.compression;

import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Refusal;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.compression.BrotliDecompressor;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.compression.Decompressor;
import io.netty.handler.codec.compression.JdkZlibDecompressor;
import io.netty.handler.codec.compression.ZlibWrapper;
import io.netty.handler.codec.compression.ZstdDecompressor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Decompresses requests, within bounds. Immutable once it has begun. */
final class DecompressionPlugin extends BuiltIn {
    private static final int FINE = 200;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_LARGE = 413;
    private static final int UNSUPPORTED = 415;
    private static final int FREE_OCTETS = 65_536; // small bodies may well be one octet a thousand times
    private static final int STEP = 16_384;
    private static final int ZSTD_WINDOW_BITS = 23; // RFC 9659 §3

    private static final List<FieldName> OF_THE_OCTETS = List.of(
            FieldName.CONTENT_LENGTH,
            FieldName.CONTENT_ENCODING,
            FieldName.of("content-md5"),
            FieldName.of("digest"),
            FieldName.of("content-digest"),
            FieldName.of("repr-digest"));

    private final Settings settings;
    private final long maxSize;
    private final int maxRatio;
    private List<Coding> codings = List.of(); // written at the start

    DecompressionPlugin(Settings settings) {
        super(DecompressionOptions.SECTION);
        this.settings = settings;
        maxSize = settings.value(DecompressionOptions.MAX_SIZE);
        maxRatio = settings.value(DecompressionOptions.MAX_RATIO);
    }

    @Override
    protected void begin(PluginContext context) {
        codings = Coding.available(settings.find(Coding.OPTION));
        // A library of another version is to be found out now, not by a request.
        codings.forEach(coding -> newDecompressor(coding).close());
    }

    @Override
    public Type type() {
        return Type.REQUEST;
    }

    @Override
    public int priority() {
        return CompressionPlugin.PRIORITY;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return new Body();
    }

    private static Decompressor newDecompressor(Coding coding) {
        ByteBufAllocator allocator = ByteBufAllocator.DEFAULT;
        return switch (coding) {
            case ZSTD ->
                ZstdDecompressor.builder().maxWindowLog(ZSTD_WINDOW_BITS).build(allocator);
            case BR -> BrotliDecompressor.builder().maxOutputChunkSize(STEP).build(allocator);
            case GZIP ->
                JdkZlibDecompressor.builder()
                        .wrapper(ZlibWrapper.GZIP)
                        .decompressConcatenated(true)
                        .build(allocator);
        };
    }

    /** One request's. Confined to the exchange's event loop. */
    private final class Body implements Filter {
        private @Nullable Decompressor decompressor;
        private long taken;
        private long given;

        @Override
        public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
            List<String> named = head.fields().values(FieldName.CONTENT_ENCODING);
            if (end || named.isEmpty() || (named.size() == 1 && named.get(0).equalsIgnoreCase("identity"))) {
                return Verdict.CONTINUE;
            }
            Optional<Coding> coding = named.size() > 1
                    ? Optional.empty()
                    : codings.stream()
                            .filter(each -> each.isNamed(named.get(0)))
                            .findFirst();
            if (coding.isEmpty()) {
                refuse(exchange, UNSUPPORTED);
                return Verdict.CONTINUE;
            }
            OF_THE_OCTETS.forEach(head.fields()::remove);
            decompressor = newDecompressor(coding.get());
            return Verdict.CONTINUE;
        }

        private void refuse(FilterExchange exchange, int status) {
            Fields more = new Fields();
            if (status == UNSUPPORTED) { // RFC 9110 §15.5.16
                String taken = codings.stream().map(Coding::token).collect(Collectors.joining(", "));
                more.add(FieldName.ACCEPT_ENCODING, taken);
            }
            close();
            Refusal.send(exchange, status, more);
        }

        @Override
        public Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
            if (decompressor != null) {
                ByteBuf content = data.content();
                data.replace(
                        decompressed(exchange, decompressor, content.readRetainedSlice(content.readableBytes()), end));
            }
            return Verdict.CONTINUE;
        }

        @Override
        public void onRequestBodyEnd(FilterExchange exchange, BodyPart rest) {
            if (decompressor != null) {
                rest.replace(decompressed(exchange, decompressor, Unpooled.EMPTY_BUFFER, true));
            }
        }

        private ByteBuf decompressed(FilterExchange exchange, Decompressor by, ByteBuf in, boolean end) {
            CompositeByteBuf out = ByteBufAllocator.DEFAULT.compositeBuffer(Integer.MAX_VALUE);
            try {
                int refusal = feed(by, in, end, out);
                if (refusal != FINE) {
                    refuse(exchange, refusal);
                }
                return out;
            } catch (DecompressionException malformed) {
                refuse(exchange, BAD_REQUEST);
                return out;
            } catch (RuntimeException fault) {
                out.release();
                throw fault;
            }
        }

        /** Puts a piece in, and takes out what there is; returns the status to refuse with, or {@link #FINE}. */
        private int feed(Decompressor by, ByteBuf in, boolean end, CompositeByteBuf out) {
            if (!in.isReadable()) {
                in.release();
            } else if (by.status() != Decompressor.Status.NEED_INPUT) {
                in.release();
                return BAD_REQUEST; // more than the coding has
            } else {
                taken += in.readableBytes();
                by.addInput(in);
            }
            if (!drain(by, out)) {
                return TOO_LARGE;
            }
            if (end && by.status() == Decompressor.Status.NEED_INPUT) {
                by.endOfInput();
                if (!drain(by, out)) {
                    return TOO_LARGE;
                }
            }
            return end && by.status() != Decompressor.Status.COMPLETE ? BAD_REQUEST : FINE;
        }

        /** Takes what there is; returns whether it is within bounds. */
        private boolean drain(Decompressor by, CompositeByteBuf out) {
            while (by.status() == Decompressor.Status.NEED_OUTPUT) {
                ByteBuf piece = by.takeOutput();
                given += piece.readableBytes();
                out.addComponent(true, piece);
                if (given > maxSize || (given > FREE_OCTETS && given / maxRatio > taken)) {
                    return false;
                }
            }
            return true;
        }

        private void close() {
            if (decompressor != null) {
                decompressor.close();
                decompressor = null;
            }
        }

        @Override
        public void onEnd(FilterExchange exchange) {
            close();
        }
    }
}

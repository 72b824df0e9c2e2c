package io.lb4j.plugins.compression;

import io.lb4j.config.Settings;
import io.lb4j.exchange.LogContext;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Vary;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compresses responses for clients that accept it. Immutable once it has begun. */
final class CompressionPlugin extends BuiltIn {
    static final int PRIORITY = 300;

    private static final Logger LOGGER = LoggerFactory.getLogger(CompressionPlugin.class);
    private static final int NOT_MODIFIED = 304;
    private static final FieldName CONTENT_RANGE = FieldName.of("content-range");
    private static final FieldName IF_NONE_MATCH = FieldName.of("if-none-match");
    /** What holds for the octets before they were compressed (RFC 9110 §14.3, RFC 9530). */
    private static final List<FieldName> OF_THE_OCTETS = List.of(
            FieldName.CONTENT_LENGTH,
            FieldName.of("accept-ranges"),
            FieldName.of("content-md5"),
            FieldName.of("digest"),
            FieldName.of("content-digest"),
            FieldName.of("repr-digest"));

    private final Settings settings;
    private final List<MediaRange> types;
    private final long minSize;
    private List<Coding> codings = List.of(); // written at the start

    CompressionPlugin(Settings settings) {
        super(CompressionOptions.SECTION);
        this.settings = settings;
        types = settings.value(CompressionOptions.TYPES);
        minSize = settings.value(CompressionOptions.MIN_SIZE);
    }

    @Override
    protected void begin(PluginContext context) {
        codings = Coding.available(settings.find(Coding.OPTION));
        // A library of another version is to be found out now, not by a response.
        codings.forEach(coding -> newCompressor(coding).close());
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return new Body();
    }

    private Compressor newCompressor(Coding coding) {
        return switch (coding) {
            case ZSTD -> new ZstdCompressor(settings.value(CompressionOptions.ZSTD_LEVEL));
            case BR -> new BrotliCompressor(settings.value(CompressionOptions.BR_QUALITY));
            case GZIP -> new GzipCompressor(settings.value(CompressionOptions.GZIP_LEVEL));
        };
    }

    /** Returns whether a body may be compressed, if the client accepts that. */
    private boolean isFit(ResponseHead head) {
        Fields fields = head.fields();
        int status = head.status();
        boolean hasAllOfABody = status >= 200 && status != 204 && status != 205 && status != 206 && status != 304;
        if (!hasAllOfABody || fields.contains(CONTENT_RANGE) || isCoded(fields) || isFixed(fields)) {
            return false;
        }
        if (fields.value(FieldName.CONTENT_LENGTH).map(Long::parseLong).orElse(Long.MAX_VALUE) < minSize) {
            return false;
        }
        String type =
                fields.value(FieldName.CONTENT_TYPE).map(MediaRange::typeOf).orElse("");
        return !type.startsWith("application/grpc") && types.stream().anyMatch(range -> range.covers(type));
    }

    private static boolean isCoded(Fields fields) {
        return fields.values(FieldName.CONTENT_ENCODING).stream()
                .anyMatch(coding -> !coding.isEmpty() && !coding.equalsIgnoreCase("identity"));
    }

    /** RFC 9110 §7.7, RFC 9111 §5.2.2.6. */
    private static boolean isFixed(Fields fields) {
        return fields.values(FieldName.CACHE_CONTROL).stream()
                .anyMatch(value -> value.toLowerCase(Locale.ROOT).contains("no-transform"));
    }

    /** One response's. Confined to the exchange's event loop. */
    private final class Body implements Filter {
        private Optional<Coding> accepted = Optional.empty();
        private @Nullable Compressor compressor;

        @Override
        public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
            accepted = AcceptEncoding.choose(head.fields(), codings);
            return Verdict.CONTINUE;
        }

        @Override
        public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
            if (head.status() == NOT_MODIFIED) {
                confirm(exchange.request().fields(), head.fields());
                return Verdict.CONTINUE;
            }
            boolean isHead = exchange.request().method() == Method.HEAD;
            if ((end && !isHead) || !isFit(head)) {
                return Verdict.CONTINUE;
            }
            Vary.add(head.fields(), "Accept-Encoding");
            if (accepted.isPresent()) {
                announce(head.fields(), accepted.get());
                compressor = end ? null : newCompressor(accepted.get());
            }
            return Verdict.CONTINUE;
        }

        private static void announce(Fields fields, Coding coding) {
            OF_THE_OCTETS.forEach(fields::remove);
            fields.set(FieldName.CONTENT_ENCODING, coding.token());
            strongTag(fields).ifPresent(tag -> fields.set(FieldName.ETAG, "W/" + tag)); // RFC 9110 §8.8.1
        }

        /** What the client has was compressed here: it would not know it by the strong tag (RFC 9110 §15.4.5, RFC 9111 §4.3.4). */
        private static void confirm(Fields request, Fields response) {
            strongTag(response).map(tag -> "W/" + tag).ifPresent(weak -> {
                if (request.values(IF_NONE_MATCH).stream().anyMatch(line -> line.contains(weak))) {
                    response.set(FieldName.ETAG, weak);
                    Vary.add(response, "Accept-Encoding");
                }
            });
        }

        private static Optional<String> strongTag(Fields fields) {
            return fields.value(FieldName.ETAG).filter(tag -> tag.startsWith("\""));
        }

        @Override
        public Verdict onResponseData(FilterExchange exchange, BodyPart data, boolean end) {
            if (compressor != null) {
                data.replace(compressed(exchange, compressor, data.content(), end));
            }
            return Verdict.CONTINUE;
        }

        @Override
        public void onResponseBodyEnd(FilterExchange exchange, BodyPart rest) {
            if (compressor != null) {
                rest.replace(compressed(exchange, compressor, rest.content(), true));
            }
        }

        private ByteBuf compressed(FilterExchange exchange, Compressor by, ByteBuf content, boolean end) {
            ByteBuf out = ByteBufAllocator.DEFAULT.directBuffer();
            try {
                by.compress(content, end, out);
                return out;
            } catch (RuntimeException fault) {
                // Not for the chain to skip: what follows would be no continuation of what was sent.
                LogContext.of(
                        exchange,
                        () -> LOGGER.error("a body cannot be compressed on exchange {}", exchange.id(), fault));
                out.release();
                exchange.reply(new ResponseHead().status(500), Unpooled.EMPTY_BUFFER);
                return Unpooled.EMPTY_BUFFER;
            }
        }

        @Override
        public void onEnd(FilterExchange exchange) {
            if (compressor != null) {
                compressor.close();
                compressor = null;
            }
        }
    }
}

package io.lb4j.plugins.head;

import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.model.DirectResponse;
import io.lb4j.model.StatusRange;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Refusal;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Answers every request alike, or responses of some statuses with a page. Immutable once it has begun. */
final class StaticResponsePlugin extends BuiltIn implements Filter {
    private static final int PRIORITY = 100;
    private static final int LARGEST = 1 << 20;

    /** Fields that tell of a body that is not sent. */
    private static final List<FieldName> OF_THE_BODY = Stream.of(
                    "content-length",
                    "content-type",
                    "content-encoding",
                    "content-language",
                    "content-location",
                    "content-range",
                    "content-disposition",
                    "content-digest",
                    "repr-digest",
                    "accept-ranges",
                    "etag",
                    "last-modified",
                    "trailer")
            .map(FieldName::of)
            .toList();

    private final Settings settings;
    private final Optional<Integer> status;
    private final List<StatusRange> insteadOf;
    private byte[] body = {}; // written at the start

    StaticResponsePlugin(Settings settings) {
        super(StaticResponseOptions.SECTION);
        this.settings = settings;
        status = settings.find(StaticResponseOptions.STATUS);
        insteadOf = settings.find(StaticResponseOptions.INSTEAD_OF).orElse(List.of());
    }

    @Override
    protected void begin(PluginContext context) {
        Optional<Path> file = settings.find(StaticResponseOptions.FILE);
        body = file.isPresent()
                ? body(file.get())
                : settings.value(DirectResponse.BODY).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] body(Path file) {
        try {
            return read(file);
        } catch (IOException e) {
            throw new IllegalArgumentException("file: " + file + " cannot be used: " + e.getMessage(), e);
        }
    }

    static byte[] read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(LARGEST + 1);
            if (content.length > LARGEST) {
                throw new IOException("larger than 1 MiB (expected: at most that)");
            }
            return content;
        }
    }

    @Override
    public Type type() {
        return insteadOf.isEmpty() ? Type.REQUEST : Type.RESPONSE;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return this;
    }

    @Override
    public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
        reply(exchange, new ResponseHead().status(status.orElse(200)));
        return Verdict.CONTINUE;
    }

    @Override
    public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
        if (stands(head.status()) && !Refusal.isGrpc(exchange)) {
            // What the response asks of the client (credentials, patience) holds for the page too.
            ResponseHead page = head.copy();
            page.status(status.orElse(head.status()));
            OF_THE_BODY.forEach(page.fields()::remove);
            reply(exchange, page);
        }
        return Verdict.CONTINUE;
    }

    private boolean stands(int answered) {
        for (StatusRange range : insteadOf) {
            if (range.contains(answered)) {
                return true;
            }
        }
        return false;
    }

    private void reply(FilterExchange exchange, ResponseHead head) {
        Fields fields = head.fields();
        settings.value(DirectResponse.FIELDS).forEach(fields::set);
        boolean bodiless = head.status() == 204 || head.status() == 205 || head.status() == 304;
        if (bodiless || body.length == 0) {
            exchange.reply(head, Unpooled.EMPTY_BUFFER);
            return;
        }
        fields.set(FieldName.CONTENT_TYPE, settings.value(DirectResponse.CONTENT_TYPE));
        exchange.reply(head, Unpooled.wrappedBuffer(body));
    }
}

package io.lb4j.plugins.head;

import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import io.lb4j.exchange.AttributeKey;
import io.lb4j.http.FieldName;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.model.ModelTypes;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gives each request an id: one of its own (a UUID of version 7, RFC 9562 §5.7, which sorts by time), or the client's where that is wanted. Endpoint
 * and client are told. Immutable.
 */
public final class RequestIdPlugin extends BuiltIn implements Filter {
    /** Where an exchange keeps its id. */
    public static final AttributeKey<String> ID = AttributeKey.of("request_id", String.class);

    static final Option<String> FIELD = Option.of("field", ModelTypes.fieldName(), "Field that the id stands in.")
            .defaultsTo("x-request-id")
            .build();

    static final Option<Boolean> KEEP = Option.of(
                    "keep",
                    OptionTypes.bool(),
                    "Whether a client's id is kept: up to 128 letters, digits, . _ - + / = and :. Others are replaced.")
            .defaultsTo(false)
            .build();

    static final Option<Boolean> RESPOND = Option.of(
                    "respond", OptionTypes.bool(), "Whether the client is told the id.")
            .defaultsTo(true)
            .build();

    static final Section SECTION = Section.of("request_id", "An id for each request.")
            .options(FIELD, KEEP, RESPOND)
            .build();

    private static final int PRIORITY = 900;
    private static final int LONGEST = 128;

    private final FieldName field;
    private final boolean keeps;
    private final boolean responds;

    RequestIdPlugin(Settings settings) {
        super(SECTION);
        field = FieldName.of(settings.value(FIELD));
        keeps = settings.value(KEEP);
        responds = settings.value(RESPOND);
    }

    @Override
    public Type type() {
        return responds ? Type.BOTH : Type.REQUEST;
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
        String id = keeps
                ? head.fields().value(field).filter(RequestIdPlugin::isFit).orElseGet(RequestIdPlugin::newId)
                : newId();
        head.fields().set(field, id);
        exchange.attribute(ID, id);
        return Verdict.CONTINUE;
    }

    @Override
    public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
        exchange.attribute(ID).ifPresent(id -> head.fields().set(field, id));
        return Verdict.CONTINUE;
    }

    private static boolean isFit(String id) {
        if (id.isEmpty() || id.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean isAlphanumeric = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!isAlphanumeric && "._-+/=:".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    private static String newId() {
        ThreadLocalRandom random = ThreadLocalRandom.current(); // an id is no secret
        long high = System.currentTimeMillis() << 16 | 0x7000 | random.nextInt(0x1000);
        long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}

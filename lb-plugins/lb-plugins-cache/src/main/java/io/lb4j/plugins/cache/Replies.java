package io.lb4j.plugins.cache;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.FilterExchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Makes responses of what is kept (RFC 9111 §4). Immutable. */
final class Replies {
    /** RFC 9110 §15.4.5: they tell of a body, and a 304 has none. */
    private static final List<FieldName> OF_THE_BODY = Stream.of(
                    "content-length",
                    "content-type",
                    "content-encoding",
                    "content-language",
                    "content-range",
                    "content-md5",
                    "content-digest",
                    "repr-digest",
                    "digest")
            .map(FieldName::of)
            .toList();

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int PARTIAL_CONTENT = 206;
    private static final int NOT_MODIFIED = 304;
    private static final int RANGE_NOT_SATISFIABLE = 416;

    private static final Fields NO_MORE = new Fields(); // nobody changes it

    private final boolean tellsStatus;
    private final CacheTime time;

    Replies(boolean tellsStatus, CacheTime time) {
        this.tellsStatus = tellsStatus;
        this.time = time;
    }

    /** Returns what Cache-Status says of a response that is used as it is. */
    static String hit(Stored stored, long nowNanos) {
        return "hit; ttl=" + Freshness.seconds(stored.freshness().leftNanos(nowNanos));
    }

    /** Answers with a response that is kept, or as much of it as the client wants. */
    void send(FilterExchange exchange, Asked asked, Stored stored, String status) {
        send(exchange, asked, stored, NO_MORE, status);
    }

    /**
     * Answers with a response that is kept, or as much of it as the client wants.
     *
     * @param more fields for this client only
     * @param status what Cache-Status says of it
     */
    void send(FilterExchange exchange, Asked asked, Stored stored, Fields more, String status) {
        ResponseHead head = new ResponseHead();
        Conditions conditions = asked.conditions();
        if (stored.status() == OK && conditions.any()) {
            if (conditions.isUnchanged(stored, time.epochSeconds())) {
                tellUnchanged(stored.fields(), head.status(NOT_MODIFIED).fields());
                finish(exchange, head, stored, more, status, Unpooled.EMPTY_BUFFER);
                return;
            }
            if (!asked.isHead()
                    && conditions.wantsRangeOf(stored)
                    && sendRange(exchange, asked, stored, more, status)) {
                return;
            }
        }
        head.status(stored.status()).fields().addAll(stored.fields());
        if (stored.status() != NO_CONTENT) {
            head.fields().set(FieldName.CONTENT_LENGTH, Integer.toString(stored.body().length));
        }
        ByteBuf body = asked.isHead() ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(stored.body());
        finish(exchange, head, stored, more, status, body);
    }

    private static void tellUnchanged(Fields stored, Fields response) {
        response.addAll(stored);
        OF_THE_BODY.forEach(response::remove);
        if (response.contains(FieldName.ETAG)) {
            response.remove(Names.LAST_MODIFIED);
        }
    }

    private boolean sendRange(FilterExchange exchange, Asked asked, Stored stored, Fields more, String status) {
        int length = stored.body().length;
        Optional<ByteRange> wanted = ByteRange.parse(asked.conditions().range().orElse(""), length);
        if (wanted.isEmpty()) {
            return false;
        }
        ByteRange range = wanted.get();
        ResponseHead head = new ResponseHead();
        if (!range.isSatisfiable()) {
            head.status(RANGE_NOT_SATISFIABLE).fields().add(Names.CONTENT_RANGE, "bytes */" + length);
            finish(exchange, head, stored, more, status, Unpooled.EMPTY_BUFFER);
            return true;
        }
        head.status(PARTIAL_CONTENT).fields().addAll(stored.fields());
        head.fields().set(FieldName.CONTENT_LENGTH, Integer.toString(range.size()));
        head.fields().set(Names.CONTENT_RANGE, "bytes " + range.from() + "-" + (range.to() - 1) + "/" + length);
        finish(exchange, head, stored, more, status, Unpooled.wrappedBuffer(stored.body(), range.from(), range.size()));
        return true;
    }

    private void finish(
            FilterExchange exchange, ResponseHead head, Stored stored, Fields more, String status, ByteBuf body) {
        long age = Freshness.seconds(stored.freshness().ageNanos(time.nanos()));
        head.fields().set(Names.AGE, Long.toString(Math.min(age, Directives.MOST_SECONDS)));
        head.fields().addAll(more);
        tell(head.fields(), status);
        exchange.reply(head, body);
    }

    /** Answers that there is nothing that would do (RFC 9111 §5.2.1.7). */
    void sendNothing(FilterExchange exchange, String status) {
        ResponseHead head = new ResponseHead().status(504);
        head.fields().add(FieldName.CONTENT_TYPE, "text/plain; charset=utf-8");
        tell(head.fields(), status);
        exchange.reply(head, ByteBufUtil.writeAscii(UnpooledByteBufAllocator.DEFAULT, "504 Gateway Timeout\n"));
    }

    /** Says what became of a request here (RFC 9211), behind those caches that have handled it before. */
    void tell(Fields response, String status) {
        if (tellsStatus) {
            response.add(Names.CACHE_STATUS, "lb4j; " + status);
        }
    }
}

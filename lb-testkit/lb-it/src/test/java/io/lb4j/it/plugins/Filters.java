package io.lb4j.it.plugins;

import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.spi.BodyPart;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** Filters as the tests want them. */
final class Filters {
    private Filters() {}

    /** On the request's head. */
    static Filter onRequest(BiFunction<FilterExchange, RequestHead, Filter.Verdict> action) {
        return new Filter() {
            @Override
            public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                return action.apply(exchange, head);
            }
        };
    }

    /** On the request's head, which goes on. */
    static Filter changingRequest(BiConsumer<FilterExchange, RequestHead> action) {
        return onRequest((exchange, head) -> {
            action.accept(exchange, head);
            return Filter.Verdict.CONTINUE;
        });
    }

    /** On the response's head. */
    static Filter onResponse(BiFunction<FilterExchange, ResponseHead, Filter.Verdict> action) {
        return new Filter() {
            @Override
            public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
                return action.apply(exchange, head);
            }
        };
    }

    /** On the response's head, which goes on. */
    static Filter changingResponse(BiConsumer<FilterExchange, ResponseHead> action) {
        return onResponse((exchange, head) -> {
            action.accept(exchange, head);
            return Filter.Verdict.CONTINUE;
        });
    }

    /** Writes its name into a field of the request, and one of the response. */
    static ProbePlugin tracing(String name) {
        return ProbePlugin.of(name, new Filter() {
            @Override
            public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
                head.fields().add("x-in", name);
                return Verdict.CONTINUE;
            }

            @Override
            public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
                head.fields().add("x-out", name);
                return Verdict.CONTINUE;
            }
        });
    }

    /** Does something on a thread of its own. */
    static void elsewhere(Runnable action) {
        new Thread(action, "elsewhere").start();
    }

    static ResponseHead status(int status) {
        return new ResponseHead().status(status);
    }

    static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    /** Turns bodies into upper case, gathered or piece by piece as the verdict on heads says. */
    static final class UpperCase implements Filter {
        private final Verdict onHeads;
        private final List<String> seen = new CopyOnWriteArrayList<>();
        private final String suffix;

        UpperCase(Verdict onHeads, String suffix) {
            this.onHeads = onHeads;
            this.suffix = suffix;
        }

        List<String> seen() {
            return List.copyOf(seen);
        }

        @Override
        public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
            return onHeads;
        }

        @Override
        public Verdict onRequestData(FilterExchange exchange, BodyPart data, boolean end) {
            return change(data);
        }

        @Override
        public Verdict onResponseHead(FilterExchange exchange, ResponseHead head, boolean end) {
            return onHeads;
        }

        @Override
        public Verdict onResponseData(FilterExchange exchange, BodyPart data, boolean end) {
            return change(data);
        }

        private Verdict change(BodyPart data) {
            String text = data.content().toString(StandardCharsets.UTF_8);
            seen.add(text);
            data.replace(text(text.toUpperCase(Locale.ROOT) + suffix));
            return Verdict.CONTINUE;
        }
    }

    /** Takes the length away, for filters that change bodies as they go by. */
    static void withoutLength(Fields fields) {
        fields.remove(FieldName.CONTENT_LENGTH);
    }
}

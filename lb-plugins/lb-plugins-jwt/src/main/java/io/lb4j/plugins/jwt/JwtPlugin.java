package io.lb4j.plugins.jwt;

import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.RequestHead;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Identity;
import io.lb4j.plugins.kit.IdentityField;
import io.lb4j.plugins.kit.Refusal;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in whoever has a token. Thread-safe. */
final class JwtPlugin extends BuiltIn {
    private static final Logger LOGGER = LoggerFactory.getLogger(JwtPlugin.class);
    private static final int PRIORITY = 500;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int UNAVAILABLE = 503;

    /** A claim that endpoints are told. */
    private record ClaimField(IdentityField field, String claim) {}

    private final Settings settings;
    private final TokenJudge judge;
    private final TokenPlace place;
    private final IdentityField identity;
    private final String identityClaim;
    private final List<ClaimField> claimFields = new ArrayList<>();
    private final boolean required;
    private final boolean forwards;
    private @Nullable KeySource source; // written at the start

    JwtPlugin(Settings settings) {
        super(JwtOptions.SECTION);
        this.settings = settings;
        judge = new TokenJudge(settings, Instant::now);
        place = new TokenPlace(FieldName.of(settings.value(JwtOptions.FIELD)), settings.find(JwtOptions.COOKIE));
        identity = new IdentityField(settings.value(IdentityField.OPTION));
        identityClaim = settings.value(JwtOptions.IDENTITY_CLAIM);
        settings.value(JwtOptions.CLAIM_FIELDS)
                .forEach((name, claim) -> claimFields.add(new ClaimField(new IdentityField(name), claim)));
        required = settings.value(JwtOptions.REQUIRED);
        forwards = settings.value(JwtOptions.FORWARD);
    }

    @Override
    protected void begin(PluginContext context) {
        KeySource opened = new KeySource(settings, context);
        opened.start();
        source = opened;
    }

    @Override
    public Type type() {
        return Type.REQUEST;
    }

    @Override
    public int priority() {
        return PRIORITY;
    }

    @Override
    public Filter filter(FilterExchange exchange) {
        return new Check();
    }

    /** One request's. Confined to the exchange's event loop. */
    private final class Check implements Filter {
        private boolean ended;
        private boolean waited;

        @Override
        public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
            KeySource open = source;
            identity.forget(exchange);
            claimFields.forEach(each -> each.field.forget(exchange));
            if (exchange.attribute(Identity.KEY).isPresent()) {
                if (!forwards) {
                    place.removeFrom(head.fields(), TokenPlace::hasThreeParts);
                }
                return Verdict.CONTINUE;
            }
            if (open == null) {
                return Verdict.CONTINUE;
            }
            List<String> shown = place.shown(head.fields());
            if (shown.isEmpty()) {
                if (required) {
                    refuse(exchange, UNAUTHORIZED, "Bearer");
                }
                return Verdict.CONTINUE;
            }
            if (shown.size() > 1) {
                // RFC 6750 §2: of several an endpoint might take another than we do.
                refuse(exchange, UNAUTHORIZED, "Bearer error=\"invalid_request\"");
                return Verdict.CONTINUE;
            }
            return check(exchange, shown.get(0), open);
        }

        private Verdict check(FilterExchange exchange, String token, KeySource open) {
            KeySet keys = open.keys();
            TokenJudge.Verdict verdict = judge.judge(token, keys);
            switch (verdict.outcome()) {
                case RIGHT -> letIn(exchange, verdict.claims());
                case SCOPE -> refuse(exchange, FORBIDDEN, "Bearer error=\"insufficient_scope\"");
                case WRONG -> refuse(exchange, UNAUTHORIZED, "Bearer error=\"invalid_token\"");
                case UNKNOWN_KEY -> {
                    if (!waited && open.refetch(() -> again(exchange, token, open))) {
                        waited = true;
                        return Verdict.PAUSE;
                    }
                    if (keys.isEmpty()) {
                        Refusal.send(exchange, UNAVAILABLE, new Fields().add(FieldName.RETRY_AFTER, "1"));
                    } else {
                        refuse(exchange, UNAUTHORIZED, "Bearer error=\"invalid_token\"");
                    }
                }
            }
            return Verdict.CONTINUE;
        }

        /** The keys have been fetched, or could not be. */
        private void again(FilterExchange exchange, String token, KeySource open) {
            try {
                exchange.eventLoop().execute(() -> {
                    if (!ended) {
                        check(exchange, token, open);
                        exchange.resumeRequest();
                    }
                });
            } catch (RejectedExecutionException e) {
                LOGGER.debug("the loop has ended, and the exchange with it", e);
            }
        }

        private void letIn(FilterExchange exchange, Map<String, Object> claims) {
            Fields fields = exchange.request().fields();
            Object name = claims.get(identityClaim);
            if (!(name instanceof String who) || !isFieldValue(who)) {
                refuse(exchange, UNAUTHORIZED, "Bearer error=\"invalid_token\"");
                return;
            }
            for (ClaimField each : claimFields) {
                Object value = claims.get(each.claim);
                String text = value instanceof List<?> list ? joined(list) : String.valueOf(value);
                if (value != null && isFieldValue(text)) {
                    each.field.tell(exchange, List.of(text));
                }
            }
            if (!forwards) {
                place.removeFrom(fields, any -> true);
            }
            identity.tell(exchange, new Identity(who, "jwt", claims));
        }

        private static String joined(List<?> list) {
            return String.join(",", list.stream().map(String::valueOf).toList());
        }

        private static boolean isFieldValue(String text) {
            return !text.isBlank() && text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
        }

        private static void refuse(FilterExchange exchange, int status, String challenge) {
            Refusal.send(exchange, status, new Fields().add("www-authenticate", challenge));
        }

        @Override
        public Verdict onRequestTrailers(FilterExchange exchange, Fields trailers) {
            identity.removeFrom(trailers);
            claimFields.forEach(each -> each.field.removeFrom(trailers));
            return Verdict.CONTINUE;
        }

        @Override
        public void onEnd(FilterExchange exchange) {
            ended = true;
        }
    }
}

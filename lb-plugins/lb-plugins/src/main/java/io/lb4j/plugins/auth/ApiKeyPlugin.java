package io.lb4j.plugins.auth;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Lets in whoever has a key. Immutable. */
final class ApiKeyPlugin extends BuiltIn implements Filter {
    private static final int PRIORITY = 500;
    private static final int UNAUTHORIZED = 401;
    private static final String BEARER = "bearer ";

    private final Map<KeyDigest, String> clients = new HashMap<>();
    private final FieldName field;
    private final Optional<QueryParameter> query;
    private final boolean forwards;
    private final boolean required;
    private final IdentityField identity;
    private final Fields challenge = new Fields();

    ApiKeyPlugin(Settings settings) {
        super(ApiKeyOptions.SECTION);
        settings.value(ApiKeyOptions.KEYS).forEach((client, key) -> clients.put(key, client));
        field = FieldName.of(settings.value(ApiKeyOptions.FIELD));
        query = settings.find(ApiKeyOptions.QUERY).map(QueryParameter::new);
        forwards = settings.value(ApiKeyOptions.FORWARD);
        required = settings.value(AuthOptions.REQUIRED);
        identity = new IdentityField(settings.value(IdentityField.OPTION));
        // RFC 9110 §15.5.2: a 401 has a challenge.
        challenge.add("www-authenticate", field.equals(FieldName.AUTHORIZATION) ? "Bearer" : "ApiKey");
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
        return this;
    }

    @Override
    public Verdict onRequestHead(FilterExchange exchange, RequestHead head, boolean end) {
        identity.forget(exchange);
        if (exchange.attribute(Identity.KEY).isPresent()) {
            if (!forwards) {
                remove(head, this::isKnown);
            }
            return Verdict.CONTINUE;
        }
        List<String> shown = shown(head);
        // Of several keys endpoints might take another one than we do.
        String client = shown.size() == 1 ? clients.get(KeyDigest.ofSecret(shown.get(0))) : null;
        if (client == null && (required || !shown.isEmpty())) {
            Refusal.send(exchange, UNAUTHORIZED, challenge);
            return Verdict.CONTINUE;
        }
        if (!forwards) {
            remove(head, any -> true);
        }
        if (client != null) {
            identity.tell(exchange, Identity.of(client, name()));
        }
        return Verdict.CONTINUE;
    }

    private List<String> shown(RequestHead head) {
        List<String> shown = new ArrayList<>();
        for (String value : head.fields().values(field)) {
            if (!field.equals(FieldName.AUTHORIZATION)) {
                shown.add(value);
            } else if (value.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
                shown.add(value.substring(BEARER.length()).strip());
            }
        }
        query.ifPresent(parameter -> shown.addAll(parameter.values(head)));
        return shown;
    }

    private boolean isKnown(String key) {
        return clients.containsKey(KeyDigest.ofSecret(key));
    }

    /** Takes the keys away. Credentials of another scheme are not ours to take, nor are those after Bearer that may be another plugin's. */
    private void remove(RequestHead head, Predicate<String> isOurs) {
        Fields fields = head.fields();
        for (int i = fields.size() - 1; i >= 0; i--) {
            if (fields.isAt(i, field) && (!field.equals(FieldName.AUTHORIZATION) || isBearer(fields, i, isOurs))) {
                fields.removeAt(i);
            }
        }
        query.ifPresent(parameter -> parameter.removeFrom(head));
    }

    private static boolean isBearer(Fields fields, int index, Predicate<String> isOurs) {
        return fields.valueStartsWithIgnoreCaseAt(index, BEARER)
                && isOurs.test(fields.valueAt(index).substring(BEARER.length()).strip());
    }

    @Override
    public Verdict onRequestTrailers(FilterExchange exchange, Fields trailers) {
        identity.removeFrom(trailers);
        return Verdict.CONTINUE;
    }
}

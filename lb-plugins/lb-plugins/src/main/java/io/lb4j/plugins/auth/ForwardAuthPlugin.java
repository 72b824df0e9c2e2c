package io.lb4j.plugins.auth;

import io.lb4j.config.Settings;
import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.plugins.kit.BuiltIn;
import io.lb4j.plugins.kit.Identity;
import io.lb4j.plugins.kit.IdentityField;
import io.lb4j.plugins.kit.Refusal;
import io.lb4j.spi.ClusterCall;
import io.lb4j.spi.ClusterClient;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.ClusterResponse;
import io.lb4j.spi.Filter;
import io.lb4j.spi.FilterExchange;
import io.lb4j.spi.PluginContext;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks a service whether a request may come in: a status of 2xx is a consent, any other answer is the client's. Immutable once it has begun. */
final class ForwardAuthPlugin extends BuiltIn {
    private static final int PRIORITY = 500;
    private static final int UNAVAILABLE = 503;
    private static final int MAX_ANSWER = 65_536;
    private static final FieldName FORWARDED_METHOD = FieldName.of("x-forwarded-method");
    private static final FieldName FORWARDED_URI = FieldName.of("x-forwarded-uri");

    private final String cluster;
    private final String path;
    private final Optional<String> host;
    private final Duration timeout;
    private final List<FieldName> sent;
    private final List<IdentityField> taken;
    private final Optional<FieldName> identity;
    private @Nullable ClusterClient clusters; // written at the start, as is the next one
    private PluginContext.@Nullable Dependency service;

    ForwardAuthPlugin(Settings settings) {
        super(ForwardAuthOptions.SECTION);
        cluster = settings.value(ForwardAuthOptions.CLUSTER);
        path = settings.value(ForwardAuthOptions.PATH);
        host = settings.find(ForwardAuthOptions.HOST);
        timeout = settings.value(ForwardAuthOptions.TIMEOUT);
        sent = settings.value(ForwardAuthOptions.SEND).stream()
                .map(FieldName::of)
                .toList();
        identity = settings.find(ForwardAuthOptions.IDENTITY).map(FieldName::of);
        taken = Stream.concat(settings.value(ForwardAuthOptions.TAKE).stream().map(FieldName::of), identity.stream())
                .distinct()
                .map(name -> new IdentityField(name.toString()))
                .toList();
    }

    @Override
    protected void begin(PluginContext context) {
        clusters = context.clusters();
        service = context.dependency("service");
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
        return new Question();
    }

    /** Notes how the service is: what it was asked last tells. */
    private void note(@Nullable ProxyException reason) {
        PluginContext.Dependency asked = service;
        if (asked == null) {
            return;
        }
        if (reason == null) {
            asked.well();
            return;
        }
        asked.troubled("cluster " + cluster + " cannot be asked, and nobody is let in: " + reason.getMessage());
    }

    private RequestHead question(FilterExchange exchange, RequestHead asked) {
        RequestHead head = new RequestHead().method(Method.GET).target(path);
        host.ifPresent(head::authority);
        Fields fields = head.fields();
        for (FieldName name : sent) {
            for (String value : asked.fields().values(name)) {
                fields.add(name, value);
            }
        }
        fields.set(FORWARDED_METHOD, asked.method().name());
        fields.set(FORWARDED_URI, asked.target());
        fields.set(FieldName.X_FORWARDED_PROTO, asked.scheme());
        fields.set(FieldName.X_FORWARDED_HOST, asked.authority());
        exchange.clientAddress()
                .ifPresent(address -> fields.set(FieldName.X_FORWARDED_FOR, NetUtil.toAddressString(address)));
        return head;
    }

    /** One request's. Confined to the exchange's event loop, which the call stays on. */
    private final class Question implements Filter, ClusterClient.Listener {
        private @Nullable FilterExchange exchange;
        private @Nullable ClusterCall call;

        @Override
        public Verdict onRequestHead(FilterExchange asking, RequestHead head, boolean end) {
            ClusterClient client = clusters;
            if (client == null) {
                return Verdict.CONTINUE;
            }
            exchange = asking;
            RequestHead question = question(asking, head);
            taken.forEach(field -> field.forget(asking));
            call = client.send(
                    ClusterRequest.of(cluster, question).withTimeout(timeout).withMaxResponse(MAX_ANSWER), this);
            return Verdict.PAUSE;
        }

        @Override
        public void onResponse(ClusterResponse response) {
            note(null);
            FilterExchange asking = exchange;
            call = null;
            if (asking == null) {
                return;
            }
            int status = response.head().status();
            if (status >= 200 && status < 300) {
                consent(asking, response.head().fields());
            } else {
                refuse(asking, response);
            }
        }

        private void consent(FilterExchange asking, Fields consent) {
            taken.stream()
                    .filter(field -> consent.contains(field.name()))
                    .forEach(field -> field.tell(asking, consent.values(field.name())));
            identity.flatMap(consent::value)
                    .filter(name -> !name.isEmpty())
                    .ifPresent(name -> asking.attribute(Identity.KEY, Identity.of(name, name())));
            asking.resumeRequest();
        }

        /** The service's own answer, a login page or a redirect, is what the client needs. */
        private void refuse(FilterExchange asking, ClusterResponse response) {
            ResponseHead head = response.head();
            head.fields().remove(FieldName.CONTENT_LENGTH);
            if (head.status() < 200) {
                Refusal.send(asking, UNAVAILABLE);
                return;
            }
            asking.reply(head, response.body().retain());
        }

        @Override
        public void onFailure(ProxyException reason) {
            note(reason);
            FilterExchange asking = exchange;
            call = null;
            if (asking != null) {
                Fields more = new Fields().add(FieldName.RETRY_AFTER, "1");
                Refusal.send(asking, UNAVAILABLE, more);
            }
        }

        @Override
        public Verdict onRequestTrailers(FilterExchange asking, Fields trailers) {
            taken.forEach(field -> field.removeFrom(trailers));
            return Verdict.CONTINUE;
        }

        @Override
        public void onEnd(FilterExchange ending) {
            exchange = null;
            if (call != null) {
                call.cancel();
                call = null;
            }
        }
    }
}

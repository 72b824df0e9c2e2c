package io.lb4j.plugins.cache;

import io.lb4j.error.ProxyException;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.http.Method;
import io.lb4j.http.RequestHead;
import io.lb4j.spi.ClusterClient;
import io.lb4j.spi.ClusterRequest;
import io.lb4j.spi.ClusterResponse;
import io.lb4j.spi.FilterExchange;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Brings stale responses up to date while clients are still given them (RFC 5861 §3). Thread-safe. */
final class Refreshing {
    private static final int MAX_AT_ONCE = 64;
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final CacheParts parts;
    private final ClusterClient clusters;
    private final AtomicInteger underWay = new AtomicInteger();

    Refreshing(CacheParts parts, ClusterClient clusters) {
        this.parts = parts;
        this.clusters = clusters;
    }

    /**
     * Sees to it that a response is brought up to date; returns whether that is so, or is being done already.
     *
     * @param exchange whose client wants the response, and whose route says where to ask for it
     */
    boolean begin(FilterExchange exchange, Asked asked, Stored found) {
        Flights.Joined joined = parts.flights().join(asked.key());
        if (!joined.leads()) {
            return true;
        }
        Optional<ClusterRequest> request =
                underWay.incrementAndGet() > MAX_AT_ONCE ? Optional.empty() : exchange.forwarded();
        if (request.isEmpty()) {
            end(joined.flight());
            return false;
        }
        Fields came = exchange.request().fields().copy();
        Fetch fetch =
                new Fetch(asked, came, found, found.resource(), parts.time().nanos());
        ClusterRequest question = request.get()
                .withTimeout(LONGEST)
                .withMaxResponse(parts.intake().maxEntry());
        ask(question.head(), found);
        try {
            clusters.send(question, new Refresh(fetch, joined.flight(), question.head()));
        } catch (IllegalStateException closed) {
            end(joined.flight()); // the balancer takes no calls any more
            return false;
        }
        parts.figures().refreshed();
        return true;
    }

    private void end(Flights.Flight flight) {
        underWay.decrementAndGet();
        flight.land();
    }

    /** Makes a request for the whole out of the client's. */
    private static void ask(RequestHead head, Stored found) {
        head.method(Method.GET);
        Fields fields = head.fields();
        fields.remove(Names.RANGE);
        fields.remove(Names.IF_RANGE);
        fields.remove(FieldName.CACHE_CONTROL);
        Validation.ask(fields, found);
    }

    /** One of them. Confined to the event loop of its call. */
    private final class Refresh implements ClusterClient.Listener {
        private final Fetch fetch;
        private final Flights.Flight flight;
        private final RequestHead sent;

        Refresh(Fetch fetch, Flights.Flight flight, RequestHead sent) {
            this.fetch = fetch;
            this.flight = flight;
            this.sent = sent;
        }

        @Override
        public void onResponse(ClusterResponse response) {
            try {
                parts.intake().take(fetch, sent.fields(), response.head(), ByteBufUtil.getBytes(response.body()));
            } finally {
                end(flight);
            }
        }

        @Override
        public void onFailure(ProxyException reason) {
            end(flight); // what is kept stays as it is: the next client has it tried again, or finds it too old
        }
    }
}

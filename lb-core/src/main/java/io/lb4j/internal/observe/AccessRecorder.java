package io.lb4j.internal.observe;

import io.lb4j.exchange.LogContext;
import io.lb4j.exchange.Stage;
import io.lb4j.http.RequestHead;
import io.lb4j.internal.snapshot.ExchangeRecorder;
import io.lb4j.internal.snapshot.FinishedExchange;
import io.lb4j.model.Endpoint;
import io.lb4j.spi.Observer;
import io.lb4j.stats.AccessRecord;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes an access record of each exchange for the observers; without observers it makes nothing. */
public final class AccessRecorder implements ExchangeRecorder {
    private static final Logger LOGGER = LoggerFactory.getLogger(AccessRecorder.class);

    private final List<Observer> observers;
    private final List<Observer> stageObservers;
    private final Taps taps;
    private final Clock clock;

    /** Creates a recorder for these observers, and for whoever taps. */
    public AccessRecorder(List<Observer> observers, Taps taps, Clock clock) {
        this.taps = taps;
        this.observers = List.copyOf(observers);
        this.stageObservers = observers.stream().filter(Observer::wantsStages).toList();
        this.clock = clock;
    }

    @Override
    public boolean wantsStages() {
        return !stageObservers.isEmpty();
    }

    @Override
    public void reached(FinishedExchange exchange, Stage stage) {
        for (Observer observer : stageObservers) {
            try {
                observer.onStage(exchange, stage);
            } catch (RuntimeException fault) {
                LogContext.of(
                        exchange,
                        () -> LOGGER.error(
                                "observer {} failed on exchange {} at stage {}",
                                observer,
                                exchange.id(),
                                stage,
                                fault));
            }
        }
    }

    @Override
    public void ended(FinishedExchange exchange) {
        if (observers.isEmpty() && taps.isEmpty()) {
            return;
        }
        AccessRecord access = recordOf(exchange);
        taps.offer(access, exchange);
        for (Observer observer : observers) {
            try {
                observer.onAccess(access);
            } catch (RuntimeException fault) {
                LogContext.of(
                        exchange,
                        () -> LOGGER.error("observer {} failed on exchange {}", observer, exchange.id(), fault));
            }
        }
    }

    @Override
    public AccessRecord recordOf(FinishedExchange exchange) {
        RequestHead head = exchange.request();
        return new AccessRecord(
                exchange.id(),
                clock.instant().minusNanos(exchange.durationNanos()),
                exchange.connection(),
                new AccessRecord.Request(
                        exchange.askedMethod(),
                        exchange.askedAuthority(),
                        pathOf(exchange.askedTarget()),
                        head.query(),
                        head.version(),
                        exchange.requestBytes(),
                        exchange.isPush()),
                new AccessRecord.Response(
                        exchange.status(),
                        exchange.responseBytes(),
                        Duration.ofNanos(exchange.firstByteNanos()),
                        Duration.ofNanos(exchange.durationNanos()),
                        exchange.failure().map(failure -> failure.kind().reason()),
                        exchange.isLocalReply()),
                new AccessRecord.Upstream(
                        exchange.route(),
                        exchange.cluster(),
                        exchange.endpoint().map(Endpoint::address),
                        exchange.tries()));
    }

    private static String pathOf(String target) {
        int question = target.indexOf('?');
        return question < 0 ? target : target.substring(0, question);
    }
}

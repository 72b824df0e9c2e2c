package io.lb4j;

import io.lb4j.config.Part;
import io.lb4j.internal.snapshot.AltSvc;
import io.lb4j.model.AltSvcPolicy;
import io.lb4j.model.Listener;
import io.lb4j.spi.Transport;
import io.lb4j.stats.TransportStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The further transports of one listener. Changed on the control thread; statistics are for all threads. */
final class BoundTransports {
    private static final Logger LOGGER = LoggerFactory.getLogger(BoundTransports.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** How long requests under way may go on where another takes the socket. Everything else that is to change waits for it. */
    private static final Duration REPLACED_TIMEOUT = Duration.ofSeconds(2);

    private final Transport.Context context;
    private final AltSvc altSvc;
    private final ScheduledExecutorService timers;
    private volatile List<Bound> serving = List.of();
    private final Deque<Bound> leaving =
            new ConcurrentLinkedDeque<>(); // taken away, with connections that have not ended; the latest first
    private @Nullable BoundTransports former; // until this begins; confined to the control thread
    private volatile boolean ending;

    /** A transport that serves, and what the configuration says of it. */
    private record Bound(Part part, Transport.Binding binding) {}

    /** A transport that is closed already: it held the socket that is wanted. */
    private record Replaced(BoundTransports owner, Bound bound) {}

    /**
     * Creates a listener's transports, none yet.
     *
     * @param former those of the listener that has had the address until now, or that has left it and has connections yet; null for none
     */
    BoundTransports(
            Transport.Context context,
            AltSvc altSvc,
            @Nullable BoundTransports former,
            ScheduledExecutorService timers) {
        this.context = context;
        this.altSvc = altSvc;
        this.former = former;
        this.timers = timers;
    }

    /** What another configuration wants, bound before anything else changes. */
    final class Change {
        private final List<Bound> next = new ArrayList<>();
        private final List<Bound> fresh = new ArrayList<>();
        private final List<Replaced> replaced = new ArrayList<>();

        private void make(List<Part> wanted) {
            try {
                for (Part part : wanted) {
                    Optional<Bound> kept = find(part);
                    next.add(kept.isPresent() ? kept.get() : bindAnew(part));
                }
            } catch (IOException e) {
                discard();
                throw new UncheckedIOException(e.getMessage(), e);
            } catch (RuntimeException e) {
                discard();
                throw e;
            }
        }

        private Optional<Bound> find(Part part) {
            return serving.stream().filter(bound -> bound.part().equals(part)).findFirst();
        }

        private Bound bindAnew(Part part) throws IOException {
            Bound bound = bindBeside(part).orElse(null);
            if (bound == null) {
                release(BoundTransports.this, part);
                if (former != null && !former.ending) {
                    release(former, part);
                }
                bound = bind(part);
            }
            fresh.add(bound);
            return bound;
        }

        private void release(BoundTransports owner, Part part) {
            for (Bound bound : owner.serving) {
                if (bound.part().name().equals(part.name())) {
                    replaced.add(new Replaced(owner, bound));
                    awaitDrain(bound);
                    awaitClose(bound);
                }
            }
        }

        /** Goes by it; those that are wanted no more are drained. */
        void sequentialCommit(Listener listener, Duration drainTimeout) {
            List<Bound> gone = new ArrayList<>(serving);
            gone.removeAll(next);
            replaced.forEach(past -> gone.remove(past.bound()));
            serving = List.copyOf(next);
            former = null;
            fresh.forEach(bound -> bound.binding().begin());
            advertise(listener);
            gone.forEach(bound -> leave(bound, drainTimeout));
        }

        /** Takes it back. */
        void discard() {
            fresh.forEach(BoundTransports.this::awaitClose);
            replaced.forEach(past -> past.owner().rebind(past.bound()));
        }
    }

    /**
     * Binds what a configuration wants, and nobody serves yet.
     *
     * @throws RuntimeException if one cannot be bound; what was there before serves on
     */
    Change sequentialPrepare(List<Part> wanted) {
        Change change = new Change();
        change.make(wanted);
        return change;
    }

    private void leave(Bound gone, Duration drainTimeout) {
        LOGGER.info(
                "listener {}: {} ends", context.listener().name(), gone.part().name());
        leaving.addFirst(gone);
        PatientStage.whenOver(gone.binding().drain(), drainTimeout, timers, () -> {
            gone.binding().close();
            leaving.remove(gone);
        });
    }

    private Bound bind(Part part) throws IOException {
        return bound(part, part.create(Transport.class).bind(context));
    }

    private Bound bound(Part part, Transport.Binding binding) {
        LOGGER.info("listener {}: {} at {}", context.listener().name(), part.name(), context.address());
        return new Bound(part, binding);
    }

    /** Binds while those before are bound yet; empty if there are none, or it cannot be beside any. */
    private Optional<Bound> bindBeside(Part part) throws IOException {
        List<Bound> before = new ArrayList<>(all());
        if (former != null) {
            before.addAll(former.all());
        }
        Transport transport = part.create(Transport.class);
        for (Bound bound : before) {
            if (bound.part().name().equals(part.name())) {
                Optional<Transport.Binding> beside = transport.bindBeside(context, bound.binding());
                if (beside.isPresent()) {
                    return Optional.of(bound(part, beside.get()));
                }
            }
        }
        return Optional.empty();
    }

    /** Returns those that serve, and those that have served, the latest first. */
    private List<Bound> all() {
        return Stream.concat(serving.stream(), leaving.stream()).toList();
    }

    private void rebind(Bound former) {
        try {
            Bound again = bind(former.part());
            serving = serving.stream()
                    .map(bound -> bound == former ? again : bound)
                    .toList();
            again.binding().begin();
        } catch (IOException | RuntimeException e) {
            LOGGER.error(
                    "listener {}: {} cannot be bound again",
                    context.listener().name(),
                    former.part().name(),
                    e);
        }
    }

    private static void awaitDrain(Bound bound) {
        try {
            PatientStage.await(bound.binding().drain(), REPLACED_TIMEOUT);
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.debug(
                    "transport {} is closed with connections that have not ended",
                    bound.part().name(),
                    e);
        }
    }

    private void awaitClose(Bound bound) {
        try {
            PatientStage.await(bound.binding().close(), CLOSE_TIMEOUT);
        } catch (ExecutionException | TimeoutException e) {
            LOGGER.warn("transport {} has not closed", bound.part().name(), e);
        }
    }

    private void advertise(Listener listener) {
        String value = serving.stream()
                .map(bound -> bound.binding().altSvc())
                .filter(text -> !text.isEmpty())
                .map(text -> text + "; ma=" + listener.altSvcMaxAge().toSeconds())
                .collect(Collectors.joining(", "));
        if (ending || value.isEmpty() || listener.altSvc() == AltSvcPolicy.OFF) {
            altSvc.withdraw();
        } else {
            altSvc.advertise(value, listener.altSvc() == AltSvcPolicy.REPLACE);
        }
    }

    /** Takes no new connections; completes when none is left. */
    CompletionStage<?> drain() {
        ending = true;
        altSvc.withdraw();
        return everywhere(Transport.Binding::drain);
    }

    /** Closes everything; completes when everything is closed. */
    CompletionStage<?> close() {
        ending = true;
        return everywhere(Transport.Binding::close);
    }

    private CompletionStage<?> everywhere(Function<Transport.Binding, CompletionStage<?>> end) {
        return ServingListener.all(
                all().stream().map(bound -> end.apply(bound.binding())).toList());
    }

    Map<String, TransportStatistics> statistics() {
        Map<String, TransportStatistics> statistics = new HashMap<>();
        for (Bound bound : serving) {
            Transport.Binding binding = bound.binding();
            statistics.put(
                    bound.part().name(),
                    new TransportStatistics(
                            bound.part().name(),
                            Optional.ofNullable(altSvc.value()),
                            binding.trouble(),
                            binding.figures()));
        }
        return statistics;
    }
}

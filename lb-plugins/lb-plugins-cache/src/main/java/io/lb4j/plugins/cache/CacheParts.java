package io.lb4j.plugins.cache;

import io.lb4j.config.Settings;
import io.lb4j.http.FieldName;
import io.lb4j.http.Fields;
import io.lb4j.plugins.kit.AddressRanges;
import io.lb4j.spi.PluginContext;
import java.time.Duration;
import java.util.Optional;

/** What all exchanges of a cache share. Thread-safe. */
final class CacheParts {
    private static final long FILLING_SHARE = 4;

    private final Settings settings;
    private final CacheTime time;
    private final Figures figures;
    private final Shelf shelf;
    private final CacheKeys keys;
    private final Intake intake;
    private final Replies replies;
    private final Flights flights;
    private final Refreshing refreshing;
    private final boolean heedsClients;
    private final Optional<AddressRanges> purgers;

    CacheParts(Settings settings, CacheTime time, PluginContext context) {
        this.settings = settings;
        this.time = time;
        long maxSize = settings.value(CacheOptions.MAX_SIZE);
        int maxEntry = Math.toIntExact(Math.min(settings.value(CacheOptions.MAX_ENTRY), maxSize));
        figures = new Figures(context);
        shelf = new Shelf(maxSize, settings.value(CacheOptions.MAX_VARIANTS), figures);
        keys = new CacheKeys(settings.value(CacheOptions.KEY_FIELDS));
        Storing storing =
                new Storing(settings.value(CacheOptions.TARGETED), settings.value(CacheOptions.HEURISTIC_MAX), time);
        Intake.Limits limits = new Intake.Limits(maxEntry, Math.max(maxEntry, maxSize / FILLING_SHARE));
        intake = new Intake(time, storing, shelf, figures, limits);
        replies = new Replies(settings.value(CacheOptions.STATUS_FIELD), time);
        flights = new Flights(time);
        refreshing = new Refreshing(this, context.clusters());
        heedsClients = settings.value(CacheOptions.CLIENT_CONTROL);
        purgers = settings.find(CacheOptions.PURGE_FROM).map(AddressRanges::new);
    }

    CacheTime time() {
        return time;
    }

    Figures figures() {
        return figures;
    }

    Shelf shelf() {
        return shelf;
    }

    CacheKeys keys() {
        return keys;
    }

    Intake intake() {
        return intake;
    }

    Replies replies() {
        return replies;
    }

    Flights flights() {
        return flights;
    }

    Refreshing refreshing() {
        return refreshing;
    }

    /** Returns how long an exchange waits for what another fetches; zero for not at all. */
    Duration collapseWait() {
        return settings.value(CacheOptions.COLLAPSE_WAIT);
    }

    /** Returns for how long a stale response is used while it is brought up to date, where the response does not say. */
    Duration staleWhileRevalidate() {
        return settings.value(CacheOptions.STALE_WHILE_REVALIDATE);
    }

    /** Returns for how long a stale response stands in for an endpoint that fails, where the response does not say. */
    Duration staleIfError() {
        return settings.value(CacheOptions.STALE_IF_ERROR);
    }

    /** Returns who may have responses forgotten by PURGE; empty where that is a method like others. */
    Optional<AddressRanges> purgers() {
        return purgers;
    }

    /** Returns what a request says of the use of what is kept. */
    Directives controlOf(Fields request) {
        return heedsClients ? Directives.parse(request.values(FieldName.CACHE_CONTROL)) : Directives.NONE;
    }

    /** Forgets what is kept of a URI; returns whether there was anything. */
    boolean change(String uri) {
        boolean any = shelf.change(uri);
        if (any) {
            figures.invalidated();
        }
        return any;
    }
}

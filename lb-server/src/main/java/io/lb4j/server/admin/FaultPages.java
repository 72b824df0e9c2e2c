package io.lb4j.server.admin;

import io.lb4j.spi.ControlEvent;
import io.lb4j.spi.PastEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What went wrong lately, and what is well again. Thread-safe. */
final class FaultPages {
    private final Administered administered;

    FaultPages(Administered administered) {
        this.administered = administered;
    }

    List<AdminRoute> routes() {
        return List.of(AdminRoute.get(
                "/faults",
                "What went wrong lately, and what is well again: 100 at most, the latest first.",
                request -> AdminResponse.json(latestFirst())));
    }

    private List<Map<String, Object>> latestFirst() {
        List<Map<String, Object>> faults = new ArrayList<>();
        for (PastEvent past : administered.balancer().recentFaults()) {
            Map<String, Object> fault = new LinkedHashMap<>();
            fault.put("at", past.at());
            fault.put("kind", kind(past.event()));
            fault.put("over", isEnd(past.event()));
            fault.put("text", text(past.event()));
            faults.add(0, fault);
        }
        return faults;
    }

    private static String kind(ControlEvent event) {
        return event.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])([A-Z])", "_$1")
                .toLowerCase(Locale.ROOT);
    }

    /** Returns whether it is the end of a fault. */
    private static boolean isEnd(ControlEvent event) {
        return event instanceof ControlEvent.EndpointRecovered
                || event instanceof ControlEvent.SourceRecovered
                || event instanceof ControlEvent.PluginRecovered
                || event instanceof ControlEvent.PluginTriedAgain
                || (event instanceof ControlEvent.EndpointHealthChanged change && change.isHealthy());
    }

    private static String text(ControlEvent event) {
        if (event instanceof ControlEvent.ConfigurationRefused refused) {
            return "configuration refused: " + refused.reason();
        }
        if (event instanceof ControlEvent.CertificatesRefused refused) {
            return "certificate " + refused.source() + " refused: " + refused.reason();
        }
        if (event instanceof ControlEvent.CertificateReport report) {
            return report.message();
        }
        if (event instanceof ControlEvent.SourceStale stale) {
            return "cluster " + stale.cluster() + ": " + stale.source() + " is stale: " + stale.reason();
        }
        if (event instanceof ControlEvent.SourceRecovered fresh) {
            return "cluster " + fresh.cluster() + ": " + fresh.source() + " speaks again, after "
                    + fresh.silence().toSeconds() + " s";
        }
        return textOfPlugin(event);
    }

    private static String textOfPlugin(ControlEvent event) {
        if (event instanceof ControlEvent.PluginDegraded degraded) {
            return "plugin " + degraded.place() + " is degraded: " + degraded.dependency() + ": " + degraded.reason();
        }
        if (event instanceof ControlEvent.PluginRecovered well) {
            return "plugin " + well.place() + " has recovered: " + well.dependency() + " is well again, after "
                    + well.time().toSeconds() + " s";
        }
        if (event instanceof ControlEvent.PluginTakenOut out) {
            return "plugin " + out.place() + " is taken out for " + out.time().toSeconds() + " s: " + out.reason();
        }
        if (event instanceof ControlEvent.PluginTriedAgain again) {
            return "plugin " + again.place() + " is tried again";
        }
        return textOfEndpoint(event);
    }

    private static String textOfEndpoint(ControlEvent event) {
        if (event instanceof ControlEvent.EndpointEjected ejected) {
            return "endpoint " + ejected.endpoint().address() + " of " + ejected.cluster() + " is ejected for "
                    + ejected.time().toSeconds() + " s";
        }
        if (event instanceof ControlEvent.EndpointRecovered back) {
            return "endpoint " + back.endpoint().address() + " of " + back.cluster() + " is back";
        }
        if (event instanceof ControlEvent.EndpointHealthChanged change) {
            return "endpoint " + change.endpoint().address() + " of " + change.cluster() + " is "
                    + (change.isHealthy() ? "healthy" : "unhealthy");
        }
        return event.toString();
    }
}

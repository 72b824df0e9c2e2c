package io.lb4j.server.admin;

import io.lb4j.plugins.metrics.PrometheusFigures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures as Prometheus reads them, where the module that writes them is there. Thread-safe. */
final class MetricsPages implements AutoCloseable {
    private static final String REGISTRY = "default";

    private final Administered administered;
    private @Nullable Figures figures; // guarded by this; made when they are first asked for

    MetricsPages(Administered administered) {
        this.administered = administered;
    }

    /** Names the module's classes, which are looked for when this one is first used. */
    private record Figures(PrometheusFigures all) {
        AdminResponse response(String accepted) {
            byte[] text = all.text(accepted).getBytes(StandardCharsets.UTF_8);
            return new AdminResponse(200, PrometheusFigures.contentType(accepted), text, Map.of("vary", "accept"));
        }
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.get("/metrics", "The figures as Prometheus reads them, or as OpenMetrics.", this::metrics));
    }

    private synchronized AdminResponse metrics(AdminRequest request) throws Problem {
        try {
            Figures present = figures;
            if (present == null) {
                present = new Figures(PrometheusFigures.of(REGISTRY, administered.balancer()::stats));
                figures = present;
            }
            return present.response(request.accept());
        } catch (NoClassDefFoundError absent) {
            throw new Problem(501, "metrics cannot be shown (expected: the dependency io.lb4j:lb-plugins-metrics)");
        }
    }

    @Override
    public synchronized void close() {
        Figures present = figures;
        figures = null;
        if (present != null) {
            present.all().close();
        }
    }
}

package io.lb4j.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** The page for people: itself, its script and its style, all from here, and a policy that lets it load nothing else. Thread-safe. */
final class DashboardPages {
    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private DashboardPages() {}

    static List<AdminRoute> routes() {
        return List.of(
                page("/", "dashboard.html", "text/html; charset=utf-8"),
                page("/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8"),
                page("/dashboard.css", "dashboard.css", "text/css; charset=utf-8"),
                page("/uplot.js", CHARTS + "uPlot.iife.min.js", "text/javascript; charset=utf-8"),
                page("/uplot.css", CHARTS + "uPlot.min.css", "text/css; charset=utf-8"));
    }

    private static AdminRoute page(String path, String resource, String type) {
        Map<String, String> fields = Map.of("content-security-policy", POLICY);
        return AdminRoute.open(path, "The dashboard.", request -> new AdminResponse(200, type, read(resource), fields));
    }

    private static byte[] read(String resource) {
        try (InputStream in = DashboardPages.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource: " + resource + " (expected: on the class path)");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("resource: " + resource + " cannot be read", e);
        }
    }
}

package io.lb4j.model;

import io.lb4j.config.Fault;
import io.lb4j.config.Option;
import io.lb4j.config.OptionTypes;
import io.lb4j.config.Origin;
import io.lb4j.config.Scope;
import io.lb4j.config.Section;
import io.lb4j.config.Settings;
import java.util.Optional;

/** Sends the client elsewhere. What is not named stays as the client asked for it. Immutable. */
public final class Redirect extends View {
    /** The schemes that a client can be sent to. */
    public enum Scheme {
        /** Without TLS. */
        HTTP,
        /** With TLS. */
        HTTPS
    }

    /** The kinds of redirects. */
    public enum Status {
        /** 301: for good; clients make a GET of a POST. */
        MOVED_PERMANENTLY(301),
        /** 302: for now; clients make a GET of a POST. */
        FOUND(302),
        /** 303: for now, and to be asked with GET. */
        SEE_OTHER(303),
        /** 307: for now, with the same method. */
        TEMPORARY(307),
        /** 308: for good, with the same method. */
        PERMANENT(308);

        private final int code;

        Status(int code) {
            this.code = code;
        }

        /** Returns the status code. */
        public int code() {
            return code;
        }

        /** Returns the status code as text. */
        @Override
        public String toString() {
            return Integer.toString(code);
        }
    }

    /** The status. */
    public static final Option<Status> STATUS = Option.of(
                    "status",
                    OptionTypes.choice(Status.class, Status::toString),
                    "Status of the answer (RFC 9110 §15.4).")
            .defaultsTo(Status.TEMPORARY)
            .build();

    /** The scheme. */
    public static final Option<Scheme> SCHEME = Option.of(
                    "scheme", OptionTypes.oneOf(Scheme.class), "Scheme to send to.")
            .absentMeans("the request's; with a scheme and no port, the scheme's own port")
            .build();

    /** The host. */
    public static final Option<String> HOST = Option.of("host", ModelTypes.host(), "Host to send to.")
            .absentMeans("the request's")
            .build();

    /** The port. */
    public static final Option<Integer> PORT = Option.of("port", ModelTypes.port(), "Port to send to.")
            .absentMeans("the request's")
            .build();

    /** The path. */
    public static final Option<PathTemplate> PATH = Option.of(
                    "path", ModelTypes.pathTemplate(), "Path to send to, with what the route's path has matched.")
            .absentMeans("the request's")
            .build();

    /** The path's beginning. */
    public static final Option<String> PREFIX = Option.of(
                    "prefix", ModelTypes.path(), "Path to put in place of the one before /** in the route's path.")
            .build();

    /** Whether the query stays. */
    public static final Option<Boolean> KEEP_QUERY = Option.of(
                    "keep_query", OptionTypes.bool(), "Whether the query stays.")
            .defaultsTo(true)
            .build();

    /** The options of a redirect. */
    public static final Section SECTION = Section.of("redirect", "Sends the client elsewhere.")
            .options(STATUS, SCHEME, HOST, PORT, PATH, PREFIX, KEEP_QUERY)
            .atMostOneOf(PATH, PREFIX)
            .rule(Redirect::requireTarget)
            .build();

    Redirect(Settings settings) {
        super(settings);
    }

    private static void requireTarget(Settings settings, Scope scope) {
        boolean elsewhere = settings.isSet(SCHEME)
                || settings.isSet(HOST)
                || settings.isSet(PORT)
                || settings.isSet(PATH)
                || settings.isSet(PREFIX);
        if (!elsewhere) {
            scope.report(Fault.Code.MISSING, "missing", "scheme, host, port, path or prefix", Origin.byDefault());
        }
    }

    /** Returns the status; 307 by default. */
    public int status() {
        return settings().value(STATUS).code();
    }

    /** Returns the scheme in lower case; by default it is the request's. */
    public Optional<String> scheme() {
        return settings().find(SCHEME).map(scheme -> scheme == Scheme.HTTPS ? "https" : "http");
    }

    /** Returns the host; by default it is the request's. */
    public Optional<String> host() {
        return settings().find(HOST);
    }

    /** Returns the port; by default it is the request's, or the scheme's own where the scheme is named. */
    public Optional<Integer> port() {
        return settings().find(PORT);
    }

    /** Returns the path; by default it is the request's. */
    public Optional<PathTemplate> path() {
        return settings().find(PATH);
    }

    /** Returns what stands in place of the path before {@code /**}. */
    public Optional<String> prefix() {
        return settings().find(PREFIX);
    }

    /** Returns whether the query stays; by default it does. */
    public boolean keepsQuery() {
        return settings().value(KEEP_QUERY);
    }
}

package io.lb4j.testkit.junit;

import io.lb4j.testkit.http.ScriptedUpstream;
import io.lb4j.testkit.http2.ScriptedH2Upstream;
import java.util.List;

/** An upstream that runs, by its protocol. */
sealed interface Upstream extends AutoCloseable {
    /** Returns its port on 127.0.0.1. */
    int port();

    /** Plays the script from its beginning, and forgets what was recorded. */
    void reset();

    /** Returns what peers did wrong since the last reset. */
    List<String> violations();

    @Override
    void close();

    record Http1(UpstreamPlan.Http1 plan, ScriptedUpstream server) implements Upstream {
        static Http1 start(UpstreamPlan.Http1 plan) {
            return new Http1(
                    plan, ScriptedUpstream.start(script -> plan.script().accept(script.name(plan.name()))));
        }

        @Override
        public int port() {
            return server.port();
        }

        @Override
        public void reset() {
            server.resumeListening();
            server.rescript(script -> plan.script().accept(script.name(plan.name())));
            server.forget();
        }

        @Override
        public List<String> violations() {
            return server.violations();
        }

        @Override
        public void close() {
            server.close();
        }
    }

    record Http2(UpstreamPlan.Http2 plan, ScriptedH2Upstream server) implements Upstream {
        static Http2 start(UpstreamPlan.Http2 plan) {
            return new Http2(
                    plan, ScriptedH2Upstream.start(script -> plan.script().accept(script.name(plan.name()))));
        }

        @Override
        public int port() {
            return server.port();
        }

        @Override
        public void reset() {
            server.resumeListening();
            server.rescript(script -> plan.script().accept(script.name(plan.name())));
            server.forget();
        }

        @Override
        public List<String> violations() {
            return server.violations();
        }

        @Override
        public void close() {
            server.close();
        }
    }
}

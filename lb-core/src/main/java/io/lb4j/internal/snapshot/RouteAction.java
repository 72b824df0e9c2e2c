package io.lb4j.internal.snapshot;

import io.lb4j.error.ProxyException;
import io.lb4j.http.RequestHead;
import io.lb4j.http.ResponseHead;
import io.lb4j.model.Subset;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What a route does with a request. */
public sealed interface RouteAction {
    /**
     * Forwards to a cluster.
     *
     * @param clusters chooses it
     * @param subset those of its endpoints that serve; null for all
     * @param rewrite changes the request's head before it is forwarded; does nothing where nothing is to be rewritten
     * @param usesEndpointHost whether the endpoint's own address takes the place of the authority
     */
    record Forward(ClusterChoice clusters, @Nullable Subset subset, HeadRewrite rewrite, boolean usesEndpointHost)
            implements RouteAction {}

    /**
     * Answers without an endpoint: a redirect, or a fixed response.
     *
     * @param answer makes the answer
     */
    record Answer(Answerer answer) implements RouteAction {}

    /** Chooses the cluster of a request. */
    @FunctionalInterface
    interface ClusterChoice {
        /** Returns the name of a cluster. */
        String choose();
    }

    /** Changes a request's head before it is forwarded. */
    @FunctionalInterface
    interface HeadRewrite {
        /**
         * Changes the head.
         *
         * @throws ProxyException if what comes out of it cannot be forwarded
         */
        void rewrite(RequestHead head) throws ProxyException;
    }

    /** Makes an answer. */
    @FunctionalInterface
    interface Answerer {
        /**
         * Fills in the head and returns the body.
         *
         * @return owned by the caller; may be empty
         * @throws ProxyException if the request does not allow the answer
         */
        ByteBuf answer(RequestHead request, ResponseHead response) throws ProxyException;
    }
}

package io.lb4j.spi;

import io.lb4j.http.Fields;
import io.lb4j.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * A response of a cluster, as a whole. Valid during the call that hands it over.
 *
 * @param head a copy
 * @param body the call's to release: whoever keeps it retains it
 * @param trailers empty where there are none
 */
public record ClusterResponse(ResponseHead head, ByteBuf body, Fields trailers) {}

/** HTTP/3 over QUIC for lb4j: a listener's further transport, and an upstream's. */
module io.lb4j.http3 {
    requires transitive io.lb4j.core;
    requires io.netty.codec;
    requires io.netty.codec.classes.quic;
    requires io.netty.codec.http3;
    requires io.netty.handler;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.lb4j.http3;

    provides io.lb4j.config.PartFactory with
            io.lb4j.http3.Http3Factory,
            io.lb4j.http3.Http3UpstreamFactory;
}

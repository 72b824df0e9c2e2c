/**
 * A load balancer to embed: HTTP/1.1 and HTTP/2, routing, balancing, health, and the interfaces that extensions implement.
 */
module io.lb4j.core {
    requires transitive io.netty.buffer;
    requires transitive io.netty.common;
    requires transitive io.netty.transport;
    requires io.netty.codec;
    requires io.netty.handler;
    requires transitive io.netty.resolver;
    requires io.netty.resolver.dns;
    requires io.netty.codec.dns;
    // Plainly, not "static": a module path without them would lose the native transport and BoringSSL without a word.
    requires io.netty.transport.unix.common;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.classes.io_uring;
    requires io.netty.transport.classes.kqueue;
    requires io.netty.tcnative.classes.openssl;
    // The processor time of event loops that plugins hold.
    requires java.management;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.lb4j;
    exports io.lb4j.config;
    exports io.lb4j.dns;
    exports io.lb4j.error;
    exports io.lb4j.exchange;
    exports io.lb4j.http;
    exports io.lb4j.model;
    exports io.lb4j.spi;
    exports io.lb4j.stats;

    uses io.lb4j.config.PartFactory;
}

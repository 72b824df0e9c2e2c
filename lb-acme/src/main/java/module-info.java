/** Certificates that take care of themselves: an ACME client with storage, challenges and renewal, for a balancer of {@code io.lb4j.core}. */
module io.lb4j.acme {
    requires transitive io.lb4j.core;
    requires io.netty.common;
    requires java.net.http;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;
    requires org.shredzone.acme4j;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.lb4j.acme;
    exports io.lb4j.acme.model;
    exports io.lb4j.acme.storage;
}

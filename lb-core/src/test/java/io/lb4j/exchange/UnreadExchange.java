package io.lb4j.exchange;

import java.lang.reflect.Proxy;

/** An exchange for whoever has to be given one and does not look at it: looking at it fails. */
public final class UnreadExchange {
    /** The exchange. */
    public static final Exchange INSTANCE = (Exchange)
            Proxy.newProxyInstance(Exchange.class.getClassLoader(), new Class<?>[] {Exchange.class}, (p, m, a) -> {
                throw new UnsupportedOperationException(m.getName());
            });

    private UnreadExchange() {}
}

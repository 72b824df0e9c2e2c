package io.lb4j.http3;

import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;

/**
 * What quiche makes the connections of a codec by. The codec sets the reset token in it once for all connections, where each has to have its own (RFC 9000 §10.3.2), and does
 * not give it away: it is reached by reflection. Thread-safe; changed on the codec's event loop only.
 */
final class QuicheConfig {
    private static final String PACKAGE = "io.netty.handler.codec.quic.";

    private final MethodHandle configOfCodec;
    private final MethodHandle addressOfConfig;
    private final MethodHandle setToken;

    private QuicheConfig() throws ReflectiveOperationException {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        Field config = opened(Class.forName(PACKAGE + "QuicheQuicCodec").getDeclaredField("config"));
        Method address = opened(Class.forName(PACKAGE + "QuicheConfig").getDeclaredMethod("nativeAddress"));
        Method token = opened(Class.forName(PACKAGE + "Quiche")
                .getDeclaredMethod("quiche_config_set_stateless_reset_token", long.class, byte[].class));
        configOfCodec =
                lookup.unreflectGetter(config).asType(MethodType.methodType(Object.class, ChannelHandler.class));
        addressOfConfig = lookup.unreflect(address).asType(MethodType.methodType(long.class, Object.class));
        setToken = lookup.unreflect(token);
    }

    private static <T extends AccessibleObject> T opened(T member) {
        member.setAccessible(true);
        return member;
    }

    /**
     * Finds the way to it.
     *
     * @throws IOException where modules forbid that
     */
    static QuicheConfig reach() throws IOException {
        try {
            return new QuicheConfig();
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
            throw new IOException(
                    "h3: reset_secret: needs --add-opens io.netty.codec.classes.quic/io.netty.handler.codec.quic=io.lb4j.http3 on the module path",
                    e);
        }
    }

    /** Sets the token of the first id of the connections that a codec makes from now on. */
    void resetToken(ChannelHandler codec, byte[] token) {
        try {
            Object config = (Object) configOfCodec.invokeExact(codec);
            setToken.invokeExact((long) addressOfConfig.invokeExact(config), token);
        } catch (Throwable e) {
            throw new IllegalStateException("codec of QUIC: takes no reset token", e);
        }
    }
}

package io.lb4j.http3;

import java.lang.invoke.MethodHandle;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Whether a handshake has resumed a session. The codec's engine is told by BoringSSL, and keeps it to itself: the session's id and times are
 * those of a new one either way. It is asked by reflection, then; where modules forbid that, or the engine is another, nobody knows. Stateless.
 */
final class SessionReuse {
    private static final ClassValue<Optional<MethodHandle>> QUESTIONS = new ClassValue<>() {
        @Override
        protected Optional<MethodHandle> computeValue(Class<?> engine) {
            return CodecMethods.find(engine, "isSessionReused");
        }
    };

    private SessionReuse() {}

    /**
     * Returns whether the handshake of an engine, which is over, has resumed a session.
     *
     * @return empty where that is not known
     */
    static Optional<Boolean> of(@Nullable SSLEngine engine) {
        return engine == null
                ? Optional.empty()
                : QUESTIONS.get(engine.getClass()).flatMap(question -> ask(question, engine));
    }

    private static Optional<Boolean> ask(MethodHandle question, SSLEngine engine) {
        try {
            return Optional.of((boolean) question.invoke(engine));
        } catch (Throwable e) {
            throw new IllegalStateException("engine of QUIC: does not tell whether its session was resumed", e);
        }
    }
}

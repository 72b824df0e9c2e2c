package io.lb4j.http3;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.util.Optional;

/** Finds what the codec of QUIC can do and does not give away, by reflection. Stateless. */
final class CodecMethods {
    private CodecMethods() {}

    /**
     * Returns a method of a class of the codec.
     *
     * @return empty where modules forbid that, or the class has none such
     */
    static Optional<MethodHandle> find(Class<?> owner, String name, Class<?>... parameters) {
        try {
            Method method = owner.getDeclaredMethod(name, parameters);
            method.setAccessible(true);
            return Optional.of(MethodHandles.lookup().unreflect(method));
        } catch (NoSuchMethodException | IllegalAccessException | InaccessibleObjectException e) {
            return Optional.empty(); // as said above
        }
    }
}

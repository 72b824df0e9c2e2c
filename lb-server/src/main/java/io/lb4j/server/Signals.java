package io.lb4j.server;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of the system beside those that end the process. The JDK has them in a module that javac warns of, and not everywhere: where there are none nothing
 * happens.
 */
final class Signals {
    private static final Logger LOGGER = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** Has a task run each time that SIGHUP comes, on a thread of its own. */
    static void onHangUp(Runnable task) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object runs = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, values) -> {
                        if (method.getName().equals("handle")) {
                            task.run();
                            return null;
                        }
                        return method.invoke(task, values);
                    });
            Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hangUp, runs);
        } catch (InvocationTargetException e) {
            LOGGER.info("SIGHUP is not listened to: {}", String.valueOf(e.getCause()));
        } catch (ReflectiveOperationException e) {
            LOGGER.info("SIGHUP is not listened to: {}", e.toString());
        }
    }
}

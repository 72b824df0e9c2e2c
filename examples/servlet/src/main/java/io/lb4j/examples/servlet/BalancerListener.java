package io.lb4j.examples.servlet;

import io.lb4j.LoadBalancer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import org.jspecify.annotations.Nullable;

/**
 * Gives a web application a balancer: started with it, and closed when it is undeployed, so that no thread, no port and no class loader stays behind.
 * In a {@code web.xml}:
 *
 * <pre>{@code
 * <listener><listener-class>io.lb4j.examples.servlet.BalancerListener</listener-class></listener>
 * <context-param><param-name>balancer.port</param-name><param-value>8080</param-value></context-param>
 * <context-param><param-name>balancer.endpoint</param-name><param-value>127.0.0.1:8081</param-value></context-param>
 * }</pre>
 *
 * <p>Servlets find the balancer as the context's attribute {@link #ATTRIBUTE}. The container calls its methods one after the other.
 */
public final class BalancerListener implements ServletContextListener {
    /** The name of the attribute. */
    public static final String ATTRIBUTE = LoadBalancer.class.getName();

    private @Nullable LoadBalancer balancer; // confined to the container's calls

    /** What this throws, a port that is taken for one, keeps the application from being deployed. */
    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        int port = Integer.parseInt(parameter(context, "balancer.port"));
        String[] endpoint = parameter(context, "balancer.endpoint").split(":", 2);
        balancer = LoadBalancer.builder()
                .listener("main", listener -> listener.port(port))
                .cluster("app", cluster -> cluster.endpoint(endpoint[0], Integer.parseInt(endpoint[1])))
                .route(route -> route.path("/**").to("app"))
                .start();
        context.setAttribute(ATTRIBUTE, balancer);
    }

    private static String parameter(ServletContext context, String name) {
        String value = context.getInitParameter(name);
        if (value == null) {
            throw new IllegalArgumentException(name + ": not set (expected: a parameter of the context)");
        }
        return value;
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (balancer != null) {
            balancer.close();
            balancer = null;
        }
    }
}

package io.lb4j.examples.servlet;

import io.lb4j.LoadBalancer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Says whom it serves, and how many connections the application's own balancer has. */
public final class HelloServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        LoadBalancer balancer = (LoadBalancer) getServletContext().getAttribute(BalancerListener.ATTRIBUTE);
        long connections = balancer.stats().listeners().values().stream()
                .mapToLong(listener -> listener.connectionsOpen())
                .sum();
        response.setContentType("text/plain");
        response.getWriter()
                .printf("hello %s, one of %d connections%n", request.getHeader("x-forwarded-for"), connections);
    }
}
